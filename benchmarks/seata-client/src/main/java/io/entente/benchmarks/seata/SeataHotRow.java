package io.entente.benchmarks.seata;

import com.zaxxer.hikari.HikariDataSource;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.apache.seata.rm.RMClient;
import org.apache.seata.rm.datasource.DataSourceProxy;
import org.apache.seata.tm.TMClient;
import org.apache.seata.tm.api.GlobalTransaction;
import org.apache.seata.tm.api.GlobalTransactionContext;

/**
 * An application on Seata's client that takes from one row, as {@code SeataHotRowBenchmark} does with Entente. Each line it is sent
 * is a round: {@code clients milliseconds workMillis autoCommit}; it answers with how many failed, how long the round took in
 * nanoseconds, and the nanoseconds of each transaction that was committed.
 */
public final class SeataHotRow {
    private static final String GROUP = "default_tx_group";
    private static final int TIMEOUT_MILLIS = 60_000;

    private final DataSourceProxy source;

    private SeataHotRow(DataSourceProxy source) {
        this.source = source;
    }

    /** What one client has done: the nanoseconds of each transaction that was committed. */
    private record Done(List<Long> nanos, long failed) {}

    /** @param arguments port of Seata's server, JDBC URL, user, password, connections */
    public static void main(String[] arguments) throws Exception {
        PrintStream parent = System.out;
        System.setOut(System.err);
        System.setProperty("service.default.grouplist", "127.0.0.1:" + arguments[0]);
        TMClient.init("hot-row", GROUP);
        RMClient.init("hot-row", GROUP);
        HikariDataSource pool = new HikariDataSource();
        pool.setJdbcUrl(arguments[1]);
        pool.setUsername(arguments[2]);
        pool.setPassword(arguments[3]);
        pool.setMaximumPoolSize(Integer.parseInt(arguments[4]));
        SeataHotRow hotRow = new SeataHotRow(new DataSourceProxy(pool));
        parent.println("ready");
        parent.flush();
        BufferedReader rounds = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = rounds.readLine(); line != null; line = rounds.readLine()) {
            String[] round = line.split(" ");
            parent.println(hotRow.round(
                    Integer.parseInt(round[0]),
                    Long.parseLong(round[1]),
                    Long.parseLong(round[2]),
                    Boolean.parseBoolean(round[3])));
            parent.flush();
        }
        System.exit(0); // Seata's threads would go on
    }

    private String round(int clients, long millis, long workMillis, boolean autoCommit) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(clients);
        long begin = System.nanoTime();
        long end = begin + TimeUnit.MILLISECONDS.toNanos(millis);
        List<Future<Done>> futures = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            futures.add(threads.submit((Callable<Done>) () -> take(end, workMillis, autoCommit)));
        }
        List<Long> all = new ArrayList<>();
        long failed = 0;
        for (Future<Done> future : futures) {
            Done done = future.get();
            all.addAll(done.nanos());
            failed += done.failed();
        }
        long nanos = System.nanoTime() - begin;
        threads.shutdown();
        return failed + " " + nanos + " " + all.stream().map(String::valueOf).collect(Collectors.joining(" "));
    }

    private Done take(long end, long workMillis, boolean autoCommit) {
        List<Long> nanos = new ArrayList<>();
        long failed = 0;
        for (long now = System.nanoTime(); now < end; now = System.nanoTime()) {
            GlobalTransaction transaction = GlobalTransactionContext.createNew();
            try {
                transaction.begin(TIMEOUT_MILLIS, "take");
                try {
                    takeOne(autoCommit);
                } catch (SQLException | RuntimeException e) {
                    transaction.rollback();
                    failed++;
                    continue;
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(workMillis));
                transaction.commit();
                nanos.add(System.nanoTime() - now);
            } catch (Exception e) {
                failed++;
            }
        }
        return new Done(nanos, failed);
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
