package io.entente.rm.undo;

import io.entente.rm.dialect.Dialect;
import io.entente.rm.image.Change;
import io.entente.rm.image.ImageReader;
import io.entente.rm.image.Row;
import io.entente.rm.image.RowImage;
import io.entente.rm.table.Column;
import io.entente.rm.table.Table;
import io.entente.rm.table.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * Writes the rows of one change back.
 *
 * <p>All in one batch; when a constraint refuses that, the order may be the reason (a parent row that must exist first, a
 * unique value that another row still holds): then row by row, again and again while any succeeds. Rows that hold each
 * other's unique values at last go and come back together.
 */
final class UndoWriter {

    private final Connection connection;
    private final Dialect dialect;
    private final Table table;
    private final List<Column> columns;
    private final ConflictResolution resolution;

    UndoWriter(
            Connection connection, Dialect dialect, Table table, List<Column> columns, ConflictResolution resolution) {
        this.connection = connection;
        this.dialect = dialect;
        this.table = table;
        this.columns = columns;
        this.resolution = resolution;
    }

    /** Returns the rows that the database refuses. */
    List<DirtyRow> write(List<RowUndo> undos) throws SQLException {
        if (undos.isEmpty()) {
            return List.of();
        }
        if (undos.size() == 1
                && resolution == ConflictResolution.STOP
                && !undos.get(0).keyMoved()) {
            return single(undos.get(0));
        }
        // Rows that take each other's keys back cannot do so one after the other.
        boolean keysExchanged = keysOverlap(undos);
        if (attempt(() -> {
                    if (keysExchanged) {
                        exchange(undos);
                    } else {
                        writeAll(undos);
                    }
                })
                == null) {
            return List.of();
        }
        List<RowUndo> left = undos;
        while (true) {
            List<RowUndo> refused = new ArrayList<>();
            List<DirtyRow> reasons = new ArrayList<>();
            for (RowUndo undo : left) {
                SQLException refusal = attempt(() -> writeAll(List.of(undo)));
                if (refusal != null) {
                    refused.add(undo);
                    reasons.add(refused(undo, refusal));
                }
            }
            if (refused.isEmpty()) {
                return List.of();
            }
            if (refused.size() == left.size()) {
                return refused.size() > 1 && writeTogether(refused) ? List.of() : reasons;
            }
            left = refused;
        }
    }

    /** Rows of which each can be written only when the others are: they refer to each other, or have each other's values. */
    private boolean writeTogether(List<RowUndo> undos) throws SQLException {
        if (dialect.looksAtConstraintsPerStatement()
                && attempt(() -> oneStatement().write(undos)) == null) {
            return true;
        }
        boolean couldExchange = undos.stream().allMatch(undo -> undo.kind() == Change.Kind.UPDATE && undo.exists());
        return couldExchange && attempt(() -> exchange(undos)) == null;
    }

    private RowsInOneStatement oneStatement() {
        return new RowsInOneStatement(connection, dialect, table, columns, resolution);
    }

    private static boolean keysOverlap(List<RowUndo> undos) {
        Set<Row> taken = new HashSet<>();
        undos.forEach(undo -> taken.add(undo.key()));
        return undos.stream().anyMatch(undo -> undo.keyMoved() && taken.contains(undo.keyBefore()));
    }

    /** Needs no savepoint: when it is refused, all is rolled back. */
    private List<DirtyRow> single(RowUndo undo) throws SQLException {
        try {
            writeAll(List.of(undo));
            return List.of();
        } catch (SQLException e) {
            if (!ChangeUndo.refusesData(dialect, e)) {
                throw e;
            }
            return List.of(refused(undo, e));
        }
    }

    private static DirtyRow refused(RowUndo undo, SQLException refusal) {
        return undo.refused("the database refuses the old row: " + refusal.getMessage());
    }

    private interface Writing {
        void run() throws SQLException;
    }

