package io.entente.rm.sql;

import io.entente.rm.table.Identifier;
import java.util.List;
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

    /**
     * The table that the rest of the statement calls so; null when there is none. Where upper and lower case tell tables
     * apart, as servers may do, the one that is written so.
     */
    public static @Nullable TableReference called(List<TableReference> tables, String name) {
        String plain = Identifier.parse(name).text();
        TableReference similar = null;
        for (TableReference table : tables) {
            String own = Identifier.parse(table.shortName()).text();
            if (own.equals(plain)) {
                return table;
            }
            if (similar == null && own.equalsIgnoreCase(plain)) {
                similar = table;
            }
        }
        return similar;
    }

    /** How the rest of the statement calls it. */
    public String shortName() {
        return alias == null ? name : alias;
    }
}
