package io.entente.rm.dialect;

import io.entente.rm.table.Column;
import io.entente.rm.table.ReferencingKey;
import io.entente.rm.table.Table;
import io.entente.rm.table.TableName;
import io.entente.rm.table.Trigger;
import io.entente.rm.table.UniqueKey;
import java.math.BigDecimal;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.sql.Types;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Oracle 19c and later.
 *
 * <p>Dates and times travel as texts with formats of our own: what the server prints by itself depends on the session's
 * NLS settings. An empty text or byte string is NULL there, but an empty large object is not.
 */
public final class Oracle implements Dialect {

    private static final int DUPLICATE_KEY = 1;

    /** Not null, checks, foreign keys, and the failed commit of deferred ones, which Oracle does not put into class 23. */
    private static final Set<Integer> REFUSED_DATA =
            Set.of(1400, 1407, 1438, 1461, 2091, 2290, 2291, 2292, 12899, 32795, 32796);

    /** With the sign of the year, or a blank in its place: 30 characters. */
    private static final String INSTANT_FORMAT = "'SYYYY-MM-DD HH24:MI:SS.FF9'";

    private static final ColumnAccess DATE = ColumnAccess.through(
            ValueKind.TEXT, "LTRIM(TO_CHAR({}, 'SYYYY-MM-DD HH24:MI:SS'))", "TO_DATE(?, 'SYYYY-MM-DD HH24:MI:SS')");

    private static final ColumnAccess TIMESTAMP = ColumnAccess.through(
            ValueKind.TEXT, "LTRIM(TO_CHAR({}, " + INSTANT_FORMAT + "))", "TO_TIMESTAMP(?, " + INSTANT_FORMAT + ")");

    /** The instant in UTC and the zone apart: the local time alone is ambiguous when clocks are set back. */
    private static final ColumnAccess ZONED = ColumnAccess.through(
            ValueKind.TEXT,
            "CASE WHEN {} IS NOT NULL THEN TO_CHAR(SYS_EXTRACT_UTC({}), " + INSTANT_FORMAT
                    + ") || ' ' || TO_CHAR({}, 'TZR') END",
            "(SELECT FROM_TZ(TO_TIMESTAMP(SUBSTR(v, 1, 30), " + INSTANT_FORMAT
                    + "), '+00:00') AT TIME ZONE SUBSTR(v, 32) FROM (SELECT ? AS v FROM DUAL))");

    /** An instant that the session's time zone only prints. */
    private static final ColumnAccess LOCAL = ColumnAccess.through(
            ValueKind.TEXT,
            "LTRIM(TO_CHAR(SYS_EXTRACT_UTC(CAST({} AS TIMESTAMP(9) WITH TIME ZONE)), " + INSTANT_FORMAT + "))",
            "FROM_TZ(TO_TIMESTAMP(?, " + INSTANT_FORMAT + "), '+00:00')");

    @Override
    public String sqlFolder() {
        return "oracle";
    }

    @Override
    public String quote(String identifier) {
        return '"' + identifier + '"';
    }

    @Override
    public ColumnAccess access(Column column) throws ColumnNotCapturableException {
        return switch (column.typeName()) {
            case "NUMBER" -> ColumnAccess.plain(ValueKind.DECIMAL);
            // A number to the server, an inexact type to its driver.
            case "FLOAT" -> ColumnAccess.through(ValueKind.DECIMAL, "CAST({} AS NUMBER)");
            case "BINARY_FLOAT" -> ColumnAccess.plain(ValueKind.FLOAT);
            case "BINARY_DOUBLE" -> ColumnAccess.plain(ValueKind.DOUBLE);
            case "CHAR", "CHAR BYTE", "NCHAR", "VARCHAR2", "VARCHAR2 BYTE", "NVARCHAR2", "CLOB", "NCLOB" ->
                ColumnAccess.plain(ValueKind.TEXT);
            case "RAW", "BLOB" -> ColumnAccess.plain(ValueKind.BYTES);
            case "DATE" -> DATE;
            case "TIMESTAMP" -> TIMESTAMP;
            case "TIMESTAMP WITH TIME ZONE" -> ZONED;
            case "TIMESTAMP WITH LOCAL TIME ZONE" -> LOCAL;
            case "INTERVAL YEAR TO MONTH" -> ColumnAccess.through(ValueKind.TEXT, "TO_CHAR({})", "TO_YMINTERVAL(?)");
            case "INTERVAL DAY TO SECOND" -> ColumnAccess.through(ValueKind.TEXT, "TO_CHAR({})", "TO_DSINTERVAL(?)");
            // EXTENDED keeps the types that JSON texts do not have, such as dates.
            case "JSON" ->
                ColumnAccess.through(ValueKind.TEXT, "JSON_SERIALIZE({} RETURNING CLOB EXTENDED)", "JSON(? EXTENDED)");
            // As a number, because older drivers do not know the type.
            case "BOOLEAN" ->
                ColumnAccess.through(ValueKind.DECIMAL, "CASE WHEN {} THEN 1 WHEN NOT {} THEN 0 END", "TO_BOOLEAN(?)");
            // LONG, ROWID, XMLTYPE, BFILE, VECTOR, objects and collections.
            default -> throw new ColumnNotCapturableException(column, "Oracle");
        };
    }

