package io.entente.simulation.application;

import io.entente.protocol.BranchType;
import io.entente.protocol.GlobalStatus;
import io.entente.protocol.Message;
import io.entente.protocol.TransactionError;
import io.entente.simulation.invariant.Ledger;
import io.entente.simulation.invariant.Ledger.Told;
import io.entente.simulation.network.SimulatedNetwork;
import io.entente.simulation.world.World;
import io.entente.tc.transaction.Command;
import io.entente.tc.transaction.LockPatience;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One global transaction, on the side that begins and ends it, as the client library does. */
final class TransactionRun {
    private static final long ANSWER_PATIENCE = 4 * LocalWork.SECOND;
    private static final long COMPLETION_PATIENCE = 20 * LocalWork.SECOND;
    private static final long FIRST_PAUSE = 50_000;
    private static final long LONGEST_PAUSE = 2 * LocalWork.SECOND;

    private final World world;
    private final SimulatedNetwork network;
    private final Application own;
    private final List<Application> all;
    private final Ledger ledger;
    private final Plan plan;
    private final Runnable then;
    private long begun;
    private long deadline;

    TransactionRun(
            World world,
            SimulatedNetwork network,
            Application own,
            List<Application> all,
            Ledger ledger,
            Plan plan,
            Runnable then) {
        this.world = world;
        this.network = network;
        this.own = own;
        this.all = all;
        this.ledger = ledger;
        this.plan = plan;
        this.then = then;
    }

    void begin() {
        begun = world.now();
        Command begin = new Command.Begin("tc:8091:", own.application(), "group", "transfer", plan.timeoutMillis());
        own.line().ask(begin, ANSWER_PATIENCE, answer -> {
            if (answer instanceof Message.GlobalBeginResponse response
                    && response.result().success()) {
                Ledger.Entry entry = ledger.entry(response.xid());
                plan(response.xid(), entry, plan.steps());
                plan(response.xid(), entry, plan.rest());
                if (plan.atOnce()) {
                    all(response.xid(), plan.steps());
                } else {
                    next(response.xid(), plan.steps());
                }
            } else {
                then.run();
            }
        });
    }

    private static void plan(String xid, Ledger.Entry entry, List<Step> steps) {
        for (Step step : steps) {
            for (int i = 0; i < step.changes().size(); i++) {
                Step.Change change = step.changes().get(i);
                entry.plan(step.part(xid, i), "db" + step.database(), change.account(), change.delta());
            }
        }
    }

    private void next(String xid, List<Step> steps) {
        if (steps.isEmpty()) {
            decide(xid);
        } else {
            execute(xid, steps.get(0), ok -> {
                if (ok) {
                    next(xid, steps.subList(1, steps.size()));
                } else {
                    rollBack(xid);
                }
            });
        }
    }

    private void all(String xid, List<Step> steps) {
        int[] open = {steps.size()};
        boolean[] failed = new boolean[1];
        for (Step step : steps) {
            execute(xid, step, ok -> {
                open[0]--;
                failed[0] |= !ok;
                if (open[0] == 0 && failed[0]) {
                    rollBack(xid);
                } else if (open[0] == 0) {
                    decide(xid);
                }
            });
        }
    }

    /** Here, or by another instance; {@code then} is told once whether it went well, for all that is known here. */
    private void execute(String xid, Step step, Consumer<Boolean> then) {
        if (own.worksWith(step.database()) && world.random().nextInt(3) != 0) {
            own.work(xid, step, then);
            return;
        }
        boolean[] answered = new boolean[1];
        Consumer<Boolean> once = ok -> {
            if (!answered[0]) {
                answered[0] = true;
                then.accept(ok);
            }
        };
        Application other = world.any(
                all.stream().filter(each -> each.worksWith(step.database())).toList());
        // A service that does not answer in time is a failure, whatever it does afterwards.
        own.process()
                .in(3 * LocalWork.SECOND + world.random().nextLong(5 * LocalWork.SECOND), () -> once.accept(false));
        network.call(own.process(), other.process(), own.process() + " calls " + other.process() + " in " + xid, () -> {
            other.work(xid, step, ok -> {
                String what = other.process() + " answers " + own.process() + ": " + ok;
                network.call(other.process(), own.process(), what, () -> once.accept(ok));
            });
        });
    }

    private void decide(String xid) {
        boolean late = world.now() - begun > plan.timeoutMillis() * 1_000L;
        if (plan.abort() || late) {
            rollBack(xid);
        } else if (plan.rest().isEmpty()) {
            commit(xid);
        } else {
            own.local()
                    .register(
                            xid,
                            BranchType.SAGA,
                            own.rest(),
                            "",
                            Application.written(plan.rest()),
                            LockPatience.NONE,
                            branchId -> commit(xid),
                            refused -> rollBack(xid));
        }
    }

    private void commit(String xid) {
        ledger.entry(xid).wantCommit();
        deadline = world.now() + COMPLETION_PATIENCE;
        complete(new Command.Commit(xid), xid, 1, false);
    }

    private void rollBack(String xid) {
        deadline = world.now() + COMPLETION_PATIENCE;
        complete(new Command.Rollback(xid), xid, 1, false);
    }

    private void complete(Command command, String xid, int attempt, boolean repeated) {
        boolean connected = own.line().isConnected();
        own.line().ask(command, ANSWER_PATIENCE, answer -> {
            if (answer != null) {
                if (command instanceof Command.Commit) {
                    Told told = toldBy(answer, repeated);
                    world.trace().add(own.process() + " is told that " + xid + " is " + told);
                    world.trace().mark("told: " + told);
                    ledger.entry(xid).tell(told);
                }
                then.run();
                return;
            }
            long pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE << Math.min(attempt - 1, 10));
            if (world.now() + pause > deadline) {
                then.run();
                return;
            }
            own.process().in(pause, () -> complete(command, xid, attempt + 1, repeated || connected));
        });
    }

    /** What the client library makes of an answer to a commit. */
    private static Told toldBy(Message.Response answer, boolean repeated) {
        if (!(answer instanceof Message.GlobalCommitResponse response)) {
            return Told.UNKNOWN;
        }
        if (!response.result().success()) {
            return toldBy(response.result().error());
        }
        return toldBy(response.status(), repeated);
    }

    private static Told toldBy(@Nullable TransactionError error) {
        return error == TransactionError.GLOBAL_TRANSACTION_STATUS_INVALID
                        || error == TransactionError.GLOBAL_TRANSACTION_NOT_ACTIVE
                ? Told.ROLLED_BACK
                : Told.UNKNOWN;
    }

    private static Told toldBy(GlobalStatus status, boolean repeated) {
        return switch (status) {
            case COMMITTED, COMMITTING, COMMIT_RETRYING, ASYNC_COMMITTING -> Told.COMMITTED;
            case TIMEOUT_ROLLING_BACK,
                    TIMEOUT_ROLLBACK_RETRYING,
                    TIMEOUT_ROLLED_BACK,
                    TIMEOUT_ROLLBACK_FAILED,
                    ROLLING_BACK,
                    ROLLBACK_RETRYING,
                    ROLLED_BACK,
                    ROLLBACK_FAILED -> Told.ROLLED_BACK;
            case FINISHED -> repeated ? Told.UNKNOWN : Told.ROLLED_BACK;
            default -> Told.UNKNOWN;
        };
    }
}
