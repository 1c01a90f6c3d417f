package io.entente.tc.log.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/**
 * A log in a database.
 *
 * @param connector opens connections; this process holds up to three
 * @param name of the database in messages; without a password
 * @param group coordinators of the same name stand in for each other; others in the same tables have a log of their own
 * @param lease how long a leader that is not heard of keeps the lead; also how long the database may take for an answer
 * @param maxEntryBytes largest payload
 * @param maxPendingBytes entries waiting for the database; beyond this, appending waits. What is stored at once is at most
 *     this and one entry more, and must be below the server's {@code max_allowed_packet}
 */
public record JdbcLogSettings(
        JdbcLogSettings.Connector connector,
        String name,
        String group,
        Duration lease,
        int maxEntryBytes,
        int maxPendingBytes) {

    private static final int MIB = 1024 * 1024;

    /** Opens a connection that nobody else uses; the method of a data source will do. */
    @FunctionalInterface
    public interface Connector {
        Connection connect() throws SQLException;
    }

    /** Entries up to 4 MiB, at most 4 MiB waiting: what any server takes in its default configuration. */
    public static JdbcLogSettings of(Connector connector, String name, String group, Duration lease) {
        return new JdbcLogSettings(connector, name, group, lease, 4 * MIB, 4 * MIB);
    }

    /** How often the lease is renewed, and others look at it. */
    Duration rhythm() {
        return lease.dividedBy(6);
    }
}
