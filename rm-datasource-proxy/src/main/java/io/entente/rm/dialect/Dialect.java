package io.entente.rm.dialect;

import io.entente.rm.table.Column;
import io.entente.rm.table.Table;
import io.entente.rm.table.TableName;
import io.entente.rm.table.TableReader;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One kind of database. Stateless. */
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
            case "mysql", "mariadb" -> new MySql();
            case "postgresql" -> new PostgreSql();
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

    /**
     * The select list that captures these columns, to be read by {@code ImageReader}.
     *
     * <p>For all columns of the table it starts with {@code *}: the database then tells which columns the table really
     * has, so that a column added since the metadata was cached is noticed instead of being lost by the undo of a
     * DELETE. Columns that need an expression or are invisible follow, in order.
     *
     * @throws ColumnNotCapturableException a column's type cannot be captured
     */
    default String selectList(Table table, List<Column> columns) throws ColumnNotCapturableException {
        boolean whole = columns.equals(table.columns());
        List<String> items = new ArrayList<>();
        if (whole) {
            items.add("*");
        }
        for (Column column : columns) {
            ColumnAccess access = access(column);
            if (!whole || column.invisible() || !access.plain()) {
                items.add(access.read(quote(column.name())));
            }
        }
        return String.join(", ", items);
    }

    /**
     * A WHERE condition for a number of rows by key. Parameters: row by row, each in key order, bound with
     * {@link #bind}.
     */
    default String keyPredicate(Table table, int rows) throws ColumnNotCapturableException {
        List<Column> key = table.key();
        if (key.size() == 1) {
            String placeholder = access(key.get(0)).keyPlaceholder();
            String quoted = quote(key.get(0).name());
            return rows == 1
                    ? quoted + " = " + placeholder
                    : quoted + " IN (" + String.join(", ", Collections.nCopies(rows, placeholder)) + ")";
        }
        List<String> parts = new ArrayList<>();
        for (Column column : key) {
            parts.add(quote(column.name()) + " = " + access(column).keyPlaceholder());
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
