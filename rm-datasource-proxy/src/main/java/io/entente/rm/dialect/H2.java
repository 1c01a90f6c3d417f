package io.entente.rm.dialect;

import io.entente.rm.table.Column;
import io.entente.rm.table.HiddenCall;
import io.entente.rm.table.Identifier;
import io.entente.rm.table.Table;
import io.entente.rm.table.TableDefinition;
import io.entente.rm.table.TableName;
import io.entente.rm.table.TableNotUsableException;
import io.entente.rm.table.Trigger;
import io.entente.rm.table.UniqueKey;
import io.entente.rm.table.Writers;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * H2 2.x, in any of its compatibility modes.
 *
 * <p>With DATABASE_TO_LOWER the catalog's own words are in lower case too, type names among them.
 */
public final class H2 implements Dialect {

    @Override
    public String sqlFolder() {
        return "h2";
    }

    @Override
    public String quote(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }

    @Override
    public ColumnAccess access(Column column) throws ColumnNotCapturableException {
        String type = column.typeName();
        return switch (type) {
            case "BOOLEAN" -> ColumnAccess.plain(ValueKind.BOOLEAN);
            case "TINYINT", "SMALLINT", "INTEGER", "BIGINT" -> ColumnAccess.plain(ValueKind.INTEGER);
            case "NUMERIC", "DECIMAL" -> ColumnAccess.plain(ValueKind.DECIMAL);
            case "REAL" -> ColumnAccess.plain(ValueKind.FLOAT);
            case "DOUBLE PRECISION", "FLOAT" -> ColumnAccess.plain(ValueKind.DOUBLE);
            case "CHARACTER", "CHARACTER VARYING", "VARCHAR_IGNORECASE", "CHARACTER LARGE OBJECT", "ENUM" ->
                ColumnAccess.plain(ValueKind.TEXT);
            case "BINARY", "BINARY VARYING", "BINARY LARGE OBJECT", "JAVA_OBJECT" ->
                ColumnAccess.plain(ValueKind.BYTES);
            // Of these the driver's text is what the database itself prints and parses.
            case "DATE",
                    "TIME",
                    "TIME WITH TIME ZONE",
                    "TIMESTAMP",
                    "TIMESTAMP WITH TIME ZONE",
                    "UUID",
                    // As text because of its NaN and infinities.
                    "DECFLOAT" -> ColumnAccess.plain(ValueKind.TEXT);
            case "JSON" -> ColumnAccess.through(ValueKind.TEXT, "{}", "? FORMAT JSON");
            case "GEOMETRY" -> ColumnAccess.through(ValueKind.TEXT, "{}", "CAST(? AS GEOMETRY)");
            default -> {
                if (type.startsWith("INTERVAL")) {
                    yield ColumnAccess.plain(ValueKind.TEXT);
                }
                throw new ColumnNotCapturableException(column, "H2");
            }
        };
    }

    @Override
    public String identityOverride() {
        return " OVERRIDING SYSTEM VALUE";
    }

    @Override
    public boolean isDuplicateKey(SQLException failure) {
        return "23505".equals(failure.getSQLState());
    }

    @Override
    public boolean tellsResultsOfAllStatements() {
        return false;
    }

    @Override
    public boolean storesTextAsIs(Column column) {
        return column.typeName().equals("CHARACTER VARYING");
    }

    @Override
    public boolean holds(Column column, BigDecimal number) {
        return switch (column.typeName()) {
            case "TINYINT" -> isBetween(number, Byte.MIN_VALUE, Byte.MAX_VALUE);
            case "SMALLINT" -> isBetween(number, Short.MIN_VALUE, Short.MAX_VALUE);
            case "INTEGER" -> isBetween(number, Integer.MIN_VALUE, Integer.MAX_VALUE);
            case "BIGINT" -> isBetween(number, Long.MIN_VALUE, Long.MAX_VALUE);
            case "NUMERIC", "DECIMAL" -> Digits.fit(column, number);
            default -> false;
        };
    }

    private static boolean isBetween(BigDecimal number, long min, long max) {
        return number.compareTo(BigDecimal.valueOf(min)) >= 0 && number.compareTo(BigDecimal.valueOf(max)) <= 0;
    }

    @Override
    public long maxParameterBytes(Connection connection) {
        return Integer.MAX_VALUE;
    }

    @Override
    public SessionRestore prepareUndoSession(Connection connection, String printedUnder) {
        return () -> {};
    }

    @Override
    public String scope(Connection connection) throws SQLException {
        return String.valueOf(connection.getSchema());
    }

