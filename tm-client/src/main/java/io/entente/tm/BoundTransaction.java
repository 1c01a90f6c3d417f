package io.entente.tm;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** What this process knows of one global transaction; shared by every thread the transaction was handed to. */
final class BoundTransaction {

    private final String xid;
    private final boolean owned;
    private final AtomicReference<@Nullable String> rollbackOnlyReason = new AtomicReference<>();
    private final List<TransactionHook> hooks = new CopyOnWriteArrayList<>();

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

    void addHook(TransactionHook hook) {
        hooks.add(hook);
    }

    List<TransactionHook> hooks() {
        return hooks;
    }
}
