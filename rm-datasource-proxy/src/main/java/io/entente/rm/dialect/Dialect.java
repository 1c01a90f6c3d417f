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
public sealed interface Dialect extends TableReader permits H2, MySql, Oracle, PostgreSql, SqlServer {

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
            case "oracle" -> new Oracle();
            case "postgresql" -> new PostgreSql(metaData.getDatabaseMajorVersion());
            case "microsoft sql server" -> new SqlServer();
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

    /**
     * Lets INSERTs of this session give the table's identity column its old value, where that is said to the session and
     * not in the statement.
     *
     * @return ends it; to be called in any case
     */
    default SessionRestore giveIdentity(Connection connection, Table table) throws SQLException {
        return () -> {};
    }

    /** The server refused a second row with the same key. */
    boolean isDuplicateKey(SQLException failure);

    /** The server refused the data itself, so that trying again cannot help. */
    default boolean refusesData(SQLException failure) {
        String state = failure.getSQLState();
        return state != null && (state.startsWith("22") || state.startsWith("23"));
    }

    /** The statement may name a table or a column that is not there: syntax error or access rule violation. */
    default boolean missesAName(SQLException failure) {
        return failure.getSQLState() != null && failure.getSQLState().startsWith("42");
    }

    /** The statement surely names a table or a column that is not there. */
    default boolean hasNoSuchName(SQLException failure) {
        String state = failure.getSQLState();
        return state != null && (state.startsWith("42S") || state.equals("42P01") || state.equals("42703"));
    }

    /** Whether the DDL of {@link #sqlFolder} fails where the table is there already. */
    default boolean createsOnce() {
        return false;
    }

    /**
     * Most bytes that one parameter may have.
     *
     * @param connection asked when the server has a setting for it
     */
    long maxParameterBytes(Connection connection) throws SQLException;

    /** Why no undo could give the column this value again, although it has it; null when one can. */
    default @Nullable String whyNotRestorable(Column column, Object value) {
        return null;
    }

    /**
     * Makes the session exact for writing captured values back: time zone, strictness, zero keys. Called inside the
     * local transaction of a rollback.
     *
     * @param printedUnder what {@link #printedUnder} yielded in the session that captured them; empty when that is not known
     * @return puts the session back as it was; to be called after the transaction ended
     */
    SessionRestore prepareUndoSession(Connection connection, String printedUnder) throws SQLException;

    /**
     * SQL of a short text, free of {@code &} and {@code =}, that tells under which settings a session prints values of these
     * columns; empty where all sessions print them alike.
     */
    default String printedUnder(List<Column> columns) {
        return "";
    }

    /** SQL of two texts in one. */
    default String concat(String one, String other) {
        return one + " || " + other;
    }

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

    /** Whether a result's metadata names the database that a column's table is in. */
    default boolean resultsTellTheirDatabase() {
        return false;
    }

    /** Whether this connection takes a text with several statements. */
    default boolean acceptsSeveralStatements(Connection connection) throws SQLException {
        return true;
    }

    /** How the owner of a function says that it does not write, for {@link TableReader#writers}. */
    default String declaringThatNothingIsWritten() {
        return "call it outside the global transaction";
    }

    /**
     * Whether the session reads back-slashes in texts as the database's own defaults have it, by which statements are divided
     * into words.
     */
    default boolean readsBackslashesAsUsual(Connection connection, String sql) throws SQLException {
        return true;
    }

    /** Whether the methods of a large object that a result holds change what is stored. */
    default boolean writesLargeObjectsInPlace() {
        return false;
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
        // Some settings make an empty text NULL.
        return storesTextAsIs(column)
                && !text.isEmpty()
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

    /** A text, as the column's type reads it when it is stored there; fit for {@link #asStored}. */
    default String ofText(Column column, String expression) {
        return expression;
    }

    /**
     * Finds out, once at the start, whether several statements may be sent as one text: the server may not take it, and
     * pools have filters against it. Without that, it is not done.
     *
     * @param own a connection that no transaction is open on
     */
    default void probe(Connection own) {}

    /**
     * Inserts a row and commits, in one round trip. When the insert fails, nothing is committed.
     *
     * @return false when that takes two; nothing was executed
     */
    default boolean insertAndCommit(Connection connection, InsertedRow row) throws SQLException {
        return false;
    }

    /**
     * A query that has a date or time as its only parameter, bound as an object of java.sql or as text in the JVM's zone,
     * and answers with the text that the column would be captured as; NULL where that is ambiguous. Empty where the
     * column's type has no such query.
     */
    default String printingQuery(Column column) {
        return "";
    }

    /**
     * Whether a number that the database generates may be that of a row which is there: a sequence does not know of
     * numbers that were given.
     */
    default boolean generatesTakenNumbers() {
        return false;
    }

    /** Whether a statement that fails leaves nothing but a rollback of its local transaction. */
    default boolean failureEndsTransaction() {
        return false;
    }

    /** Whether the server has rolled back the whole local transaction when it answered with this failure. */
    default boolean rollsBackWith(Connection connection, SQLException failure) throws SQLException {
        return false;
    }

    /** A failure of the undo row's insert, in words that tell what is wrong where the database has none. */
    default SQLException explained(SQLException failure) {
        return failure;
    }

    /** Whether a query that changes rows and fails in the middle of them leaves the first ones changed. */
    default boolean failedQueryLeavesChanges() {
        return false;
    }

    /**
     * Whether the rows that a change returns may come before the failure that undoes it, and the driver tells them first
     * and cannot go back in them. They are then taken in, to the end, before they are believed.
     */
    default boolean answersWhileRunning() {
        return false;
    }

    /**
     * Makes a connection fit for use again on which a block of statements failed.
     *
     * @param failure gets what goes wrong in doing so
     */
    default void afterFailedBlock(Connection connection, SQLException failure) {}

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

    /** What stands at the end of a query that locks the rows it finds until the transaction ends; may be empty. */
    default String lockingClause() {
        return "FOR UPDATE";
    }

    /** What stands behind the table in such a query; may be empty. */
    default String lockingHint() {
        return "";
    }

    /** What stands before it, so that the query finds all rows whatever the session's settings; may be empty. */
    default String unlimited() {
        return "";
    }

    /** A query that locks the rows it finds until the transaction ends. */
    default String lockingQuery(String selectList, String from, String condition) {
        String hint = lockingHint().isEmpty() ? "" : " " + lockingHint();
        String end = (unlimited() + " " + lockingClause()).strip();
        return ("SELECT " + selectList + " FROM " + from + hint + " WHERE " + condition + " " + end).strip();
    }

    /** What has to stand before a star beside which there are other columns, with its point; may be empty. */
    default String starQualifier(TableName table) {
        return "";
    }

    /**
     * Whether foreign keys are looked at when a statement is over, and not row by row, so that one statement may write
     * rows that refer to each other.
     */
    default boolean looksAtConstraintsPerStatement() {
        return false;
    }

    /** Binds a text with which a query compares a column of any type. */
    default void bindComparedText(PreparedStatement statement, int position, String text) throws SQLException {
        statement.setString(position, text);
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
