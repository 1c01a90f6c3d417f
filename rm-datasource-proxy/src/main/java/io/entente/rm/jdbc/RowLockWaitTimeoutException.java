package io.entente.rm.jdbc;

import java.io.Serial;
import java.sql.SQLTransactionRollbackException;
import org.jspecify.annotations.Nullable;

/**
 * Another global transaction held a row for longer than the lock wait allows. What the local transaction had changed
 * is rolled back, unless only a SELECT … FOR UPDATE failed.
 */
public final class RowLockWaitTimeoutException extends SQLTransactionRollbackException {

    @Serial
    private static final long serialVersionUID = 1L;

    private static final String SERIALIZATION_FAILURE = "40001";

    RowLockWaitTimeoutException(String message, @Nullable Throwable cause) {
        super(message, SERIALIZATION_FAILURE, cause);
    }
}
