package io.entente.rm.capture;

import io.entente.rm.image.StaleTableException;
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

    private final boolean byStaleMetadata;

    public CaptureFailedException(String message, @Nullable Throwable cause) {
        this(message, cause, cause instanceof StaleTableException || cause instanceof WrongTableException);
    }

    private CaptureFailedException(String message, @Nullable Throwable cause, boolean byStaleMetadata) {
        super(message, TRANSACTION_ROLLBACK, cause);
        this.byStaleMetadata = byStaleMetadata;
    }

    /** The same failure, when it turns out that a table was altered. */
    static CaptureFailedException ofStaleMetadata(SQLException failure) {
        return new CaptureFailedException(String.valueOf(failure.getMessage()), failure, true);
    }

    /**
     * Whether it failed because a table was altered, or another one is meant, since its metadata was read; it is read
     * again by now, so that the local transaction may succeed when it is repeated.
     */
    public boolean byStaleMetadata() {
        return byStaleMetadata;
    }
}
