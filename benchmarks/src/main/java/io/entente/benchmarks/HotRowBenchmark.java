package io.entente.benchmarks;

import io.entente.rm.branch.AtResources;
import io.entente.rm.branch.AtResourcesSettings;
import io.entente.rm.jdbc.AtSettings;
import io.entente.rm.jdbc.EntenteDataSource;
import io.entente.testkit.database.TestDatabase;
import io.entente.tm.ClientSettings;
import io.entente.tm.EntenteClient;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;

/**
 * One row that everybody takes from: begin, a guarded UPDATE in a local transaction, commit, by many clients at once, against
 * the coordinator as its users run it, with increment locks and with exclusive ones, with nothing else to do while they have
 * the row and with a little. They take turns in one run. Prints transactions per second, latency, and how many failed because they could not have the row in time.
 */
public final class HotRowBenchmark {

    private static final int[] CLIENTS = {1, 8, 16, 32};
    /** What else a transaction does while it has the row, as a call to another service. */
    private static final long[] OTHER_WORK_MILLIS = {0, 5};

    private static final int SECONDS = Integer.getInteger("seconds", 5);
    private static final long STOCK = 1_000_000_000L;

    private final EntenteClient client;
    private final EntenteDataSource shared;
    private final EntenteDataSource alone;

    private HotRowBenchmark(EntenteClient client, EntenteDataSource shared, EntenteDataSource alone) {
        this.client = client;
        this.shared = shared;
        this.alone = alone;
    }

    /** @param arguments the path of the server jar */
    public static void main(String[] arguments) throws Exception {
        try (ServerProcess server = ServerProcess.start(Path.of(arguments[0]));
                EntenteClient client = EntenteClient.connect(
                        ClientSettings.of("127.0.0.1:" + server.port()).withApplicationId("hot-row"));
                AtResources resources = AtResources.of(client, AtResourcesSettings.defaults())) {
            DataSource database = TestDatabase.of(TestDatabase.Kind.H2).newDatabase("hot_row");
            prepare(database);
            EntenteDataSource shared = at(database, resources, true);
            EntenteDataSource alone = at(database, resources, false);
            resources.awaitConnected(Duration.ofSeconds(30));
            new HotRowBenchmark(client, shared, alone).run();
        }
        System.exit(0); // the database's threads would go on
    }

    private static void prepare(DataSource database) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE stock (id BIGINT PRIMARY KEY, n BIGINT NOT NULL CHECK (n >= 0))");
            statement.execute("INSERT INTO stock VALUES (1, " + STOCK + ")");
        }
    }

    private static EntenteDataSource at(DataSource database, AtResources resources, boolean incrementLocks)
            throws SQLException {
        EntenteDataSource at = (EntenteDataSource) EntenteDataSource.wrap(
                database, resources, AtSettings.defaults().withIncrementLocks(incrementLocks));
        at.start(true);
        return at;
    }

    private void run() throws Exception {
        System.out.printf(
                Locale.ROOT,
                "Java %s, %d processors. UPDATE stock SET n = n - 1 WHERE id = 1 AND n >= 1, always the same row, one per"
                        + " global transaction; H2 in memory.%n",
                System.getProperty("java.version"),
                Runtime.getRuntime().availableProcessors());
        measure(shared, 16, 0);
        measure(alone, 16, 0);
        System.out.printf(
                "%10s %8s %10s %8s %8s %8s %8s%n",
                "other work", "clients", "lock", "tx/s", "p50 ms", "p99 ms", "failed");
        for (long work : OTHER_WORK_MILLIS) {
            for (int clients : CLIENTS) {
                print(work, clients, "increment", measure(shared, clients, work));
                print(work, clients, "exclusive", measure(alone, clients, work));
            }
        }
    }

    private static void print(long work, int clients, String lock, Measured measured) {
        System.out.printf(
                Locale.ROOT,
                "%7d ms %8d %10s %8.0f %8.2f %8.2f %8d%n",
                work,
                clients,
                lock,
                measured.perSecond,
                measured.p50Millis,
                measured.p99Millis,
                measured.failed);
    }

    private record Measured(double perSecond, double p50Millis, double p99Millis, long failed) {}

    /** What one client has done: the nanoseconds of each transaction that was committed. */
    private record Done(List<Long> nanos, long failed) {}

    private Measured measure(DataSource source, int clients, long work) throws Exception {
        long before = stock(source);
        ExecutorService pool = Executors.newFixedThreadPool(clients);
        long begin = System.nanoTime();
        long end = begin + TimeUnit.SECONDS.toNanos(SECONDS);
        List<Future<Done>> futures = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            futures.add(pool.submit((Callable<Done>) () -> take(source, work, end)));
        }
        long failed = 0;
        List<Long> all = new ArrayList<>();
        for (Future<Done> future : futures) {
            Done done = future.get();
            all.addAll(done.nanos());
            failed += done.failed();
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        pool.shutdown();
        requireSum(source, before - all.size());
        long[] sorted = all.stream().mapToLong(Long::longValue).sorted().toArray();
        return new Measured(
                sorted.length / seconds,
                sorted[sorted.length / 2] / 1e6,
                sorted[(int) (sorted.length * 0.99)] / 1e6,
                failed);
    }

    private Done take(DataSource source, long work, long end) {
        List<Long> nanos = new ArrayList<>();
        long failed = 0;
        for (long now = System.nanoTime(); now < end; now = System.nanoTime()) {
            try {
                client.transactions().execute("take", () -> {
                    int taken = takeOne(source);
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(work));
                    return taken;
                });
                nanos.add(System.nanoTime() - now);
            } catch (Exception timedOut) {
                failed++;
            }
        }
        return new Done(nanos, failed);
    }

    /** Returns how many were taken. */
    private static int takeOne(DataSource source) throws SQLException {
        try (Connection connection = source.getConnection()) {
            connection.setAutoCommit(false);
            try (PreparedStatement update =
                    connection.prepareStatement("UPDATE stock SET n = n - ? WHERE id = ? AND n >= ?")) {
                update.setLong(1, 1);
                update.setLong(2, 1);
                update.setLong(3, 1);
                int taken = update.executeUpdate();
                connection.commit();
                return taken;
            }
        }
    }

    private static long stock(DataSource source) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT n FROM stock")) {
            row.next();
            return row.getLong(1);
        }
    }

    /** Rollbacks of those that failed may still be under way. */
    private static void requireSum(DataSource source, long expected) throws SQLException {
        long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (stock(source) != expected) {
            if (System.nanoTime() > patience) {
                throw new IllegalStateException("There are " + stock(source) + " left, expected " + expected);
            }
            Thread.onSpinWait();
        }
    }
}
