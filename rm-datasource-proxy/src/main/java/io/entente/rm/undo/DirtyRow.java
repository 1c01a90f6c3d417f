package io.entente.rm.undo;

import io.entente.rm.image.Change;
import io.entente.rm.table.TableName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A row that cannot be undone, because it is no longer as the branch left it.
 *
 * @param table the row's table
 * @param undoing what the branch had done to the row
 * @param key column and value of each key column, readable
 * @param reason why it cannot be undone
 * @param forcible whether its old state can be written over what is there now
 * @param columns the columns that differ from what the branch left; empty when the reason says it all
 */
public record DirtyRow(
        TableName table, Change.Kind undoing, String key, String reason, boolean forcible, List<Difference> columns) {

    /**
     * One column in three states.
     *
     * @param column its name
     * @param type its type, as the database calls it
     * @param before as the branch found it
     * @param after as the branch left it
     * @param current as it is now
     */
    public record Difference(
            String column,
            String type,
            @Nullable Object before,
            @Nullable Object after,
            @Nullable Object current) {

        @Override
        public String toString() {
            return column + ": before=" + before + ", after=" + after + ", current=" + current;
        }
    }

    public DirtyRow {
        columns = List.copyOf(columns);
    }

    @Override
    public String toString() {
        return table + "(" + key + "), undo of " + undoing + ": " + reason + (columns.isEmpty() ? "" : " " + columns);
    }
}
