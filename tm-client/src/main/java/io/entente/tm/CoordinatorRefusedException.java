package io.entente.tm;

import io.entente.protocol.TransactionError;

/** The coordinator answered that it did not do what was asked for. */
final class CoordinatorRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final TransactionError error;
    private final boolean overloaded;

    CoordinatorRefusedException(TransactionError error, String message) {
        this(error, message, false);
    }

    CoordinatorRefusedException(TransactionError error, String message, boolean overloaded) {
        super(message.isEmpty() ? error.toString() : error + ": " + message);
        this.error = error;
        this.overloaded = overloaded;
    }

    /** It has too much to do; later it may do it. */
    boolean overloaded() {
        return overloaded;
    }

    TransactionError error() {
        return error;
    }
}
