package io.entente.tm;

import org.jspecify.annotations.Nullable;

/** A global transaction could not be begun, or did not end with the commit that was asked for. */
public abstract sealed class GlobalTransactionException extends RuntimeException
        permits CoordinatorUnavailableException,
                GlobalTransactionNotBegunException,
                GlobalTransactionOutcomeUnknownException,
                GlobalTransactionRolledBackException,
                GlobalTransactionTimedOutException,
                IllegalPropagationException,
                WorkNotEndedException {

    private static final long serialVersionUID = 1;

    private final @Nullable String xid;

    GlobalTransactionException(String message, @Nullable String xid, @Nullable Throwable cause) {
        super(message, cause);
        this.xid = xid;
    }

    /** The transaction concerned; null when none had begun. */
    public @Nullable String xid() {
        return xid;
    }
}
