package io.entente.tc.log.jdbc;

import io.entente.tc.log.ThreadEnd;
import java.io.Closeable;
import java.sql.SQLException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Renews a lease while its holder is busy with reading the log, which may take longer than the lease lasts. */
final class LeaseKeeper implements Closeable {

    private static final Logger LOGGER = LoggerFactory.getLogger(LeaseKeeper.class);

    private final JdbcLogSettings settings;
    private final Lease lease;
    private final long term;
    private final Thread thread = new Thread(this::run, "entente-lease-keeper");
    private volatile boolean closed;

    /** Begins at once. */
    LeaseKeeper(JdbcLogSettings settings, Lease lease, long term) {
        this.settings = settings;
        this.lease = lease;
        this.term = term;
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        LogConnection connection = null;
        while (!closed) {
            LockSupport.parkNanos(this, settings.rhythm().toNanos());
            connection = renewed(connection);
        }
        if (connection != null) {
            connection.close();
        }
    }

    /** The connection for the next time; null when it needs a new one. */
    private @Nullable LogConnection renewed(@Nullable LogConnection known) {
        LogConnection connection = known;
        try {
            if (connection == null) {
                connection = LogConnection.open(settings);
            }
            // Whether somebody else has taken the lead is found out by whoever writes.
            var unused = lease.renew(connection, term);
            return connection;
        } catch (SQLException e) {
            LOGGER.debug("The lease could not be renewed; tried again", e);
            if (connection != null) {
                connection.close();
            }
            return null;
        }
    }

    /** Returns when nothing more is renewed here. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        ThreadEnd.await(thread);
    }
}
