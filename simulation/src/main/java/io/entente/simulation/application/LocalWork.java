package io.entente.simulation.application;

import io.entente.protocol.BranchStatus;
import io.entente.protocol.BranchType;
import io.entente.protocol.Message;
import io.entente.simulation.database.LocalTransaction;
import io.entente.simulation.database.ModelDatabase;
import io.entente.simulation.invariant.Effect;
import io.entente.simulation.invariant.Invariants;
import io.entente.simulation.seam.Seams;
import io.entente.simulation.world.SimulatedProcess;
import io.entente.simulation.world.World;
import io.entente.tc.transaction.Command;
import io.entente.tc.transaction.LockPatience;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** What the modes have in common: a process, its databases, and its line to the coordinator. */
final class LocalWork {
    static final long SECOND = 1_000_000;
    private static final long LOCK_TIMEOUT = SECOND;

    private final World world;
    private final SimulatedProcess process;
    private final String application;
    private final CoordinatorLine line;
    private final List<ModelDatabase> databases;
    private final Invariants invariants;
    private final Seams seams;

    LocalWork(
            World world,
            SimulatedProcess process,
            String application,
            CoordinatorLine line,
            List<ModelDatabase> databases,
            Invariants invariants,
            Seams seams) {
        this.world = world;
        this.process = process;
        this.application = application;
        this.line = line;
        this.databases = databases;
        this.invariants = invariants;
        this.seams = seams;
    }

    World world() {
        return world;
    }

    SimulatedProcess process() {
        return process;
    }

    CoordinatorLine line() {
        return line;
    }

    Invariants invariants() {
        return invariants;
    }

    Seams seams() {
        return seams;
    }

    List<ModelDatabase> databases() {
        return databases;
    }

    ModelDatabase database(Step step) {
        return databases.get(step.database());
    }

    /** The database of a resource, by the digit behind {@code db} in its name. */
    ModelDatabase database(String resourceId) {
        return databases.get(resourceId.charAt(resourceId.indexOf("db") + 2) - '0');
    }

    LocalTransaction begin(ModelDatabase database) {
        return database.begin(process.name());
    }

    /** Locks rows one after the other; {@code then} is told whether all were had. */
    void lockAll(ModelDatabase database, LocalTransaction transaction, List<String> keys, Consumer<Boolean> then) {
        if (keys.isEmpty()) {
            process.soon(() -> then.accept(transaction.isOpen()));
            return;
        }
        int life = process.life();
        database.lock(transaction, keys.get(0), LOCK_TIMEOUT, had -> {
            if (process.life() != life) {
                return;
            }
            process.soon(() -> {
                if (had && transaction.isOpen()) {
                    lockAll(database, transaction, keys.subList(1, keys.size()), then);
                } else {
                    transaction.rollBack();
                    then.accept(false);
                }
            });
        });
    }

    /** How the commit of a local transaction ended. */
    enum Commit {
        DONE,
        /** The connection broke. */
        UNKNOWN
    }

    /** Commits; {@code atCommit} happens in the moment in which it is done, if it is. */
    void commit(LocalTransaction transaction, Runnable atCommit, Consumer<Commit> then) {
        process.soon(() -> {
            boolean lost = world.weather().losesCommitAnswer();
            boolean done = lost && world.random().nextBoolean() ? rolledBack(transaction) : transaction.commit();
            if (done) {
                invariants.onCommit(transaction.database(), transaction.written());
                atCommit.run();
            }
            process.soon(() -> then.accept(done && !lost ? Commit.DONE : Commit.UNKNOWN));
        });
    }

    private static boolean rolledBack(LocalTransaction transaction) {
        transaction.rollBack();
        return false;
    }

    /** Registers a branch; {@code registered} gets its id, {@code refused} the answer, or null when there was none. */
    void register(
            String xid,
            BranchType type,
            String resourceId,
            String lockKey,
            String data,
            LockPatience patience,
            LongConsumer registered,
            Consumer<Message.@Nullable BranchRegisterResponse> refused) {
        Command command = new Command.RegisterBranch(
                xid,
                type,
                resourceId,
                application + ":" + process.name() + ":" + process.life(),
                seams.lockKey(lockKey),
                data,
                patience);
        line.ask(command, 3 * SECOND + patience.waitMillis() * 1_000, answer -> {
            if (answer instanceof Message.BranchRegisterResponse response
                    && response.result().success()) {
                registered.accept(response.branchId());
            } else {
                refused.accept((Message.BranchRegisterResponse) answer);
            }
        });
    }

    /** Reports a branch, which need not arrive. */
    void report(String xid, long branchId, BranchStatus status, String data, Consumer<Boolean> then) {
        line.ask(
                new Command.ReportBranch(xid, branchId, status, data),
                3 * SECOND,
                answer -> then.accept(answer instanceof Message.BranchReportResponse response
                        && response.result().success()));
    }

    void effect(String xid, long branchId, BranchType type, String resourceId) {
        world.trace().add("at its database: branch " + branchId + " of " + xid + " at " + resourceId);
        invariants.onEffect(new Effect(xid, branchId, type, resourceId));
    }

    void undone(String xid, long branchId, BranchType type, String resourceId) {
        world.trace().add("undone at its database: branch " + branchId + " of " + xid + " at " + resourceId);
        invariants.onUndone(new Effect(xid, branchId, type, resourceId));
    }

    static Branches.Answer done(boolean commit) {
        return new Branches.Answer(commit ? BranchStatus.PHASE_TWO_COMMITTED : BranchStatus.PHASE_TWO_ROLLED_BACK, "");
    }

    static Branches.Answer tryAgain(boolean commit, String why) {
        return new Branches.Answer(
                commit
                        ? BranchStatus.PHASE_TWO_COMMIT_FAILED_RETRYABLE
                        : BranchStatus.PHASE_TWO_ROLLBACK_FAILED_RETRYABLE,
                why);
    }

    static Branches.Answer giveUp(boolean commit, String why) {
        return new Branches.Answer(
                commit
                        ? BranchStatus.PHASE_TWO_COMMIT_FAILED_UNRETRYABLE
                        : BranchStatus.PHASE_TWO_ROLLBACK_FAILED_UNRETRYABLE,
                why);
    }
}
