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
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What Oracle's ALL_… views say of a table. */
final class OracleCatalog {

    /** A synonym may stand for a synonym. */
    private static final int MOST_SYNONYMS = 8;

    private OracleCatalog() {}

    static TableName resolve(Connection connection, @Nullable String schema, String name) throws SQLException {
        String owner = schema == null ? String.valueOf(connection.getSchema()) : fold(schema);
        String table = fold(name);
        for (int i = 0; i < MOST_SYNONYMS; i++) {
            TableName found = table(connection, owner, table);
            if (found != null) {
                return found;
            }
            Synonym synonym = synonym(connection, owner, table);
            if (synonym == null) {
                break;
            }
            if (synonym.link() != null) {
                throw new TableNotUsableException(
                        name,
                        "it is a synonym of a table in another database, " + synonym.link(),
                        "write to it through a data source of its own");
            }
            owner = synonym.owner();
            table = synonym.table();
        }
        throw new TableNotUsableException(
                name,
                "there is no such table in schema " + owner + ", or it is a view",
                "check the name, its quotes, the connection's schema and your privileges; write to the tables behind a view");
    }

    private static String fold(String written) {
        Identifier identifier = Identifier.parse(written);
        return identifier.quoted() ? identifier.text() : identifier.text().toUpperCase(Locale.ROOT);
    }

    private static @Nullable TableName table(Connection connection, String owner, String table) throws SQLException {
        List<TableName> found = new ArrayList<>();
        Catalog.each(
                connection,
                "SELECT OWNER, TABLE_NAME FROM ALL_TABLES WHERE OWNER = ? AND TABLE_NAME = ?",
                row -> found.add(new TableName(null, row.getString(1), row.getString(2))),
                owner,
                table);
        return found.isEmpty() ? null : found.get(0);
    }

    private record Synonym(
            String owner, String table, @Nullable String link) {}

    private static @Nullable Synonym synonym(Connection connection, String owner, String name) throws SQLException {
        List<Synonym> found = new ArrayList<>();
        // One of the schema's own comes before a public one.
        Catalog.each(
                connection,
                "SELECT TABLE_OWNER, TABLE_NAME, DB_LINK FROM ALL_SYNONYMS WHERE OWNER IN (?, 'PUBLIC')"
                        + " AND SYNONYM_NAME = ? ORDER BY CASE OWNER WHEN 'PUBLIC' THEN 1 ELSE 0 END",
                row -> found.add(new Synonym(String.valueOf(row.getString(1)), row.getString(2), row.getString(3))),
                owner,
                name);
        return found.isEmpty() ? null : found.get(0);
    }

    static void requireTable(Connection connection, TableName name) throws SQLException {
        List<String> problems = new ArrayList<>();
        Catalog.each(
                connection,
                "SELECT TEMPORARY, NESTED, EXTERNAL FROM ALL_TABLES WHERE OWNER = ? AND TABLE_NAME = ?",
                row -> {
                    if (isYes(row, 1)) {
                        problems.add("it is a temporary table, which other sessions do not see");
                    } else if (isYes(row, 2)) {
                        problems.add("it is the storage of a nested table");
                    } else if (isYes(row, 3)) {
                        problems.add("it is an external table, which the database does not hold");
                    } else {
                        problems.add("");
                    }
                },
                name.schema(),
                name.name());
        if (problems.isEmpty()) {
            throw new TableNotUsableException(name.toString(), "it does not exist", "create it, or check the name");
        }
        if (!problems.get(0).isEmpty()) {
            throw new TableNotUsableException(
                    name.toString(), problems.get(0), "use a permanent table of the database itself");
        }
    }

    private static boolean isYes(ResultSet row, int column) throws SQLException {
        String said = row.getString(column);
        return said != null && said.startsWith("Y");
    }

    static List<Column> columns(Connection connection, TableName name) throws SQLException {
        List<Column> columns = new ArrayList<>();
        // What the server adds for itself, for indexes over expressions among others, is not USER_GENERATED.
        Catalog.each(
                connection,
                "SELECT COLUMN_NAME, DATA_TYPE, DATA_TYPE_OWNER, CHAR_LENGTH, CHAR_USED, DATA_PRECISION, DATA_SCALE,"
                        + " NULLABLE, IDENTITY_COLUMN, DEFAULT_LENGTH, VIRTUAL_COLUMN, HIDDEN_COLUMN, COLLATION"
                        + " FROM ALL_TAB_COLS WHERE OWNER = ? AND TABLE_NAME = ? AND USER_GENERATED = 'YES'"
                        + " ORDER BY CASE WHEN COLUMN_ID IS NULL THEN 1 ELSE 0 END, COLUMN_ID, INTERNAL_COLUMN_ID",
                row -> columns.add(column(row)),
                name.schema(),
                name.name());
        return columns;
    }

