package io.entente.rm.dialect;

import io.entente.rm.table.Column;
import io.entente.rm.table.Identifier;
import io.entente.rm.table.TableDefinition;
import io.entente.rm.table.TableName;
import io.entente.rm.table.TableNotUsableException;
import io.entente.rm.table.Trigger;
import io.entente.rm.table.UniqueKey;
import io.entente.rm.table.Writers;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLSyntaxErrorException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What {@code information_schema} says of a table. */
final class MySqlCatalog {

    private static final Set<String> TEXTS =
            Set.of("char", "varchar", "tinytext", "text", "mediumtext", "longtext", "enum", "set");

    private MySqlCatalog() {}

    /** "null" when there is none. */
    static String currentDatabase(Connection connection) throws SQLException {
        String[] database = new String[1];
        Catalog.each(connection, "SELECT DATABASE()", row -> database[0] = row.getString(1));
        return String.valueOf(database[0]);
    }

    static TableName resolve(Connection connection, @Nullable String schema, String name) throws SQLException {
        String database = schema == null
                ? currentDatabase(connection)
                : Identifier.parse(schema).text();
        String table = Identifier.parse(name).text();
        List<TableName> found = new ArrayList<>();
        Catalog.each(
                connection,
                "SELECT table_schema, table_name FROM information_schema.tables"
                        + " WHERE table_schema = ? AND table_name = ?",
                row -> found.add(new TableName(row.getString(1), null, row.getString(2))),
                database,
                table);
        for (TableName candidate : found) {
            if (candidate.name().equals(table)) {
                return candidate;
            }
        }
        // The server ignores case in table names only when lower_case_table_names says so, then no two differ by it.
        if (found.size() == 1 && MySqlSession.number(connection, "SELECT @@lower_case_table_names") != 0) {
            return found.get(0);
        }
        throw TableNotUsableException.ofUntouched(
                name,
                "there is no such table in database " + database + ", or it is temporary",
                "check the name, its case and the connection's database");
    }

    static void requireTable(Connection connection, TableName name) throws SQLException {
        if (!MySqlSession.text(connection, "SELECT @@session.sql_select_limit").equals(MySql.ALL_ROWS)) {
            throw new TableNotUsableException(
                    name.toString(),
                    "its columns and keys cannot be read completely in a session whose sql_select_limit hides rows",
                    "leave sql_select_limit at its default and limit single queries, with LIMIT or Statement.setMaxRows");
        }
        try (PreparedStatement query = connection.prepareStatement("SELECT t.table_type, t.engine, e.transactions"
                + " FROM information_schema.tables t LEFT JOIN information_schema.engines e ON e.engine = t.engine"
                + " WHERE t.table_schema = ? AND t.table_name = ?")) {
            query.setString(1, name.catalog());
            query.setString(2, name.name());
            try (ResultSet row = query.executeQuery()) {
                if (!row.next()) {
                    throw new TableNotUsableException(
                            name.toString(), "it does not exist", "create it, or check the name");
                }
                String type = row.getString(1);
                if (!Set.of("BASE TABLE", "SYSTEM VERSIONED").contains(type)) {
                    throw new TableNotUsableException(
                            name.toString(),
                            "it is a " + type.toLowerCase(Locale.ROOT) + ", not a table",
                            "write to the tables behind it");
                }
                if (!"YES".equals(row.getString(3))) {
                    throw new TableNotUsableException(
                            name.toString(),
                            "its engine " + row.getString(2) + " has no transactions",
                            "ALTER TABLE " + name.name() + " ENGINE = InnoDB");
                }
            }
        }
    }

    static List<Column> columns(Connection connection, TableName name, boolean mariaDb) throws SQLException {
        List<Column> columns = new ArrayList<>();
        Catalog.each(
                connection,
                "SELECT column_name, data_type, column_type, is_nullable, extra, collation_name,"
                        + " COALESCE(character_maximum_length, numeric_precision, 0),"
                        + " COALESCE(numeric_scale, datetime_precision, 0), column_default"
                        + " FROM information_schema.columns"
                        + " WHERE table_schema = ? AND table_name = ? ORDER BY ordinal_position",
                row -> columns.add(column(row, mariaDb)),
                name.catalog(),
                name.name());
        return columns;
    }

