package io.entente.rm.jdbc;

import java.io.Serial;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * A statement was executed, but what it did could not be captured, so the local transaction can only roll back: its
 * commit fails from now on.
 */
public final class CaptureFailedException extends SQLException {

    @Serial
    private static final long serialVersionUID = 1L;

    private static final String TRANSACTION_ROLLBACK = "40000";

    CaptureFailedException(String message, @Nullable Throwable cause) {
        super(message, TRANSACTION_ROLLBACK, cause);
    }
}
