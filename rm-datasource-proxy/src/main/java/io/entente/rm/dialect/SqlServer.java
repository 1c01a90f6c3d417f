package io.entente.rm.dialect;

import io.entente.rm.table.Column;
import io.entente.rm.table.ReferencingKey;
import io.entente.rm.table.Table;
import io.entente.rm.table.TableName;
import io.entente.rm.table.TableNotUsableException;
import io.entente.rm.table.Trigger;
import io.entente.rm.table.UniqueKey;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.sql.Types;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * SQL Server 2019 and later.
 *
 * <p>Dates and times travel as ISO texts: the driver's classes round, and depend on the JVM's time zone. Types of the CLR
 * travel as the bytes that they are stored as.
 */
public final class SqlServer implements Dialect {

    private static final Set<Integer> DUPLICATE_KEY = Set.of(2627, 2601);

    /** Truncation, overflow, and what the driver puts into no class of its own. */
    private static final Set<Integer> REFUSED_DATA = Set.of(220, 515, 547, 544, 2628, 8102, 8115, 8152);

    /** Invalid column name, invalid object name, of an alias too. */
    private static final Set<Integer> MISSING_NAMES = Set.of(207, 208, 4104);

    private static final int XACT_ABORT = 16_384;

    @Override
    public String sqlFolder() {
        return "sqlserver";
    }

    @Override
    public String quote(String identifier) {
        return '[' + identifier.replace("]", "]]") + ']';
    }

    /** With its database: a session may go to another one. */
    @Override
    public String qualifiedName(TableName table) {
        String inSchema =
                table.schema() == null ? quote(table.name()) : quote(table.schema()) + "." + quote(table.name());
        return table.catalog() == null ? inSchema : quote(table.catalog()) + "." + inSchema;
    }

    @Override
    public ColumnAccess access(Column column) throws ColumnNotCapturableException {
        return switch (column.typeName()) {
            case "bit" -> ColumnAccess.plain(ValueKind.BOOLEAN);
            case "tinyint", "smallint", "int", "bigint" -> ColumnAccess.plain(ValueKind.INTEGER);
            case "decimal", "numeric", "money", "smallmoney" -> ColumnAccess.plain(ValueKind.DECIMAL);
            case "real" -> ColumnAccess.plain(ValueKind.FLOAT);
            case "float" -> ColumnAccess.plain(ValueKind.DOUBLE);
            case "char", "varchar", "nchar", "nvarchar", "uniqueidentifier" -> ColumnAccess.plain(ValueKind.TEXT);
            case "binary", "varbinary", "timestamp" -> ColumnAccess.plain(ValueKind.BYTES);
            case "date" -> ColumnAccess.through(ValueKind.TEXT, "CONVERT(varchar(10), {}, 23)", "CONVERT(date, ?, 23)");
            case "time" -> printed("varchar(16)", "time(7)", 121);
            case "smalldatetime" -> printed("varchar(19)", "smalldatetime", 120);
            case "datetime" -> printed("varchar(23)", "datetime", 121);
            case "datetime2" -> printed("varchar(27)", "datetime2(7)", 121);
            case "datetimeoffset" -> printed("varchar(34)", "datetimeoffset(7)", 121);
            // Style 1 keeps white space.
            case "xml" -> ColumnAccess.through(ValueKind.TEXT, "CAST({} AS nvarchar(max))", "CONVERT(xml, ?, 1)");
            case "hierarchyid" ->
                ColumnAccess.through(ValueKind.BYTES, "CAST({} AS varbinary(892))", "CAST(? AS hierarchyid)");
            case "geometry", "geography" ->
                ColumnAccess.through(
                        ValueKind.BYTES, "CAST({} AS varbinary(max))", "CAST(? AS " + column.typeName() + ")");
            // sql_variant, text, ntext, image, and types of the application's own.
            default -> throw new ColumnNotCapturableException(column, "SQL Server");
        };
    }

    private static ColumnAccess printed(String text, String type, int style) {
        return ColumnAccess.through(
                ValueKind.TEXT, "CONVERT(" + text + ", {}, " + style + ")", "CONVERT(" + type + ", ?, " + style + ")");
    }

    @Override
    public void bind(PreparedStatement statement, int position, Column column, @Nullable Object value)
            throws SQLException {
        if (value == null) {
            // A NULL has a type there, and that of a text is not converted to bytes.
            boolean bytes = switch (column.typeName()) {
                case "binary", "varbinary", "hierarchyid", "geometry", "geography" -> true;
                default -> false;
            };
            statement.setNull(position, bytes ? Types.VARBINARY : Types.NVARCHAR);
        } else if (value instanceof String text) {
            // Whatever sendStringParametersAsUnicode says.
            statement.setNString(position, text);
        } else {
            Dialect.super.bind(statement, position, column, value);
        }
    }

    @Override
    public String asStored(Column column, String expression) {
        Column.Size size = column.size();
        String declared = switch (column.typeName()) {
            case "decimal", "numeric" -> column.typeName() + "(" + size.length() + ", " + size.scale() + ")";
            case "tinyint", "smallint", "int", "bigint", "money", "date", "datetime", "smalldatetime" ->
                column.typeName();
            case "time", "datetime2", "datetimeoffset" -> column.typeName() + "(" + size.scale() + ")";
            case "binary" -> "binary(" + size.length() + ")";
            default -> "";
        };
        return declared.isEmpty() ? expression : "CAST(" + expression + " AS " + declared + ")";
    }

