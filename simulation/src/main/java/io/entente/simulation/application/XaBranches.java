package io.entente.simulation.application;

import static io.entente.simulation.application.LocalWork.done;
import static io.entente.simulation.application.LocalWork.tryAgain;

import io.entente.protocol.BranchStatus;
import io.entente.protocol.BranchType;
import io.entente.protocol.GlobalStatus;
import io.entente.protocol.Message;
import io.entente.simulation.database.Account;
import io.entente.simulation.database.LocalTransaction;
import io.entente.simulation.database.ModelDatabase;
import io.entente.tc.transaction.Command;
import io.entente.tc.transaction.LockPatience;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** XA: prepared when the work ends, and then for the coordinator alone to resolve. */
final class XaBranches implements Branches {
    private final LocalWork local;
    /** At work in this process, not yet prepared. */
    private final Map<Long, AtWork> atWork = new TreeMap<>();

    private Set<String> seenBefore = Set.of();

    private static final class AtWork {
        private final String xid;
        private @Nullable LocalTransaction transaction;
        private boolean over;

        AtWork(String xid) {
            this.xid = xid;
        }
    }

    XaBranches(LocalWork local) {
        this.local = local;
    }

    /** The process has started. */
    void start() {
        atWork.clear();
        seenBefore = Set.of();
        sweepLater();
    }

    private static String name(String xid, long branchId) {
        return xid + "/" + branchId;
    }

    @Override
    public void work(String xid, Step step, Consumer<Boolean> then) {
        local.register(
                xid,
                BranchType.XA,
                step.resource(),
                "",
                "",
                LockPatience.NONE,
                branchId -> start(xid, step, branchId, then),
                refused -> then.accept(false));
    }

    private void start(String xid, Step step, long branchId, Consumer<Boolean> then) {
        AtWork branch = new AtWork(xid);
        atWork.put(branchId, branch);
        local.process().soon(() -> {
            if (branch.over) {
                then.accept(false);
                return;
            }
            ModelDatabase database = local.database(step);
            LocalTransaction transaction = local.begin(database);
            branch.transaction = transaction;
            local.lockAll(database, transaction, step.accounts(), had -> {
                boolean worked = had && move(xid, step, transaction);
                if (!worked) {
                    transaction.rollBack();
                    atWork.remove(branchId, branch);
                    local.report(xid, branchId, BranchStatus.PHASE_ONE_FAILED, "", arrived -> {});
                    then.accept(false);
                } else {
                    prepare(xid, step, branchId, transaction, then);
                }
            });
        });
    }

    private static boolean move(String xid, Step step, LocalTransaction transaction) {
        for (int i = 0; i < step.changes().size(); i++) {
            Step.Change change = step.changes().get(i);
            Account account = transaction.account(change.account());
            if (change.guarded() && account.balance() + change.delta() < 0) {
                return false;
            }
            transaction.write(change.account(), account.with(step.part(xid, i), change.delta()));
        }
        return true;
    }

    private void prepare(String xid, Step step, long branchId, LocalTransaction transaction, Consumer<Boolean> then) {
        local.process().soon(() -> {
            boolean prepared = transaction.prepare(name(xid, branchId));
            atWork.remove(branchId);
            if (prepared) {
                local.effect(xid, branchId, BranchType.XA, step.resource());
            }
            boolean lost = local.world().weather().losesCommitAnswer();
            local.process().soon(() -> then.accept(prepared && !lost));
        });
    }

    @Override
    public void carryOut(Order order, Consumer<Answer> then) {
        AtWork here = atWork.get(order.branchId());
        if (here != null) {
            if (order.commit()) {
                then.accept(tryAgain(true, "this process still works for the global transaction"));
                return;
            }
            rollBackHere(order.branchId(), here);
            then.accept(done(false));
            return;
        }
        ModelDatabase database = local.database(order.resourceId());
        local.process().soon(() -> {
            LocalTransaction prepared = database.prepared(name(order.xid(), order.branchId()));
            if (prepared != null) {
                if (order.commit()) {
                    var unused = prepared.commit();
                } else {
                    prepared.rollBack();
                    local.undone(order.xid(), order.branchId(), BranchType.XA, order.resourceId());
                }
            }
            boolean lost = local.world().weather().losesCommitAnswer();
            local.process()
                    .soon(() -> then.accept(
                            lost ? tryAgain(order.commit(), "the connection broke") : done(order.commit())));
        });
    }

    private void rollBackHere(long branchId, AtWork branch) {
        branch.over = true;
        atWork.remove(branchId);
        if (branch.transaction != null) {
            branch.transaction.rollBack();
        }
    }

    private void sweepLater() {
        local.process().in(5 * LocalWork.SECOND + local.world().random().nextLong(5 * LocalWork.SECOND), () -> {
            sweep();
            sweepLater();
        });
    }

    /** Rolls back what no phase two will come for, as it was prepared too late, or somebody else answered for it. */
    private void sweep() {
        Set<String> open = new TreeSet<>();
        atWork.forEach((branchId, branch) -> open.add(name(branch.xid, branchId)));
        local.databases().forEach(database -> open.addAll(database.prepared()));
        for (String name : open) {
            if (seenBefore.contains(name)) {
                judge(name);
            }
        }
        seenBefore = open;
    }

    private void judge(String name) {
        String xid = name.substring(0, name.indexOf('/'));
        long branchId = Long.parseLong(name.substring(name.indexOf('/') + 1));
        local.line().ask(new Command.QueryStatus(xid), 3 * LocalWork.SECOND, answer -> {
            GlobalStatus status = answer instanceof Message.GlobalStatusResponse response ? response.status() : null;
            if (status == GlobalStatus.FINISHED
                    || status == GlobalStatus.ROLLED_BACK
                    || status == GlobalStatus.TIMEOUT_ROLLED_BACK) {
                AtWork here = atWork.get(branchId);
                if (here != null) {
                    rollBackHere(branchId, here);
                }
                for (ModelDatabase database : local.databases()) {
                    LocalTransaction prepared = database.prepared(name);
                    if (prepared != null) {
                        local.world().trace().add(name + " was left behind and is rolled back");
                        local.world().trace().mark("an XA branch was left behind");
                        prepared.rollBack();
                        local.undone(xid, branchId, BranchType.XA, "xa:" + database.name());
                    }
                }
            } else if (status == GlobalStatus.COMMITTED
                    && local.databases().stream().anyMatch(database -> database.prepared(name) != null)) {
                local.invariants().violations().unexpected(name + " is prepared, and its transaction committed");
            }
        });
    }
}
