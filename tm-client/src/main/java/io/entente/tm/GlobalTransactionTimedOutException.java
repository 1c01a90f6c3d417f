package io.entente.tm;

import org.jspecify.annotations.Nullable;

/** A commit was asked for after the timeout: the transaction was, or will be, rolled back. */
public final class GlobalTransactionTimedOutException extends GlobalTransactionException {

    private static final long serialVersionUID = 1;

    GlobalTransactionTimedOutException(String message, String xid, @Nullable Throwable cause) {
        super(message, xid, cause);
    }
}
