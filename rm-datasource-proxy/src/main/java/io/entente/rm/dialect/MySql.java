package io.entente.rm.dialect;

import io.entente.rm.table.Column;
import io.entente.rm.table.Table;
import io.entente.rm.table.TableName;
import io.entente.rm.table.TableNotUsableException;
import io.entente.rm.table.Trigger;
import io.entente.rm.table.UniqueKey;
import io.entente.rm.table.Writers;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * MySQL and MariaDB, through either driver.
 *
 * <p>The catalog is read from {@code information_schema} and temporal values as the server's text, because the two
 * drivers differ in both and let connection properties change them ({@code tinyInt1isBit}, {@code yearIsDateType},
 * {@code zeroDateTimeBehavior}, time zone conversion).
 */
public final class MySql implements Dialect {

    /** CHAR with all its blanks, or without. */
    private static final String PADDED = "padded";

    private static final String STRIPPED = "stripped";

    /** It does not matter; not the empty text, which may be NULL. */
    private static final String ANY = "any";

    private static final String PADDING = "PAD_CHAR_TO_FULL_LENGTH";

    private static final Bytes NO_BYTES = new Bytes(new byte[0]);

    private static final Set<String> GEOMETRIES = Set.of(
            "geometry",
            "point",
            "linestring",
            "polygon",
            "multipoint",
            "multilinestring",
            "multipolygon",
            "geometrycollection",
            "geomcollection");

    private static final int DUPLICATE_KEY = 1062;

    /** The highest limit, which is the default of {@code sql_select_limit}. */
    static final String ALL_ROWS = "18446744073709551615";
    /** From here on the digits of a literal would cost more than a round trip. */
    private static final int LONG_LITERAL = 64 * 1024;

    /** What is read for the error value of an ENUM: '' may be a member as well. */
    private static final String NO_MEMBER = "\0";

    private static final ColumnAccess PRINTED = ColumnAccess.through(ValueKind.TEXT, "CAST({} AS CHAR)");

    /**
     * A TIMESTAMP is an instant that the session's time zone only prints; its local text is ambiguous when clocks are set
     * back. So it is captured in UTC, and written back in a session that is set to UTC. 0 stands for the zero date only:
     * the type's first instant is one second later.
     */
    private static final ColumnAccess INSTANT = ColumnAccess.through(
            ValueKind.TEXT,
            "CAST(CASE UNIX_TIMESTAMP({}) WHEN 0 THEN '0000-00-00 00:00:00'"
                    + " ELSE DATE_ADD('1970-01-01', INTERVAL UNIX_TIMESTAMP({}) SECOND) END AS CHAR)",
            "?",
            "CONVERT_TZ(?, '+00:00', @@session.time_zone)");

    /**
     * In UTC, from the local time of a session. When an hour earlier or later has the same local time, or the way back leads
     * elsewhere, nobody knows which instant it was.
     */
    private static final String PRINT_INSTANT = "SELECT CASE WHEN CONVERT_TZ(u, '+00:00', z) = w"
            + " AND CONVERT_TZ(u + INTERVAL 1 HOUR, '+00:00', z) <> w"
            + " AND CONVERT_TZ(u - INTERVAL 1 HOUR, '+00:00', z) <> w THEN %2$s END"
            + " FROM (SELECT w, z, CONVERT_TZ(w, z, '+00:00') AS u"
            + " FROM (SELECT CAST(? AS DATETIME(%1$d)) AS w, @@session.time_zone AS z) AS given) AS moved";

    private static final String AS_TEXT = "CAST(u AS CHAR)";

    /** As MySQL prints the sum by which {@link #INSTANT} is read: six digits or none. */
    private static final String AS_SUM =
            "CAST(DATE_ADD(DATE_FORMAT(u, '%Y-%m-%d %H:%i:%s.%f'), INTERVAL 0 SECOND) AS CHAR)";

    private static final Pattern ALLOW_SEVERAL =
            Pattern.compile("[?&;]allowMultiQueries=true", Pattern.CASE_INSENSITIVE);

