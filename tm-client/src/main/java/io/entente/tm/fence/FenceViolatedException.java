package io.entente.tm.fence;

import java.io.Serial;

/** The decision about a branch contradicts what its row says. Trying again does not help: a person has to look. */
public final class FenceViolatedException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    FenceViolatedException(String message) {
        super(message);
    }
}
