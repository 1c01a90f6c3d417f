package io.entente.rm.dialect;

import io.entente.rm.table.Column;
import io.entente.rm.table.Identifier;
import io.entente.rm.table.ReferencingKey;
import io.entente.rm.table.TableName;
import io.entente.rm.table.TableNotUsableException;
import io.entente.rm.table.Trigger;
import io.entente.rm.table.UniqueKey;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What SQL Server's sys.… views say of a table. OBJECT_ID resolves names exactly as statements do: by the database's
 * collation, in the user's schema and then in dbo.
 */
final class SqlServerCatalog {

    private SqlServerCatalog() {}

    static TableName resolve(Connection connection, @Nullable String schema, String name) throws SQLException {
        String written = schema == null ? bracketed(name) : bracketed(schema) + "." + bracketed(name);
        List<TableName> found = new ArrayList<>();
        Catalog.each(
                connection,
                "SELECT DB_NAME(), s.name, t.name FROM sys.tables t JOIN sys.schemas s ON s.schema_id = t.schema_id"
                        + " WHERE t.object_id = OBJECT_ID(?)",
                row -> found.add(new TableName(row.getString(1), row.getString(2), row.getString(3))),
                written);
        if (found.isEmpty()) {
            throw new TableNotUsableException(
                    name,
                    "there is no such table in database " + connection.getCatalog() + ", or it is a view or a synonym",
                    "check the name and the connection's database; name the table behind a view or a synonym");
        }
        return found.get(0);
    }

    private static String bracketed(String written) {
        return '[' + Identifier.parse(written).text().replace("]", "]]") + ']';
    }

    static void requireTable(Connection connection, TableName name, String qualified) throws SQLException {
        List<String> problems = new ArrayList<>();
        Catalog.each(
                connection,
                "SELECT temporal_type, is_memory_optimized, is_external, is_node, is_edge FROM sys.tables"
                        + " WHERE object_id = OBJECT_ID(?)",
                row -> problems.add(problem(row)),
                qualified);
        if (problems.isEmpty()) {
            throw new TableNotUsableException(name.toString(), "it does not exist", "create it, or check the name");
        }
        Catalog.each(
                connection,
                "SELECT name FROM sys.indexes WHERE object_id = OBJECT_ID(?) AND ignore_dup_key = 1",
                row -> problems.add("its index " + row.getString(1)
                        + " has IGNORE_DUP_KEY, so that rows of an INSERT may vanish unseen"),
                qualified);
        for (String problem : problems) {
            if (!problem.isEmpty()) {
                throw new TableNotUsableException(
                        name.toString(), problem, "use an ordinary table, or leave it out of global transactions");
            }
        }
    }

    private static String problem(ResultSet row) throws SQLException {
        if (row.getInt(1) != 0) {
            return "it is a temporal table, whose history an undo would not undo";
        }
        if (row.getBoolean(2)) {
            return "it is memory-optimized, so that its rows cannot be locked before they change";
        }
        if (row.getBoolean(3)) {
            return "it is an external table, which the database does not hold";
        }
        return row.getBoolean(4) || row.getBoolean(5) ? "it is part of a graph, and has columns of its own" : "";
    }

    static List<Column> columns(Connection connection, TableName name, String qualified) throws SQLException {
        List<Column> columns = new ArrayList<>();
        Set<String> sets = new HashSet<>();
        // A type of the user's own shows its base; those of the CLR have one base for all.
        Catalog.each(
                connection,
                "SELECT c.name, y.name, c.max_length, c.precision, c.scale, c.is_nullable, c.is_identity,"
                        + " c.default_object_id, c.is_computed, c.is_hidden, c.collation_name, c.is_column_set"
                        + " FROM sys.columns c JOIN sys.types y ON y.user_type_id ="
                        + " CASE WHEN c.system_type_id = 240 THEN c.user_type_id ELSE c.system_type_id END"
                        + " WHERE c.object_id = OBJECT_ID(?) ORDER BY c.column_id",
                row -> {
                    columns.add(column(row));
                    if (row.getBoolean(12)) {
                        sets.add(row.getString(1));
                    }
                },
                qualified);
        if (!sets.isEmpty()) {
            throw new TableNotUsableException(
                    name.toString(),
                    "it has the column set " + sets.iterator().next() + ", which hides its sparse columns",
                    "drop the column set, or leave the table out of global transactions");
        }
        return columns;
    }

    private static Column column(ResultSet row) throws SQLException {
        String type = row.getString(2).toLowerCase(Locale.ROOT);
        boolean version = type.equals("timestamp");
        return new Column(
                row.getString(1),
                jdbcType(type),
                type,
                size(row, type),
                row.getBoolean(6),
                row.getBoolean(7),
                row.getInt(8) != 0 ? Column.Preset.COMPUTED : Column.Preset.NONE,
                row.getBoolean(9) || version,
                version,
                row.getBoolean(10),
                folding(row.getString(11)));
    }

