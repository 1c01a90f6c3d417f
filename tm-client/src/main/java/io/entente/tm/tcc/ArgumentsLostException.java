package io.entente.tm.tcc;

import java.io.Serial;

/** What was kept at the coordinator for a branch does not fit its action. */
final class ArgumentsLostException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    ArgumentsLostException(String message) {
        super(message);
    }
}
