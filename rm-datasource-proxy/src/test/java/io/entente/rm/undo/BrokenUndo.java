package io.entente.rm.undo;

import io.entente.rm.call.KeptStatements;
import io.entente.rm.dialect.Dialect;
import io.entente.rm.image.Change;
import io.entente.rm.image.ImageColumns;
import io.entente.rm.image.Row;
import io.entente.rm.image.RowImage;
import io.entente.rm.table.Column;
import io.entente.rm.table.Table;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Turns the undo rows of a database into those of an undo log with a fault, to see that a test would notice. */
public enum BrokenUndo {
    /** The changes of a branch are undone in the order in which they were made. */
    WRONG_ORDER {
        @Override
        List<Change> spoil(Connection connection, Dialect dialect, List<Change> changes) {
            List<Change> reversed = new ArrayList<>(changes);
            Collections.reverse(reversed);
            return reversed;
        }
    },

    /** One of the written columns is in no image. */
    MISSING_COLUMN {
        @Override
        List<Change> spoil(Connection connection, Dialect dialect, List<Change> changes) {
            return changes.stream().map(BrokenUndo::withoutOneColumn).toList();
        }
    },

    /** A row that INSERT IGNORE found there already is taken for inserted. */
    IGNORED_INSERT_UNDONE {
        @Override
        List<Change> spoil(Connection connection, Dialect dialect, List<Change> changes) throws SQLException {
            List<Change> spoiled = new ArrayList<>();
            for (Change change : changes) {
                spoiled.add(change);
                Row there =
                        change.kind() == Change.Kind.INSERT ? untouched(connection, dialect, change, changes) : null;
                if (there != null) {
                    spoiled.add(Change.inserted(change.after().with(List.of(there))));
                }
            }
            return spoiled;
        }
    };

    abstract List<Change> spoil(Connection connection, Dialect dialect, List<Change> changes) throws SQLException;

    /** Rewrites every undo row that holds changes. */
    public void spoil(Connection connection) throws SQLException {
        Dialect dialect = Dialect.of(connection.getMetaData());
        UndoCodec codec = new UndoCodec();
        connection.setAutoCommit(false);
        UndoLog undoLog = new UndoLog(dialect, UndoLogSettings.defaults(), InstantSource.system());
        for (Found row : undoRows(connection)) {
            List<Change> changes = codec.decode(row.row().encoded());
            List<Change> spoiled = spoil(connection, dialect, changes);
            if (!spoiled.equals(changes)) {
                try (PreparedStatement delete =
                        connection.prepareStatement("DELETE FROM undo_log WHERE branch_id = ?")) {
                    delete.setLong(1, row.branchId());
                    delete.executeUpdate();
                }
                undoLog.insertAndCommit(connection, new KeptStatements(), row.xid(), row.branchId(), spoiled);
            }
        }
        connection.setAutoCommit(true);
    }

    private record Found(String xid, long branchId, UndoRow row) {}

    private static List<Found> undoRows(Connection connection) throws SQLException {
        List<Found> found = new ArrayList<>();
        try (Statement query = connection.createStatement();
                ResultSet rows = query.executeQuery(
                        "SELECT xid, branch_id, context, rollback_info FROM undo_log WHERE log_status = 0")) {
            while (rows.next()) {
                found.add(new Found(
                        rows.getString(1), rows.getLong(2), new UndoRow(rows.getString(3), rows.getBytes(4))));
            }
        }
        return found;
    }

    private static Change withoutOneColumn(Change change) {
        if (change.kind() == Change.Kind.INSERT) {
            return change;
        }
        Table table = change.table();
        List<Column> columns = new ArrayList<>(change.before().columns());
        columns.removeIf(column -> table.isKey(column) || !isWritten(change, column));
        if (columns.isEmpty()) {
            return change;
        }
        Column missing = columns.get(columns.size() - 1);
        RowImage before = without(change.before(), missing);
        return change.kind() == Change.Kind.DELETE
                ? Change.deleted(before)
                : Change.updated(before, without(change.after(), missing), change.deltas());
    }

    private static boolean isWritten(Change change, Column column) {
        int i = change.before().columns().indexOf(column);
        for (int row = 0; row < change.before().rows().size(); row++) {
            Object before = change.before().rows().get(row).values().get(i);
            Object after = change.kind() == Change.Kind.DELETE
                    ? null
                    : change.after().rows().get(row).values().get(i);
            if (!Objects.equals(before, after)) {
                return true;
            }
        }
        return false;
    }

    private static RowImage without(RowImage image, Column missing) {
        int i = image.columns().indexOf(missing);
        List<Column> columns = new ArrayList<>(image.columns());
        columns.remove(i);
        List<Row> rows = image.rows().stream()
                .map(row -> {
                    List<@Nullable Object> values = new ArrayList<>(row.values());
                    values.remove(i);
                    return new Row(values);
                })
                .toList();
        return new RowImage(image.table(), columns, rows);
    }

    /** A row of the table that no change of the branch is about. */
    private static @Nullable Row untouched(
            Connection connection, Dialect dialect, Change inserted, List<Change> changes) throws SQLException {
        Table table = inserted.table();
        Set<Row> touched = new HashSet<>();
        for (Change change : changes) {
            if (change.table().name().equals(table.name())) {
                touched.addAll(change.before().keys());
                touched.addAll(change.after().keys());
            }
        }
        ImageColumns image = ImageColumns.named(table, inserted.after().columns(), dialect);
        try (Statement query = connection.createStatement();
                ResultSet rows = query.executeQuery(
                        "SELECT " + image.select("") + " FROM " + dialect.qualifiedName(table.name()))) {
            for (Row row : image.readAll(rows).rows()) {
                if (!touched.contains(inserted.after().with(List.of(row)).keys().get(0))) {
                    return row;
                }
            }
        }
        return null;
    }
}
