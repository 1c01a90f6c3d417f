package io.entente.rm.xa;

import io.entente.tm.TransactionContext;
import java.sql.Connection;
import java.sql.SQLException;

/** A connection that was opened outside of global transactions: what it does inside of one would be committed for itself. */
final class OutsideConnection extends GuardedConnection {

    OutsideConnection(Connection real) {
        super(real);
    }

    @Override
    void beforeStatement() throws SQLException {
        String xid = TransactionContext.enlistedXid();
        if (xid != null) {
            throw new SQLException("This connection was opened before global transaction " + xid
                    + " began, so that what it does would not be a part of it. Begin the global transaction first:"
                    + " @Transactional goes inside @GlobalTransactional, not around it. For work that shall not be a part"
                    + " of it, use TransactionContext.suspend().");
        }
    }
}