    private static Column column(ResultSet row, boolean mariaDb) throws SQLException {
        String base = row.getString(2).toLowerCase(Locale.ROOT);
        boolean unsigned = row.getString(3).toLowerCase(Locale.ROOT).contains(" unsigned") && isNumber(base);
        String extra = row.getString(5) == null ? "" : row.getString(5).toUpperCase(Locale.ROOT);
        return new Column(
                row.getString(1),
                jdbcType(base),
                unsigned ? base + " unsigned" : base,
                new Column.Size((int) Math.min(row.getLong(7), Integer.MAX_VALUE), row.getInt(8)),
                "YES".equals(row.getString(4)),
                extra.contains("AUTO_INCREMENT"),
                byDefault(row.getString(9), extra, mariaDb),
                // MySQL 8 says DEFAULT_GENERATED of a column with an expression as default.
                extra.contains("STORED GENERATED")
                        || extra.contains("VIRTUAL GENERATED")
                        || extra.contains("PERSISTENT"),
                extra.contains("ON UPDATE"),
                extra.contains("INVISIBLE"),
                folding(base, row.getString(6)));
    }

    /** MySQL tells a constant's text without quotes; MariaDB tells SQL, of NULL too. */
    private static Column.Preset byDefault(@Nullable String sql, String extra, boolean mariaDb) {
        if (sql == null || (mariaDb && sql.equals("NULL"))) {
            return Column.Preset.NONE;
        }
        boolean constant = mariaDb
                ? sql.matches("-?[0-9.]+(e[-+]?[0-9]+)?") || (sql.startsWith("'") && sql.endsWith("'"))
                : !extra.contains("DEFAULT_GENERATED");
        return constant ? Column.Preset.CONSTANT : Column.Preset.COMPUTED;
    }

    private static Column.Folding folding(String type, @Nullable String collation) {
        if (!TEXTS.contains(type) || collation == null || collation.equals("binary")) {
            return Column.Folding.EXACT;
        }
        return collation.endsWith("_ci") ? Column.Folding.CASE : Column.Folding.BLANKS;
    }

    /** What a function does is only declared; CONTAINS SQL is what it says of itself when nobody has declared anything. */
    static Writers writers(Connection connection) throws SQLException {
        Set<String> functions = writingFunctions(connection);
        if (functions.isEmpty()) {
            return Writers.NONE;
        }
        // The server writes every name in back-ticks there. Empty to users who must not see it.
        ViewTexts views = new ViewTexts('`');
        Catalog.each(
                connection,
                "SELECT LOWER(table_name), LOWER(view_definition) FROM information_schema.views WHERE table_schema NOT IN"
                        + " ('mysql', 'sys', 'information_schema', 'performance_schema') LIMIT " + MySql.ALL_ROWS,
                row -> views.add(row.getString(1), row.getString(2)));
        return new Writers(functions, views.using(functions, Set.of()));
    }

    private static Set<String> writingFunctions(Connection connection) throws SQLException {
        Set<String> names = new HashSet<>();
        Catalog.each(
                connection,
                // Of the functions in a package nothing but the package is told.
                "SELECT LOWER(routine_name) FROM information_schema.routines"
                        + " WHERE routine_type IN ('FUNCTION', 'PACKAGE BODY')"
                        + " AND routine_schema NOT IN ('mysql', 'sys', 'information_schema', 'performance_schema')"
                        + " AND (routine_type = 'PACKAGE BODY' OR sql_data_access = 'MODIFIES SQL DATA'"
                        + " OR (sql_data_access = 'CONTAINS SQL' AND is_deterministic = 'NO')) LIMIT " + MySql.ALL_ROWS,
                row -> names.add(row.getString(1)));
        return names;
    }

    static Set<String> readingFunctions(Connection connection) throws SQLException {
        Set<String> names = new HashSet<>();
        Catalog.each(
                connection,
                "SELECT LOWER(routine_name) FROM information_schema.routines"
                        + " WHERE routine_type IN ('FUNCTION', 'PACKAGE BODY')"
                        + " AND routine_schema NOT IN ('mysql', 'sys', 'information_schema', 'performance_schema')"
                        + " AND sql_data_access <> 'NO SQL' LIMIT " + MySql.ALL_ROWS,
                row -> names.add(row.getString(1)));
        return names;
    }

    static List<Trigger> triggers(Connection connection, TableName name) throws SQLException {
        List<Trigger> triggers = new ArrayList<>();
        Catalog.each(
                connection,
                "SELECT trigger_name, event_manipulation FROM information_schema.triggers"
                        + " WHERE event_object_schema = ? AND event_object_table = ?",
                row -> {
                    String event = row.getString(2);
                    triggers.add(new Trigger(
                            row.getString(1), event.equals("INSERT"), event.equals("UPDATE"), event.equals("DELETE")));
                },
                name.catalog(),
                name.name());
        return triggers;
    }

