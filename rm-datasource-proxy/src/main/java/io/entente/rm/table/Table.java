package io.entente.rm.table;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A table that can take part in AT transactions.
 *
 * <p>No two columns differ only by case (such tables are refused when they are read), so looking a column up without
 * regard to case finds what the database finds, quoted or not.
 *
 * @param name the table
 * @param columns in table order; in an undo entry only those of the image
 * @param keyColumns names of the columns that identify a row, in key order, never empty: the primary key, else a
 *     unique key whose columns are all NOT NULL
 */
public record Table(TableName name, List<Column> columns, List<String> keyColumns) {

    public Table {
        columns = List.copyOf(columns);
        keyColumns = List.copyOf(keyColumns);
    }

    /**
     * Finds a column without regard to case.
     *
     * @param column the name as the catalog spells it or as a statement wrote it, quotes included
     * @return null when the table has no such column
     */
    public @Nullable Column column(String column) {
        String plain = Identifier.parse(column).text();
        for (Column candidate : columns) {
            if (candidate.name().equalsIgnoreCase(plain)) {
                return candidate;
            }
        }
        return null;
    }

    /** The key's columns, in key order. */
    public List<Column> key() {
        List<Column> key = new ArrayList<>(keyColumns.size());
        for (String name : keyColumns) {
            key.add(require(name));
        }
        return List.copyOf(key);
    }

    /**
     * The columns with these names.
     *
     * @param names as the catalog spells them or as a statement wrote them
     * @return null when the table lacks one of them
     */
    public @Nullable List<Column> columns(List<String> names) {
        List<Column> found = new ArrayList<>();
        for (String name : names) {
            Column column = column(name);
            if (column == null) {
                return null;
            }
            found.add(column);
        }
        return found;
    }

    /** Whether the column is part of the key. */
    public boolean isKey(Column column) {
        return keyColumns.contains(column.name());
    }

    private Column require(String keyColumn) {
        for (Column column : columns) {
            if (column.name().equals(keyColumn)) {
                return column;
            }
        }
        throw new IllegalStateException("Table " + name + " has no column " + keyColumn + ", which its key names");
    }

    /** As the compiler would write it, but the same object, which is the usual case, is seen at once. */
    @Override
    @SuppressWarnings("ReferenceEquality")
    public boolean equals(@Nullable Object other) {
        return this == other
                || (other instanceof Table table
                        && name.equals(table.name)
                        && columns.equals(table.columns)
                        && keyColumns.equals(table.keyColumns));
    }

    @Override
    public int hashCode() {
        return name.hashCode() * 31 + columns.size();
    }
}
