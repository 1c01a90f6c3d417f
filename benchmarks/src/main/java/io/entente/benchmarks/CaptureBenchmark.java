package io.entente.benchmarks;

import io.entente.rm.jdbc.AtSettings;
import io.entente.rm.jdbc.EntenteDataSource;
import io.entente.testkit.database.TestDatabase;
import io.entente.tm.TransactionContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;

/**
 * What capturing an UPDATE of one row by its key costs, on each database: the statement by plain JDBC, captured by
 * Entente, by hand with the same SQL, and in the usual way with three queries. The coordinator answers in memory, so that
 * only the proxy is measured. All variants take turns in short rounds within one run; only ratios to plain JDBC in the same
 * round count.
 */
public final class CaptureBenchmark {

    /** More than a processor keeps at hand. */
    private static final int ROWS = Integer.getInteger("rows", 100_000);

    private static final int ROUNDS = Integer.getInteger("rounds", 9);
    private static final long ROUND_MILLIS = Long.getLong("roundMillis", 1_000);
    private static final int WARM_UP_ROUNDS = 3;
    private static final int[] THREADS = {1, 8};

    /** Where the table is. No commit waits for a disk. */
    enum Database {
        H2_IN_MEMORY(TestDatabase.Kind.H2),
        H2_ON_DISK(TestDatabase.Kind.H2),
        POSTGRESQL(TestDatabase.Kind.POSTGRESQL),
        MARIADB(TestDatabase.Kind.MARIADB);

        private final TestDatabase.Kind kind;

        Database(TestDatabase.Kind kind) {
            this.kind = kind;
        }

        private DataSource open() throws IOException {
            if (this != H2_ON_DISK) {
                return TestDatabase.of(kind).newDatabase("capture");
            }
            Path folder = Files.createTempDirectory("capture-benchmark");
            Path file = folder.resolve("capture");
            folder.toFile().deleteOnExit();
            folder.resolve("capture.mv.db").toFile().deleteOnExit();
            JdbcDataSource onDisk = new JdbcDataSource();
            onDisk.setURL("jdbc:h2:" + file + ";DB_CLOSE_DELAY=-1");
            return onDisk;
        }
    }

    /** How the statement is executed. */
    enum Variant {
        PLAIN,
        ENTENTE,
        BY_HAND,
        THREE_QUERIES
    }

    private CaptureBenchmark() {}

    /** @param arguments names of the databases; none for all */
    public static void main(String[] arguments) throws Exception {
        List<Database> databases = arguments.length == 0
                ? List.of(Database.values())
                : Arrays.stream(arguments).map(Database::valueOf).toList();
        System.out.printf(
                Locale.ROOT,
                "Java %s, %d processors. UPDATE stock SET n = n - ? WHERE id = ?, one per local transaction, of %d rows"
                        + " with 10 columns and 2 indexes.%n%d rounds of %d ms; median of the ratios to plain JDBC in the same round.%n",
                System.getProperty("java.version"),
                Runtime.getRuntime().availableProcessors(),
                ROWS,
                ROUNDS,
                ROUND_MILLIS);
        System.out.printf(
                "%-12s %-12s %7s %12s %9s %9s %14s%n",
                "", "transaction", "threads", "plain tx/s", "Entente", "by hand", "three queries");
        for (Database database : databases) {
            DataSource plain = prepare(database);
            for (boolean autoCommit : new boolean[] {false, true}) {
                for (int threads : THREADS) {
                    measure(database, plain, autoCommit, threads);
                }
            }
        }
        System.exit(0); // the servers' threads would go on
    }

    private static DataSource prepare(Database database) throws Exception {
        DataSource plain = database.open();
        try (Connection connection = plain.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE stock (id BIGINT PRIMARY KEY, name VARCHAR(50), n INT NOT NULL, price"
                    + " DECIMAL(12, 2), note VARCHAR(200), shelf INT, place VARCHAR(20), weight INT, created TIMESTAMP,"
                    + " changed TIMESTAMP)");
            statement.execute("CREATE INDEX stock_shelf ON stock (shelf)");
            connection.setAutoCommit(false);
            for (int i = 0; i < ROWS; i++) {
                statement.addBatch("INSERT INTO stock VALUES (" + i + ", 'item " + i
                        + "', 1000000, 19.90, 'as good as new', " + i % 1_000 + ", 'hall " + i % 7
                        + "', 250, '2026-01-01 00:00:00', '2026-01-01 00:00:00')");
                if (i % 1_000 == 999) {
                    statement.executeBatch();
                }
            }
            statement.executeBatch();
            connection.commit();
            connection.setAutoCommit(true);
            for (String ddl : ThreeQueries.undoLog(database.kind)) {
                statement.execute(ddl);
            }
        }
        return plain;
    }

