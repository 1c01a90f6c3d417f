package io.entente.rm.image;

import io.entente.rm.table.Column;
import io.entente.rm.table.Table;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some columns of some rows of one table at one moment.
 *
 * @param table the table
 * @param columns the captured columns, always with the key's
 * @param rows may be empty; no two rows have the same key
 */
public record RowImage(Table table, List<Column> columns, List<Row> rows) {

    public RowImage {
        columns = List.copyOf(columns);
        rows = List.copyOf(rows);
        for (String key : table.keyColumns()) {
            if (columns.stream().noneMatch(column -> column.name().equals(key))) {
                throw new IllegalArgumentException(
                        "Image of " + table.name() + " lacks its key column " + key + "; it has " + names(columns));
            }
        }
        for (Row row : rows) {
            if (row.values().size() != columns.size()) {
                throw new IllegalArgumentException("Row of " + table.name() + " has "
                        + row.values().size() + " values for the columns " + names(columns));
            }
        }
    }

    /** An image of no rows, with the key's columns. */
    public static RowImage empty(Table table) {
        return new RowImage(table, table.key(), List.of());
    }

    /** The row's value in the column. */
    public @Nullable Object value(Row row, Column column) {
        return row.values().get(columns.indexOf(column));
    }

    /** The row's key, in key order. */
    public Row key(Row row) {
        List<@Nullable Object> key = new ArrayList<>();
        for (String name : table.keyColumns()) {
            for (int i = 0; i < columns.size(); i++) {
                if (columns.get(i).name().equals(name)) {
                    key.add(row.values().get(i));
                }
            }
        }
        return new Row(key);
    }

    /** The keys of all rows, in row order, each in key order. */
    public List<Row> keys() {
        return rows.stream().map(this::key).toList();
    }

    private static List<String> names(List<Column> columns) {
        return columns.stream().map(Column::name).toList();
    }
}
