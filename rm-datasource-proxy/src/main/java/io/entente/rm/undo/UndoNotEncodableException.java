package io.entente.rm.undo;

import java.io.Serial;
import java.sql.SQLNonTransientException;

/** The images cannot be written to the undo log without loss, so phase one must fail. */
public final class UndoNotEncodableException extends SQLNonTransientException {

    @Serial
    private static final long serialVersionUID = 1L;

    UndoNotEncodableException(String message) {
        super(message);
    }

    UndoNotEncodableException(String message, Throwable cause) {
        super(message, cause);
    }
}
