package io.entente.rm.dialect;

import io.entente.rm.table.Column;
import io.entente.rm.table.Table;
import io.entente.rm.table.TableName;
import io.entente.rm.table.TableReader;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One kind of database. Immutable. */
public sealed interface Dialect extends TableReader permits H2, MySql, PostgreSql {

    /**
     * The dialect of a database.
     *
     * @throws UnsupportedDatabaseException it is none of the supported ones
     */
    static Dialect of(DatabaseMetaData metaData) throws SQLException {
        String product = metaData.getDatabaseProductName();
        return switch (product.toLowerCase(Locale.ROOT)) {
            case "h2" -> new H2();
            case "mysql", "mariadb" -> MySql.of(metaData);
            case "postgresql" -> new PostgreSql(metaData.getDatabaseMajorVersion());
            default -> throw new UnsupportedDatabaseException(product, metaData.getDatabaseProductVersion());
        };
    }

    /** The folder of this database's DDL below {@code sql/}. */
    String sqlFolder();

    /** Quotes an identifier spelled as in the catalog. */
    String quote(String identifier);

    /**
     * How a column is captured.
     *
     * @throws ColumnNotCapturableException its type cannot be captured without loss
     */
    ColumnAccess access(Column column) throws ColumnNotCapturableException;

    /** SQL between the column list and VALUES that lets an INSERT give an identity column its old value; may be empty. */
    String identityOverride();

    /** The server refused a second row with the same key. */
    boolean isDuplicateKey(SQLException failure);

    /**
     * Most bytes that one parameter may have.
     *
     * @param connection asked when the server has a setting for it
     */
    long maxParameterBytes(Connection connection) throws SQLException;

    /**
     * Makes the session exact for writing captured values back: time zone, strictness, zero keys. Called inside the
     * local transaction of a rollback.
     *
     * @return puts the session back as it was; to be called after the transaction ended
     */
    SessionRestore prepareUndoSession(Connection connection) throws SQLException;

    /**
     * Whether a driver's batch of statements that return rows gives all of these rows as generated keys, so that such a
     * batch is one round trip.
     */
    default boolean batchesReturnRows() {
        return false;
    }

    /** Whether only a locking query surely shows a row of the table as this transaction has left it. */
    default boolean readsNewestByLock(Table table) {
        return false;
    }

    /** Whether this connection takes a text with several statements. */
    default boolean acceptsSeveralStatements(Connection connection) throws SQLException {
        return true;
    }

    /** Whether the driver tells the results of all statements of one text, and not of the first only. */
    default boolean tellsResultsOfAllStatements() {
        return true;
    }

    /** SQL of the value that a column gets when an INSERT leaves it out; empty where the database has no words for it. */
    default String defaultOf(Column column) {
        return "";
    }

    /** Whether each captured row tells which table it is of, see {@link io.entente.rm.table.TableDefinition#storageIds}. */
    default boolean rowsTellTheirTable() {
        return false;
    }

    /** Distance of one generated number to the next in one INSERT, where a driver tells the first one only. */
    default long autoIncrementStep(Connection connection) throws SQLException {
        return 1;
    }

    /** Whether a text column keeps every text that fits as it is: neither padded, trimmed nor converted. */
    default boolean storesTextAsIs(Column column) {
        return false;
    }

    /** Whether a column for which {@link #storesTextAsIs} holds surely keeps this text. */
    default boolean storesText(Column column, String text) {
        return storesTextAsIs(column)
                && column.size().length() > 0
                && text.codePointCount(0, text.length()) <= column.size().length();
    }

    /** Whether a column of an exact numeric type surely takes this number, which is not too precise for it. */
    default boolean holds(Column column, BigDecimal number) {
        return false;
    }

    /**
     * The value that a column has after an expression was assigned to it, for comparing the column with it.
     *
     * @param expression in SQL
     */
    default String asStored(Column column, String expression) {
        return expression;
    }

    /**
     * A query that has a date or time as its only parameter, bound as an object of java.sql or as text in the JVM's zone,
     * and answers with the text that the column would be captured as; NULL where that is ambiguous. Empty where the
     * column's type has no such query.
     */
    String printingQuery(Column column);

    /** Whether a statement that fails leaves nothing but a rollback of its local transaction. */
    default boolean failureEndsTransaction() {
        return false;
    }

    /** Whether a query that changes rows and fails in the middle of them leaves the first ones changed. */
    default boolean failedQueryLeavesChanges() {
        return false;
    }

    /** Forgets a savepoint, where that is possible. */
    default void release(Connection connection, Savepoint savepoint) throws SQLException {
        connection.releaseSavepoint(savepoint);
    }

    /** Puts a session's settings back. */
    @FunctionalInterface
    interface SessionRestore {
        /** Runs after the transaction's end. */
        void restore() throws SQLException;
    }

    /** The quoted name, with the catalog or schema where known. */
    default String qualifiedName(TableName table) {
        String qualifier = table.catalog() != null ? table.catalog() : table.schema();
        return qualifier == null ? quote(table.name()) : quote(qualifier) + "." + quote(table.name());
    }

    /** A query that locks the rows it finds until the transaction ends. */
    default String lockingQuery(String selectList, String from, String condition) {
        return "SELECT " + selectList + " FROM " + from + " WHERE " + condition + " FOR UPDATE";
    }

    /**
     * A WHERE condition for a number of rows by key. Parameters: row by row, each in key order, bound with
     * {@link #bind}.
     */
    default String keyPredicate(Table table, int rows) throws ColumnNotCapturableException {
        return keyPredicate(table, rows, "");
    }

    /** As {@link #keyPredicate(Table, int)}; {@code qualifier} stands before each column, with its point. */
    default String keyPredicate(Table table, int rows, String qualifier) throws ColumnNotCapturableException {
        List<Column> key = table.key();
        if (key.size() == 1) {
            String placeholder = access(key.get(0)).keyPlaceholder();
            String quoted = qualifier + quote(key.get(0).name());
            return rows == 1
                    ? quoted + " = " + placeholder
                    : quoted + " IN (" + String.join(", ", Collections.nCopies(rows, placeholder)) + ")";
        }
        List<String> parts = new ArrayList<>();
        for (Column column : key) {
            parts.add(qualifier + quote(column.name()) + " = " + access(column).keyPlaceholder());
        }
        String one = "(" + String.join(" AND ", parts) + ")";
        return String.join(" OR ", Collections.nCopies(rows, one));
    }

    /** Binds a captured value at a 1-based position. */
    default void bind(PreparedStatement statement, int position, Column column, @Nullable Object value)
            throws SQLException {
        if (value == null) {
            statement.setNull(position, Types.NULL);
        } else if (value instanceof Bytes bytes) {
            statement.setBytes(position, bytes.toArray());
        } else if (value instanceof String text) {
            statement.setString(position, text);
        } else {
            statement.setObject(position, value);
        }
    }
}
