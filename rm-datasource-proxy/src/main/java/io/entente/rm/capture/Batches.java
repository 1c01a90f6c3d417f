package io.entente.rm.capture;

import io.entente.rm.call.Call;
import io.entente.rm.call.SqlAction;
import io.entente.rm.call.StatementRefusedException;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Batches whose elements are executed one by one. */
final class Batches {

    private Batches() {}

    /**
     * Executes an element; when it fails, tells how far the batch came, as a driver does.
     *
     * @param counts of the elements before it
     */
    static long element(Call<?> call, long[] counts, int index, SqlAction<Long> element) throws SQLException {
        if (!call.isBatch()) {
            return element.run();
        }
        try {
            return element.run();
        } catch (StatementRefusedException | RowsHeldException | CaptureFailedException e) {
            throw e;
        } catch (SQLException e) {
            throw failed(counts, index, e);
        }
    }

    /** @throws StatementRefusedException the statement has no such form, and so cannot be an element of a batch */
    static ByKeys requireByKeys(@Nullable ByKeys statement, Call<?> call) throws StatementRefusedException {
        if (statement == null) {
            throw new StatementRefusedException(
                    call.sql(), "a change of several tables in a batch is not supported", "execute it one by one");
        }
        return statement;
    }

    static BatchUpdateException failed(long[] counts, int index, SQLException cause) {
        int[] done = Arrays.stream(Arrays.copyOf(counts, index))
                .mapToInt(count -> (int) count)
                .toArray();
        return new BatchUpdateException(
                "Element " + (index + 1) + " of " + counts.length + " of the batch failed: " + cause.getMessage(),
                cause.getSQLState(),
                cause.getErrorCode(),
                done,
                cause);
    }
}