    /** Null: it succeeded. Otherwise why the data was refused; nothing of it is written then. */
    private @Nullable SQLException attempt(Writing writing) throws SQLException {
        Savepoint savepoint = connection.setSavepoint();
        try {
            writing.run();
            dialect.release(connection, savepoint);
            return null;
        } catch (SQLException e) {
            if (!ChangeUndo.refusesData(dialect, e)) {
                throw e;
            }
            connection.rollback(savepoint);
            return e;
        }
    }

    private void writeAll(List<RowUndo> undos) throws SQLException {
        List<RowUndo> deletes = new ArrayList<>();
        List<RowUndo> inserts = new ArrayList<>();
        List<RowUndo> updates = new ArrayList<>();
        for (RowUndo undo : undos) {
            switch (undo.kind()) {
                case INSERT -> deletes.add(undo);
                // Where another row has its key, that one is overwritten.
                case DELETE -> (undo.exists() ? updates : inserts).add(undo);
                case UPDATE -> updates.add(undo);
            }
        }
        delete(deletes.stream().map(RowUndo::key).toList());
        insert(inserts);
        update(updates);
    }

    private void delete(List<Row> keys) throws SQLException {
        if (keys.isEmpty()) {
            return;
        }
        String sql = "DELETE FROM " + dialect.qualifiedName(table.name()) + " WHERE " + dialect.keyPredicate(table, 1);
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (Row key : keys) {
                ImageReader.bindKeys(statement, 1, table, List.of(key), dialect);
                statement.addBatch();
            }
            requireOneEach(statement, sql);
        }
    }

    private void insert(List<RowUndo> undos) throws SQLException {
        if (undos.isEmpty()) {
            return;
        }
        List<Column> given =
                columns.stream().filter(column -> !column.generated()).toList();
        insert(given, restored(given, undos, resolution));
    }

    /** The values that these columns get, row by row. */
    static List<Row> restored(List<Column> given, List<RowUndo> undos, ConflictResolution resolution) {
        List<Row> rows = new ArrayList<>();
        for (RowUndo undo : undos) {
            List<@Nullable Object> values = new ArrayList<>();
            for (Column column : given) {
                values.add(undo.restored(column, resolution));
            }
            rows.add(new Row(values));
        }
        return rows;
    }

    private void insert(List<Column> given, List<Row> rows) throws SQLException {
        givingIdentity(() -> {
            try (PreparedStatement statement = connection.prepareStatement(insertSql(given))) {
                for (Row row : rows) {
                    bind(statement, 1, given, row, dialect);
                    statement.addBatch();
                }
                requireOneEach(statement, "INSERT INTO " + table.name());
            }
        });
    }

    /** Binds a row's values from a 1-based position on; returns the position behind them. */
    static int bind(PreparedStatement statement, int first, List<Column> given, Row row, Dialect dialect)
            throws SQLException {
        int position = first;
        for (int i = 0; i < given.size(); i++) {
            dialect.bind(statement, position++, given.get(i), row.values().get(i));
        }
        return position;
    }

    private void givingIdentity(Writing inserts) throws SQLException {
        Dialect.SessionRestore identity = dialect.giveIdentity(connection, table);
        try {
            inserts.run();
        } catch (SQLException e) {
            try {
                identity.restore();
            } catch (SQLException suppressed) {
                e.addSuppressed(suppressed);
            }
            throw e;
        }
        identity.restore();
    }

    private String insertSql(List<Column> given) throws SQLException {
        return insertSql(dialect, table, given, 1);
    }

    /** An INSERT of a number of rows; parameters row by row. */
    static String insertSql(Dialect dialect, Table table, List<Column> given, int rows) throws SQLException {
        StringJoiner names = new StringJoiner(", ", " (", ")");
        StringJoiner values = new StringJoiner(", ", "(", ")");
        for (Column column : given) {
            names.add(dialect.quote(column.name()));
            values.add(dialect.access(column).placeholder());
        }
        return "INSERT INTO " + dialect.qualifiedName(table.name()) + names + dialect.identityOverride() + " VALUES "
                + String.join(", ", Collections.nCopies(rows, values.toString()));
    }

    private void update(List<RowUndo> undos) throws SQLException {
        if (undos.isEmpty()) {
            return;
        }
        List<Column> set = written(columns, table, undos);
        if (set.isEmpty()) {
            return;
        }
        StringJoiner assignments = new StringJoiner(", ");
        for (Column column : set) {
            assignments.add(dialect.quote(column.name()) + " = "
                    + dialect.access(column).placeholder());
        }
        String sql = "UPDATE " + dialect.qualifiedName(table.name()) + " SET " + assignments + " WHERE "
                + dialect.keyPredicate(table, 1);
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (RowUndo undo : undos) {
                int position = 1;
                for (Column column : set) {
                    dialect.bind(statement, position++, column, undo.restored(column, resolution));
                }
                ImageReader.bindKeys(statement, position, table, List.of(undo.key()), dialect);
                statement.addBatch();
            }
            int[] counts = statement.executeBatch();
            for (int i = 0; i < counts.length; i++) {
                RowUndo undo = undos.get(i);
                // Some drivers count no row that has the values already.
                boolean unchanged = set.stream()
                        .allMatch(column -> Objects.equals(undo.now(column), undo.restored(column, resolution)));
                requireOne(counts[i], unchanged, sql);
            }
        }
    }

    /** The columns that have to be written of rows that are there. */
    static List<Column> written(List<Column> columns, Table table, List<RowUndo> undos) {
        return columns.stream()
                .filter(column -> !column.generated() && writes(column, table, undos))
                .toList();
    }

    private static boolean writes(Column column, Table table, List<RowUndo> undos) {
        return undos.stream()
                .anyMatch(undo -> undo.kind() == Change.Kind.DELETE ? !table.isKey(column) : undo.restores(column));
    }

    private static void requireOneEach(PreparedStatement statement, String what) throws SQLException {
        for (int count : statement.executeBatch()) {
            requireOne(count, false, what);
        }
    }

    private static void requireOne(int count, boolean orNone, String what) throws SQLException {
        boolean one = count == 1 || count == Statement.SUCCESS_NO_INFO || (orNone && count == 0);
        if (!one) {
            // The row is locked and was seen: only a trigger or a rule can have taken the change away.
            throw new SQLException("it wrote " + count + " rows for one key (a trigger or a rule?): " + what, "23000");
        }
    }

    /** Rows that have each other's values: they go, and come back as they are now, but for what the branch had written. */
    private void exchange(List<RowUndo> undos) throws SQLException {
        List<Row> keys = undos.stream().map(RowUndo::key).toList();
        RowImage whole = ImageReader.readByKeys(connection, table, table.columns(), keys, true, dialect);
        requireNothingAttached(whole, keys);
        Map<Row, Row> now = new HashMap<>(whole.byKey());
        List<Column> given =
                table.columns().stream().filter(column -> !column.generated()).toList();
        List<Row> rows = new ArrayList<>();
        for (RowUndo undo : undos) {
            Row row = now.get(undo.key());
            if (row == null) {
                throw new SQLException("the row " + undo.key() + " of " + table.name() + " is gone", "23000");
            }
            List<@Nullable Object> values = new ArrayList<>();
            for (Column column : given) {
                boolean written = columns.contains(column) && undo.restores(column);
                values.add(written ? undo.restored(column, resolution) : whole.value(row, column));
            }
            rows.add(new Row(values));
        }
        if (dialect.looksAtConstraintsPerStatement()) {
            oneStatement().delete(keys);
            oneStatement().insert(given, rows);
        } else {
            delete(keys);
            insert(given, rows);
        }
    }

    /** A foreign key with an action would take rows along that do not come back. */
    private void requireNothingAttached(RowImage whole, List<Row> keys) throws SQLException {
        DependentRows dependents = new DependentRows(connection, dialect, table);
        for (Row row : whole.rows()) {
            TableName child = dependents.attachedTo(whole, row, keys);
            if (child != null) {
                throw new SQLException(
                        "rows of " + child + " refer to " + whole.key(row)
                                + ", and a foreign key with ON DELETE would change"
                                + " them while values are exchanged",
                        "23000");
            }
        }
    }
}
