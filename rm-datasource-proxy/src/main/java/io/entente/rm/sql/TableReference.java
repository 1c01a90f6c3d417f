package io.entente.rm.sql;

import org.jspecify.annotations.Nullable;

/**
 * A base table as a statement names it.
 *
 * @param schema as written, quotes included; null when the statement names none
 * @param name as written, quotes included
 * @param alias as written; null without one
 * @param text name, alias and what else belongs to them, fit to follow FROM
 */
public record TableReference(
        @Nullable String schema, String name, @Nullable String alias, String text) {

    /** The table's name with its schema. */
    public String qualifiedName() {
        return schema == null ? name : schema + "." + name;
    }

    /** How the rest of the statement calls it. */
    public String shortName() {
        return alias == null ? name : alias;
    }
}