    private static Column column(ResultSet row) throws SQLException {
        String type = type(row);
        return new Column(
                row.getString(1),
                jdbcType(type),
                type,
                size(row, type),
                !"N".equals(row.getString(8)),
                isYes(row, 9),
                row.getInt(10) > 0 ? Column.Preset.COMPUTED : Column.Preset.NONE,
                isYes(row, 11),
                false,
                isYes(row, 12),
                folding(row.getString(13)));
    }

    /** The type without its lengths; a text that is measured in bytes says so. */
    private static String type(ResultSet row) throws SQLException {
        if (row.getString(3) != null) {
            return row.getString(3) + "." + row.getString(2);
        }
        String type = row.getString(2).replaceAll("\\(\\d+\\)", "");
        boolean inBytes = "B".equals(row.getString(5)) && (type.equals("CHAR") || type.equals("VARCHAR2"));
        return inBytes ? type + " BYTE" : type;
    }

    private static Column.Size size(ResultSet row, String type) throws SQLException {
        int precision = row.getInt(6);
        boolean anyPrecision = row.wasNull();
        int scale = row.getInt(7);
        boolean anyScale = row.wasNull();
        if (type.equals("NUMBER")) {
            // NUMBER alone holds what it gets; INTEGER, which is NUMBER(*, 0), rounds it.
            return anyPrecision ? new Column.Size(anyScale ? 0 : 38, scale) : new Column.Size(precision, scale);
        }
        return new Column.Size(row.getInt(4), scale);
    }

    private static Column.Folding folding(@Nullable String collation) {
        boolean folds = collation != null && (collation.endsWith("_CI") || collation.endsWith("_AI"));
        return folds ? Column.Folding.CASE : Column.Folding.EXACT;
    }

    static List<UniqueKey> uniqueKeys(Connection connection, TableName name) throws SQLException {
        Catalog.UniqueKeys byConstraint = new Catalog.UniqueKeys();
        // Deferrable keys have an index that is not unique, so constraints come first.
        Catalog.each(
                connection,
                "SELECT c.CONSTRAINT_NAME, c.CONSTRAINT_TYPE, k.COLUMN_NAME FROM ALL_CONSTRAINTS c"
                        + " JOIN ALL_CONS_COLUMNS k ON k.OWNER = c.OWNER AND k.CONSTRAINT_NAME = c.CONSTRAINT_NAME"
                        + " WHERE c.OWNER = ? AND c.TABLE_NAME = ? AND c.CONSTRAINT_TYPE IN ('P', 'U')"
                        + " AND c.STATUS = 'ENABLED' AND c.VALIDATED = 'VALIDATED'"
                        + " ORDER BY c.CONSTRAINT_NAME, k.POSITION",
                // Of several columns some may be NULL, and yet the others exclude.
                row -> byConstraint.add(
                        row.getString(1),
                        "P".equals(row.getString(2)),
                        row.getString(3),
                        UniqueKey.Reach.BEYOND_COLUMNS),
                name.schema(),
                name.name());
        Catalog.UniqueKeys byIndex = new Catalog.UniqueKeys();
        Catalog.each(
                connection,
                "SELECT i.INDEX_NAME, k.COLUMN_NAME FROM ALL_INDEXES i"
                        + " JOIN ALL_IND_COLUMNS k ON k.INDEX_OWNER = i.OWNER AND k.INDEX_NAME = i.INDEX_NAME"
                        + " WHERE i.TABLE_OWNER = ? AND i.TABLE_NAME = ? AND i.UNIQUENESS = 'UNIQUE'"
                        + " AND i.INDEX_TYPE IN ('NORMAL', 'NORMAL/REV', 'IOT - TOP')"
                        + " ORDER BY i.INDEX_NAME, k.COLUMN_POSITION",
                row -> byIndex.add(row.getString(1), false, row.getString(2), UniqueKey.Reach.BEYOND_COLUMNS),
                name.schema(),
                name.name());
        List<UniqueKey> keys = new ArrayList<>(byConstraint.all());
        for (UniqueKey index : byIndex.all()) {
            if (keys.stream().noneMatch(key -> key.columns().equals(index.columns()))) {
                keys.add(index);
            }
        }
        return keys;
    }