    private final boolean mariaDb;
    private final int major;
    private final int minor;
    private volatile boolean runsBlocks;

    /**
     * A server.
     *
     * @param mariaDb whether it is MariaDB
     */
    public MySql(boolean mariaDb, int major, int minor) {
        this.mariaDb = mariaDb;
        this.major = major;
        this.minor = minor;
    }

    static MySql of(DatabaseMetaData metaData) throws SQLException {
        // MySQL's driver calls either server MySQL, and MariaDB may put another version in front of its own.
        Matcher mariaDb = Pattern.compile("(\\d+)\\.(\\d+)[.\\d]*-mariadb", Pattern.CASE_INSENSITIVE)
                .matcher(metaData.getDatabaseProductVersion());
        return mariaDb.find()
                ? new MySql(true, Integer.parseInt(mariaDb.group(1)), Integer.parseInt(mariaDb.group(2)))
                : new MySql(
                        metaData.getDatabaseProductName().equalsIgnoreCase("mariadb"),
                        metaData.getDatabaseMajorVersion(),
                        metaData.getDatabaseMinorVersion());
    }

    /** Whether the server is MariaDB; then DELETE of one table has RETURNING. */
    public boolean isMariaDb() {
        return mariaDb;
    }

    /** Whether INSERT and REPLACE have RETURNING. */
    public boolean insertReturns() {
        return mariaDb && (major > 10 || (major == 10 && minor >= 5));
    }

    @Override
    public String sqlFolder() {
        return "mysql";
    }

    @Override
    public String quote(String identifier) {
        return '`' + identifier.replace("`", "``") + '`';
    }

    @Override
    public ColumnAccess access(Column column) throws ColumnNotCapturableException {
        return switch (column.typeName()) {
            // The sum with zero keeps a driver from taking TINYINT(1) for a boolean.
            case "tinyint" -> ColumnAccess.through(ValueKind.INTEGER, "({} + 0)");
            case "smallint", "mediumint", "int", "bigint" -> ColumnAccess.plain(ValueKind.INTEGER);
            case "tinyint unsigned", "smallint unsigned", "mediumint unsigned", "int unsigned" ->
                ColumnAccess.plain(ValueKind.INTEGER);
            case "bigint unsigned", "decimal", "decimal unsigned" -> ColumnAccess.plain(ValueKind.DECIMAL);
            // A FLOAT is printed with six digits only; the sum makes it a double, which is printed in full.
            case "float", "float unsigned" -> ColumnAccess.through(ValueKind.FLOAT, "({} + 0e0)");
            case "double", "double unsigned" -> ColumnAccess.plain(ValueKind.DOUBLE);
            case "bit" -> ColumnAccess.through(ValueKind.DECIMAL, "CAST({} AS UNSIGNED)");
            case "char", "varchar", "tinytext", "text", "mediumtext", "longtext", "set", "json" ->
                ColumnAccess.plain(ValueKind.TEXT);
            case "enum" -> ColumnAccess.throughColumn(ValueKind.TEXT, "IF({} + 0 = 0, CHAR(0 USING utf8mb4), {})");
            case "binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob" ->
                ColumnAccess.plain(ValueKind.BYTES);
            case "date", "datetime", "time", "year", "uuid", "inet4", "inet6" -> PRINTED;
            case "timestamp" -> INSTANT;
            default -> {
                if (!GEOMETRIES.contains(column.typeName())) {
                    throw new ColumnNotCapturableException(column, "MySQL/MariaDB");
                }
                // Both take back the bytes that they store: SRID and WKB.
                yield ColumnAccess.plain(ValueKind.BYTES);
            }
        };
    }

    @Override
    public @Nullable String whyNotRestorable(Column column, Object value) {
        if (column.typeName().equals("enum") && value.equals(NO_MEMBER)) {
            return "it holds the empty error value that an ENUM gets from a value it does not have, which no strict session"
                    + " can write";
        }
        return GEOMETRIES.contains(column.typeName()) && value.equals(NO_BYTES)
                ? "it holds the empty value that INSERT IGNORE leaves for a geometry that is missing, which cannot be"
                        + " written"
                : null;
    }

