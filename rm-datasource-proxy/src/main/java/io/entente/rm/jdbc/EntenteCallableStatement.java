package io.entente.rm.jdbc;

import java.sql.CallableStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** A procedure call: what it writes cannot be seen, so it is refused inside a global transaction. */
final class EntenteCallableStatement extends ForwardingCallableStatement {

    private static final String REMEDY =
            "send the procedure's statements one by one, or call it outside the global transaction";

    EntenteCallableStatement(EntenteConnection connection, CallableStatement real) {
        super(connection, real);
    }

    private void refuse() throws StatementRefusedException {
        connection.requireNoGlobalTransaction("a procedure call (CallableStatement)", REMEDY);
    }

    @Override
    public boolean execute() throws SQLException {
        refuse();
        return super.execute();
    }

    @Override
    public ResultSet executeQuery() throws SQLException {
        refuse();
        return super.executeQuery();
    }

    @Override
    public int executeUpdate() throws SQLException {
        refuse();
        return super.executeUpdate();
    }

    @Override
    public long executeLargeUpdate() throws SQLException {
        refuse();
        return super.executeLargeUpdate();
    }

    @Override
    public int[] executeBatch() throws SQLException {
        refuse();
        return super.executeBatch();
    }

    @Override
    public long[] executeLargeBatch() throws SQLException {
        refuse();
        return super.executeLargeBatch();
    }
}
