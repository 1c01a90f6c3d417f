package io.entente.benchmarks;

import io.entente.rm.branch.AtResources;
import io.entente.rm.jdbc.AtSettings;
import io.entente.rm.jdbc.EntenteDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;

/** The row that everybody takes from. */
final class HotRow {

    /** How much there is at the beginning. */
    static final long STOCK = 1_000_000_000L;

    private HotRow() {}

    static void create(Statement statement) throws SQLException {
        statement.execute("CREATE TABLE stock (id BIGINT PRIMARY KEY, n BIGINT NOT NULL CHECK (n >= 0))");
        statement.execute("INSERT INTO stock VALUES (1, " + STOCK + ")");
    }

    /** The database as those see it who take part in global transactions. */
    static EntenteDataSource at(DataSource database, AtResources resources, boolean incrementLocks)
            throws SQLException {
        EntenteDataSource at = (EntenteDataSource) EntenteDataSource.wrap(
                database, resources, AtSettings.defaults().withIncrementLocks(incrementLocks));
        at.start(true);
        return at;
    }

    /**
     * Takes one.
     *
     * @param autoCommit false for a local transaction as Spring opens it
     * @return how many were taken
     */
    static int takeOne(DataSource source, boolean autoCommit) throws SQLException {
        try (Connection connection = source.getConnection()) {
            connection.setAutoCommit(autoCommit);
            try (PreparedStatement update =
                    connection.prepareStatement("UPDATE stock SET n = n - ? WHERE id = ? AND n >= ?")) {
                update.setLong(1, 1);
                update.setLong(2, 1);
                update.setLong(3, 1);
                int taken = update.executeUpdate();
                if (!autoCommit) {
                    connection.commit();
                }
                return taken;
            } finally {
                connection.setAutoCommit(true);
            }
        }
    }

    /** How much is left. */
    static long left(DataSource source) throws SQLException {
        return number(source, "SELECT n FROM stock");
    }

    /** Rollbacks of those that failed may still be under way. */
    static void requireLeft(DataSource source, long expected) throws Exception {
        long patience = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (left(source) != expected) {
            if (System.nanoTime() > patience) {
                throw new IllegalStateException("There are " + left(source) + " left, expected " + expected);
            }
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    /** The first number that a query finds. */
    static long number(DataSource source, String query) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }
}
