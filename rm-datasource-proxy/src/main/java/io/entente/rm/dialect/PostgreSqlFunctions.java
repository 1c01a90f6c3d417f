package io.entente.rm.dialect;

import io.entente.rm.table.HiddenCall;
import io.entente.rm.table.TableName;
import io.entente.rm.table.Writers;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** PostgreSQL's catalog of functions, and of what calls them. What a function is declared to do is believed. */
final class PostgreSqlFunctions {

    private static final String VOLATILE = "= 'v'";

    /** They change large objects, or execute what a text says. */
    private static final Set<String> BUILT_IN = Set.of(
            "lo_put",
            "lowrite",
            "lo_truncate",
            "lo_truncate64",
            "lo_unlink",
            "crosstab",
            "query_to_xml",
            "query_to_xml_and_xmlschema",
            "ts_stat");

    /** Uses of functions, by themselves or behind operators: the object that uses one, and which. */
    private static final String USES = ", doubtful AS (" + functions(VOLATILE) + ")"
            + ", uses AS (SELECT d.classid, d.objid, f.proname FROM pg_depend d JOIN doubtful f"
            + " ON d.refclassid = 'pg_proc'::regclass AND d.refobjid = f.oid"
            + " UNION SELECT d.classid, d.objid, f.proname FROM pg_depend d JOIN pg_operator o"
            + " ON d.refclassid = 'pg_operator'::regclass AND d.refobjid = o.oid"
            + " JOIN doubtful f ON f.oid = o.oprcode)";

    private PostgreSqlFunctions() {}

    static Writers writers(Connection connection) throws SQLException {
        Set<String> relations = new HashSet<>();
        Catalog.each(
                connection,
                // The SELECT rules are views, those of materialized ones run when they are refreshed.
                "WITH RECURSIVE none AS (SELECT 1)"
                        + USES
                        + ", views(oid) AS (SELECT r.ev_class FROM uses u JOIN pg_rewrite r"
                        + " ON u.classid = 'pg_rewrite'::regclass AND u.objid = r.oid AND r.ev_type = '1'"
                        + " JOIN pg_class c ON c.oid = r.ev_class AND c.relkind = 'v'"
                        + " UNION SELECT r.ev_class FROM views JOIN pg_depend d"
                        + " ON d.refclassid = 'pg_class'::regclass AND d.refobjid = views.oid"
                        + " AND d.classid = 'pg_rewrite'::regclass"
                        + " JOIN pg_rewrite r ON r.oid = d.objid AND r.ev_type = '1'"
                        + " JOIN pg_class c ON c.oid = r.ev_class AND c.relkind = 'v')"
                        + " SELECT lower(c.relname) FROM views JOIN pg_class c ON c.oid = views.oid"
                        // A function of a row may be written as if it were one of its columns.
                        + " UNION SELECT f.proname FROM doubtful f JOIN pg_proc p ON p.oid = f.oid"
                        + " JOIN pg_type t ON t.oid = p.proargtypes[0] AND t.typtype IN ('c', 'p')"
                        + " WHERE p.pronargs - p.pronargdefaults <= 1",
                row -> relations.add(row.getString(1)));
        return new Writers(those(connection, VOLATILE), relations);
    }

    /** An IMMUTABLE one reads no tables. */
    static Set<String> thatMayRead(Connection connection) throws SQLException {
        return those(connection, "<> 'i'");
    }

    private static Set<String> those(Connection connection, String volatility) throws SQLException {
        Set<String> names = new HashSet<>(BUILT_IN);
        Catalog.each(
                connection,
                "SELECT DISTINCT f.proname FROM (" + functions(volatility) + ") f",
                row -> names.add(row.getString(1)));
        return names;
    }

    /** Their ids, and their names in lower case. */
    private static String functions(String volatility) {
        // An aggregate is as its parts are. Whoever gives a function the name of a built-in one means the same.
        return "SELECT p.oid, lower(p.proname) AS proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
                + " LEFT JOIN pg_aggregate a ON a.aggfnoid = p.oid"
                + " WHERE (p.provolatile " + volatility
                + " OR EXISTS (SELECT 1 FROM pg_proc part WHERE part.provolatile " + volatility
                + " AND part.oid IN (a.aggtransfn, a.aggfinalfn, a.aggcombinefn, a.aggmtransfn, a.aggmfinalfn)))"
                + " AND p.prokind <> 'p' AND NOT EXISTS (SELECT 1 FROM pg_proc own"
                + " JOIN pg_namespace s ON s.oid = own.pronamespace"
                + " WHERE s.nspname = 'pg_catalog' AND own.proname = p.proname)"
                + " AND p.prorettype NOT IN ('trigger'::regtype, 'event_trigger'::regtype)"
                + " AND n.nspname NOT IN ('pg_catalog', 'information_schema')"
                // Extensions know what they do, but for the one that writes into other databases.
                + " AND NOT EXISTS (SELECT 1 FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid"
                + " WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'"
                + " AND d.refclassid = 'pg_extension'::regclass AND e.extname <> 'dblink')";
    }

    /** Those of defaults, checks, and of the domains that columns have; indexes and generated columns must not have any. */
    static List<HiddenCall> hiddenCalls(Connection connection, TableName name) throws SQLException {
        List<HiddenCall> calls = new ArrayList<>();
        Catalog.each(
                connection,
                PostgreSql.TREE.trim() + USES
                        + ", typed AS (SELECT a.attname, a.atttypid FROM pg_attribute a JOIN tree ON tree.oid = a.attrelid"
                        + " WHERE a.attnum > 0 AND NOT a.attisdropped)"
                        // A domain may be of another one.
                        + ", domains AS (SELECT typed.attname, t.oid, t.typbasetype FROM typed"
                        + " JOIN pg_type t ON t.oid = typed.atttypid AND t.typtype = 'd'"
                        + " UNION SELECT domains.attname, t.oid, t.typbasetype FROM domains"
                        + " JOIN pg_type t ON t.oid = domains.typbasetype AND t.typtype = 'd')"
                        + " SELECT 'the default of column ' || a.attname, u.proname, false FROM uses u"
                        + " JOIN pg_attrdef d ON u.classid = 'pg_attrdef'::regclass AND u.objid = d.oid"
                        + " JOIN tree ON tree.oid = d.adrelid"
                        + " JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum"
                        + " UNION SELECT 'the check ' || k.conname, u.proname, true FROM uses u"
                        + " JOIN pg_constraint k ON u.classid = 'pg_constraint'::regclass AND u.objid = k.oid"
                        + " JOIN tree ON tree.oid = k.conrelid"
                        + " UNION SELECT 'the check of the domain of column ' || domains.attname, u.proname, true"
                        + " FROM uses u JOIN pg_constraint k ON u.classid = 'pg_constraint'::regclass AND u.objid = k.oid"
                        + " JOIN domains ON domains.oid = k.contypid"
                        + " UNION SELECT 'the default of the domain of column ' || domains.attname, u.proname, false"
                        + " FROM uses u JOIN domains ON u.classid = 'pg_type'::regclass AND u.objid = domains.oid"
                        + " ORDER BY 1, 2",
                row -> calls.add(new HiddenCall(row.getString(1), row.getString(2), row.getBoolean(3))),
                name.schema(),
                name.name());
        return calls;
    }
}