    /** Null where the server is too old to tell: then it may have some. */
    static @Nullable List<String> checks(Connection connection, TableName name, boolean mariaDb) throws SQLException {
        List<String> checks = new ArrayList<>();
        try {
            String own = mariaDb
                    ? "SELECT check_clause FROM information_schema.check_constraints"
                            + " WHERE constraint_schema = ? AND table_name = ?"
                    : "SELECT k.check_clause FROM information_schema.check_constraints k"
                            + " JOIN information_schema.table_constraints t"
                            + " ON t.constraint_schema = k.constraint_schema AND t.constraint_name = k.constraint_name"
                            + " WHERE t.table_schema = ? AND t.table_name = ?";
            each(connection, own, name, checks);
            each(
                    connection,
                    "SELECT CONCAT(column_name, ' of a foreign key') FROM information_schema.key_column_usage"
                            + " WHERE table_schema = ? AND table_name = ? AND referenced_table_name IS NOT NULL",
                    name,
                    checks);
            each(
                    connection,
                    "SELECT CONCAT('"
                            + TableDefinition.COMPUTED
                            + "', generation_expression) FROM information_schema.columns"
                            + " WHERE table_schema = ? AND table_name = ? AND generation_expression <> ''",
                    name,
                    checks);
            if (!mariaDb) {
                each(
                        connection,
                        "SELECT expression FROM information_schema.statistics"
                                + " WHERE table_schema = ? AND table_name = ? AND expression IS NOT NULL",
                        name,
                        checks);
            }
        } catch (SQLSyntaxErrorException unknown) {
            return null;
        }
        return checks;
    }

    private static void each(Connection connection, String query, TableName name, List<String> texts)
            throws SQLException {
        Catalog.each(connection, query, row -> texts.add(row.getString(1)), name.catalog(), name.name());
    }

    static List<UniqueKey> uniqueKeys(Connection connection, TableName name) throws SQLException {
        Catalog.UniqueKeys keys = new Catalog.UniqueKeys();
        Catalog.each(
                connection,
                // No column: the index is over an expression. A part: over the beginnings of the column's values.
                // MariaDB adds the end of a version to the keys of a versioned table; of current rows it is always the
                // same. The table is named twice: where a sub-select takes the name from outside, MariaDB opens all
                // tables.
                "SELECT index_name, column_name, sub_part FROM information_schema.statistics s"
                        + " WHERE table_schema = ? AND table_name = ? AND non_unique = 0"
                        + " AND NOT EXISTS (SELECT 1 FROM information_schema.columns c"
                        + " WHERE c.table_schema = ? AND c.table_name = ?"
                        + " AND c.column_name = s.column_name AND c.generation_expression = 'ROW END')"
                        + " ORDER BY index_name, seq_in_index",
                row -> keys.add(
                        row.getString(1),
                        row.getString(1).equals("PRIMARY"),
                        row.getString(2),
                        row.getObject(3) == null ? UniqueKey.Reach.COLUMNS : UniqueKey.Reach.BEYOND_COLUMNS),
                name.catalog(),
                name.name(),
                name.catalog(),
                name.name());
        return keys.all();
    }

    /** @param type may be unsigned */
    static boolean isInteger(String type) {
        return switch (type.replace(" unsigned", "")) {
            case "tinyint", "smallint", "mediumint", "int", "bigint" -> true;
            default -> false;
        };
    }

    private static boolean isNumber(String type) {
        return switch (type) {
            case "decimal", "float", "double" -> true;
            default -> isInteger(type);
        };
    }

    private static int jdbcType(String type) {
        return switch (type) {
            case "tinyint" -> Types.TINYINT;
            case "smallint" -> Types.SMALLINT;
            case "mediumint", "int" -> Types.INTEGER;
            case "bigint" -> Types.BIGINT;
            case "decimal" -> Types.DECIMAL;
            case "float" -> Types.REAL;
            case "double" -> Types.DOUBLE;
            case "bit" -> Types.BIT;
            case "char", "enum", "set" -> Types.CHAR;
            case "varchar", "tinytext" -> Types.VARCHAR;
            case "text", "mediumtext", "longtext", "json" -> Types.LONGVARCHAR;
            case "binary" -> Types.BINARY;
            case "varbinary", "tinyblob" -> Types.VARBINARY;
            case "blob", "mediumblob", "longblob" -> Types.LONGVARBINARY;
            case "date", "year" -> Types.DATE;
            case "time" -> Types.TIME;
            case "datetime", "timestamp" -> Types.TIMESTAMP;
            default -> Types.OTHER;
        };
    }
}
