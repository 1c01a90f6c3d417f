package io.entente.rm.table;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A unique index, as a candidate for identifying rows.
 *
 * @param name the index
 * @param primary whether it is the primary key
 * @param columns names as the catalog spells them, in index order; without those of which only an expression is indexed
 * @param reach which rows exclude each other
 */
public record UniqueKey(String name, boolean primary, List<String> columns, Reach reach) {

    /** Which rows a unique index excludes, beside one. */
    public enum Reach {
        /** Those that have its values in all columns; none, when one of them is NULL. */
        COLUMNS,
        /** Others too: those whose values begin alike, or that have NULL in the same columns. */
        BEYOND_COLUMNS,
        /** Its columns do not tell: it is over an expression, or has some of the rows only. */
        UNKNOWN
    }

    public UniqueKey {
        columns = List.copyOf(columns);
    }

    /**
     * Chooses the key of a table: the primary key, else the unique key with the fewest columns (then by name, so that
     * every process chooses the same) whose columns are all NOT NULL.
     *
     * @throws TableNotUsableException there is no such key, or two columns differ only by case
     */
    public static Table identify(TableName name, List<Column> columns, List<UniqueKey> candidates)
            throws TableNotUsableException {
        Map<String, Column> byName = new LinkedHashMap<>();
        for (Column column : columns) {
            for (Column other : byName.values()) {
                if (other.name().equalsIgnoreCase(column.name())) {
                    throw new TableNotUsableException(
                            name.toString(),
                            "its columns " + other.name() + " and " + column.name() + " differ only by case",
                            "rename one of them");
                }
            }
            byName.put(column.name(), column);
        }
        List<UniqueKey> usable = new ArrayList<>();
        for (UniqueKey candidate : candidates) {
            if (candidate.reach() == Reach.UNKNOWN) {
                continue;
            }
            boolean notNull = candidate.columns().stream()
                    .map(byName::get)
                    .allMatch(column -> column != null && !column.nullable());
            if (candidate.primary() || notNull) {
                usable.add(candidate);
            }
        }
        UniqueKey chosen = usable.stream()
                .min(Comparator.comparing(UniqueKey::primary)
                        .reversed()
                        .thenComparing(key -> key.columns().size())
                        .thenComparing(UniqueKey::name))
                .orElseThrow(() -> TableNotUsableException.ofUntouched(
                        name.toString(),
                        "it has neither a primary key nor a unique key whose columns are all NOT NULL,"
                                + " so its rows cannot be locked or undone",
                        "add a primary key, or make the columns of a unique key NOT NULL"));
        return new Table(name, columns, chosen.columns());
    }
}
