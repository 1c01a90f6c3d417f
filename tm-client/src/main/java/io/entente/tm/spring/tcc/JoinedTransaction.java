package io.entente.tm.spring.tcc;

import io.entente.tm.TransactionContext;
import io.entente.tm.TransactionHook;
import io.entente.tm.tcc.TccActions;
import io.entente.tm.tcc.TccBranch;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Watches a local transaction that a try joined: when it does not commit, neither did the try that returned before. */
final class JoinedTransaction implements TransactionSynchronization {

    private final TccActions actions;
    private final TccBranch branch;
    private final boolean fenced;
    private volatile boolean ended;

    private JoinedTransaction(TccActions actions, TccBranch branch, boolean fenced) {
        this.actions = actions;
        this.branch = branch;
        this.fenced = fenced;
    }

    /** Whether a try that begins now is part of a larger local transaction. */
    static boolean isActive() {
        return TransactionSynchronizationManager.isActualTransactionActive()
                && TransactionSynchronizationManager.isSynchronizationActive();
    }

    /** Watches the present one on behalf of the branch whose try runs on this thread. */
    static void watch(TccActions actions, boolean fenced) {
        JoinedTransaction joined = new JoinedTransaction(actions, TccBranch.current(), fenced);
        TransactionSynchronizationManager.registerSynchronization(joined);
        try {
            TransactionContext.addHook(new TransactionHook() {
                @Override
                public void beforeCommit() {
                    joined.requireEnded();
                }
            });
        } catch (IllegalStateException e) {
            // Another process commits, and not before it has our answer, which comes after the local commit.
        }
    }

    private void requireEnded() {
        if (!ended) {
            throw new IllegalStateException(
                    "The global transaction cannot commit: the try of TCC action " + branch.action()
                            + " joined a local transaction that is still open, so that its confirm would not find it. Let"
                            + " @GlobalTransactional begin outside of @Transactional, or on the same method.");
        }
    }

    /** The try may have come after the savepoint; whether it did is not known here, and it cannot be undone twice. */
    @Override
    public void savepointRollback(Object savepoint) {
        actions.tryUndone(branch, false);
    }

    @Override
    public void afterCompletion(int status) {
        ended = true;
        if (status != STATUS_COMMITTED) {
            actions.tryUndone(branch, fenced && status == STATUS_ROLLED_BACK);
        }
    }
}