    @Override
    public void bind(PreparedStatement statement, int position, Column column, @Nullable Object value)
            throws SQLException {
        String type = column.typeName();
        if (value instanceof Float) {
            // As a NUMBER, which the driver makes of it otherwise, it may be out of range, and NaN is.
            statement.setObject(position, value, ValueKind.ORACLE_BINARY_FLOAT);
        } else if (value instanceof Double) {
            statement.setObject(position, value, ValueKind.ORACLE_BINARY_DOUBLE);
        } else if (value instanceof String text && (type.equals("CLOB") || type.equals("NCLOB"))) {
            Clob clob = type.equals("CLOB")
                    ? statement.getConnection().createClob()
                    : statement.getConnection().createNClob();
            clob.setString(1, text);
            statement.setClob(position, clob);
        } else if (value instanceof Bytes bytes && type.equals("BLOB")) {
            Blob blob = statement.getConnection().createBlob();
            blob.setBytes(1, bytes.toArray());
            statement.setBlob(position, blob);
        } else if (value instanceof String text && type.startsWith("N")) {
            statement.setNString(position, text);
        } else if (value == null && type.equals("BLOB")) {
            statement.setNull(position, Types.BLOB);
        } else {
            Dialect.super.bind(statement, position, column, value);
        }
    }

    @Override
    public String asStored(Column column, String expression) {
        Column.Size size = column.size();
        String declared = switch (column.typeName()) {
            case "NUMBER" -> size.length() > 0 ? "NUMBER(" + size.length() + ", " + size.scale() + ")" : "";
            // Padded to its length, while a parameter that it is compared with is not.
            case "CHAR" -> "CHAR(" + size.length() + " CHAR)";
            case "CHAR BYTE" -> "CHAR(" + size.length() + " BYTE)";
            case "NCHAR" -> "NCHAR(" + size.length() + ")";
            case "DATE" -> "DATE";
            case "TIMESTAMP" -> "TIMESTAMP(" + size.scale() + ")";
            case "TIMESTAMP WITH TIME ZONE" -> "TIMESTAMP(" + size.scale() + ") WITH TIME ZONE";
            case "TIMESTAMP WITH LOCAL TIME ZONE" -> "TIMESTAMP(" + size.scale() + ") WITH LOCAL TIME ZONE";
            default -> "";
        };
        return declared.isEmpty() ? expression : "CAST(" + expression + " AS " + declared + ")";
    }

    @Override
    public boolean storesTextAsIs(Column column) {
        return column.typeName().startsWith("VARCHAR2") || column.typeName().equals("NVARCHAR2");
    }

    @Override
    public boolean storesText(Column column, String text) {
        // The empty text is stored as NULL; other characters may not exist in the database's character set.
        return !text.isEmpty()
                && Dialect.super.storesText(column, text)
                && text.chars().allMatch(c -> c >= ' ' && c < 127);
    }

    @Override
    public boolean holds(Column column, BigDecimal number) {
        return column.typeName().equals("NUMBER") && Digits.fit(column, number);
    }

    /** Oracle knows no such words; what it would need them for is refused, see {@link #neverGiven}. */
    @Override
    public String identityOverride() {
        return "";
    }

    @Override
    public boolean isDuplicateKey(SQLException failure) {
        return failure.getErrorCode() == DUPLICATE_KEY;
    }

    @Override
    public boolean refusesData(SQLException failure) {
        return Dialect.super.refusesData(failure) || REFUSED_DATA.contains(failure.getErrorCode());
    }

    @Override
    public boolean createsOnce() {
        return true;
    }

    /** Beside a star there is no other column, unless the star has the name of its table. */
    @Override
    public String starQualifier(TableName table) {
        return qualifiedName(table) + ".";
    }

    @Override
    public boolean acceptsSeveralStatements(Connection connection) {
        return false;
    }

    /** The driver has no release; a savepoint is overwritten by the next one of its name, or ends with the transaction. */
    @Override
    public void release(Connection connection, Savepoint savepoint) {}

    @Override
    public long maxParameterBytes(Connection connection) {
        return Integer.MAX_VALUE;
    }

    @Override
    public SessionRestore prepareUndoSession(Connection connection, String printedUnder) throws SQLException {
        // Deferrable constraints then look at the result of the whole undo only. This ends with the transaction.
        try (Statement set = connection.createStatement()) {
            set.execute("SET CONSTRAINTS ALL DEFERRED");
        }
        return () -> {};
    }

    @Override
    public String scope(Connection connection) throws SQLException {
        return String.valueOf(connection.getSchema());
    }

    @Override
    public TableName resolve(Connection connection, @Nullable String schema, String name) throws SQLException {
        return OracleCatalog.resolve(connection, schema, name);
    }

    @Override
    public Table read(Connection connection, TableName name) throws SQLException {
        OracleCatalog.requireTable(connection, name);
        return UniqueKey.identify(name, OracleCatalog.columns(connection, name), uniqueKeys(connection, name));
    }

    @Override
    public List<UniqueKey> uniqueKeys(Connection connection, TableName name) throws SQLException {
        return OracleCatalog.uniqueKeys(connection, name);
    }

    @Override
    public List<Trigger> triggers(Connection connection, TableName name) throws SQLException {
        return OracleCatalog.triggers(connection, name);
    }

    @Override
    public List<ReferencingKey> referencing(Connection connection, TableName name) throws SQLException {
        return OracleCatalog.referencing(connection, name);
    }

    @Override
    public Set<String> neverGiven(Connection connection, TableName name) throws SQLException {
        return OracleCatalog.alwaysGenerated(connection, name);
    }
}
