package io.entente.rm.matrix;

import java.util.List;

/**
 * A column type with values of it, as SQL.
 *
 * @param type as in a DDL
 * @param usableAsKey whether the database takes the type in a primary key
 * @param values SQL expressions, all different
 */
public record ColumnCase(String type, boolean usableAsKey, List<String> values) {

    /** A type that can be a key. */
    public static ColumnCase of(String type, String... values) {
        return new ColumnCase(type, true, List.of(values));
    }

    /** A type that cannot. */
    public static ColumnCase notKey(String type, String... values) {
        return new ColumnCase(type, false, List.of(values));
    }

    @Override
    public String toString() {
        return type;
    }
}
