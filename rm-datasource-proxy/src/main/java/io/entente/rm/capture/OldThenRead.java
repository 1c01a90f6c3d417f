package io.entente.rm.capture;

import io.entente.rm.call.Bindings;
import io.entente.rm.call.Call;
import io.entente.rm.image.Change;
import io.entente.rm.image.Deltas;
import io.entente.rm.image.ImageColumns;
import io.entente.rm.image.Row;
import io.entente.rm.image.RowImage;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * UPDATE that returns the rows as they were; what they became is derived, or read by their keys.
 *
 * @param sql the application's statement inside of what returns the image
 * @param deltas what the statement adds
 * @param derivation null when the rows have to be read
 */
record OldThenRead(
        ComposedSql sql,
        ImageColumns image,
        Deltas deltas,
        @Nullable Derivation derivation) implements CapturePlan {

    @Override
    public <T> T execute(Call<T> call, CaptureSession session) throws SQLException {
        call.requireForm(false);
        long[] counts = new long[call.parameters().size()];
        for (int i = 0; i < counts.length; i++) {
            int element = i;
            counts[i] = Batches.element(
                    call, counts, i, () -> one(call, session, call.parameters().get(element)));
        }
        return call.elsewhere(counts);
    }

    private long one(Call<?> call, CaptureSession session, @Nullable Bindings bindings) throws SQLException {
        try (CaptureSession.Executed executed = session.query(sql, bindings, call, ResultSet.TYPE_FORWARD_ONLY)) {
            return session.afterwards(call, () -> {
                RowImage before = image.readAll(executed.statement().getResultSet());
                if (!before.rows().isEmpty()) {
                    session.record(Change.updated(before, after(before, bindings, session), deltas));
                }
                return (long) before.rows().size();
            });
        }
    }

    private RowImage after(RowImage before, @Nullable Bindings bindings, CaptureSession session) throws SQLException {
        if (derivation != null) {
            RowImage derived = derivation.after(before, bindings);
            if (derived != null) {
                return derived;
            }
        }
        List<Row> after = session.readEach(before.table(), before.columns(), before.keys());
        return before.with(after);
    }
}
