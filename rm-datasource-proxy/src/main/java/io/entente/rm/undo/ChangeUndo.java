package io.entente.rm.undo;

import io.entente.rm.dialect.Dialect;
import io.entente.rm.image.Change;
import io.entente.rm.image.ImageReader;
import io.entente.rm.image.Row;
import io.entente.rm.image.RowImage;
import io.entente.rm.table.Column;
import io.entente.rm.table.Table;
import io.entente.rm.table.TableName;
import io.entente.rm.table.TableNotUsableException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * Undoes the changes of one branch, last one first, in a local transaction that the caller ends.
 *
 * <p>For each change the rows are locked and compared with what the branch left. A row that is as the branch left it is
 * undone; one that is already as the branch found it is skipped; any other is dirty and nothing more is written.
 */
final class ChangeUndo {

    private final Connection connection;
    private final Dialect dialect;
    private final Map<TableName, Table> tables = new HashMap<>();
    private int written;

    ChangeUndo(Connection connection, Dialect dialect) {
        this.connection = connection;
        this.dialect = dialect;
    }

    /** How many rows were written so far. */
    int written() {
        return written;
    }

    /**
     * Undoes one change.
     *
     * @return the rows in the way; when there are any, the caller must roll the local transaction back
     */
    List<DirtyRow> undo(Change change) throws SQLException {
        if (change.touched().rows().isEmpty()) {
            return List.of();
        }
        Table target;
        List<Column> columns;
        try {
            target = targetOf(change);
            columns = columnsOf(change, target);
        } catch (TableNotUsableException e) {
            return dirty(change, e.getMessage());
        }
        Rows rows = new Rows(
                change,
                columns,
                byKey(change.before()),
                byKey(change.after()),
                byKey(ImageReader.readByKeys(
                        connection, target, columns, change.touched().keys(), true, dialect)));
        List<Row> keys = new ArrayList<>();
        List<DirtyRow> dirty = new ArrayList<>();
        for (Row key : change.touched().keys()) {
            switch (rows.state(key)) {
                case AS_BRANCH_LEFT_IT -> {
                    if (!rows.unchanged(key)) {
                        keys.add(key);
                    }
                }
                case AS_BRANCH_FOUND_IT -> {}
                case DIRTY -> dirty.add(rows.explain(key));
            }
        }
        if (change.kind() == Change.Kind.INSERT && dirty.isEmpty() && !keys.isEmpty()) {
            dirty.addAll(attached(change, target, rows, keys));
        }
        if (!dirty.isEmpty() || keys.isEmpty()) {
            return dirty;
        }
        Collections.reverse(keys);
        try {
            apply(rows, target, keys);
        } catch (SQLException e) {
            if (refusesData(e)) {
                return dirty(change, "the database refuses the old row: " + e.getMessage());
            }
            throw e;
        }
        written += keys.size();
        return List.of();
    }

    private List<DirtyRow> attached(Change change, Table target, Rows rows, List<Row> keys) throws SQLException {
        DependentRows dependents = new DependentRows(connection, dialect, target);
        List<DirtyRow> attached = new ArrayList<>();
        for (Row key : keys) {
            Row left = rows.after().get(key);
            TableName child = left == null ? null : dependents.attachedTo(change.after(), left, keys);
            if (child != null) {
                attached.add(new DirtyRow(
                        target.name(),
                        change.kind(),
                        keyText(change, key),
                        "rows of " + child + " refer to it now, and a foreign key with ON DELETE would change them too",
                        List.of()));
            }
        }
        return attached;
    }

    /** Whether the database refused the data itself, so that trying again cannot help. */
    static boolean refusesData(SQLException failure) {
        for (SQLException e = failure; e != null; e = e.getNextException()) {
            String state = e.getSQLState();
            if (state != null && (state.startsWith("22") || state.startsWith("23"))) {
                return true;
            }
        }
        return false;
    }

    /** One dirty row for each row of the change, all for the same reason. */
    static List<DirtyRow> dirty(Change change, @Nullable String reason) {
        return change.touched().keys().stream()
                .map(key -> new DirtyRow(
                        change.table().name(), change.kind(), keyText(change, key), String.valueOf(reason), List.of()))
                .toList();
    }

