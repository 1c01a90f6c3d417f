package io.entente.benchmarks.seata;

import io.entente.benchmarks.workload.Clients;
import io.entente.benchmarks.workload.Round;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;

/**
 * An application on Seata's client that takes from one row, as {@code SeataHotRowBenchmark} does with Entente. A round is
 * {@code clients milliseconds workMillis autoCommit}.
 */
public final class SeataHotRow {
    private final DataSource source;

    private SeataHotRow(DataSource source) {
        this.source = source;
    }

    /** @param arguments as {@link SeataRounds#serve} takes them */
    public static void main(String[] arguments) throws Exception {
        SeataRounds.serve("hot-row", arguments, databases -> {
            SeataHotRow hotRow = new SeataHotRow(databases.get(0));
            return words -> hotRow.round(
                    Integer.parseInt(words[0]),
                    Long.parseLong(words[1]),
                    Long.parseLong(words[2]),
                    Boolean.parseBoolean(words[3]));
        });
    }

    private Round round(int clients, long millis, long workMillis, boolean autoCommit) throws Exception {
        return Clients.round(
                clients,
                millis,
                () -> SeataRounds.globally("take", () -> {
                    takeOne(autoCommit);
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(workMillis));
                }));
    }

    private void takeOne(boolean autoCommit) throws SQLException {
        try (Connection connection = source.getConnection()) {
            connection.setAutoCommit(autoCommit);
            try (PreparedStatement update =
                    connection.prepareStatement("UPDATE stock SET n = n - ? WHERE id = ? AND n >= ?")) {
                update.setLong(1, 1);
                update.setLong(2, 1);
                update.setLong(3, 1);
                int taken = update.executeUpdate();
                if (taken != 1) {
                    throw new IllegalStateException("taken " + taken);
                }
                if (!autoCommit) {
                    connection.commit();
                }
            } catch (SQLException | RuntimeException e) {
                if (!autoCommit) {
                    connection.rollback();
                }
                throw e;
            } finally {
                connection.setAutoCommit(true);
            }
        }
    }
}