    @Override
    public void bind(PreparedStatement statement, int position, Column column, @Nullable Object value)
            throws SQLException {
        if (value instanceof Float number) {
            // As the double it equals, which the server rounds to this float; the shorter text of the largest float
            // lies above what the server takes.
            statement.setDouble(position, number.doubleValue());
        } else {
            Dialect.super.bind(statement, position, column, value);
        }
    }

    @Override
    public String asStored(Column column, String expression) {
        Column.Size size = column.size();
        if (column.typeName().equals("char")) {
            // Newer collations of MySQL's compare trailing blanks, which the column does not keep.
            return "TRIM(TRAILING ' ' FROM " + expression + ")";
        }
        String declared = switch (column.typeName()) {
            case "binary" -> "BINARY(" + size.length() + ")";
            case "decimal", "decimal unsigned" -> "DECIMAL(" + size.length() + ", " + size.scale() + ")";
            case "date" -> "DATE";
            case "time" -> "TIME(" + size.scale() + ")";
            case "datetime", "timestamp" -> "DATETIME(" + size.scale() + ")";
            default -> "";
        };
        if (MySqlCatalog.isInteger(column.typeName())) {
            // As an assignment does; CAST would cut digits behind the point of a text off.
            return "ROUND(" + expression + ")";
        }
        return declared.isEmpty() ? expression : "CAST(" + expression + " AS " + declared + ")";
    }

    /** In arithmetic a text is a double, which holds no more than 15 digits. */
    @Override
    public String ofText(Column column, String expression) {
        return MySqlCatalog.isInteger(column.typeName()) ? "CAST(" + expression + " AS DECIMAL(65, 30))" : expression;
    }

    @Override
    public String printingQuery(Column column) {
        return switch (column.typeName()) {
            case "date", "datetime" -> "SELECT CAST(" + asStored(column, "?") + " AS CHAR)";
            case "year" -> "SELECT CAST(YEAR(CAST(? AS DATE)) AS CHAR)";
            case "timestamp" -> PRINT_INSTANT.formatted(column.size().scale(), mariaDb ? AS_TEXT : AS_SUM);
            default -> "";
        };
    }

    @Override
    public String identityOverride() {
        return "";
    }

    @Override
    public void probe(Connection own) {
        MySqlSession.warnOfHiddenTriggers(own);
        // Older ones cannot prepare a block, which drivers may be set to do.
        boolean hasBlocks = mariaDb && (major > 10 || (major == 10 && minor >= 6));
        runsBlocks = hasBlocks && Probe.takes(own, "BEGIN NOT ATOMIC SELECT 1; DO 1; END");
    }

    /** Whether a block of statements can be sent as a statement. */
    public boolean runsBlocks() {
        return runsBlocks;
    }

    /**
     * MariaDB has a block of statements as a statement; the first one that fails ends it. It cannot be prepared by the
     * server, so it has literals instead of parameters.
     */
    @Override
    public boolean insertAndCommit(Connection connection, InsertedRow row) throws SQLException {
        if (!runsBlocks
                || row.values().stream()
                        .anyMatch(value -> value instanceof byte[] bytes && bytes.length > LONG_LITERAL)) {
            return false;
        }
        StringBuilder block = new StringBuilder("BEGIN NOT ATOMIC INSERT INTO ")
                .append(row.statement().into())
                .append(" VALUES (");
        for (Object value : row.values()) {
            Literals.append(value, block);
            block.append(", ");
        }
        block.append(row.statement().literals()).append("); COMMIT; END");
        try (Statement statement = connection.createStatement()) {
            statement.execute(block.toString());
            return true;
        }
    }

