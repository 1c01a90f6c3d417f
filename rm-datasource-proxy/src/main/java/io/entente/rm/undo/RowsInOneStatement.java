package io.entente.rm.undo;

import io.entente.rm.dialect.Dialect;
import io.entente.rm.image.Change;
import io.entente.rm.image.ImageReader;
import io.entente.rm.image.Row;
import io.entente.rm.table.Column;
import io.entente.rm.table.Table;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.StringJoiner;

/**
 * Writes rows back that refer to each other, or to which others refer that do not care which of them it is: all by one
 * statement, because the database looks at foreign keys when a statement is over.
 */
record RowsInOneStatement(
        Connection connection, Dialect dialect, Table table, List<Column> columns, ConflictResolution resolution) {

    /** What PostgreSQL's protocol counts parameters with has 16 bits. */
    private static final int MOST_PARAMETERS = 65_535;

    /** The undo of one change; its rows are all there, or none is. */
    void write(List<RowUndo> undos) throws SQLException {
        List<Row> keys = undos.stream().map(RowUndo::key).toList();
        if (undos.get(0).kind() == Change.Kind.INSERT) {
            delete(keys);
        } else if (undos.stream().allMatch(RowUndo::exists)) {
            update(UndoWriter.written(columns, table, undos), keys, undos);
        } else {
            List<Column> given =
                    columns.stream().filter(column -> !column.generated()).toList();
            insert(given, UndoWriter.restored(given, undos, resolution));
        }
    }

    void delete(List<Row> keys) throws SQLException {
        requireFits(keys.size() * table.keyColumns().size());
        String sql = "DELETE FROM " + dialect.qualifiedName(table.name()) + " WHERE "
                + dialect.keyPredicate(table, keys.size());
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            ImageReader.bindKeys(statement, 1, table, keys, dialect);
            execute(statement, keys.size());
        }
    }

    void insert(List<Column> given, List<Row> rows) throws SQLException {
        requireFits(rows.size() * given.size());
        try (PreparedStatement statement =
                connection.prepareStatement(UndoWriter.insertSql(dialect, table, given, rows.size()))) {
            int position = 1;
            for (Row row : rows) {
                position = UndoWriter.bind(statement, position, given, row, dialect);
            }
            execute(statement, rows.size());
        }
    }

    /** The values come as a table whose first part is the table itself without its rows, so that they get its types. */
    private void update(List<Column> set, List<Row> keys, List<RowUndo> undos) throws SQLException {
        List<Column> given = new ArrayList<>(table.key());
        given.addAll(set);
        requireFits(undos.size() * given.size());
        StringJoiner typed = new StringJoiner(", ");
        StringJoiner placeholders = new StringJoiner(", ");
        StringJoiner assignments = new StringJoiner(", ");
        StringJoiner condition = new StringJoiner(" AND ");
        for (int i = 0; i < given.size(); i++) {
            String name = dialect.quote(given.get(i).name());
            typed.add(name + " AS v" + i);
            placeholders.add(dialect.access(given.get(i)).placeholder());
            if (i < table.key().size()) {
                condition.add("t." + name + " = v.v" + i);
            } else {
                assignments.add(name + " = v.v" + i);
            }
        }
        String name = dialect.qualifiedName(table.name());
        String values = " UNION ALL SELECT " + placeholders;
        String sql = "UPDATE " + name + " t SET " + assignments + " FROM (SELECT " + typed + " FROM " + name
                + " WHERE FALSE" + String.join("", Collections.nCopies(undos.size(), values)) + ") v WHERE "
                + condition;
        List<Row> restored = UndoWriter.restored(set, undos, resolution);
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            int position = 1;
            for (int i = 0; i < keys.size(); i++) {
                position = UndoWriter.bind(statement, position, table.key(), keys.get(i), dialect);
                position = UndoWriter.bind(statement, position, set, restored.get(i), dialect);
            }
            execute(statement, undos.size());
        }
    }

    private void requireFits(int parameters) throws SQLException {
        if (parameters > MOST_PARAMETERS) {
            throw new SQLException(
                    "rows that refer to each other have to be written by one statement, which would have " + parameters
                            + " parameters; " + MOST_PARAMETERS + " is the limit",
                    "23000");
        }
    }

    private static void execute(PreparedStatement statement, int rows) throws SQLException {
        int count = statement.executeUpdate();
        if (count != rows) {
            // The rows are locked and were seen: only a trigger or a rule can have taken the change away.
            throw new SQLException(
                    "it wrote " + count + " rows instead of " + rows + " (a trigger or a rule?)", "23000");
        }
    }
}