    @Override
    public boolean storesTextAsIs(Column column) {
        return column.typeName().equals("varchar") || column.typeName().equals("nvarchar");
    }

    @Override
    public boolean storesText(Column column, String text) {
        boolean unicode = column.typeName().equals("nvarchar");
        return storesTextAsIs(column)
                && text.length() <= column.size().length()
                && (unicode || text.chars().allMatch(c -> c >= ' ' && c < 127));
    }

    @Override
    public boolean holds(Column column, BigDecimal number) {
        int bits = switch (column.typeName()) {
            case "smallint" -> 16;
            case "int" -> 32;
            case "bigint" -> 64;
            default -> 0;
        };
        if (column.typeName().equals("tinyint")) {
            return number.signum() >= 0 && number.compareTo(BigDecimal.valueOf(255)) <= 0;
        }
        boolean decimal =
                column.typeName().equals("decimal") || column.typeName().equals("numeric");
        return bits > 0 ? number.toBigInteger().bitLength() < bits : decimal && Digits.fit(column, number);
    }

    @Override
    public String identityOverride() {
        return "";
    }

    @Override
    public SessionRestore giveIdentity(Connection connection, Table table) throws SQLException {
        if (table.columns().stream().noneMatch(Column::autoIncrement)) {
            return () -> {};
        }
        String set = "SET IDENTITY_INSERT " + qualifiedName(table.name()) + " ";
        execute(connection, set + "ON");
        return () -> execute(connection, set + "OFF");
    }

    @Override
    public boolean isDuplicateKey(SQLException failure) {
        return DUPLICATE_KEY.contains(failure.getErrorCode());
    }

    @Override
    public boolean refusesData(SQLException failure) {
        return Dialect.super.refusesData(failure)
                || isDuplicateKey(failure)
                || REFUSED_DATA.contains(failure.getErrorCode());
    }

    @Override
    public boolean missesAName(SQLException failure) {
        return Dialect.super.missesAName(failure) || MISSING_NAMES.contains(failure.getErrorCode());
    }

    @Override
    public boolean hasNoSuchName(SQLException failure) {
        return MISSING_NAMES.contains(failure.getErrorCode());
    }

    @Override
    public String lockingClause() {
        return "";
    }

    /** UPDLOCK keeps the rows until the transaction ends; without ROWLOCK the server might choose their pages. */
    @Override
    public String lockingHint() {
        return "WITH (UPDLOCK, ROWLOCK)";
    }

    /** It may: XACT_ABORT decides, and the transaction that is then begun unseen would commit half of the work. */
    @Override
    public boolean failureEndsTransaction() {
        return true;
    }

    @Override
    public boolean answersWhileRunning() {
        return true;
    }

    /** There is no release of a savepoint; it ends with the transaction. */
    @Override
    public void release(Connection connection, Savepoint savepoint) {}

    @Override
    public long maxParameterBytes(Connection connection) {
        return Integer.MAX_VALUE;
    }

    @Override
    public SessionRestore prepareUndoSession(Connection connection, String printedUnder) throws SQLException {
        // A refused row must leave the transaction to the rows that are tried after it.
        if (!hasXactAbort(connection)) {
            return () -> {};
        }
        execute(connection, "SET XACT_ABORT OFF");
        return () -> execute(connection, "SET XACT_ABORT ON");
    }

    private static boolean hasXactAbort(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT @@OPTIONS")) {
            row.next();
            return (row.getInt(1) & XACT_ABORT) != 0;
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public String scope(Connection connection) throws SQLException {
        // The schema of a name without one is the user's, which does not change within a session.
        return String.valueOf(connection.getCatalog());
    }

    @Override
    public TableName resolve(Connection connection, @Nullable String schema, String name) throws SQLException {
        return SqlServerCatalog.resolve(connection, schema, name);
    }

    @Override
    public Table read(Connection connection, TableName name) throws SQLException {
        SqlServerCatalog.requireTable(connection, name, qualifiedName(name));
        Table table = UniqueKey.identify(
                name, SqlServerCatalog.columns(connection, name, qualifiedName(name)), uniqueKeys(connection, name));
        for (Column key : table.key()) {
            if (key.typeName().equals("timestamp")) {
                throw new TableNotUsableException(
                        name.toString(),
                        "its key column " + key.name() + " is a rowversion, which each update changes",
                        "add a primary key of another type");
            }
        }
        return table;
    }

    @Override
    public List<UniqueKey> uniqueKeys(Connection connection, TableName name) throws SQLException {
        return SqlServerCatalog.uniqueKeys(connection, name, qualifiedName(name));
    }

    @Override
    public List<Trigger> triggers(Connection connection, TableName name) throws SQLException {
        return SqlServerCatalog.triggers(connection, name, qualifiedName(name));
    }

    @Override
    public List<ReferencingKey> referencing(Connection connection, TableName name) throws SQLException {
        return SqlServerCatalog.referencing(connection, name, qualifiedName(name));
    }
}
