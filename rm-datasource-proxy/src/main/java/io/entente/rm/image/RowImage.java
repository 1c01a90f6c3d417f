package io.entente.rm.image;

import io.entente.rm.table.Column;
import io.entente.rm.table.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
            if (place(columns, key) < 0) {
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
        return pick(row, keyPlaces());
    }

    /** The row's value in one column of the key. */
    @Nullable
    Object keyValue(Row row, int column) {
        return row.values().get(place(columns, table.keyColumns().get(column)));
    }

    /** Whether the row has the same key as a row of another image of the table. */
    boolean hasKeyOf(Row row, RowImage other, Row its) {
        for (int i = 0; i < table.keyColumns().size(); i++) {
            if (!Objects.equals(keyValue(row, i), other.keyValue(its, i))) {
                return false;
            }
        }
        return true;
    }

    /** The keys of all rows, in row order, each in key order. */
    public List<Row> keys() {
        int[] places = keyPlaces();
        List<Row> keys = new ArrayList<>(rows.size());
        for (Row row : rows) {
            keys.add(pick(row, places));
        }
        return keys;
    }

    /** The rows by key. */
    public Map<Row, Row> byKey() {
        int[] places = keyPlaces();
        Map<Row, Row> byKey = new LinkedHashMap<>();
        for (Row row : rows) {
            byKey.put(pick(row, places), row);
        }
        return byKey;
    }

    /** The same columns with other rows. */
    public RowImage with(List<Row> others) {
        return new RowImage(table, columns, others);
    }

    /** These columns of the same rows; they must be part of the image. */
    public RowImage only(List<Column> kept) {
        if (kept.equals(columns)) {
            return this;
        }
        int[] places = kept.stream().mapToInt(columns::indexOf).toArray();
        return new RowImage(
                table, kept, rows.stream().map(row -> pick(row, places)).toList());
    }

    private int[] keyPlaces() {
        int[] places = new int[table.keyColumns().size()];
        for (int k = 0; k < places.length; k++) {
            places[k] = place(columns, table.keyColumns().get(k));
        }
        return places;
    }

    private static int place(List<Column> columns, String name) {
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).name().equals(name)) {
                return i;
            }
        }
        return -1;
    }

    private static Row pick(Row row, int[] places) {
        List<@Nullable Object> picked = new ArrayList<>(places.length);
        for (int place : places) {
            picked.add(row.values().get(place));
        }
        return new Row(picked);
    }

    private static List<String> names(List<Column> columns) {
        return columns.stream().map(Column::name).toList();
    }
}
