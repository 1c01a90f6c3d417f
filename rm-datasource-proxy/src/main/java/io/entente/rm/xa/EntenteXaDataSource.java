package io.entente.rm.xa;

import io.entente.rm.branch.ResourceId;
import io.entente.rm.dialect.Dialect;
import io.entente.tm.TransactionContext;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A data source whose connections take part in global transactions by XA: the database itself keeps what was done until
 * it is told to commit or to roll back, and nobody sees it before. Outside a global transaction they are what the pool
 * gives.
 *
 * <p>All local transactions of this process at one database in one global transaction are one branch. It is prepared when
 * the work of the process ends, see {@link TransactionContext#beforeEnd}.
 */
public final class EntenteXaDataSource implements DataSource {

    private final DataSource pool;
    private final XaConnectionSource source;
    private final XaResources resources;
    private volatile @Nullable XaBranches branches;

    private EntenteXaDataSource(DataSource pool, XaConnectionSource source, XaResources resources) {
        this.pool = pool;
        this.source = source;
        this.resources = resources;
    }

    /**
     * @param pool keeps connections of {@code source}
     * @param source also opens connections for phase two
     */
    public static EntenteXaDataSource wrap(DataSource pool, XaConnectionSource source, XaResources resources) {
        return new EntenteXaDataSource(pool, source, resources);
    }

    /**
     * Checks that the database can do XA and serves it to the coordinator; otherwise that happens with the first connection
     * inside a global transaction.
     *
     * @throws XaNotPossibleException the database is not set up for XA; the message holds the remedy
     * @throws SQLException the database cannot be reached, or is none of the supported ones
     */
    public void start() throws SQLException {
        XaBranches unused = branches();
    }

    private XaBranches branches() throws SQLException {
        XaBranches known = branches;
        if (known == null) {
            PhysicalConnection connection = source.open();
            try {
                DatabaseMetaData metaData = connection.getMetaData();
                Dialect dialect = Dialect.of(metaData);
                XaPreflight.check(dialect, connection);
                XaPreflight.check(pool);
                known = resources.serve(ResourceId.of(metaData), Prepared.in(dialect), source);
            } finally {
                connection.close();
            }
            branches = known;
        }
        return known;
    }

    @Override
    public Connection getConnection() throws SQLException {
        String xid = TransactionContext.enlistedXid();
        return xid == null
                ? new OutsideConnection(pool.getConnection())
                : branches().connect(xid, pool);
    }

    /** @throws SQLException inside a global transaction: the pool keeps the connections of one user */
    @Override
    public Connection getConnection(String username, String password) throws SQLException {
        if (TransactionContext.enlistedXid() != null) {
            throw new SQLFeatureNotSupportedException(
                    "Inside a global transaction getConnection(username, password) is not possible with XA: phase two"
                            + " could not find the branch again. Make a data source of its own for that user.");
        }
        return new OutsideConnection(pool.getConnection(username, password));
    }

    @Override
    public PrintWriter getLogWriter() throws SQLException {
        return pool.getLogWriter();
    }

    @Override
    public void setLogWriter(PrintWriter out) throws SQLException {
        pool.setLogWriter(out);
    }

    @Override
    public void setLoginTimeout(int seconds) throws SQLException {
        pool.setLoginTimeout(seconds);
    }

    @Override
    public int getLoginTimeout() throws SQLException {
        return pool.getLoginTimeout();
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        return pool.getParentLogger();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        if (type.isInstance(this)) {
            return type.cast(this);
        }
        return type.isInstance(pool) ? type.cast(pool) : pool.unwrap(type);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) throws SQLException {
        return type.isInstance(this) || type.isInstance(pool) || pool.isWrapperFor(type);
    }

    @Override
    public String toString() {
        return "EntenteXaDataSource(" + pool + ")";
    }
}
