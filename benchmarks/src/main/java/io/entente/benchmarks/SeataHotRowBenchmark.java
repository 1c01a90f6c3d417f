package io.entente.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import io.entente.benchmarks.workload.Round;
import io.entente.rm.branch.AtResources;
import io.entente.rm.branch.AtResourcesSettings;
import io.entente.rm.jdbc.EntenteDataSource;
import io.entente.seata.server.SeataServer;
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
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;

/**
 * One row that everybody takes from: begin, a guarded UPDATE, a little other work, commit, by many clients at once, each of
 * Entente and Seata with its own coordinator and application, against the same database server. They take turns in short
 * rounds within one run, so that what disturbs the machine disturbs both. Prints transactions per second, latency, how many
 * failed because they could not have the row in time, and how many times Seata's throughput that is.
 */
public final class SeataHotRowBenchmark {
    private static final int[] CLIENTS = {1, 8, 16, 32};
    /** What else a transaction does while it has the row, as a call to another service. */
    private static final long[] OTHER_WORK_MILLIS = {0, 5};

    private static final int ROUNDS = Integer.getInteger("rounds", 3);
    private static final long ROUND_MILLIS = Long.getLong("roundMillis", 1_000);
    private static final long WARM_UP_MILLIS = Long.getLong("warmUpMillis", 20_000);
    private static final int CONNECTIONS = 40;

    private final List<Contestant> contestants;

    private SeataHotRowBenchmark(List<Contestant> contestants) {
        this.contestants = contestants;
    }

    /** Runs one round: clients, milliseconds, milliseconds of other work. */
    private interface Rounds {
        Round run(int clients, long millis, long workMillis) throws Exception;
    }

    /**
     * One way to take from the row.
     *
     * @param rival name of the contestant of Seata's to compare with; its own for those
     */
    private record Contestant(String name, String rival, Rounds rounds) {}

    /**
     * @param arguments the path of the server jar, the directory of this module, and the kind of database, POSTGRESQL or
     *     MARIADB
     */
    public static void main(String[] arguments) throws Exception {
        TestDatabase.Kind kind = TestDatabase.Kind.valueOf(arguments[2]);
        TestDatabase server = TestDatabase.of(kind);
        DataSource ours = prepare(server, kind, "hot_row", false);
        DataSource rivals = prepare(server, kind, "hot_row_seata", true);
        Noise.print("before");
        System.out.printf(
                Locale.ROOT,
                "Java %s, %s. UPDATE stock SET n = n - 1 WHERE id = 1 AND n >= 1, always the same row, one per global"
                        + " transaction.%n%s%nEntente: everything as shipped, each acknowledgement synced to disk, lock wait 2 s."
                        + "%n%d rounds of %d ms each, by turns.%n",
                System.getProperty("java.version"),
                kind,
                SeataApplication.settings(),
                ROUNDS,
                ROUND_MILLIS);
        try (ServerProcess coordinator = ServerProcess.start(Path.of(arguments[0]));
                HikariDataSource pool = pool(ours);
                EntenteClient client = EntenteClient.connect(
                        ClientSettings.of("127.0.0.1:" + coordinator.port()).withApplicationId("hot-row"));
                AtResources resources = AtResources.of(client, AtResourcesSettings.defaults());
                SeataServer rival = SeataApplication.startServer(Path.of(arguments[1]));
                SeataApplication seata = SeataApplication.start(
                        Path.of(arguments[1]),
                        "SeataHotRow",
                        rival.port(),
                        CONNECTIONS,
                        List.of(server.user(), server.password(), server.jdbcUrl("hot_row_seata")))) {
            EntenteDataSource shared = HotRow.at(pool, resources, true);
            EntenteDataSource alone = HotRow.at(pool, resources, false);
            resources.awaitConnected(Duration.ofSeconds(30));
            new SeataHotRowBenchmark(List.of(
                            entente("Entente, as shipped", client, shared, ours, false),
                            entente("Entente, exclusive locks", client, alone, ours, false),
                            seata("Seata", seata, rivals, false),
                            entente("Entente, exclusive, autocommit", client, alone, ours, true),
                            seata("Seata, autocommit", seata, rivals, true)))
                    .run();
            requireUndoRows(rivals);
        }
        Noise.print("after");
        System.exit(0); // the database's threads would go on
    }

