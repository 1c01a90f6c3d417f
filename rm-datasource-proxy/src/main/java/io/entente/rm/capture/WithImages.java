package io.entente.rm.capture;

import io.entente.rm.call.Bindings;
import io.entente.rm.call.Call;
import io.entente.rm.call.ShownResultSet;
import io.entente.rm.dialect.ValueKind;
import io.entente.rm.image.Change;
import io.entente.rm.image.Deltas;
import io.entente.rm.image.Row;
import io.entente.rm.image.RowImage;
import io.entente.rm.image.StaleTableException;
import io.entente.rm.table.Column;
import io.entente.rm.table.Table;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The plan of {@link PostgreSqlWith}: one result with the application's rows and those of all changes.
 *
 * @param sql its columns are the application's, the number of its row, the change that a row of ours belongs to, and that
 *     row before and after and its table
 * @param parts the changes
 * @param main which of them the application gets an update count of; −1 when the statement is a query
 * @param rows whether the application gets rows
 */
record WithImages(ComposedSql sql, List<Part> parts, int main, boolean rows) implements CapturePlan {

    private static final int OURS = 5;

    WithImages {
        parts = List.copyOf(parts);
    }

    /** One change, see {@link ReturnedImages}. */
    record Part(
            Table table,
            List<Column> columns,
            List<ValueKind> kinds,
            boolean wholeRows,
            Deltas deltas,
            Set<Long> storageIds) {}

    @Override
    public <T> T execute(Call<T> call, CaptureSession session) throws SQLException {
        call.requireForm(rows);
        long[] counts = new long[call.parameters().size()];
        for (int i = 0; i < counts.length; i++) {
            int element = i;
            counts[i] = Batches.element(
                    call, counts, i, () -> one(call, session, call.parameters().get(element)));
        }
        return rows ? call.answer().ofRows(ReturnedImages.rows(call)) : call.elsewhere(counts);
    }

    private long one(Call<?> call, CaptureSession session, @Nullable Bindings bindings) throws SQLException {
        try (CaptureSession.Executed executed = session.query(sql, bindings, call, ResultSet.TYPE_SCROLL_INSENSITIVE)) {
            return session.afterwards(call, () -> {
                ResultSet result = executed.statement().getResultSet();
                int shown = result.getMetaData().getColumnCount() - OURS;
                List<Rows> captured = new ArrayList<>();
                for (Part part : parts) {
                    captured.add(new Rows(part));
                }
                Set<Integer> hidden = read(result, shown, captured);
                for (Rows each : captured) {
                    session.record(each.changes());
                }
                if (rows) {
                    result.beforeFirst();
                    executed.giveTo(call.outcome());
                    ShownResultSet.View view = new ShownResultSet.View(
                            shown, hidden, call.statement().getMaxRows());
                    call.outcome().addRows(ShownResultSet.rows(result, view));
                }
                return main < 0 ? 0L : captured.get(main).count;
            });
        }
    }

    private static Set<Integer> read(ResultSet result, int shown, List<Rows> captured) throws SQLException {
        Set<Integer> hidden = new HashSet<>();
        long last = 0;
        while (result.next()) {
            long number = result.getLong(shown + 1);
            if (result.wasNull()) {
                hidden.add(result.getRow());
                captured.get(result.getInt(shown + 2)).add(result, shown + 3);
            } else if (number <= last) {
                throw new SQLException("its rows came in another order than they were made in");
            } else {
                last = number;
            }
        }
        return hidden;
    }

    /** The rows of one change, sorted by what happened to them. */
    private static final class Rows {

        private final Part part;
        private final RowImage none;
        private final List<Row> deleted = new ArrayList<>();
        private final List<Row> updatedBefore = new ArrayList<>();
        private final List<Row> updatedAfter = new ArrayList<>();
        private final List<Row> inserted = new ArrayList<>();
        private long count;

        Rows(Part part) {
            this.part = part;
            this.none = new RowImage(part.table(), part.columns(), List.of());
        }

        void add(ResultSet result, int first) throws SQLException {
            count++;
            if (!part.storageIds().contains(result.getLong(first + 2))) {
                throw new WrongTableException(part.table().name());
            }
            Row old = row(result.getArray(first));
            Row now = row(result.getArray(first + 1));
            if (old != null && now != null) {
                updatedBefore.add(old);
                updatedAfter.add(now);
            } else if (old != null) {
                deleted.add(old);
            } else if (now != null) {
                inserted.add(now);
            } else {
                throw new SQLException("a row of " + part.table().name() + " has no key");
            }
        }

        private @Nullable Row row(@Nullable Array texts) throws SQLException {
            if (texts == null) {
                return null;
            }
            @Nullable Object[] sent = (Object[]) texts.getArray();
            List<@Nullable Object> values = new ArrayList<>();
            int columns = part.columns().size();
            // Behind whole rows stands how many columns the table has.
            if (sent.length > columns && !String.valueOf(columns).equals(String.valueOf(sent[columns]))) {
                throw new StaleTableException(part.table(), String.valueOf(sent[columns]), columns);
            }
            for (int i = 0; i < columns; i++) {
                Object text = sent[i];
                values.add(text == null ? null : part.kinds().get(i).parse(text.toString()));
            }
            Row row = new Row(values);
            return none.key(row).values().get(0) == null ? null : row;
        }

        List<Change> changes() {
            if (part.wholeRows()) {
                return Images.changes(
                        none.with(deleted), none.with(updatedBefore), none.with(updatedAfter), none.with(inserted));
            }
            return updatedBefore.isEmpty()
                    ? List.of()
                    : List.of(Change.updated(none.with(updatedBefore), none.with(updatedAfter), part.deltas()));
        }
    }
}
