package io.entente.rm.jdbc;

import io.entente.tm.GlobalLock;
import io.entente.tm.TransactionContext;
import org.jspecify.annotations.Nullable;

/** What the statements of this thread belong to. */
final class Enlistment {

    /**
     * In an XID's place for what runs under {@link GlobalLock}: it belongs to no global transaction. The coordinator is
     * asked with it as it is.
     */
    static final String GLOBAL_LOCK = "";

    private Enlistment() {}

    /** An XID, {@link #GLOBAL_LOCK}, or null for statements that are executed as they are. */
    static @Nullable String current() {
        return orGlobalLock(TransactionContext.enlistedXid());
    }

    /** As {@link #current}, of what is bound, also within {@link TransactionContext#localWork}. */
    static @Nullable String bound() {
        return orGlobalLock(TransactionContext.xid());
    }

    private static @Nullable String orGlobalLock(@Nullable String xid) {
        return xid == null && TransactionContext.requiresGlobalLock() ? GLOBAL_LOCK : xid;
    }
}