    private static DataSource prepare(TestDatabase server, TestDatabase.Kind kind, String name, boolean seata)
            throws SQLException {
        DataSource database = server.newDatabase(name);
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            HotRow.create(statement);
            if (seata) {
                SeataUndoLog.create(statement, kind);
            }
        }
        return database;
    }

    private static HikariDataSource pool(DataSource database) {
        HikariDataSource pool = new HikariDataSource();
        pool.setDataSource(database);
        pool.setMaximumPoolSize(CONNECTIONS);
        return pool;
    }

    private static Contestant entente(
            String name, EntenteClient client, DataSource source, DataSource database, boolean autoCommit) {
        EntenteHotRow hotRow = new EntenteHotRow(client, source, autoCommit);
        return new Contestant(name, autoCommit ? "Seata, autocommit" : "Seata", checked(database, hotRow::round));
    }

    private static Contestant seata(String name, SeataApplication seata, DataSource database, boolean autoCommit) {
        return new Contestant(
                name,
                name,
                checked(
                        database,
                        (clients, millis, workMillis) ->
                                seata.round(clients + " " + millis + " " + workMillis + " " + autoCommit)));
    }

    /** Each committed transaction has taken one, and none of those that failed. */
    private static Rounds checked(DataSource database, Rounds rounds) {
        return (clients, millis, workMillis) -> {
            long before = HotRow.left(database);
            Round round = rounds.run(clients, millis, workMillis);
            HotRow.requireLeft(database, before - round.latencies().size());
            awaitNoUndoRows(database);
            return round;
        };
    }

    private void run() throws Exception {
        for (Contestant each : contestants) {
            var unused = each.rounds.run(8, WARM_UP_MILLIS, 0);
        }
        System.out.printf(
                "%10s %7s  %-30s %7s %8s %8s %7s %8s%n",
                "other work", "clients", "", "tx/s", "p50 ms", "p99 ms", "failed", "x Seata");
        for (long work : OTHER_WORK_MILLIS) {
            for (int clients : CLIENTS) {
                measure(work, clients);
            }
        }
    }

    private void measure(long work, int clients) throws Exception {
        List<List<Round>> results = new ArrayList<>();
        contestants.forEach(each -> results.add(new ArrayList<>()));
        for (int round = 0; round < ROUNDS; round++) {
            for (int i = 0; i < contestants.size(); i++) {
                results.get(i).add(contestants.get(i).rounds.run(clients, ROUND_MILLIS, work));
            }
        }
        for (int i = 0; i < contestants.size(); i++) {
            Contestant each = contestants.get(i);
            double rival = 0;
            for (int j = 0; j < contestants.size(); j++) {
                if (contestants.get(j).name.equals(each.rival)) {
                    rival = perSecond(results.get(j));
                }
            }
            print(work, clients, each.name, results.get(i), rival);
        }
    }

    private static double perSecond(List<Round> rounds) {
        long count =
                rounds.stream().mapToLong(round -> round.latencies().size()).sum();
        return count * 1e9 / rounds.stream().mapToLong(Round::nanos).sum();
    }

    private static void print(long work, int clients, String name, List<Round> rounds, double rival) {
        Percentiles latencies = new Percentiles(
                rounds.stream().flatMap(round -> round.latencies().stream()).toList());
        System.out.printf(
                Locale.ROOT,
                "%7d ms %7d  %-30s %7.0f %8.2f %8.2f %7d %8.1f%n",
                work,
                clients,
                name,
                perSecond(rounds),
                latencies.millis(0.5),
                latencies.millis(0.99),
                rounds.stream().mapToLong(Round::failed).sum(),
                perSecond(rounds) / rival);
    }

    /** Seata has taken part: each transaction has had an undo row, so that many numbers are used up. */
    private static void requireUndoRows(DataSource rivals) throws SQLException {
        try (Connection connection = rivals.getConnection();
                PreparedStatement insert = connection.prepareStatement(
                        "INSERT INTO undo_log (branch_id, xid, context, rollback_info, log_status, log_created, log_modified)"
                                + " VALUES (1, 'none', '', ?, 1, CURRENT_TIMESTAMP, CURRENT_TIMESTAMP)",
                        new String[] {"id"})) {
            insert.setBytes(1, new byte[0]);
            insert.executeUpdate();
            try (ResultSet number = insert.getGeneratedKeys()) {
                number.next();
                long transactions = HotRow.STOCK - HotRow.left(rivals);
                if (number.getLong(1) <= transactions) {
                    throw new IllegalStateException("Seata has committed " + transactions + " transactions, but only "
                            + (number.getLong(1) - 1) + " undo rows were written");
                }
            }
        }
    }

    /** What is deleted behind the commits is not to be in the way of whoever has the next round. */
    private static void awaitNoUndoRows(DataSource source) throws Exception {
        long patience = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (HotRow.number(source, "SELECT COUNT(*) FROM undo_log") > 0) {
            if (System.nanoTime() > patience) {
                throw new IllegalStateException("Undo rows are left behind the commits");
            }
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }
}
