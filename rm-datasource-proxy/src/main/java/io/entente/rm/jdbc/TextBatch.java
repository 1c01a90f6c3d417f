package io.entente.rm.jdbc;

import io.entente.rm.call.Call;
import io.entente.rm.call.StatementRefusedException;
import io.entente.rm.capture.CaptureFailedException;
import io.entente.rm.capture.CaptureSession;
import io.entente.rm.capture.RowsHeldException;
import io.entente.rm.sql.Recognition;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;

/** A batch of statements as texts, each captured by itself. */
final class TextBatch {

    private TextBatch() {}

    static long[] execute(CaptureSession session, List<Recognition> recognized, List<Call<Long>> elements)
            throws SQLException {
        long[] counts = new long[elements.size()];
        for (int i = 0; i < counts.length; i++) {
            Call<Long> element = elements.get(i);
            element.outcome().clear();
            try {
                // What is said of one statement is not said of the others.
                counts[i] = session.allowingUnseenEffects(recognized.get(i).unseenEffectsAllowed())
                        .execute(recognized.get(i).statement(), element);
            } catch (StatementRefusedException | RowsHeldException | CaptureFailedException e) {
                throw e;
            } catch (SQLException e) {
                throw new BatchUpdateException(
                        "Element " + (i + 1) + " of " + counts.length + " of the batch failed: " + e.getMessage(),
                        e.getSQLState(),
                        e.getErrorCode(),
                        Counts.narrow(Arrays.copyOf(counts, i)),
                        e);
            }
        }
        return counts;
    }

    /** @throws StatementRefusedException one of them changes no rows, and its result would get lost */
    static void requireAllCaptured(List<Recognition> recognized, List<Call<Long>> elements)
            throws StatementRefusedException {
        for (int i = 0; i < recognized.size(); i++) {
            if (!EntenteConnection.isCaptured(recognized.get(i).statement())) {
                throw new StatementRefusedException(
                        elements.get(i).sql(),
                        "it is in one batch with statements that change rows",
                        "execute it by itself, before or after the batch");
            }
        }
    }
}
