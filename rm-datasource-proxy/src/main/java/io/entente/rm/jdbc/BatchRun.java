package io.entente.rm.jdbc;

import io.entente.rm.sql.RecognizedSql;
import io.entente.rm.sql.RecognizedSql.OnTable;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;

/** A batch inside a global transaction: each element with its own images, as a later one may see an earlier one's rows. */
final class BatchRun {

    private final Capture capture;

    BatchRun(Capture capture) {
        this.capture = capture;
    }

    long[] run(List<RecognizedSql> recognized, List<Call<Long>> elements) throws SQLException {
        long[] counts = new long[elements.size()];
        for (int i = 0; i < counts.length; i++) {
            try {
                counts[i] = capture.execute((OnTable) recognized.get(i), elements.get(i));
            } catch (StatementRefusedException | RowsHeldException | CaptureFailedException e) {
                throw e;
            } catch (SQLException e) {
                throw new BatchUpdateException(
                        "Element " + (i + 1) + " of " + counts.length + " of the batch failed: " + e.getMessage(),
                        e.getSQLState(),
                        e.getErrorCode(),
                        Arrays.copyOf(counts, i),
                        e);
            }
        }
        return counts;
    }
}
