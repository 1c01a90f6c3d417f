package io.entente.tm;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** What this process knows of one global transaction; shared by every thread the transaction was handed to. */
final class BoundTransaction {

    private final String xid;
    private final boolean owned;
    private final AtomicReference<@Nullable String> rollbackOnlyReason = new AtomicReference<>();
    private final List<TransactionHook> hooks = new CopyOnWriteArrayList<>();
    private final Queue<EndOfWork> ends = new ConcurrentLinkedQueue<>();

    private BoundTransaction(String xid, boolean owned) {
        this.xid = xid;
        this.owned = owned;
    }

    /** A transaction that this process began and will complete. */
    static BoundTransaction owned(String xid) {
        return new BoundTransaction(xid, true);
    }

    /** A transaction that another process began. */
    static BoundTransaction joined(String xid) {
        return new BoundTransaction(xid, false);
    }

    String xid() {
        return xid;
    }

    boolean isOwned() {
        return owned;
    }

    /** The first reason is kept: later failures are mostly consequences of it. */
    void setRollbackOnly(String reason) {
        rollbackOnlyReason.compareAndSet(null, reason);
    }

    @Nullable
    String rollbackOnlyReason() {
        return rollbackOnlyReason.get();
    }

    void beforeEnd(EndOfWork end) {
        ends.add(end);
    }

    /**
     * Ends the work of this process, unless it is to be undone anyway. What comes later is ended the next time.
     *
     * @throws WorkNotEndedException it cannot be committed, and the transaction is marked rollback-only
     */
    void endWork() {
        for (EndOfWork end = ends.poll(); end != null; end = ends.poll()) {
            if (rollbackOnlyReason() != null) {
                continue;
            }
            try {
                end.run();
            } catch (Exception | Error e) {
                String reason = "work done for it cannot be committed: " + e.getMessage();
                setRollbackOnly(reason);
                throw new WorkNotEndedException("Global transaction " + xid + " can only roll back: " + reason, xid, e);
            }
        }
    }

    void addHook(TransactionHook hook) {
        hooks.add(hook);
    }

    List<TransactionHook> hooks() {
        return hooks;
    }
}
