package io.entente.rm.capture;

import io.entente.rm.call.Bindings;
import io.entente.rm.call.Call;
import io.entente.rm.image.Change;
import io.entente.rm.image.Deltas;
import io.entente.rm.image.ImageColumns;
import io.entente.rm.image.Row;
import io.entente.rm.image.RowImage;
import io.entente.rm.table.Table;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A statement that returns the rows it changed as they became, but not as they were: these are locked and read before.
 *
 * @param rows locks and reads the rows before
 * @param sql its columns are the application's, those of {@code after}, the row's table when {@code storageIds} are known,
 *     and, when it may insert, whether it inserted the row
 * @param inserts whether it may insert rows
 * @param wholeRows as for {@link ReturnedImages}
 */
record LockedThenReturned(
        RowsBefore rows,
        ComposedSql sql,
        Table table,
        ImageColumns after,
        boolean inserts,
        boolean wholeRows,
        Deltas deltas,
        Set<Long> storageIds,
        ReturnedImages.Shown shown)
        implements CapturePlan {

    /** How the rows before are found. */
    interface RowsBefore {
        LockedRows.Found read(Call<?> call, @Nullable Bindings bindings, CaptureSession session) throws SQLException;
    }

    @Override
    public <T> T execute(Call<T> call, CaptureSession session) throws SQLException {
        call.requireForm(shown == ReturnedImages.Shown.ROWS);
        long[] counts = new long[call.parameters().size()];
        for (int i = 0; i < counts.length; i++) {
            int element = i;
            counts[i] = Batches.element(
                    call, counts, i, () -> one(call, session, call.parameters().get(element)));
        }
        return shown == ReturnedImages.Shown.ROWS
                ? call.answer().ofRows(ReturnedImages.rows(call))
                : call.elsewhere(counts);
    }

    private long one(Call<?> call, CaptureSession session, @Nullable Bindings bindings) throws SQLException {
        LockedRows.Found found = rows.read(call, bindings, session);
        Call<?> source = call.isBatch() ? call.withoutKept() : call;
        try (CaptureSession.Executed executed =
                session.query(sql, bindings, source, ResultSet.TYPE_SCROLL_INSENSITIVE)) {
            return session.afterwards(call, () -> {
                ResultSet result = executed.statement().getResultSet();
                int width = after.width() + (storageIds.isEmpty() ? 0 : 1) + (inserts ? 1 : 0);
                int ours = result.getMetaData().getColumnCount() - width + 1;
                after.verify(result.getMetaData(), ours);
                long count = captured(session, found, result, ours);
                if (shown != ReturnedImages.Shown.COUNT) {
                    ReturnedImages.show(shown, call, executed, result, ours);
                }
                return count;
            });
        }
    }

    private long captured(CaptureSession session, LockedRows.Found found, ResultSet result, int ours)
            throws SQLException {
        Map<Row, Row> oldByNewKey = new HashMap<>();
        List<Row> keys = found.newKeys().isEmpty() ? found.rows().keys() : found.newKeys();
        for (int i = 0; i < keys.size(); i++) {
            oldByNewKey.put(keys.get(i), found.rows().rows().get(i));
        }
        RowImage none = new RowImage(table, after.columns(), List.of());
        List<Row> updatedBefore = new ArrayList<>();
        List<Row> updatedAfter = new ArrayList<>();
        List<Row> inserted = new ArrayList<>();
        long count = 0;
        while (result.next()) {
            count++;
            if (!storageIds.isEmpty() && !storageIds.contains(result.getLong(ours + after.width()))) {
                throw new WrongTableException(table.name());
            }
            Row now = after.read(result, ours);
            Row old = oldByNewKey.get(none.key(now));
            boolean isNew = inserts && result.getBoolean(ours + after.width() + 1);
            if (isNew) {
                inserted.add(now);
            } else if (old != null) {
                updatedBefore.add(old);
                updatedAfter.add(now);
            } else {
                throw new SQLException("it changed the row " + none.key(now) + " of " + table.name()
                        + ", which was not there before; a row must have come in between. Try again");
            }
        }
        if (wholeRows) {
            session.record(
                    Images.changes(none, none.with(updatedBefore), none.with(updatedAfter), none.with(inserted)));
        } else if (!updatedBefore.isEmpty()) {
            session.record(Change.updated(none.with(updatedBefore), none.with(updatedAfter), deltas));
        }
        return count;
    }
}
