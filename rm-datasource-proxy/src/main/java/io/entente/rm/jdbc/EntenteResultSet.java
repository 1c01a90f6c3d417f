package io.entente.rm.jdbc;

import io.entente.rm.forwarding.ForwardingResultSet;
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
