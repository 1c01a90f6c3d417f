package io.entente.rm.image;

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
 * @param after the rows as they became; empty for DELETE; for UPDATE the same columns and the same keys as before
 */
public record Change(Kind kind, Table table, RowImage before, RowImage after) {

    /** What a statement does to rows. */
    public enum Kind {
        INSERT,
        UPDATE,
        DELETE
    }

    public Change {
        switch (kind) {
            case INSERT -> requireNoRows("before", kind, table, before);
            case DELETE -> requireNoRows("after", kind, table, after);
            case UPDATE -> requireSameRows(table, before, after);
        }
    }

    /** The rows the statement touched: the after image of an INSERT, else the before image. */
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
        List<Row> keysBefore = before.keys();
        List<Row> keysAfter = after.keys();
        Set<Row> distinct = new HashSet<>(keysBefore);
        if (keysBefore.size() != keysAfter.size() || !distinct.equals(new HashSet<>(keysAfter))) {
            throw new IllegalArgumentException("UPDATE of " + table.name() + ": the before image has the keys "
                    + keysBefore + ", the after image " + keysAfter + "; they must be the same rows");
        }
    }
}
