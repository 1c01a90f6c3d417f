package io.entente.rm.capture;

import io.entente.rm.call.Bindings;
import io.entente.rm.call.Call;
import io.entente.rm.call.ShownResultSet;
import io.entente.rm.image.Change;
import io.entente.rm.image.Deltas;
import io.entente.rm.image.ImageColumns;
import io.entente.rm.image.Row;
import io.entente.rm.image.RowImage;
import io.entente.rm.table.Table;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A statement that itself returns the rows it changed: one round trip, and exactly these rows whatever happens beside it.
 *
 * @param sql the application's statement, extended by what returns the images; its columns are the application's, then
 *     those of {@code before}, of {@code after}, and the row's table when {@code storageIds} are known
 * @param table the table that is changed
 * @param before the columns as they were; null when there are no old rows
 * @param after the columns as they became; null when there are no new rows
 * @param wholeRows whether an update is to be reduced to the columns that really changed
 * @param deltas what the statement adds
 * @param storageIds see {@link io.entente.rm.table.TableDefinition#storageIds}
 * @param shown what the application sees of the result
 */
record ReturnedImages(
        ComposedSql sql,
        Table table,
        @Nullable ImageColumns before,
        @Nullable ImageColumns after,
        boolean wholeRows,
        Deltas deltas,
        Set<Long> storageIds,
        Shown shown)
        implements CapturePlan {

    /** What the application sees of the result. */
    enum Shown {
        /** Nothing: it gets an update count. */
        COUNT,
        /** An update count, and the first columns as generated keys. */
        KEYS,
        /** As {@link #KEYS}, but of the first row alone: MariaDB's driver tells no more. */
        FIRST_KEY,
        /** The first columns, because the statement itself has RETURNING. */
        ROWS
    }

    @Override
    public <T> T execute(Call<T> call, CaptureSession session) throws SQLException {
        call.requireForm(shown == Shown.ROWS);
        boolean plainBatch = call.isBatch() && call.parameters().size() > 1 && shown == Shown.COUNT;
        return plainBatch && session.dialect().batchesReturnRows() ? asBatch(call, session) : oneByOne(call, session);
    }

    private <T> T oneByOne(Call<T> call, CaptureSession session) throws SQLException {
        long[] counts = new long[call.parameters().size()];
        for (int i = 0; i < counts.length; i++) {
            int element = i;
            counts[i] = Batches.element(
                    call, counts, i, () -> one(call, session, call.parameters().get(element)));
        }
        boolean rows = shown == Shown.ROWS && call.outcome().rows() != null;
        return rows ? call.answer().ofRows(rows(call)) : call.elsewhere(counts);
    }

    static ResultSet rows(Call<?> call) {
        ResultSet rows = call.outcome().rows();
        if (rows == null) {
            throw new IllegalStateException("A statement with RETURNING left no rows: " + call.sql());
        }
        return rows;
    }

    private long one(Call<?> call, CaptureSession session, @Nullable Bindings bindings) throws SQLException {
        int type = shown == Shown.COUNT || session.dialect().answersWhileRunning()
                ? ResultSet.TYPE_FORWARD_ONLY
                : ResultSet.TYPE_SCROLL_INSENSITIVE;
        // The keys of all elements of a batch are open at the same time.
        Call<?> source = call.isBatch() && shown != Shown.ROWS ? call.withoutKept() : call;
        try (CaptureSession.Executed executed = session.query(sql, bindings, source, type)) {
            ResultSet result = session.returnedBy(executed);
            return session.afterwards(call, () -> {
                if (result == null) {
                    // MariaDB, for LIMIT 0.
                    return requireNothing(executed.statement());
                }
                int ours = ours(result);
                Images images = read(result, ours);
                session.record(images.changes());
                if (shown != Shown.COUNT) {
                    show(shown, call, executed, result, ours);
                }
                return (long) images.count;
            });
        }
    }

    private static long requireNothing(Statement statement) throws SQLException {
        if (statement.getUpdateCount() != 0) {
            throw new SQLException("it changed " + statement.getUpdateCount() + " rows and returned none");
        }
        return 0;
    }

    /** Gives the columns before ours to the application. */
    static void show(Shown shown, Call<?> call, CaptureSession.Executed executed, ResultSet result, int ours)
            throws SQLException {
        executed.giveTo(call.outcome());
        if (shown == Shown.ROWS) {
            result.beforeFirst();
            int mostRows = call.statement().getMaxRows();
            call.outcome().addRows(ShownResultSet.rows(result, new ShownResultSet.View(ours - 1, Set.of(), mostRows)));
        } else {
            int mostRows = shown == Shown.FIRST_KEY ? 1 : 0;
            call.outcome().keepKeys(ShownResultSet.keys(result, ours - 1, mostRows));
        }
    }

    /** The driver sends a batch that returns rows in one go, when the rows pass for generated keys. */
    private <T> T asBatch(Call<T> call, CaptureSession session) throws SQLException {
        PreparedStatement statement = session.real().prepareStatement(sql.sql(), Statement.RETURN_GENERATED_KEYS);
        try (CaptureSession.Executed executed = new CaptureSession.Executed(statement, null)) {
            CaptureSession.limitTime(statement, call);
            for (Bindings bindings : call.parameters()) {
                if (bindings == null) {
                    throw new IllegalStateException("A batch of a statement that is not prepared: " + call.sql());
                }
                sql.bind(statement, bindings);
                statement.addBatch();
            }
            long[] counts =
                    Arrays.stream(statement.executeBatch()).asLongStream().toArray();
            return session.afterwards(call, () -> {
                ResultSet result = statement.getGeneratedKeys();
                // Where no element has met a row, the result has not even columns.
                if (Arrays.stream(counts).anyMatch(count -> count != 0)) {
                    int ours = ours(result);
                    for (long count : counts) {
                        session.record(readExactly(result, ours, count).changes());
                    }
                }
                return call.elsewhere(counts);
            });
        }
    }

    private int width() {
        return (before == null ? 0 : before.width())
                + (after == null ? 0 : after.width())
                + (storageIds.isEmpty() ? 0 : 1);
    }

    /** The place where our columns begin. */
    private int ours(ResultSet result) throws SQLException {
        ResultSetMetaData sent = result.getMetaData();
        int first = sent.getColumnCount() - width() + 1;
        int afterFirst = first;
        if (before != null) {
            before.verify(sent, first);
            afterFirst += before.width();
        }
        if (after != null) {
            after.verify(sent, afterFirst);
        }
        return first;
    }

    /** The rows of a result, sorted by what happened to them. */
    private final class Images {

        private final List<Row> deleted = new ArrayList<>();
        private final List<Row> updatedBefore = new ArrayList<>();
        private final List<Row> updatedAfter = new ArrayList<>();
        private final List<Row> inserted = new ArrayList<>();
        private int count;

        List<Change> changes() {
            RowImage old = image(before);
            RowImage now = image(after);
            if (wholeRows) {
                return io.entente.rm.capture.Images.changes(
                        old.with(deleted), old.with(updatedBefore), now.with(updatedAfter), now.with(inserted));
            }
            return updatedBefore.isEmpty()
                    ? List.of()
                    : List.of(Change.updated(old.with(updatedBefore), now.with(updatedAfter), deltas));
        }

        private RowImage image(@Nullable ImageColumns columns) {
            return columns == null ? RowImage.empty(table) : new RowImage(table, columns.columns(), List.of());
        }
    }

    private Images readExactly(ResultSet result, int ours, long count) throws SQLException {
        Images images = read(result, ours, count);
        if (images.count != count) {
            throw new SQLException(
                    "an element of the batch says it changed " + count + " rows and returned " + images.count
                            + ". Remedy: execute it one by one, or switch the driver's rewriting of batches off");
        }
        return images;
    }

    private Images read(ResultSet result, int ours) throws SQLException {
        return read(result, ours, Long.MAX_VALUE);
    }

    private Images read(ResultSet result, int ours, long most) throws SQLException {
        Images images = new Images();
        int afterFirst = ours + (before == null ? 0 : before.width());
        int storage = ours + width() - 1;
        while (images.count < most && result.next()) {
            images.count++;
            if (!storageIds.isEmpty() && !storageIds.contains(result.getLong(storage))) {
                throw new WrongTableException(table.name());
            }
            Row old = existing(before, result, ours);
            Row now = existing(after, result, afterFirst);
            if (old != null && now != null) {
                images.updatedBefore.add(old);
                images.updatedAfter.add(now);
            } else if (old != null) {
                images.deleted.add(old);
            } else if (now != null) {
                images.inserted.add(now);
            } else {
                throw new SQLException("it returned a row of " + table.name() + " that has no key");
            }
        }
        return images;
    }

    /** The row, null when its key says that there is none. */
    private @Nullable Row existing(@Nullable ImageColumns columns, ResultSet result, int first) throws SQLException {
        if (columns == null) {
            return null;
        }
        Row row = columns.read(result, first);
        Row key = new RowImage(table, columns.columns(), List.of()).key(row);
        return key.values().get(0) == null ? null : row;
    }
}
