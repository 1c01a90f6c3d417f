package io.entente.rm.capture;

import io.entente.rm.call.Call;
import io.entente.rm.call.ShownResultSet;
import io.entente.rm.dialect.MySql;
import io.entente.rm.image.ImageColumns;
import io.entente.rm.image.LockKeys;
import io.entente.rm.image.Row;
import io.entente.rm.image.RowImage;
import io.entente.rm.sql.RecognizedSql.LockingRead;
import io.entente.rm.sql.RecognizedSql.WhenHeld;
import io.entente.rm.sql.TableReference;
import io.entente.rm.table.Table;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * SELECT … FOR UPDATE and its relatives: reads rows that no other global transaction has changed and may still roll back.
 * No global row lock is taken.
 *
 * <p>The keys of the rows come with the application's own query, as further columns that it does not see. A query that
 * counts or groups runs as it is, and a second one brings the keys; the rows cannot change any more in between.
 */
final class LockingReadRun {

    private final CaptureSession session;

    LockingReadRun(CaptureSession session) {
        this.session = session;
    }

    <T> T execute(LockingRead read, Call<T> call) throws SQLException {
        call.requireForm(true);
        List<ImageColumns> keys = new ArrayList<>();
        List<String> qualifiers = new ArrayList<>();
        for (TableReference reference : read.tables()) {
            Table table = session.definition(reference).table();
            keys.add(ImageColumns.named(table, table.key(), session.dialect()));
            qualifiers.add(reference.shortName() + ".");
        }
        if (!session.work().isOwn()) {
            return inApplicationTransaction(read, call, keys, qualifiers);
        }
        Attempt<T> attempt = attempt(read, call, keys, qualifiers);
        Held held = attempt.held();
        if (held != null) {
            throw read.whenHeld() == WhenHeld.FAIL
                    ? session.work().rowsHeld(held.holder())
                    : new RowsHeldException(held.holder(), held.lockKey());
        }
        return attempt.answer();
    }

    /**
     * Between two attempts the rows are let go by a rollback to a savepoint, so that their holder can go on. MySQL and
     * MariaDB keep the database locks even so, until the local transaction ends.
     */
    private <T> T inApplicationTransaction(
            LockingRead read, Call<T> call, List<ImageColumns> keys, List<String> qualifiers) throws SQLException {
        while (true) {
            Savepoint savepoint = session.real().setSavepoint();
            Attempt<T> attempt = attempt(read, call, keys, qualifiers);
            Held held = attempt.held();
            if (held == null) {
                session.dialect().release(session.real(), savepoint);
                return attempt.answer();
            }
            call.outcome().clear();
            session.real().rollback(savepoint);
            if (read.whenHeld() == WhenHeld.FAIL) {
                throw session.work().rowsHeld(held.holder());
            }
            session.work().awaitRows(held.lockKey(), held.holder(), session.dialect() instanceof MySql);
        }
    }

    /** Rows of which another global transaction holds one. */
    private record Held(String lockKey, String holder) {}

    /** @param held null when the rows are free */
    private record Attempt<T>(@Nullable T result, @Nullable Held held) {

        T answer() {
            if (result == null) {
                throw new IllegalStateException("No result of a query whose rows are free");
            }
            return result;
        }
    }

    private <T> Attempt<T> attempt(LockingRead read, Call<T> call, List<ImageColumns> keys, List<String> qualifiers)
            throws SQLException {
        return read.aggregates()
                ? withSecondQuery(read, call, keys, qualifiers)
                : withKeys(read, call, keys, qualifiers);
    }

