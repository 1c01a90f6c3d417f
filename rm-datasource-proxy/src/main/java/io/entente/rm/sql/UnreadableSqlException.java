package io.entente.rm.sql;

import java.io.Serial;

/** The text cannot be divided into tokens for certain. */
final class UnreadableSqlException extends Exception {

    @Serial
    private static final long serialVersionUID = 1L;

    UnreadableSqlException(String message) {
        super(message);
    }
}
