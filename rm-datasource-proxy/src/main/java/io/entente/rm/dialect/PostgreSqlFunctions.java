package io.entente.rm.dialect;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;

/** PostgreSQL's catalog of functions. */
final class PostgreSqlFunctions {

    private PostgreSqlFunctions() {}

    /** Names in lower case; what a function is declared to do is believed. */
    static Set<String> thatMayWrite(Connection connection) throws SQLException {
        return those(connection, "= 'v'");
    }

    /** As {@link #thatMayWrite}: an IMMUTABLE one reads no tables. */
    static Set<String> thatMayRead(Connection connection) throws SQLException {
        return those(connection, "<> 'i'");
    }

    private static Set<String> those(Connection connection, String volatility) throws SQLException {
        // They change large objects, or execute what a text says.
        Set<String> names = new HashSet<>(Set.of(
                "lo_put",
                "lowrite",
                "lo_truncate",
                "lo_truncate64",
                "lo_unlink",
                "crosstab",
                "query_to_xml",
                "query_to_xml_and_xmlschema",
                "ts_stat"));
        // Extensions know what they do, but for the one that writes into other databases.
        Catalog.each(
                connection,
                // An aggregate is as its parts are. Whoever gives a function the name of a built-in one means the same.
                "SELECT lower(p.proname) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
                        + " LEFT JOIN pg_aggregate a ON a.aggfnoid = p.oid"
                        + " WHERE (p.provolatile " + volatility
                        + " OR EXISTS (SELECT 1 FROM pg_proc part WHERE part.provolatile " + volatility
                        + " AND part.oid IN (a.aggtransfn, a.aggfinalfn, a.aggcombinefn, a.aggmtransfn, a.aggmfinalfn)))"
                        + " AND p.prokind <> 'p' AND NOT EXISTS (SELECT 1 FROM pg_proc own"
                        + " JOIN pg_namespace s ON s.oid = own.pronamespace"
                        + " WHERE s.nspname = 'pg_catalog' AND own.proname = p.proname) AND p.prorettype NOT IN ('trigger'::regtype, 'event_trigger'::regtype)"
                        + " AND n.nspname NOT IN ('pg_catalog', 'information_schema')"
                        + " AND NOT EXISTS (SELECT 1 FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid"
                        + " WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'"
                        + " AND d.refclassid = 'pg_extension'::regclass AND e.extname <> 'dblink')",
                row -> names.add(row.getString(1)));
        return names;
    }
}
