package io.entente.rm.jdbc;

import io.entente.rm.forwarding.ForwardingCallableStatement;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;

/** A procedure call: what it writes cannot be seen, so it is refused inside a global transaction. */
final class EntenteCallableStatement extends ForwardingCallableStatement {

    private static final String REMEDY =
            "send the procedure's statements one by one, or call it outside the global transaction";

    private final EntenteConnection connection;

    EntenteCallableStatement(EntenteConnection connection, CallableStatement real) {
        super(real);
        this.connection = connection;
    }

    @Override
    protected void beforeExecution() throws SQLException {
        connection.requireNoGlobalTransaction("a procedure call (CallableStatement)", REMEDY);
    }

    @Override
    protected ResultSet wrap(ResultSet results) {
        return new EntenteResultSet(connection, this, results);
    }

    @Override
    public Connection getConnection() {
        return connection;
    }
}