    /**
     * A failure behind the first result does not tell that no more results follow. Connector/J of MariaDB (3.5.11) then
     * takes the answer to the statements that come next for one of them, and when it sends two at once, as it does for
     * batches, it waits for an answer too many, for ever.
     */
    @Override
    public void afterFailedBlock(Connection connection, SQLException failure) {
        try (Statement statement = connection.createStatement()) {
            statement.execute("DO 0");
        } catch (SQLException e) {
            failure.addSuppressed(e);
        }
    }

    @Override
    public boolean rollsBackWith(Connection connection, SQLException failure) throws SQLException {
        return MySqlSession.isRolledBackBy(connection, failure);
    }

    @Override
    public SQLException explained(SQLException failure) {
        return MySqlSession.explained(failure);
    }

    @Override
    public boolean isDuplicateKey(SQLException failure) {
        return failure.getErrorCode() == DUPLICATE_KEY;
    }

    /**
     * Under REPEATABLE READ, InnoDB shows a plain query the snapshot's version of rows that an UPDATE matched but did not
     * change, while the locking query before it saw the newest one.
     */
    @Override
    public boolean readsNewestByLock(Table table) {
        return true;
    }

    @Override
    public boolean resultsTellTheirDatabase() {
        return true;
    }

    @Override
    public boolean acceptsSeveralStatements(Connection connection) throws SQLException {
        // Both drivers take it as a property of the URL and keep that in what they tell of it.
        return ALLOW_SEVERAL.matcher(connection.getMetaData().getURL()).find();
    }

    @Override
    public boolean readsBackslashesAsUsual(Connection connection, String sql) throws SQLException {
        String mode = MySqlSession.text(connection, "SELECT @@session.sql_mode");
        // Where they quote a name, a back-slash is a letter.
        boolean names = mode.contains("ANSI_QUOTES") && sql.contains("\\\"");
        return !mode.contains("NO_BACKSLASH_ESCAPES") && !names;
    }

    /** Whether this session refuses values that do not fit. */
    public boolean isStrict(Connection connection) throws SQLException {
        return MySqlSession.text(connection, "SELECT @@session.sql_mode").contains("STRICT_");
    }

    /** Whether this session takes what stands in double quotes for a text. */
    public boolean quotesTextsDoubly(Connection connection) throws SQLException {
        return !MySqlSession.text(connection, "SELECT @@session.sql_mode").contains("ANSI_QUOTES");
    }

    /** Of an expression it would be what the expression yields for a row that is there. */
    @Override
    public String defaultOf(Column column) {
        return column.byDefault() == Column.Preset.COMPUTED ? "" : "DEFAULT(" + quote(column.name()) + ")";
    }

    @Override
    public long autoIncrementStep(Connection connection) throws SQLException {
        return MySqlSession.number(connection, "SELECT @@auto_increment_increment");
    }

    @Override
    public boolean storesTextAsIs(Column column) {
        return column.typeName().equals("varchar");
    }

    @Override
    public boolean storesText(Column column, String text) {
        // Other characters may not exist in the column's character set; these do in each.
        return Dialect.super.storesText(column, text) && text.chars().allMatch(c -> c >= ' ' && c < 127);
    }

    @Override
    public boolean holds(Column column, BigDecimal number) {
        boolean unsigned = column.typeName().endsWith(" unsigned");
        int bits = switch (column.typeName().replace(" unsigned", "")) {
            case "tinyint" -> 8;
            case "smallint" -> 16;
            case "mediumint" -> 24;
            case "int" -> 32;
            case "bigint" -> 64;
            default -> 0;
        };
        if (bits == 0) {
            return column.typeName().equals("decimal") && Digits.fit(column, number);
        }
        BigInteger whole = number.toBigInteger();
        return unsigned ? whole.signum() >= 0 && whole.bitLength() <= bits : whole.bitLength() < bits;
    }

    @Override
    public long maxParameterBytes(Connection connection) throws SQLException {
        // A parameter may travel as a literal in which each escaped byte takes two.
        return MySqlSession.number(connection, "SELECT @@max_allowed_packet") / 2 - 1024;
    }

