package io.entente.rm.roundtrip;

import java.util.List;

/** The tables of one database, those first that others refer to. */
record Schema(List<TableSpec> tables) {

    List<String> create() {
        return tables.stream().map(TableSpec::ddl).toList();
    }

    List<String> drop() {
        List<TableSpec> reversed = new java.util.ArrayList<>(tables);
        java.util.Collections.reverse(reversed);
        return reversed.stream()
                .map(table -> "DROP TABLE IF EXISTS " + table.name())
                .toList();
    }
}
