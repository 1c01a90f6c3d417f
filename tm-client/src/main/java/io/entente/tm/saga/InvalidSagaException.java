package io.entente.tm.saga;

import java.io.Serial;

/** A saga is defined in a way that cannot work. The message shows what to write instead. */
public final class InvalidSagaException extends IllegalArgumentException {

    @Serial
    private static final long serialVersionUID = 1L;

    public InvalidSagaException(String message) {
        super(message);
    }
}
