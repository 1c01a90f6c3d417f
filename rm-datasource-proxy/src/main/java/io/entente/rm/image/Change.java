package io.entente.rm.image;

import io.entente.rm.table.Column;
import io.entente.rm.table.Table;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What one statement did to one table.
 *
 * @param kind what it did
 * @param table the table
 * @param before the rows as they were; empty for INSERT; every column for DELETE
 * @param after the rows as they became; empty for DELETE; for UPDATE the same columns as before, and each row in the
 *     place that it has there, maybe with another key
 * @param deltas names of the numeric columns that the statement changed by adding or subtracting a number
 * @param sharing see {@link Deltas#sharing}; not kept in the undo log, as it counts for the locks alone
 * @param relative whether the rows were not read: besides the key, all columns are deltas, 0 before, and after what was added
 */
public record Change(
        Kind kind,
        Table table,
        RowImage before,
        RowImage after,
        Set<String> deltas,
        Deltas.Sharing sharing,
        boolean relative) {

    /** What a statement does to rows. */
    public enum Kind {
        INSERT,
        UPDATE,
        DELETE
    }

    public Change {
        deltas = Set.copyOf(deltas);
        switch (kind) {
            case INSERT -> requireNoRows("before", kind, table, before);
            case DELETE -> requireNoRows("after", kind, table, after);
            case UPDATE -> requireSameRows(table, before, after);
        }
    }

    public static Change inserted(RowImage rows) {
        return new Change(
                Kind.INSERT, rows.table(), RowImage.empty(rows.table()), rows, Set.of(), Deltas.Sharing.NONE, false);
    }

    public static Change deleted(RowImage rows) {
        return new Change(
                Kind.DELETE, rows.table(), rows, RowImage.empty(rows.table()), Set.of(), Deltas.Sharing.NONE, false);
    }

    public static Change updated(RowImage before, RowImage after, Set<String> deltas) {
        return updated(before, after, new Deltas(deltas, Deltas.Sharing.NONE));
    }

    public static Change updated(RowImage before, RowImage after, Deltas deltas) {
        return new Change(Kind.UPDATE, before.table(), before, after, deltas.columns(), deltas.sharing(), false);
    }

    /**
     * Numbers that were added to one row, which nobody has read.
     *
     * @param columns the key's and the numbers'
     * @param nothing the key, and 0 for each number
     * @param added the key, and for each number what was added
     */
    public static Change added(Table table, List<Column> columns, Row nothing, Row added, Deltas deltas) {
        return new Change(
                Kind.UPDATE,
                table,
                new RowImage(table, columns, List.of(nothing)),
                new RowImage(table, columns, List.of(added)),
                deltas.columns(),
                deltas.sharing(),
                true);
    }

    /** The rows by which the statement is known: the after image of an INSERT, else the before image. */
    public RowImage touched() {
        return kind == Kind.INSERT ? after : before;
    }

    private static void requireNoRows(String which, Kind kind, Table table, RowImage image) {
        if (!image.rows().isEmpty()) {
            throw new IllegalArgumentException("The " + which + " image of " + kind + " on " + table.name() + " has "
                    + image.rows().size() + " rows, it must have none");
        }
    }

    private static void requireSameRows(Table table, RowImage before, RowImage after) {
        if (!before.columns().equals(after.columns())) {
            throw new IllegalArgumentException("UPDATE of " + table.name() + ": the before image has the columns "
                    + before.columns() + ", the after image " + after.columns() + "; they must be the same");
        }
        requireDistinct(table, "before", before);
        requireDistinct(table, "after", after);
        if (before.rows().size() != after.rows().size()) {
            throw new IllegalArgumentException("UPDATE of " + table.name() + ": the before image has "
                    + before.rows().size() + " rows, the after image "
                    + after.rows().size() + "; they must be the same rows");
        }
    }

    private static void requireDistinct(Table table, String which, RowImage image) {
        if (image.rows().size() < 2) {
            return;
        }
        List<Row> keys = image.keys();
        if (new HashSet<>(keys).size() != keys.size()) {
            throw new IllegalArgumentException("UPDATE of " + table.name() + ": its " + which
                    + " image has a row twice: " + keys
                    + "; each touch of a row must be a change of its own, because undo follows their order");
        }
    }
}
