package io.entente.tm.fence;

import java.io.Serial;
import java.sql.SQLException;

/** The table of the fence is missing, or lacks a column that is needed. The message says what to do. */
public final class FenceTableException extends SQLException {

    @Serial
    private static final long serialVersionUID = 1L;

    FenceTableException(String message) {
        super(message);
    }

    FenceTableException(String message, SQLException cause) {
        super(message, cause);
    }
}
