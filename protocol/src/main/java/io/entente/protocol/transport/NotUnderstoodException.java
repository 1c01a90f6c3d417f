package io.entente.protocol.transport;

import java.io.Serial;

/** The request was not sent, because the coordinator that is connected would not understand it. */
public final class NotUnderstoodException extends CoordinatorUnreachableException {

    @Serial
    private static final long serialVersionUID = 1L;

    NotUnderstoodException(String message) {
        super(message, true);
    }

    @Override
    NotUnderstoodException again(String message) {
        return new NotUnderstoodException(message);
    }
}