    /** The table as it is now, with the key by which the branch knew its rows. */
    private Table targetOf(Change change) throws SQLException {
        TableName name = change.table().name();
        Table now = tables.get(name);
        if (now == null) {
            now = dialect.read(connection, name);
            tables.put(name, now);
        }
        return new Table(now.name(), now.columns(), change.table().keyColumns());
    }

    /** The image's columns as the table has them now. */
    private List<Column> columnsOf(Change change, Table target) throws SQLException {
        List<Column> columns = new ArrayList<>();
        for (Column captured : change.touched().columns()) {
            Column now = target.column(captured.name());
            if (now == null) {
                throw new TableNotUsableException(
                        target.name().toString(),
                        "its column " + captured.name() + ", which the branch had written, was dropped",
                        "restore the column, or repair the rows by hand");
            }
            if (!dialect.access(now).equals(dialect.access(captured))) {
                throw new TableNotUsableException(
                        target.name().toString(),
                        "its column " + captured.name() + " was altered from " + captured.typeName() + " to "
                                + now.typeName(),
                        "restore the column's type, or repair the rows by hand");
            }
            columns.add(now);
        }
        return columns;
    }

    /**
     * Writes all rows in one batch. When a constraint refuses that, the order may be the reason (a parent row that must
     * exist first, a unique value that another row still holds): then row by row, again and again while any succeeds.
     */
    private void apply(Rows rows, Table target, List<Row> keys) throws SQLException {
        if (keys.size() == 1) {
            write(rows, target, keys);
            return;
        }
        Savepoint batch = connection.setSavepoint();
        try {
            write(rows, target, keys);
            connection.releaseSavepoint(batch);
            return;
        } catch (SQLException e) {
            if (!refusesData(e)) {
                throw e;
            }
            connection.rollback(batch);
        }
        List<Row> left = keys;
        while (!left.isEmpty()) {
            List<Row> refused = new ArrayList<>();
            SQLException refusal = null;
            for (Row key : left) {
                Savepoint single = connection.setSavepoint();
                try {
                    write(rows, target, List.of(key));
                    connection.releaseSavepoint(single);
                } catch (SQLException e) {
                    if (!refusesData(e)) {
                        throw e;
                    }
                    connection.rollback(single);
                    refused.add(key);
                    refusal = e;
                }
            }
            if (refusal != null && refused.size() == left.size()) {
                throw refusal;
            }
            left = refused;
        }
    }

    private void write(Rows rows, Table target, List<Row> keys) throws SQLException {
        String table = dialect.qualifiedName(target.name());
        switch (rows.change().kind()) {
            case INSERT -> {
                String sql = "DELETE FROM " + table + " WHERE " + dialect.keyPredicate(target, 1);
                batch(sql, target, keys, List.of(), rows, true);
            }
            case DELETE -> {
                List<Column> columns = rows.columns().stream()
                        .filter(column -> !column.generated())
                        .toList();
                StringJoiner names = new StringJoiner(", ", " (", ")");
                StringJoiner values = new StringJoiner(", ", " VALUES (", ")");
                for (Column column : columns) {
                    names.add(dialect.quote(column.name()));
                    values.add(dialect.access(column).placeholder());
                }
                String sql = "INSERT INTO " + table + names + dialect.identityOverride() + values;
                batch(sql, target, keys, columns, rows, false);
            }
            case UPDATE -> {
                List<Column> columns = rows.restored(target);
                if (columns.isEmpty()) {
                    return;
                }
                StringJoiner assignments = new StringJoiner(", ");
                for (Column column : columns) {
                    assignments.add(dialect.quote(column.name()) + " = "
                            + dialect.access(column).placeholder());
                }
                String sql = "UPDATE " + table + " SET " + assignments + " WHERE " + dialect.keyPredicate(target, 1);
                batch(sql, target, keys, columns, rows, true);
            }
        }
    }

