package io.entente.rm.capture;

import java.io.Serial;
import java.sql.SQLException;

/** Another global transaction holds a row: the way out of one attempt, never seen by the application. */
public final class RowsHeldException extends SQLException {

    @Serial
    private static final long serialVersionUID = 1L;

    public RowsHeldException(String holder) {
        super(holder);
    }
}
