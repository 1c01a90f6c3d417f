package io.entente.rm.xa;

import java.io.Serial;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** A database is not set up for XA. The message says what to change. */
public final class XaNotPossibleException extends SQLException {

    @Serial
    private static final long serialVersionUID = 1L;

    XaNotPossibleException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