    private void batch(String sql, Table target, List<Row> keys, List<Column> columns, Rows rows, boolean withKey)
            throws SQLException {
        List<Column> keyColumns = target.key();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (Row key : keys) {
                int position = 1;
                for (Column column : columns) {
                    dialect.bind(statement, position++, column, rows.before(key, column));
                }
                for (int i = 0; withKey && i < keyColumns.size(); i++) {
                    dialect.bind(
                            statement,
                            position++,
                            keyColumns.get(i),
                            key.values().get(i));
                }
                statement.addBatch();
            }
            for (int count : statement.executeBatch()) {
                if (count != 1 && count != Statement.SUCCESS_NO_INFO) {
                    // The row is locked and was seen: only a trigger or a rule can have taken the change away.
                    throw new SQLException(
                            "it wrote " + count + " rows for one key (a trigger or a rule?): " + sql, "23000");
                }
            }
        }
    }

    private static Map<Row, Row> byKey(RowImage image) {
        Map<Row, Row> rows = new HashMap<>();
        for (Row row : image.rows()) {
            rows.put(image.key(row), row);
        }
        return rows;
    }

    private static String keyText(Change change, Row key) {
        StringJoiner text = new StringJoiner(", ");
        for (int i = 0; i < key.values().size(); i++) {
            text.add(change.table().keyColumns().get(i) + "=" + key.values().get(i));
        }
        return text.toString();
    }

    private enum State {
        AS_BRANCH_LEFT_IT,
        AS_BRANCH_FOUND_IT,
        DIRTY
    }

    /** The rows of a change in three states, each map by key; a row that does not exist is missing. */
    private record Rows(
            Change change, List<Column> columns, Map<Row, Row> before, Map<Row, Row> after, Map<Row, Row> current) {

        State state(Row key) {
            Row now = current.get(key);
            if (same(now, after.get(key))) {
                return State.AS_BRANCH_LEFT_IT;
            }
            return same(now, before.get(key)) ? State.AS_BRANCH_FOUND_IT : State.DIRTY;
        }

        /** Whether the branch wrote the values that were there already; some drivers count no such row as updated. */
        boolean unchanged(Row key) {
            return Objects.equals(before.get(key), after.get(key));
        }

        private boolean same(@Nullable Row one, @Nullable Row other) {
            if (one == null || other == null) {
                return one == null && other == null;
            }
            for (int i = 0; i < columns.size(); i++) {
                if (columns.get(i).compared()
                        && !Objects.equals(one.values().get(i), other.values().get(i))) {
                    return false;
                }
            }
            return true;
        }

        @Nullable
        Object before(Row key, Column column) {
            return value(before.get(key), columns.indexOf(column));
        }

        /** The columns an UPDATE's undo must set: those that changed in any row, and those that change by themselves. */
        List<Column> restored(Table target) {
            List<Column> restored = new ArrayList<>();
            for (int i = 0; i < columns.size(); i++) {
                Column column = columns.get(i);
                if (!column.generated() && !target.isKey(column) && (column.autoUpdated() || changed(i))) {
                    restored.add(column);
                }
            }
            return restored;
        }

        private boolean changed(int column) {
            return before.keySet().stream()
                    .anyMatch(key -> !Objects.equals(value(before.get(key), column), value(after.get(key), column)));
        }

        DirtyRow explain(Row key) {
            Row now = current.get(key);
            String reason = now == null
                    ? "the row was deleted"
                    : after.containsKey(key)
                            ? "the row was changed by a writer outside of global transactions"
                            : "another row with this key was inserted";
            List<DirtyRow.Difference> differences = new ArrayList<>();
            for (int i = 0; i < columns.size(); i++) {
                Object left = value(after.get(key), i);
                Object found = value(now, i);
                if (now == null || !after.containsKey(key) || !Objects.equals(left, found)) {
                    differences.add(
                            new DirtyRow.Difference(columns.get(i).name(), value(before.get(key), i), left, found));
                }
            }
            return new DirtyRow(change.table().name(), change.kind(), keyText(change, key), reason, differences);
        }

        private static @Nullable Object value(@Nullable Row row, int column) {
            return row == null ? null : row.values().get(column);
        }
    }
}
