package io.entente.rm.jdbc;

import io.entente.rm.dialect.MySql;
import io.entente.rm.image.Change;
import io.entente.rm.image.ImageReader;
import io.entente.rm.image.Row;
import io.entente.rm.image.RowImage;
import io.entente.rm.image.StaleTableException;
import io.entente.rm.sql.RecognizedSql.Update;
import io.entente.rm.table.Column;
import io.entente.rm.table.Table;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * UPDATE: locks and reads the rows, updates, reads the same rows by key. The second read is what makes triggers,
 * rounding, truncation and evaluation order harmless; leaving it out where the new values are certain belongs here.
 */
final class UpdateCapture {

    private final Capture capture;

    UpdateCapture(Capture capture) {
        this.capture = capture;
    }

    <T> T execute(Update update, Call<T> call) throws SQLException {
        Table table = capture.table(update.table());
        @Nullable List<Column> written = columns(table, update);
        if (written == null) {
            table = capture.refreshed(update.table());
            written = columns(table, update);
        }
        if (written == null) {
            throw new StatementRefusedException(
                    call.sql(),
                    "table " + table.name() + " does not have all of the columns " + update.columns(),
                    "correct the column names");
        }
        requireUndoable(table, written, call);
        RowImage before;
        try {
            before = before(table, written, update, call);
        } catch (StaleTableException stale) {
            table = capture.refreshed(update.table());
            before = before(table, written, update, call);
        }
        T result = call.plain().run();
        try {
            RowImage after = after(before);
            requireComplete(
                    before, after, capture.count(call, result), update.where().mayHaveSubSelect());
            if (!before.rows().isEmpty()) {
                capture.record(new Change(Change.Kind.UPDATE, before.table(), before, after));
            }
        } catch (SQLException | RuntimeException e) {
            throw capture.broken(call, String.valueOf(e.getMessage()), e);
        }
        return result;
    }

    private static @Nullable List<Column> columns(Table table, Update update) {
        List<Column> written = new ArrayList<>();
        for (String name : update.columns()) {
            Column column = table.column(name);
            if (column == null) {
                return null;
            }
            written.add(column);
        }
        return written;
    }

    private void requireUndoable(Table table, List<Column> written, Call<?> call) throws SQLException {
        for (Column column : written) {
            if (table.isKey(column)) {
                throw new StatementRefusedException(
                        call.sql(),
                        "it assigns " + column.name() + ", which is part of the key of " + table.name(),
                        "delete the row and insert it under its new key");
            }
        }
        String child = capture.at()
                .cascades()
                .changedByUpdate(
                        capture.real(),
                        table.name(),
                        written.stream().map(Column::name).toList());
        if (child != null) {
            throw new StatementRefusedException(
                    call.sql(),
                    "a foreign key with ON UPDATE would also change rows of " + child,
                    "update the rows of " + child + " with statements of their own and drop the action");
        }
    }

    /** Key, written and automatically updated columns, in table order. */
    private RowImage before(Table table, List<Column> written, Update update, Call<?> call) throws SQLException {
        List<Column> columns = table.columns().stream()
                .filter(column -> table.isKey(column) || written.contains(column) || column.autoUpdated())
                .toList();
        return capture.read(table, columns, "FROM " + update.table().text(), update.where(), "FOR UPDATE", call);
    }

    private RowImage after(RowImage before) throws SQLException {
        if (before.rows().isEmpty()) {
            return before;
        }
        // Under REPEATABLE READ, InnoDB shows a plain query the snapshot's version of rows that the UPDATE matched but
        // did
        // not change, while the locking query before it saw the newest one.
        boolean current = capture.at().dialect() instanceof MySql;
        return ImageReader.readByKeys(
                capture.real(),
                before.table(),
                before.columns(),
                before.keys(),
                current,
                capture.at().dialect());
    }

    /**
     * The statement must have worked on the rows of the before image and on no others. Drivers count either the rows
     * that matched or the rows that really changed.
     */
    private static void requireComplete(RowImage before, RowImage after, long count, boolean subSelect)
            throws SQLException {
        Map<Row, Row> rows = after.rows().stream().collect(Collectors.toMap(after::key, Function.identity()));
        long changed = 0;
        for (Row row : before.rows()) {
            Row now = rows.get(before.key(row));
            if (now == null) {
                throw new SQLException("the row " + before.key(row) + " of "
                        + before.table().name() + " is gone or has another key now");
            }
            changed += now.equals(row) ? 0 : 1;
        }
        if (count != before.rows().size() && count != changed) {
            throw new SQLException("it says it updated " + count + " rows, but before it ran, its condition held for "
                    + before.rows().size() + " rows of " + before.table().name()
                    + "; a row must have come or gone in between. Try again, or name the rows by key");
        }
        // One row may have been taken for another: the sub-select sees other tables as they are now, or on MySQL and
        // MariaDB now in the UPDATE and as they were in the query before it.
        if (subSelect && count != changed) {
            throw new SQLException(
                    "its condition has a sub-select, and " + (before.rows().size() - changed)
                            + " of the " + before.rows().size() + " rows of "
                            + before.table().name()
                            + " that it held for before have the values they had, so that it cannot be told whether these or"
                            + " others were updated. Select the keys first and name them in WHERE");
        }
    }
}
