package io.entente.tm;

import io.entente.protocol.TransactionError;

/** The coordinator answered that it did not do what was asked for. */
final class CoordinatorRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final TransactionError error;

    CoordinatorRefusedException(TransactionError error, String message) {
        super(message.isEmpty() ? error.toString() : error + ": " + message);
        this.error = error;
    }

    TransactionError error() {
        return error;
    }
}
