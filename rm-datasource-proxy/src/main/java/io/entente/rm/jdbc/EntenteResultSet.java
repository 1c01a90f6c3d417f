package io.entente.rm.jdbc;

import io.entente.rm.forwarding.ForwardingResultSet;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/** A result set that leaks no real statement and through which no row is changed inside a global transaction. */
final class EntenteResultSet extends ForwardingResultSet {

    private final EntenteConnection connection;
    private final Statement statement;

    EntenteResultSet(EntenteConnection connection, Statement statement, ResultSet real) {
        super(real);
        this.connection = connection;
        this.statement = statement;
    }

    @Override
    public @Nullable Statement getStatement() throws SQLException {
        // The driver's own answer for a closed result set, or one without a statement, stays.
        return real.getStatement() == null ? null : statement;
    }

    @Override
    public void close() throws SQLException {
        super.close();
        if (statement instanceof ResultKeepingStatement<?> keeping) {
            keeping.rowsClosed();
        }
    }

    @Override
    public @Nullable Blob getBlob(String column) throws SQLException {
        return guarded(super.getBlob(column));
    }

    @Override
    public @Nullable Blob getBlob(int column) throws SQLException {
        return guarded(super.getBlob(column));
    }

    @Override
    public @Nullable Clob getClob(String column) throws SQLException {
        return guarded(super.getClob(column));
    }

    @Override
    public @Nullable Clob getClob(int column) throws SQLException {
        return guarded(super.getClob(column));
    }

    @Override
    public <T> @Nullable T getObject(String column, Class<T> type) throws SQLException {
        return guarded(super.getObject(column, type), type);
    }

    @Override
    public <T> @Nullable T getObject(int column, Class<T> type) throws SQLException {
        return guarded(super.getObject(column, type), type);
    }

    private <T> @Nullable T guarded(@Nullable T value, Class<T> type) throws SQLException {
        if (type == Blob.class) {
            return type.cast(guarded((Blob) value));
        }
        return type == Clob.class ? type.cast(guarded((Clob) value)) : value;
    }

    private @Nullable Blob guarded(@Nullable Blob blob) throws SQLException {
        return blob != null && connection.mustNotWriteInPlace() ? new ReadOnlyBlob(blob) : blob;
    }

    private @Nullable Clob guarded(@Nullable Clob clob) throws SQLException {
        return clob != null && connection.mustNotWriteInPlace() ? new ReadOnlyClob(clob) : clob;
    }

    @Override
    public void insertRow() throws SQLException {
        connection.requireNoGlobalTransaction("ResultSet.insertRow()", "use an INSERT statement");
        super.insertRow();
    }

    @Override
    public void updateRow() throws SQLException {
        connection.requireNoGlobalTransaction("ResultSet.updateRow()", "use an UPDATE statement");
        super.updateRow();
    }

    @Override
    public void deleteRow() throws SQLException {
        connection.requireNoGlobalTransaction("ResultSet.deleteRow()", "use a DELETE statement");
        super.deleteRow();
    }
}
