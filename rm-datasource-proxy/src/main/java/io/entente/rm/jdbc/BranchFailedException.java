package io.entente.rm.jdbc;

import java.io.Serial;
import java.sql.SQLException;

/** The local transaction could not become a branch of its global transaction; it is rolled back. */
public final class BranchFailedException extends SQLException {

    @Serial
    private static final long serialVersionUID = 1L;

    private static final String TRANSACTION_ROLLBACK = "40000";

    BranchFailedException(String message, Throwable cause) {
        super(message, TRANSACTION_ROLLBACK, cause);
    }
}