    private static void measure(Database database, DataSource plain, boolean autoCommit, int threads) throws Exception {
        EntenteDataSource entente =
                (EntenteDataSource) EntenteDataSource.wrap(plain, new InMemoryBranches(), AtSettings.defaults());
        entente.start(true);
        Map<Variant, List<Double>> ratios = new EnumMap<>(Variant.class);
        List<Double> absolute = new ArrayList<>();
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            for (int round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
                double base = 0;
                for (Variant variant : Variant.values()) {
                    empty(plain);
                    DataSource source = variant == Variant.ENTENTE ? entente : plain;
                    double perSecond = round(pool, threads, new Round(variant, database.kind, source, autoCommit));
                    base = variant == Variant.PLAIN ? perSecond : base;
                    if (round >= 0) {
                        ratios.computeIfAbsent(variant, any -> new ArrayList<>())
                                .add(perSecond / base);
                        if (variant == Variant.PLAIN) {
                            absolute.add(perSecond);
                        }
                    }
                }
            }
        } finally {
            pool.shutdown();
        }
        System.out.printf(
                Locale.ROOT,
                "%-12s %-12s %7d %12.0f %9.2f %9.2f %14.2f%n",
                database,
                autoCommit ? "auto-commit" : "commit()",
                threads,
                median(absolute),
                median(ratios.getOrDefault(Variant.ENTENTE, List.of())),
                median(ratios.getOrDefault(Variant.BY_HAND, List.of())),
                median(ratios.getOrDefault(Variant.THREE_QUERIES, List.of())));
    }

    private static void empty(DataSource plain) throws SQLException {
        try (Connection connection = plain.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("TRUNCATE TABLE undo_log");
            statement.execute("TRUNCATE TABLE " + ThreeQueries.TABLE);
        }
    }

    private static double median(List<Double> values) {
        List<Double> sorted = new ArrayList<>(values);
        sorted.sort(Comparator.naturalOrder());
        return sorted.isEmpty() ? Double.NaN : sorted.get(sorted.size() / 2);
    }

    private record Round(Variant variant, TestDatabase.Kind kind, DataSource source, boolean autoCommit) {}

    private static double round(ExecutorService pool, int threads, Round round)
            throws InterruptedException, ExecutionException {
        List<Future<Long>> done = new ArrayList<>();
        long begin = System.nanoTime();
        long end = begin + TimeUnit.MILLISECONDS.toNanos(ROUND_MILLIS);
        for (int i = 0; i < threads; i++) {
            done.add(pool.submit(() -> work(round, end)));
        }
        long total = 0;
        for (Future<Long> each : done) {
            total += each.get();
        }
        return total * 1e9 / (System.nanoTime() - begin);
    }

    /** One thread's transactions until the time is over, on one connection. */
    private static long work(Round round, long end) throws SQLException {
        if (round.variant() == Variant.ENTENTE) {
            try (TransactionContext.Scope bound = TransactionContext.bind("127.0.0.1:8091:1")) {
                return updates(round, end);
            }
        }
        return updates(round, end);
    }

    private static long updates(Round round, long end) throws SQLException {
        long count = 0;
        try (Connection connection = round.source().getConnection()) {
            connection.setAutoCommit(round.autoCommit());
            UpdateOfOneRow update = switch (round.variant()) {
                case PLAIN, ENTENTE -> new UpdateAsWritten(connection, round.autoCommit());
                case BY_HAND -> new ByHand(connection, round.kind());
                case THREE_QUERIES -> new ThreeQueries(connection);
            };
            while (System.nanoTime() < end) {
                update.run(ThreadLocalRandom.current().nextInt(ROWS));
                count++;
            }
        }
        return count;
    }
}
