package io.entente.rm.undo;

import java.io.Serial;
import java.sql.SQLNonTransientException;

/** An undo row exists but is not in a form this version reads. */
public final class UndoNotReadableException extends SQLNonTransientException {

    @Serial
    private static final long serialVersionUID = 1L;

    UndoNotReadableException(String message) {
        super(message);
    }

    UndoNotReadableException(String message, Throwable cause) {
        super(message, cause);
    }
}
