package io.entente.rm.xa;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.concurrent.Executor;
import javax.sql.XAConnection;
import javax.transaction.xa.XAResource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A connection to the database that can do XA. Once there is a doubt about its state it is broken, and stays so. */
final class PhysicalConnection extends GuardedConnection {

    private static final Logger log = LoggerFactory.getLogger(PhysicalConnection.class);

    private final XAConnection connection;
    private final XAResource xaResource;
    private volatile boolean broken;
    private volatile boolean keptOpen;
    private int savepoints;

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
        // Another thread may be waiting for one. A server that only loses the connection would carry it out to its end.
        statements().cancelAll();
        try {
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

    // ---------------------------------------------------------------- savepoints
    // By SQL, because PostgreSQL's driver takes none inside an XA branch.

    private record NumberedSavepoint(int number, @Nullable String name) implements Savepoint {

        @Override
        public int getSavepointId() throws SQLException {
            if (name != null) {
                throw new SQLException("The savepoint has the name " + name + " and no id.");
            }
            return number;
        }

        @Override
        public String getSavepointName() throws SQLException {
            if (name == null) {
                throw new SQLException("The savepoint has the id " + number + " and no name.");
            }
            return name;
        }

        String sql() {
            return "entente_" + number;
        }
    }

    @Override
    public Savepoint setSavepoint() throws SQLException {
        return save(new NumberedSavepoint(++savepoints, null));
    }

    @Override
    public Savepoint setSavepoint(String name) throws SQLException {
        return save(new NumberedSavepoint(++savepoints, name));
    }

    private Savepoint save(NumberedSavepoint savepoint) throws SQLException {
        execute("SAVEPOINT " + savepoint.sql());
        return savepoint;
    }

    @Override
    public void rollback(Savepoint savepoint) throws SQLException {
        execute("ROLLBACK TO SAVEPOINT " + ours(savepoint).sql());
    }

    @Override
    public void releaseSavepoint(Savepoint savepoint) throws SQLException {
        execute("RELEASE SAVEPOINT " + ours(savepoint).sql());
    }

    private static NumberedSavepoint ours(Savepoint savepoint) throws SQLException {
        if (savepoint instanceof NumberedSavepoint numbered) {
            return numbered;
        }
        throw new SQLException("The savepoint " + savepoint + " is none of this connection.");
    }

    private void execute(String sql) throws SQLException {
        beforeStatement();
        try (Statement statement = real.createStatement()) {
            statement.execute(sql);
        }
    }
}
