package io.entente.rm.dialect;

import io.entente.rm.table.TableDefinition;
import io.entente.rm.table.TableName;
import io.entente.rm.table.UniqueKey;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** What PostgreSQL's catalog says of the values that rows may have. */
final class PostgreSqlCatalog {

    private PostgreSqlCatalog() {}

    static List<UniqueKey> uniqueKeys(Connection connection, TableName name) throws SQLException {
        Catalog.UniqueKeys keys = new Catalog.UniqueKeys();
        Catalog.each(
                connection,
                "SELECT ic.relname, i.indisprimary, a.attname, CASE WHEN i.indpred IS NOT NULL THEN 'UNKNOWN'"
                        + " WHEN pg_get_indexdef(i.indexrelid) LIKE '%NULLS NOT DISTINCT%' THEN 'BEYOND_COLUMNS'"
                        + " ELSE 'COLUMNS' END"
                        + " FROM pg_index i JOIN pg_class ic ON ic.oid = i.indexrelid"
                        + " CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k(attnum, place)"
                        // No column: the index is over an expression.
                        + " LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum AND k.attnum <> 0"
                        + " JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
                        + " WHERE n.nspname = ? AND c.relname = ? AND i.indisunique AND i.indisvalid"
                        + " AND k.place <= i.indnkeyatts ORDER BY ic.relname, k.place",
                row -> keys.add(
                        row.getString(1),
                        row.getBoolean(2),
                        row.getString(3),
                        UniqueKey.Reach.valueOf(row.getString(4))),
                name.schema(),
                name.name());
        return keys.all();
    }

    static List<String> checks(Connection connection, TableName name) throws SQLException {
        List<String> checks = new ArrayList<>();
        Catalog.each(
                connection,
                "WITH this AS (SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                        + " WHERE n.nspname = ? AND c.relname = ?)"
                        // Checks and exclusions; indexes over expressions, and unique ones that have some of the rows;
                        // what a domain allows, which is said of a value, not of the column; foreign keys; what is
                        // computed; and the rows that the session's user may see.
                        + " SELECT pg_get_constraintdef(k.oid) FROM pg_constraint k JOIN this ON k.conrelid = this.oid"
                        + " WHERE k.contype IN ('c', 'x')"
                        + " UNION ALL SELECT pg_get_indexdef(i.indexrelid) FROM pg_index i"
                        + " JOIN this ON i.indrelid = this.oid"
                        + " WHERE i.indexprs IS NOT NULL OR (i.indisunique AND i.indpred IS NOT NULL)"
                        + " UNION ALL SELECT a.attname || ' of a domain' FROM pg_attribute a"
                        + " JOIN this ON a.attrelid = this.oid JOIN pg_type t ON t.oid = a.atttypid"
                        + " WHERE t.typtype = 'd' AND a.attnum > 0 AND NOT a.attisdropped"
                        + " UNION ALL SELECT a.attname || ' of a foreign key' FROM pg_constraint k"
                        + " JOIN this ON k.conrelid = this.oid CROSS JOIN LATERAL unnest(k.conkey) AS f(attnum)"
                        + " JOIN pg_attribute a ON a.attrelid = this.oid AND a.attnum = f.attnum WHERE k.contype = 'f'"
                        + " UNION ALL SELECT '"
                        + TableDefinition.COMPUTED
                        + "' || pg_get_expr(d.adbin, d.adrelid) FROM pg_attrdef d JOIN this ON d.adrelid = this.oid"
                        + " JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum"
                        + " WHERE a.attgenerated <> ''"
                        + " UNION ALL SELECT concat_ws(' ', pg_get_expr(p.polqual, p.polrelid),"
                        + " pg_get_expr(p.polwithcheck, p.polrelid)) FROM pg_policy p JOIN this ON p.polrelid = this.oid",
                row -> checks.add(row.getString(1)),
                name.schema(),
                name.name());
        return checks;
    }
}
