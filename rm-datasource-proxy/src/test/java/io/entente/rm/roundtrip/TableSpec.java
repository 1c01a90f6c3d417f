package io.entente.rm.roundtrip;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A random table.
 *
 * @param name as written, quotes included
 * @param key columns of its primary key or of the unique key that stands for it
 * @param constraints as in CREATE TABLE, the key's too
 */
record TableSpec(String name, List<ColumnSpec> columns, List<ColumnSpec> key, List<String> constraints) {

    String ddl() {
        List<String> parts = new ArrayList<>();
        columns.forEach(column -> parts.add(column.definition().strip()));
        parts.addAll(constraints);
        return "CREATE TABLE " + name + " (" + String.join(", ", parts) + ")";
    }

    List<ColumnSpec> assignable() {
        return columns.stream().filter(ColumnSpec::isAssignable).toList();
    }

    List<ColumnSpec> with(ColumnType.Trait trait) {
        return columns.stream().filter(column -> column.is(trait)).toList();
    }

    /** All its rows, each bit of them, in an order that does not depend on where they lie. */
    String dump() {
        return "SELECT "
                + columns.stream()
                        .map(column -> column.type().exact().replace("{}", column.name()))
                        .collect(Collectors.joining(", "))
                + " FROM " + name;
    }
}
