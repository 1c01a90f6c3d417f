package io.entente.rm.table;

import org.jspecify.annotations.Nullable;

/**
 * A table's name exactly as the database's own catalog spells it: no quotes, no folding left to do.
 *
 * @param catalog the database on MySQL, MariaDB and SQL Server, null elsewhere
 * @param schema null on MySQL and MariaDB
 * @param name the table
 */
public record TableName(@Nullable String catalog, @Nullable String schema, String name) {

    /**
     * The name by which row locks know the table: the bare name on MySQL and MariaDB; elsewhere the bare name in the
     * {@code public} schema and {@code schema.table} in any other. Not escaped.
     */
    public String lockName() {
        if (schema == null || schema.equalsIgnoreCase("public")) {
            return name;
        }
        return schema + "." + name;
    }

    /** For messages: every part that is known, joined by dots. */
    @Override
    public String toString() {
        String qualified = schema == null ? name : schema + "." + name;
        return catalog == null ? qualified : catalog + "." + qualified;
    }
}
