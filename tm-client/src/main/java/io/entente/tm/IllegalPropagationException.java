package io.entente.tm;

import org.jspecify.annotations.Nullable;

/** A method that must, or must not, run inside a global transaction was called the other way; it did not run. */
public final class IllegalPropagationException extends GlobalTransactionException {

    private static final long serialVersionUID = 1;

    IllegalPropagationException(String message, @Nullable String xid) {
        super(message, xid, null);
    }
}
