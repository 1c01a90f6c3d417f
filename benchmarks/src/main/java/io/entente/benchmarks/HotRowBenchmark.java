package io.entente.benchmarks;

import io.entente.rm.branch.AtResources;
import io.entente.rm.branch.AtResourcesSettings;
import io.entente.rm.jdbc.EntenteDataSource;
import io.entente.testkit.database.TestDatabase;
import io.entente.tm.ClientSettings;
import io.entente.tm.EntenteClient;
import java.io.Serial;
import java.nio.file.Path;
import java.sql.Connection;
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
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;

/**
 * One row that everybody takes from: begin, a guarded UPDATE in a local transaction, commit, by many clients at once, against
 * the coordinator as its users run it, with nothing else to do while they have the row and with a little, with every
 * transaction committed and with every tenth one rolled back after its local commit. The row is taken with increment locks,
 * with exclusive ones, and with exclusive ones by clients that queue up in this process before they go to the database: the
 * best that could come of asking for the row first. They take turns in one run. Prints transactions that were committed per
 * second, latency, and how many failed because they could not have the row.
 */
public final class HotRowBenchmark {

    private static final int[] CLIENTS = {1, 8, 16, 32};
    /** What else a transaction does while it has the row, as a call to another service. */
    private static final long[] OTHER_WORK_MILLIS = {0, 5};

    /** How many of ten transactions are rolled back. */
    private static final int[] ROLLED_BACK_OF_TEN = {0, 1};

    private static final int SECONDS = Integer.getInteger("seconds", 5);
    private static final TestDatabase.Kind DATABASE =
            TestDatabase.Kind.valueOf(System.getProperty("database", "H2").toUpperCase(Locale.ROOT));

    /** How clients come to the row. */
    private enum Way {
        INCREMENT,
        EXCLUSIVE,
        IN_TURN
    }

    /** @param otherWorkMillis what a transaction does between its local commit and its end */
    private record Load(Way way, int clients, long otherWorkMillis, int rolledBackOfTen) {}

    private static final class SoldOutException extends RuntimeException {
        @Serial
        private static final long serialVersionUID = 1L;
    }

    private final ReentrantLock turn = new ReentrantLock(true);
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
            DataSource database = TestDatabase.of(DATABASE).newDatabase("hot_row");
            prepare(database);
            EntenteDataSource shared = HotRow.at(database, resources, true);
            EntenteDataSource alone = HotRow.at(database, resources, false);
            resources.awaitConnected(Duration.ofSeconds(30));
            new HotRowBenchmark(client, shared, alone).run();
        }
        System.exit(0); // the database's threads would go on
    }

    private static void prepare(DataSource database) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            HotRow.create(statement);
        }
    }

    private void run() throws Exception {
        System.out.printf(
                Locale.ROOT,
                "Java %s, %d processors. UPDATE stock SET n = n - 1 WHERE id = 1 AND n >= 1, always the same row, one per"
                        + " global transaction; %s.%n",
                System.getProperty("java.version"),
                Runtime.getRuntime().availableProcessors(),
                DATABASE);
        for (Way way : Way.values()) {
            measure(new Load(way, 16, 0, 0));
        }
        System.out.printf(
                "%10s %8s %12s %10s %8s %8s %8s %8s%n",
                "other work", "clients", "rolled back", "lock", "tx/s", "p50 ms", "p99 ms", "failed");
        for (long work : OTHER_WORK_MILLIS) {
            for (int rolledBack : ROLLED_BACK_OF_TEN) {
                for (int clients : CLIENTS) {
                    for (Way way : Way.values()) {
                        print(new Load(way, clients, work, rolledBack));
                    }
                }
            }
        }
    }

    private void print(Load load) throws Exception {
        Measured measured = measure(load);
        System.out.printf(
                Locale.ROOT,
                "%7d ms %8d %10d %% %10s %8.0f %8.2f %8.2f %8d%n",
                load.otherWorkMillis,
                load.clients,
                load.rolledBackOfTen * 10,
                load.way.toString().toLowerCase(Locale.ROOT),
                measured.perSecond,
                measured.p50Millis,
                measured.p99Millis,
                measured.failed);
    }

    private record Measured(double perSecond, double p50Millis, double p99Millis, long failed) {}

    /** What one client has done: the nanoseconds of each transaction that was committed. */
    private record Done(List<Long> nanos, long failed) {}

    private Measured measure(Load load) throws Exception {
        DataSource source = load.way == Way.INCREMENT ? shared : alone;
        long before = HotRow.left(source);
        ExecutorService pool = Executors.newFixedThreadPool(load.clients);
        long begin = System.nanoTime();
        long end = begin + TimeUnit.SECONDS.toNanos(SECONDS);
        List<Future<Done>> futures = new ArrayList<>();
        for (int i = 0; i < load.clients; i++) {
            futures.add(pool.submit((Callable<Done>) () -> take(load, source, end)));
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
        HotRow.requireLeft(source, before - all.size());
        long[] sorted = all.stream().mapToLong(Long::longValue).sorted().toArray();
        return new Measured(
                sorted.length / seconds,
                sorted[sorted.length / 2] / 1e6,
                sorted[(int) (sorted.length * 0.99)] / 1e6,
                failed);
    }

    private Done take(Load load, DataSource source, long end) {
        List<Long> nanos = new ArrayList<>();
        long failed = 0;
        long count = 0;
        for (long now = System.nanoTime(); now < end; now = System.nanoTime()) {
            boolean fails = count++ % 10 < load.rolledBackOfTen;
            boolean inTurn = load.way == Way.IN_TURN;
            if (inTurn) {
                turn.lock();
            }
            try {
                client.transactions().execute("take", () -> {
                    int taken = HotRow.takeOne(source, false);
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(load.otherWorkMillis));
                    if (fails) {
                        throw new SoldOutException();
                    }
                    return taken;
                });
                nanos.add(System.nanoTime() - now);
            } catch (SoldOutException asItShould) {
                // Rolled back.
            } catch (Exception timedOut) {
                failed++;
            } finally {
                if (inTurn) {
                    turn.unlock();
                }
            }
        }
        return new Done(nanos, failed);
    }
}
