package io.entente.tm.tcc;

import java.io.Serial;

/** The try did not run, because its branch could not be registered. */
public final class TccNotRegisteredException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    TccNotRegisteredException(String message, Throwable cause) {
        super(message, cause);
    }
}