    private static Column.Size size(ResultSet row, String type) throws SQLException {
        // −1: without limit.
        int bytes = Math.max(0, row.getInt(3));
        return switch (type) {
            case "char", "varchar", "binary", "varbinary" -> new Column.Size(bytes, 0);
            case "nchar", "nvarchar" -> new Column.Size(bytes / 2, 0);
            default -> new Column.Size(row.getInt(4), row.getInt(5));
        };
    }

    /** Blanks at the end matter in no collation. */
    private static Column.Folding folding(@Nullable String collation) {
        if (collation == null) {
            return Column.Folding.EXACT;
        }
        boolean exact = collation.contains("_BIN") || (collation.contains("_CS") && collation.contains("_AS"));
        return exact ? Column.Folding.BLANKS : Column.Folding.CASE;
    }

    static List<UniqueKey> uniqueKeys(Connection connection, TableName name, String qualified) throws SQLException {
        Catalog.UniqueKeys keys = new Catalog.UniqueKeys();
        Catalog.each(
                connection,
                "SELECT i.name, i.is_primary_key, c.name, i.has_filter FROM sys.indexes i"
                        + " JOIN sys.index_columns k ON k.object_id = i.object_id AND k.index_id = i.index_id"
                        + " JOIN sys.columns c ON c.object_id = k.object_id AND c.column_id = k.column_id"
                        + " WHERE i.object_id = OBJECT_ID(?) AND i.is_unique = 1 AND i.is_disabled = 0"
                        + " AND k.is_included_column = 0 ORDER BY i.name, k.key_ordinal",
                row -> keys.add(
                        row.getString(1),
                        row.getBoolean(2),
                        row.getString(3),
                        // NULL is one value among others there.
                        row.getBoolean(4) ? UniqueKey.Reach.UNKNOWN : UniqueKey.Reach.BEYOND_COLUMNS),
                qualified);
        return keys.all();
    }

    static List<Trigger> triggers(Connection connection, TableName name, String qualified) throws SQLException {
        Map<String, Set<String>> eventsByTrigger = new LinkedHashMap<>();
        Catalog.each(
                connection,
                "SELECT g.name, e.type_desc FROM sys.triggers g"
                        + " JOIN sys.trigger_events e ON e.object_id = g.object_id"
                        + " WHERE g.parent_id = OBJECT_ID(?) AND g.is_disabled = 0 ORDER BY g.name",
                row -> eventsByTrigger
                        .computeIfAbsent(row.getString(1), trigger -> new HashSet<>())
                        .add(row.getString(2)),
                qualified);
        List<Trigger> triggers = new ArrayList<>();
        eventsByTrigger.forEach((trigger, events) -> triggers.add(
                new Trigger(trigger, events.contains("INSERT"), events.contains("UPDATE"), events.contains("DELETE"))));
        return triggers;
    }

    static List<ReferencingKey> referencing(Connection connection, TableName name, String qualified)
            throws SQLException {
        Catalog.ForeignKeys keys = new Catalog.ForeignKeys();
        Catalog.each(
                connection,
                "SELECT f.name, s.name, t.name, f.delete_referential_action, f.update_referential_action, c.name, p.name"
                        + " FROM sys.foreign_keys f"
                        + " JOIN sys.foreign_key_columns k ON k.constraint_object_id = f.object_id"
                        + " JOIN sys.tables t ON t.object_id = f.parent_object_id"
                        + " JOIN sys.schemas s ON s.schema_id = t.schema_id"
                        + " JOIN sys.columns c ON c.object_id = k.parent_object_id AND c.column_id = k.parent_column_id"
                        + " JOIN sys.columns p ON p.object_id = k.referenced_object_id"
                        + " AND p.column_id = k.referenced_column_id"
                        + " WHERE f.referenced_object_id = OBJECT_ID(?) AND f.is_disabled = 0"
                        + " ORDER BY s.name, t.name, f.name, k.constraint_column_id",
                row -> keys.add(
                        row.getString(1),
                        new TableName(name.catalog(), row.getString(2), row.getString(3)),
                        row.getInt(4) != 0,
                        row.getInt(5) != 0,
                        row.getString(6),
                        row.getString(7)),
                qualified);
        return keys.all();
    }

    private static int jdbcType(String type) {
        return switch (type) {
            case "bit" -> Types.BIT;
            case "tinyint" -> Types.TINYINT;
            case "smallint" -> Types.SMALLINT;
            case "int" -> Types.INTEGER;
            case "bigint" -> Types.BIGINT;
            case "decimal", "numeric", "money", "smallmoney" -> Types.DECIMAL;
            case "real" -> Types.REAL;
            case "float" -> Types.DOUBLE;
            case "char", "uniqueidentifier" -> Types.CHAR;
            case "varchar" -> Types.VARCHAR;
            case "nchar" -> Types.NCHAR;
            case "nvarchar" -> Types.NVARCHAR;
            case "binary", "timestamp" -> Types.BINARY;
            case "varbinary" -> Types.VARBINARY;
            case "date" -> Types.DATE;
            case "time" -> Types.TIME;
            case "datetime", "datetime2", "smalldatetime" -> Types.TIMESTAMP;
            case "datetimeoffset" -> Types.TIMESTAMP_WITH_TIMEZONE;
            default -> Types.OTHER;
        };
    }
}