    static List<Trigger> triggers(Connection connection, TableName name) throws SQLException {
        List<Trigger> triggers = new ArrayList<>();
        Catalog.each(
                connection,
                "SELECT TRIGGER_NAME, TRIGGERING_EVENT FROM ALL_TRIGGERS"
                        + " WHERE TABLE_OWNER = ? AND TABLE_NAME = ? AND STATUS = 'ENABLED'",
                row -> {
                    String events = row.getString(2);
                    triggers.add(new Trigger(
                            row.getString(1),
                            events.contains("INSERT"),
                            events.contains("UPDATE"),
                            events.contains("DELETE")));
                },
                name.schema(),
                name.name());
        return triggers;
    }

    static List<ReferencingKey> referencing(Connection connection, TableName name) throws SQLException {
        Catalog.ForeignKeys keys = new Catalog.ForeignKeys();
        // Oracle knows no ON UPDATE.
        Catalog.each(
                connection,
                "SELECT c.OWNER, c.TABLE_NAME, c.CONSTRAINT_NAME, c.DELETE_RULE, k.COLUMN_NAME, p.COLUMN_NAME"
                        + " FROM ALL_CONSTRAINTS r"
                        + " JOIN ALL_CONSTRAINTS c ON c.R_OWNER = r.OWNER AND c.R_CONSTRAINT_NAME = r.CONSTRAINT_NAME"
                        + " JOIN ALL_CONS_COLUMNS k ON k.OWNER = c.OWNER AND k.CONSTRAINT_NAME = c.CONSTRAINT_NAME"
                        + " JOIN ALL_CONS_COLUMNS p ON p.OWNER = r.OWNER AND p.CONSTRAINT_NAME = r.CONSTRAINT_NAME"
                        + " AND p.POSITION = k.POSITION"
                        + " WHERE r.OWNER = ? AND r.TABLE_NAME = ? AND c.CONSTRAINT_TYPE = 'R'"
                        + " AND c.STATUS = 'ENABLED' ORDER BY c.OWNER, c.CONSTRAINT_NAME, k.POSITION",
                row -> keys.add(
                        row.getString(3),
                        new TableName(null, row.getString(1), row.getString(2)),
                        !"NO ACTION".equals(row.getString(4)),
                        false,
                        row.getString(5),
                        row.getString(6)),
                name.schema(),
                name.name());
        return keys.all();
    }

    static Set<String> alwaysGenerated(Connection connection, TableName name) throws SQLException {
        Set<String> columns = new HashSet<>();
        Catalog.each(
                connection,
                "SELECT COLUMN_NAME FROM ALL_TAB_IDENTITY_COLS"
                        + " WHERE OWNER = ? AND TABLE_NAME = ? AND GENERATION_TYPE = 'ALWAYS'",
                row -> columns.add(row.getString(1)),
                name.schema(),
                name.name());
        return columns;
    }

    private static int jdbcType(String type) {
        return switch (type) {
            case "NUMBER", "FLOAT" -> Types.NUMERIC;
            case "BINARY_FLOAT" -> Types.REAL;
            case "BINARY_DOUBLE" -> Types.DOUBLE;
            case "CHAR", "CHAR BYTE" -> Types.CHAR;
            case "NCHAR" -> Types.NCHAR;
            case "VARCHAR2", "VARCHAR2 BYTE" -> Types.VARCHAR;
            case "NVARCHAR2" -> Types.NVARCHAR;
            case "CLOB" -> Types.CLOB;
            case "NCLOB" -> Types.NCLOB;
            case "RAW" -> Types.VARBINARY;
            case "BLOB" -> Types.BLOB;
            case "DATE", "TIMESTAMP" -> Types.TIMESTAMP;
            case "TIMESTAMP WITH TIME ZONE", "TIMESTAMP WITH LOCAL TIME ZONE" -> Types.TIMESTAMP_WITH_TIMEZONE;
            case "BOOLEAN" -> Types.BOOLEAN;
            default -> Types.OTHER;
        };
    }
}
