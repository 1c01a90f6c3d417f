package io.entente.rm.jdbc;

import io.entente.rm.image.LockKeys;
import io.entente.rm.image.RowImage;
import io.entente.rm.sql.RecognizedSql.SelectForUpdate;
import io.entente.rm.table.Table;
import io.entente.tm.LockRetry;
import io.entente.tm.branch.BranchException;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;

/**
 * SELECT … FOR UPDATE: reads rows that no other global transaction has changed and may still roll back.
 *
 * <p>The application's query runs first and locks its rows; the query for their keys comes second and sees at least
 * the same rows, as nobody else can change them any more. No global row lock is taken.
 */
final class LockingRead {

    private static final int LONGEST_EXCERPT = 200;

    private final Capture capture;

    LockingRead(Capture capture) {
        this.capture = capture;
    }

    <T> T execute(SelectForUpdate select, Call<T> call) throws SQLException {
        Table table = capture.table(select.table());
        return capture.own() ? inOwnTransaction(select, table, call) : inApplicationTransaction(select, table, call);
    }

    private <T> T inOwnTransaction(SelectForUpdate select, Table table, Call<T> call) throws SQLException {
        T result = fetchAll(call);
        String keys = keys(select, table, call);
        if (isHeld(keys)) {
            throw new RowsHeldException(holder(keys));
        }
        return result;
    }

    /**
     * Between two attempts the rows are let go by a rollback to a savepoint, so that their holder can go on. MySQL and
     * MariaDB keep the database locks even so, until the local transaction ends; there only the end of the retries helps.
     */
    private <T> T inApplicationTransaction(SelectForUpdate select, Table table, Call<T> call) throws SQLException {
        LockRetry retry = LockWait.budget(capture.at());
        for (int retries = 0; ; retries++) {
            Savepoint savepoint = capture.real().setSavepoint();
            T result = fetchAll(call);
            String keys = keys(select, table, call);
            if (!isHeld(keys)) {
                capture.real().releaseSavepoint(savepoint);
                return result;
            }
            capture.real().rollback(savepoint);
            if (retries >= retry.times()) {
                throw LockWait.timeout(capture.xid(), capture.at(), holder(keys), retries, false, null);
            }
            LockWait.pause(capture.at(), retry.interval());
        }
    }

    /** The rows must be in memory, not behind a cursor that the end of the transaction closes. */
    private static <T> T fetchAll(Call<T> call) throws SQLException {
        Statement statement = call.statement();
        int fetchSize = statement.getFetchSize();
        if (fetchSize == 0) {
            return call.plain().run();
        }
        statement.setFetchSize(0);
        try {
            return call.plain().run();
        } finally {
            statement.setFetchSize(fetchSize);
        }
    }

    private String keys(SelectForUpdate select, Table table, Call<?> call) throws SQLException {
        RowImage keys = capture.read(table, table.key(), "", select.from(), select.locking(), call);
        return LockKeys.of(keys);
    }

    private boolean isHeld(String keys) throws SQLException {
        if (keys.isEmpty()) {
            return false;
        }
        try {
            return !capture.at()
                    .coordinator()
                    .lockable(capture.xid(), capture.at().id(), keys);
        } catch (BranchException e) {
            throw new BranchFailedException(
                    "Global transaction " + capture.xid() + " cannot learn whether rows at "
                            + capture.at().id() + " are locked: " + e.getMessage(),
                    e);
        }
    }

    private static String holder(String keys) {
        return "another global transaction holds one of the rows "
                + (keys.length() <= LONGEST_EXCERPT ? keys : keys.substring(0, LONGEST_EXCERPT) + "…");
    }
}
