package io.entente.simulation.application;

import static io.entente.simulation.application.LocalWork.done;
import static io.entente.simulation.application.LocalWork.giveUp;
import static io.entente.simulation.application.LocalWork.tryAgain;

import io.entente.simulation.database.FenceRow;
import io.entente.simulation.database.LocalTransaction;
import io.entente.simulation.database.ModelDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The fence of TCC and sagas: each phase takes effect at most once, and none too late. */
final class FencedBranches {
    private static final String FENCE = "fence:";

    private final LocalWork local;

    FencedBranches(LocalWork local) {
        this.local = local;
    }

    /** How a try or a step has come out. */
    enum Tried {
        DONE,
        /** It was done before. */
        BEFORE,
        /** It is not done, and will not be. */
        NOT,
        UNKNOWN
    }

    /** Business work within the fence; false when it cannot be done. */
    interface Work {
        boolean in(LocalTransaction transaction);
    }

    void tryOnce(String xid, long branchId, Step step, Work work, Runnable atCommit, Consumer<Tried> then) {
        ModelDatabase database = local.database(step);
        LocalTransaction transaction = local.begin(database);
        local.lockAll(database, transaction, keys(branchId, step), had -> {
            Object row = had ? transaction.read(FENCE + branchId) : null;
            if (row instanceof FenceRow fence && !fence.isOver()) {
                transaction.rollBack();
                then.accept(Tried.BEFORE);
                return;
            }
            if (row != null) {
                local.world().trace().mark("a try came too late");
            }
            if (!had || row != null || !work.in(transaction)) {
                transaction.rollBack();
                then.accept(Tried.NOT);
                return;
            }
            transaction.write(FENCE + branchId, new FenceRow(xid, FenceRow.Status.TRIED));
            local.commit(
                    transaction,
                    atCommit,
                    ended -> then.accept(ended == LocalWork.Commit.DONE ? Tried.DONE : Tried.UNKNOWN));
        });
    }

    private static List<String> keys(long branchId, Step step) {
        List<String> keys = new ArrayList<>();
        keys.add(FENCE + branchId);
        keys.addAll(step.accounts());
        return keys;
    }

    /** Confirms or cancels. */
    void finish(Branches.Order order, Step step, Work work, Runnable atCommit, Consumer<Branches.Answer> then) {
        ModelDatabase database = local.database(step);
        LocalTransaction transaction = local.begin(database);
        boolean commit = order.commit();
        String key = FENCE + order.branchId();
        local.lockAll(database, transaction, keys(order.branchId(), step), had -> {
            if (!had) {
                then.accept(tryAgain(commit, "a row is locked"));
                return;
            }
            FenceRow row = local.seams().fence((FenceRow) transaction.read(key));
            if (row == null && !commit) {
                local.world().trace().mark("a cancel came first");
                transaction.write(key, new FenceRow(order.xid(), FenceRow.Status.SUSPENDED));
            } else if (row == null || row.isOver() == commit && row.status() != FenceRow.Status.TRIED) {
                transaction.rollBack();
                local.invariants().violations().unexpected("the fence of " + order + " is violated: there is " + row);
                then.accept(giveUp(commit, "the fence has " + row));
                return;
            } else if (row.status() != FenceRow.Status.TRIED) {
                local.world().trace().mark("a branch was finished before");
                transaction.rollBack();
                then.accept(done(commit));
                return;
            } else {
                boolean unused = work.in(transaction);
                transaction.write(
                        key, new FenceRow(order.xid(), commit ? FenceRow.Status.CONFIRMED : FenceRow.Status.CANCELLED));
            }
            boolean worked = row != null;
            local.commit(
                    transaction,
                    () -> {
                        if (worked) {
                            atCommit.run();
                        }
                    },
                    ended -> then.accept(
                            ended == LocalWork.Commit.DONE
                                    ? done(commit)
                                    : tryAgain(commit, "the connection to the database broke")));
        });
    }
}
