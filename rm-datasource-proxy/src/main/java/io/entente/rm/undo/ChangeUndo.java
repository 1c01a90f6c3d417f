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
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * Undoes single changes: the rows are locked, compared with what the branch left ({@link RowUndo}), and written. When a
 * row is in the way and nobody has said what to do about it, nothing is written.
 */
final class ChangeUndo {

    private final Connection connection;
    private final Dialect dialect;
    private final ConflictResolution resolution;
    private final Map<TableName, Table> tables = new HashMap<>();

    ChangeUndo(Connection connection, Dialect dialect, ConflictResolution resolution) {
        this.connection = connection;
        this.dialect = dialect;
        this.resolution = resolution;
    }

    /**
     * What came of it.
     *
     * @param written how many rows
     * @param inTheWay rows that are no longer as the branch left them; nothing was written then
     * @param refused rows that the database does not take, perhaps not yet
     */
    record Tried(int written, List<DirtyRow> inTheWay, List<DirtyRow> refused) {
        private static Tried inTheWay(List<DirtyRow> rows) {
            return new Tried(0, rows, List.of());
        }
    }

    /**
     * Undoes one change. When rows are in the way or refused, others may be written: unless that is what the resolution
     * asks for, the caller must roll back to before.
     */
    Tried undo(Change change) throws SQLException {
        if (change.touched().rows().isEmpty()) {
            return new Tried(0, List.of(), List.of());
        }
        Table target;
        List<Column> columns;
        try {
            target = targetOf(change);
            columns = columnsOf(change, target);
        } catch (TableNotUsableException e) {
            return Tried.inTheWay(
                    resolution == ConflictResolution.ACCEPT_CURRENT ? List.of() : dirty(change, e.getMessage()));
        }
        List<Row> keys = change.kind() == Change.Kind.DELETE
                ? change.before().keys()
                : change.after().keys();
        Map<Row, Row> current = ImageReader.readByKeys(connection, target, columns, keys, true, dialect)
                .byKey();
        Row stranger = stranger(current.keySet(), keys);
        if (stranger != null && resolution != ConflictResolution.ACCEPT_CURRENT) {
            return Tried.inTheWay(dirty(
                    change,
                    "the database finds a row under such a key that reads " + keyText(change, stranger)
                            + " now: somebody has written the key otherwise, or this session prints it otherwise than the"
                            + " one that wrote it"));
        }
        List<DirtyRow> dirty = new ArrayList<>();
        List<RowUndo> undos = new ArrayList<>();
        for (int i = keys.size() - 1; i >= 0; i--) {
            RowUndo undo = new RowUndo(change, columns, i, keys.get(i), current.get(keys.get(i)));
            if (undo.isConflict(resolution)) {
                dirty.add(undo.inTheWay(undo.reason()));
            } else if (undo.hasWork(resolution)) {
                undos.add(undo);
            }
        }
        if (dirty.isEmpty() && resolution != ConflictResolution.FORCE_BEFORE_IMAGE) {
            dirty.addAll(attached(change, target, undos));
        }
        if (!dirty.isEmpty()) {
            Collections.reverse(dirty);
            return Tried.inTheWay(dirty);
        }
        List<DirtyRow> refused = new UndoWriter(connection, dialect, target, columns, resolution).write(undos);
        return new Tried(undos.size() - refused.size(), List.of(), refused);
    }

    /** A key that was found and not asked for; it would pass for a row that is gone. */
    private static @Nullable Row stranger(Set<Row> found, List<Row> asked) {
        Set<Row> known = new HashSet<>(asked);
        return found.stream().filter(key -> !known.contains(key)).findFirst().orElse(null);
    }

    /** Rows that others attached to inserted ones; where they are accepted, these inserted rows stay. */
    private List<DirtyRow> attached(Change change, Table target, List<RowUndo> undos) throws SQLException {
        if (change.kind() != Change.Kind.INSERT || undos.isEmpty()) {
            return List.of();
        }
        DependentRows dependents = new DependentRows(connection, dialect, target);
        List<Row> keys = undos.stream().map(RowUndo::key).toList();
        List<DirtyRow> attached = new ArrayList<>();
        for (RowUndo undo : List.copyOf(undos)) {
            TableName child =
                    dependents.attachedTo(change.after(), change.after().rows().get(undo.index()), keys);
            if (child == null) {
                continue;
            }
            if (resolution == ConflictResolution.ACCEPT_CURRENT) {
                undos.remove(undo);
            } else {
                attached.add(undo.inTheWay("rows of " + child
                        + " refer to it now, and a foreign key with ON DELETE would change them too"));
            }
        }
        return attached;
    }

    /** Whether the database refused the data itself, so that trying again cannot help. */
    static boolean refusesData(Dialect dialect, SQLException failure) {
        for (SQLException e = failure; e != null; e = e.getNextException()) {
            if (dialect.refusesData(e)) {
                return true;
            }
        }
        return false;
    }

    /** One dirty row for each row of the change, all for the same reason. */
    static List<DirtyRow> dirty(Change change, @Nullable String reason) {
        return change.touched().keys().stream()
                .map(key -> new DirtyRow(
                        change.table().name(),
                        change.kind(),
                        keyText(change, key),
                        String.valueOf(reason),
                        false,
                        List.of()))
                .toList();
    }

    static String keyText(Change change, Row key) {
        StringJoiner text = new StringJoiner(", ");
        for (int i = 0; i < key.values().size(); i++) {
            text.add(change.table().keyColumns().get(i) + "=" + key.values().get(i));
        }
        return text.toString();
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
        RowImage image = change.touched();
        for (Column captured : image.columns()) {
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
}