    @Override
    public TableName resolve(Connection connection, @Nullable String schema, String name) throws SQLException {
        Identifier table = Identifier.parse(name);
        Identifier qualifier = schema == null ? null : Identifier.parse(schema);
        String wantedSchema = qualifier == null ? scope(connection) : fold(connection, qualifier);
        String wanted = fold(connection, table);
        List<TableName> found = new ArrayList<>();
        try (PreparedStatement query = connection.prepareStatement(
                "SELECT TABLE_SCHEMA, TABLE_NAME"
                        + " FROM INFORMATION_SCHEMA.TABLES WHERE UPPER(TABLE_SCHEMA) = UPPER(?) AND UPPER(TABLE_NAME) = UPPER(?)")) {
            query.setString(1, wantedSchema);
            query.setString(2, wanted);
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    TableName candidate = new TableName(null, rows.getString(1), rows.getString(2));
                    if (candidate.name().equals(wanted) && wantedSchema.equals(candidate.schema())) {
                        return candidate;
                    }
                    found.add(candidate);
                }
            }
        }
        // Back-ticks fold and the case-insensitive mode ignores case: with one candidate there is no doubt.
        if (found.size() == 1) {
            return found.get(0);
        }
        if (found.isEmpty()) {
            throw TableNotUsableException.ofUntouched(
                    name,
                    "there is no such table in schema " + wantedSchema,
                    "check the name, its quotes and the connection's schema");
        }
        throw new TableNotUsableException(
                name, "the name fits each of " + found, "check the name, its quotes and the connection's schema");
    }

    private static String fold(Connection connection, Identifier identifier) throws SQLException {
        if (identifier.quoted()) {
            return identifier.text();
        }
        if (connection.getMetaData().storesUpperCaseIdentifiers()) {
            return identifier.text().toUpperCase(Locale.ENGLISH);
        }
        return connection.getMetaData().storesLowerCaseIdentifiers()
                ? identifier.text().toLowerCase(Locale.ENGLISH)
                : identifier.text();
    }

    /** Of a column's domain, or of the nearest one above it that has such a property. */
    private static String ofDomain(String property) {
        return "(SELECT COALESCE(D." + property + ", P." + property + ", G." + property
                + ") FROM INFORMATION_SCHEMA.DOMAINS D"
                + " LEFT JOIN INFORMATION_SCHEMA.DOMAINS P ON P.DOMAIN_SCHEMA = D.PARENT_DOMAIN_SCHEMA"
                + " AND P.DOMAIN_NAME = D.PARENT_DOMAIN_NAME"
                + " LEFT JOIN INFORMATION_SCHEMA.DOMAINS G ON G.DOMAIN_SCHEMA = P.PARENT_DOMAIN_SCHEMA"
                + " AND G.DOMAIN_NAME = P.PARENT_DOMAIN_NAME"
                + " WHERE D.DOMAIN_SCHEMA = C.DOMAIN_SCHEMA AND D.DOMAIN_NAME = C.DOMAIN_NAME)";
    }

    @Override
    public Table read(Connection connection, TableName name) throws SQLException {
        requireTable(connection, name);
        List<Column> columns = new ArrayList<>();
        try (PreparedStatement query =
                connection.prepareStatement("SELECT COLUMN_NAME, UPPER(DATA_TYPE), ORDINAL_POSITION,"
                        + " IS_NULLABLE, IS_IDENTITY, IS_GENERATED, COALESCE(COLUMN_ON_UPDATE, "
                        + ofDomain("DOMAIN_ON_UPDATE") + "), IS_VISIBLE, COALESCE(COLUMN_DEFAULT, "
                        + ofDomain("DOMAIN_DEFAULT") + "),"
                        + " COALESCE(CHARACTER_MAXIMUM_LENGTH, NUMERIC_PRECISION, 0),"
                        + " COALESCE(NUMERIC_SCALE, DATETIME_PRECISION, 0)"
                        + " FROM INFORMATION_SCHEMA.COLUMNS C WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?"
                        + " ORDER BY ORDINAL_POSITION")) {
            query.setString(1, name.schema());
            query.setString(2, name.name());
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    String type = row.getString(2);
                    String onInsert = row.getString(9);
                    columns.add(new Column(
                            row.getString(1),
                            jdbcType(type),
                            type,
                            new Column.Size((int) Math.min(row.getLong(10), Integer.MAX_VALUE), row.getInt(11)),
                            "YES".equalsIgnoreCase(row.getString(4)),
                            "YES".equalsIgnoreCase(row.getString(5))
                                    || (onInsert != null && onInsert.contains("NEXT VALUE FOR")),
                            onInsert == null ? Column.Preset.NONE : Column.Preset.COMPUTED,
                            "ALWAYS".equalsIgnoreCase(row.getString(6)),
                            row.getString(7) != null,
                            !row.getBoolean(8),
                            folding(type)));
                }
            }
        }
        return UniqueKey.identify(name, columns, uniqueKeys(connection, name));
    }

    private static Column.Folding folding(String type) {
        return switch (type) {
            case "VARCHAR_IGNORECASE" -> Column.Folding.CASE;
            case "DECFLOAT" -> Column.Folding.NUMBER;
            default -> Column.Folding.EXACT;
        };
    }

    private static void requireTable(Connection connection, TableName name) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("SELECT UPPER(TABLE_TYPE), UPPER(STORAGE_TYPE)"
                + " FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?")) {
            query.setString(1, name.schema());
            query.setString(2, name.name());
            try (ResultSet row = query.executeQuery()) {
                if (!row.next()) {
                    throw new TableNotUsableException(
                            name.toString(), "it does not exist", "create it, or check the name");
                }
                String type = row.getString(1);
                String storage = row.getString(2);
                if (!"BASE TABLE".equals(type)) {
                    throw new TableNotUsableException(
                            name.toString(),
                            "it is a " + type.toLowerCase(Locale.ROOT) + ", not a table",
                            "write to the tables behind it");
                }
                if (!"CACHED".equals(storage) && !"MEMORY".equals(storage)) {
                    throw new TableNotUsableException(
                            name.toString(),
                            "it is a table with storage " + storage.toLowerCase(Locale.ROOT)
                                    + ", which other sessions do not see or the database does not hold",
                            "use a permanent table of the database itself");
                }
            }
        }
    }

    @Override
    public Writers writers(Connection connection) throws SQLException {
        return H2Functions.writers(connection);
    }

    @Override
    public Set<String> readingFunctions(Connection connection) throws SQLException {
        return H2Functions.thatMayRead(connection);
    }

    @Override
    public List<HiddenCall> hiddenCalls(Connection connection, TableName name) throws SQLException {
        return H2Functions.hiddenCalls(connection, name);
    }

    @Override
    public String declaringThatNothingIsWritten() {
        return "declare its ALIAS DETERMINISTIC if it does not write";
    }

    @Override
    public List<Trigger> triggers(Connection connection, TableName name) throws SQLException {
        List<Trigger> triggers = new ArrayList<>();
        try (PreparedStatement query = connection.prepareStatement("SELECT TRIGGER_NAME, UPPER(EVENT_MANIPULATION)"
                + " FROM INFORMATION_SCHEMA.TRIGGERS WHERE EVENT_OBJECT_SCHEMA = ? AND EVENT_OBJECT_TABLE = ?")) {
            query.setString(1, name.schema());
            query.setString(2, name.name());
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    String events = row.getString(2);
                    triggers.add(new Trigger(
                            row.getString(1),
                            events.contains("INSERT"),
                            events.contains("UPDATE"),
                            events.contains("DELETE")));
                }
            }
        }
        return triggers;
    }

    @Override
    public List<String> checks(Connection connection, TableName name) throws SQLException {
        List<String> checks = new ArrayList<>();
        Catalog.each(
                connection,
                "SELECT k.CHECK_CLAUSE FROM INFORMATION_SCHEMA.CHECK_CONSTRAINTS k"
                        + " JOIN INFORMATION_SCHEMA.TABLE_CONSTRAINTS t ON t.CONSTRAINT_SCHEMA = k.CONSTRAINT_SCHEMA"
                        + " AND t.CONSTRAINT_NAME = k.CONSTRAINT_NAME WHERE t.TABLE_SCHEMA = ? AND t.TABLE_NAME = ?"
                        // What a domain allows is said of a value, not of the column.
                        + " UNION ALL SELECT COLUMN_NAME || ' of a domain' FROM INFORMATION_SCHEMA.COLUMNS"
                        + " WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? AND DOMAIN_NAME IS NOT NULL"
                        + " UNION ALL SELECT k.COLUMN_NAME || ' of a foreign key' FROM INFORMATION_SCHEMA.KEY_COLUMN_USAGE k"
                        + " JOIN INFORMATION_SCHEMA.TABLE_CONSTRAINTS t ON t.CONSTRAINT_SCHEMA = k.CONSTRAINT_SCHEMA"
                        + " AND t.CONSTRAINT_NAME = k.CONSTRAINT_NAME AND t.CONSTRAINT_TYPE = 'FOREIGN KEY'"
                        + " WHERE k.TABLE_SCHEMA = ? AND k.TABLE_NAME = ?"
                        + " UNION ALL SELECT '"
                        + TableDefinition.COMPUTED
                        + "' || GENERATION_EXPRESSION FROM INFORMATION_SCHEMA.COLUMNS"
                        + " WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? AND GENERATION_EXPRESSION IS NOT NULL",
                row -> checks.add(row.getString(1)),
                name.schema(),
                name.name(),
                name.schema(),
                name.name(),
                name.schema(),
                name.name(),
                name.schema(),
                name.name());
        return checks;
    }

    @Override
    public List<UniqueKey> uniqueKeys(Connection connection, TableName name) throws SQLException {
        Catalog.UniqueKeys keys = new Catalog.UniqueKeys();
        Catalog.each(
                connection,
                "SELECT i.INDEX_NAME, UPPER(i.INDEX_TYPE_NAME) = 'PRIMARY KEY', c.COLUMN_NAME, i.NULLS_DISTINCT"
                        + " FROM INFORMATION_SCHEMA.INDEXES i JOIN INFORMATION_SCHEMA.INDEX_COLUMNS c"
                        + " ON c.INDEX_SCHEMA = i.INDEX_SCHEMA AND c.INDEX_NAME = i.INDEX_NAME"
                        + " AND c.TABLE_SCHEMA = i.TABLE_SCHEMA AND c.TABLE_NAME = i.TABLE_NAME"
                        + " WHERE i.TABLE_SCHEMA = ? AND i.TABLE_NAME = ? AND c.IS_UNIQUE"
                        + " AND UPPER(i.INDEX_TYPE_NAME) IN ('PRIMARY KEY', 'UNIQUE INDEX')"
                        + " ORDER BY i.INDEX_NAME, c.ORDINAL_POSITION",
                row -> keys.add(
                        row.getString(1),
                        row.getBoolean(2),
                        row.getString(3),
                        // A primary key has no word on it.
                        row.getString(4) == null || row.getString(4).equals("YES")
                                ? UniqueKey.Reach.COLUMNS
                                : UniqueKey.Reach.BEYOND_COLUMNS),
                name.schema(),
                name.name());
        return keys.all();
    }

    private static int jdbcType(String type) {
        return switch (type) {
            case "BOOLEAN" -> Types.BOOLEAN;
            case "TINYINT" -> Types.TINYINT;
            case "SMALLINT" -> Types.SMALLINT;
            case "INTEGER" -> Types.INTEGER;
            case "BIGINT" -> Types.BIGINT;
            case "NUMERIC", "DECIMAL", "DECFLOAT" -> Types.NUMERIC;
            case "REAL" -> Types.REAL;
            case "DOUBLE PRECISION", "FLOAT" -> Types.DOUBLE;
            case "CHARACTER" -> Types.CHAR;
            case "CHARACTER VARYING", "VARCHAR_IGNORECASE" -> Types.VARCHAR;
            case "CHARACTER LARGE OBJECT" -> Types.CLOB;
            case "BINARY" -> Types.BINARY;
            case "BINARY VARYING" -> Types.VARBINARY;
            case "BINARY LARGE OBJECT" -> Types.BLOB;
            case "DATE" -> Types.DATE;
            case "TIME" -> Types.TIME;
            case "TIME WITH TIME ZONE" -> Types.TIME_WITH_TIMEZONE;
            case "TIMESTAMP" -> Types.TIMESTAMP;
            case "TIMESTAMP WITH TIME ZONE" -> Types.TIMESTAMP_WITH_TIMEZONE;
            case "ARRAY" -> Types.ARRAY;
            case "JAVA_OBJECT" -> Types.JAVA_OBJECT;
            default -> Types.OTHER;
        };
    }

    /** Its index keeps a key as first written: one changed from {@code a} to {@code A} still reads as {@code a}. */
    @Override
    public boolean readsNewestByLock(Table table) {
        return table.key().stream().anyMatch(column -> column.folding() != Column.Folding.EXACT);
    }

    @Override
    public String asStored(Column column, String expression) {
        String type = column.typeName();
        String declared = switch (type) {
            case "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "DATE" -> type;
            // Padded to its length, while a text that it is compared with is not.
            case "CHARACTER", "BINARY" -> type + "(" + column.size().length() + ")";
            case "NUMERIC", "DECIMAL" ->
                type + "(" + column.size().length() + ", " + column.size().scale() + ")";
            case "TIME", "TIMESTAMP" -> type + "(" + column.size().scale() + ")";
            case "TIME WITH TIME ZONE", "TIMESTAMP WITH TIME ZONE" ->
                type.replace(" WITH", "(" + column.size().scale() + ") WITH");
            default -> "";
        };
        return declared.isEmpty() ? expression : "CAST(" + expression + " AS " + declared + ")";
    }

    @Override
    public String printingQuery(Column column) {
        return switch (column.typeName()) {
            case "DATE" -> "SELECT CAST(? AS DATE)";
            case "TIMESTAMP" -> "SELECT CAST(? AS TIMESTAMP(9))";
            default -> "";
        };
    }

    @Override
    public boolean failedQueryLeavesChanges() {
        return true;
    }
}