    private <T> Attempt<T> withKeys(LockingRead read, Call<T> call, List<ImageColumns> keys, List<String> qualifiers)
            throws SQLException {
        ComposedSql sql = ComposedSql.builder()
                .add(read.head())
                .add(", " + select(keys, qualifiers))
                .add(read.tail())
                .build();
        // Scrolling results are in memory, not behind a cursor that the end of the transaction closes.
        CaptureSession.Executed executed = session.query(sql, call.bindings(), call, ResultSet.TYPE_SCROLL_INSENSITIVE);
        boolean kept = false;
        try {
            ResultSet result = executed.statement().getResultSet();
            int width = keys.stream().mapToInt(ImageColumns::width).sum();
            int ours = result.getMetaData().getColumnCount() - width + 1;
            List<RowImage> images = images(result, ours, keys);
            Set<Integer> hidden = new HashSet<>();
            Held held = held(images);
            if (held != null && read.whenHeld() == WhenHeld.SKIP) {
                hidden = heldRows(result, ours, keys);
                held = null;
            }
            if (held != null) {
                return new Attempt<>(null, held);
            }
            result.beforeFirst();
            executed.giveTo(call.outcome());
            kept = true;
            ShownResultSet rows = ShownResultSet.rows(
                    result,
                    new ShownResultSet.View(ours - 1, hidden, call.statement().getMaxRows()));
            call.outcome().addRows(rows);
            return new Attempt<>(call.answer().ofRows(rows), null);
        } finally {
            if (!kept) {
                executed.close();
            }
        }
    }

    private static String select(List<ImageColumns> keys, List<String> qualifiers) {
        List<String> items = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            items.add(keys.get(i).select(qualifiers.get(i)));
        }
        return String.join(", ", items);
    }

    private static List<RowImage> images(ResultSet result, int ours, List<ImageColumns> keys) throws SQLException {
        ResultSetMetaData sent = result.getMetaData();
        List<List<Row>> rows = new ArrayList<>();
        int first = ours;
        for (ImageColumns key : keys) {
            key.verify(sent, first);
            first += key.width();
            rows.add(new ArrayList<>());
        }
        while (result.next()) {
            first = ours;
            for (int i = 0; i < keys.size(); i++) {
                Row row = keys.get(i).read(result, first);
                // An outer join has rows without this table's row.
                if (row.values().get(0) != null) {
                    rows.get(i).add(row);
                }
                first += keys.get(i).width();
            }
        }
        List<RowImage> images = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            images.add(new RowImage(keys.get(i).table(), keys.get(i).columns(), rows.get(i)));
        }
        return images;
    }

    private Set<Integer> heldRows(ResultSet result, int ours, List<ImageColumns> keys) throws SQLException {
        Set<Integer> held = new HashSet<>();
        result.beforeFirst();
        while (result.next()) {
            List<RowImage> ofRow = new ArrayList<>();
            int first = ours;
            for (ImageColumns key : keys) {
                Row row = key.read(result, first);
                boolean exists = row.values().get(0) != null;
                ofRow.add(new RowImage(key.table(), key.columns(), exists ? List.of(row) : List.of()));
                first += key.width();
            }
            if (held(ofRow) != null) {
                held.add(result.getRow());
            }
        }
        return held;
    }

    private <T> Attempt<T> withSecondQuery(
            LockingRead read, Call<T> call, List<ImageColumns> keys, List<String> qualifiers) throws SQLException {
        T result = call.plain().run();
        ComposedSql sql = ComposedSql.builder()
                .add("SELECT " + select(keys, qualifiers))
                .add(read.from())
                .add(read.locking())
                .build();
        try (CaptureSession.Executed executed =
                session.query(sql, call.bindings(), call, ResultSet.TYPE_FORWARD_ONLY)) {
            Held held = held(images(executed.statement().getResultSet(), 1, keys));
            return new Attempt<>(result, held);
        }
    }

    /** Null when none of the rows is held. */
    private @Nullable Held held(List<RowImage> images) throws SQLException {
        String lockKey = LockKeys.ofAll(images);
        String holder = lockKey.isEmpty() ? null : session.work().holder(lockKey);
        return holder == null ? null : new Held(lockKey, holder);
    }
}
