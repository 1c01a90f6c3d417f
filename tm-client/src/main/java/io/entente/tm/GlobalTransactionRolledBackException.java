package io.entente.tm;

import org.jspecify.annotations.Nullable;

/** A commit was asked for, but the transaction was, or will be, rolled back. The message says why. */
public final class GlobalTransactionRolledBackException extends GlobalTransactionException {

    private static final long serialVersionUID = 1;

    GlobalTransactionRolledBackException(String message, String xid, @Nullable Throwable cause) {
        super(message, xid, cause);
    }
}
