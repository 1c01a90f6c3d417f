package io.entente.simulation.database;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What undoes an AT branch.
 *
 * @param changes in the order in which they were made; none in the row that keeps a late local commit from happening
 */
public record UndoRow(String xid, boolean defence, List<RowChange> changes) {

    /**
     * One change of a row.
     *
     * @param before null for an increment, which is undone by its opposite
     */
    public record RowChange(String key, @Nullable Account before, Account after, String part, long delta) {}

    public static UndoRow defence(String xid) {
        return new UndoRow(xid, true, List.of());
    }
}