    /** Without a limit of its own, a query has the one of {@code sql_select_limit}, which its users may have set. */
    @Override
    public String unlimited() {
        return "LIMIT " + ALL_ROWS;
    }

    @Override
    public SessionRestore prepareUndoSession(Connection connection, String printedUnder) throws SQLException {
        String zone = MySqlSession.text(connection, "SELECT @@session.time_zone");
        String mode = MySqlSession.text(connection, "SELECT @@session.sql_mode");
        // Where nothing is said, as in rows of Seata's, the session was one like this.
        boolean padded = printedUnder.isEmpty() ? mode.contains(PADDING) : printedUnder.equals(PADDED);
        // Zero must be storable in an AUTO_INCREMENT column and in dates, anything inexact must fail.
        set(
                connection,
                "+00:00",
                "STRICT_ALL_TABLES,NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES" + (padded ? "," + PADDING : ""));
        return () -> set(connection, zone, mode);
    }

    @Override
    public String concat(String one, String other) {
        return "CONCAT(" + one + ", " + other + ")";
    }

    @Override
    public String printedUnder(List<Column> columns) {
        String printed = columns.stream().anyMatch(column -> column.typeName().equals("char"))
                ? "IF(FIND_IN_SET('" + PADDING + "', @@sql_mode), '" + PADDED + "', '" + STRIPPED + "')"
                : "'" + ANY + "'";
        boolean versions = mariaDb && (major > 10 || (major == 10 && minor >= 4));
        return "IF(COALESCE(@@character_set_results, 'utf8mb4') = 'utf8mb4'"
                + (versions ? " AND @@system_versioning_asof = 'DEFAULT'" : "") + ", " + printed + ", NULL)";
    }

    private static void set(Connection connection, String zone, String mode) throws SQLException {
        try (PreparedStatement set = connection.prepareStatement("SET SESSION time_zone = ?, SESSION sql_mode = ?")) {
            set.setString(1, zone);
            set.setString(2, mode);
            set.execute();
        }
    }

    @Override
    public String scope(Connection connection) throws SQLException {
        return String.valueOf(connection.getCatalog());
    }

    /** MySQL's driver does not notice {@code USE}. */
    @Override
    public String scopeOfSession(Connection connection) throws SQLException {
        return mariaDb ? scope(connection) : MySqlCatalog.currentDatabase(connection);
    }

    @Override
    public TableName resolve(Connection connection, @Nullable String schema, String name) throws SQLException {
        return MySqlCatalog.resolve(connection, schema, name);
    }

    @Override
    public Table read(Connection connection, TableName name) throws SQLException {
        MySqlCatalog.requireTable(connection, name);
        Table table =
                UniqueKey.identify(name, MySqlCatalog.columns(connection, name, mariaDb), uniqueKeys(connection, name));
        for (Column key : table.key()) {
            if (key.typeName().startsWith("float")) {
                throw new TableNotUsableException(
                        name.toString(),
                        "its key column " + key.name() + " is a FLOAT, which the server does not find again by value",
                        "use a DOUBLE, a DECIMAL or another key");
            }
        }
        return table;
    }

    @Override
    public List<UniqueKey> uniqueKeys(Connection connection, TableName name) throws SQLException {
        return MySqlCatalog.uniqueKeys(connection, name);
    }

    @Override
    public Set<String> readingFunctions(Connection connection) throws SQLException {
        return MySqlCatalog.readingFunctions(connection);
    }

    @Override
    public Writers writers(Connection connection) throws SQLException {
        return MySqlCatalog.writers(connection);
    }

    @Override
    public String declaringThatNothingIsWritten() {
        return "declare it NO SQL, READS SQL DATA or DETERMINISTIC if it does not write";
    }

    @Override
    public @Nullable List<String> checks(Connection connection, TableName name) throws SQLException {
        return MySqlCatalog.checks(connection, name, mariaDb);
    }

    @Override
    public List<Trigger> triggers(Connection connection, TableName name) throws SQLException {
        return MySqlCatalog.triggers(connection, name);
    }
}
