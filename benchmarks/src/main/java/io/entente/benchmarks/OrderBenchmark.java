package io.entente.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import io.entente.benchmarks.OrderContestant.Cpu;
import io.entente.benchmarks.OrderContestant.Measured;
import io.entente.benchmarks.OrderTables.UndoLogOf;
import io.entente.benchmarks.workload.Clients;
import io.entente.benchmarks.workload.OrderCase;
import io.entente.benchmarks.workload.OrderWorkload;
import io.entente.rm.branch.AtResources;
import io.entente.rm.branch.AtResourcesSettings;
import io.entente.seata.server.SeataServer;
import io.entente.testkit.database.TestDatabase;
import io.entente.tm.ClientSettings;
import io.entente.tm.EntenteClient;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;

/**
 * Orders in three databases on one server: by plain JDBC without any coordination, by Entente, by Seata, by XA, and by Seata's
 * client at Entente's coordinator. They take turns in short rounds within one run, so that what disturbs the machine disturbs
 * all. After each round the sums must hold. Prints transactions per second, latency, failures, processor time, and how many
 * times the throughput of plain JDBC and of Seata that is.
 */
public final class OrderBenchmark {
    private static final int[] CLIENTS = Arrays.stream(
                    System.getProperty("clients", "1,8,32").split(","))
            .mapToInt(Integer::parseInt)
            .toArray();
    private static final int ROUNDS = Integer.getInteger("rounds", 3);
    private static final long ROUND_MILLIS = Long.getLong("roundMillis", 1_000);
    private static final long WARM_UP_MILLIS = Long.getLong("warmUpMillis", 20_000);
    private static final int WARM_UP_CLIENTS = 8;

    /** Nobody waits for one: more than clients, for what is done behind them. */
    private static final int CONNECTIONS =
            4 + Math.max(WARM_UP_CLIENTS, Arrays.stream(CLIENTS).max().orElseThrow());

    private static final String PLAIN = "plain JDBC";
    private static final String SEATA = "Seata";

    private final TestDatabase server;
    private final List<AutoCloseable> open = new ArrayList<>();
    private final List<OrderContestant> contestants = new ArrayList<>();

    private OrderBenchmark(TestDatabase server) {
        this.server = server;
    }

    /**
     * @param arguments the path of the server jar, the directory of this module, and the kind of database: POSTGRESQL,
     *     MARIADB, or H2, which Seata refuses
     */
    public static void main(String[] arguments) throws Exception {
        TestDatabase.Kind kind = TestDatabase.Kind.valueOf(arguments[2].toUpperCase(Locale.ROOT));
        OrderBenchmark benchmark = new OrderBenchmark(TestDatabase.of(kind));
        try {
            benchmark.start(Path.of(arguments[0]), Path.of(arguments[1]));
            benchmark.run();
        } finally {
            benchmark.close();
        }
        System.exit(0); // the database's threads would go on
    }

    private void start(Path jar, Path home) throws Exception {
        Noise.print("before");
        ServerProcess coordinator = opened(ServerProcess.start(jar));
        OrderTables plain = opened(OrderTables.create(server, "plain", UndoLogOf.NOBODY));
        contestants.add(OrderContestant.here(
                PLAIN, false, plain, new OrderWorkload(pools(plain), true, Clients.Work::run), () -> Duration.ZERO));
        startEntente(coordinator);
        boolean seata = server.kind() != TestDatabase.Kind.H2;
        if (seata) {
            SeataServer rival = opened(SeataApplication.startServer(home));
            startSeata(home, SEATA, "seata", rival.port(), rival::cpu);
        }
        OrderTables xa = opened(OrderTables.create(server, "xa", UndoLogOf.NOBODY));
        NarayanaTransactions narayana = opened(NarayanaTransactions.start(server, xa.urls(), CONNECTIONS));
        contestants.add(OrderContestant.here(
                "XA", true, xa, new OrderWorkload(narayana.sources(), false, narayana::run), () -> Duration.ZERO));
        if (seata) {
            startSeata(home, "Seata's client, Entente", "mixed", coordinator.port(), coordinator::cpu);
        }
    }

    private void startEntente(ServerProcess coordinator) throws Exception {
        OrderTables tables = opened(OrderTables.create(server, "entente", UndoLogOf.ENTENTE));
        EntenteClient client = opened(
                EntenteClient.connect(ClientSettings.of(coordinator.address()).withApplicationId("orders")));
        AtResources resources = opened(AtResources.of(client, AtResourcesSettings.defaults()));
        List<DataSource> wrapped = new ArrayList<>();
        for (DataSource pool : pools(tables)) {
            wrapped.add(HotRow.at(pool, resources, true));
        }
        resources.awaitConnected(Duration.ofSeconds(30));
        OrderWorkload workload = new OrderWorkload(
                wrapped,
                true,
                work -> client.transactions().execute("order", () -> {
                    work.run();
                    return true;
                }));
        contestants.add(OrderContestant.here("Entente", true, tables, workload, coordinator::cpu));
    }

    private void startSeata(Path home, String name, String suffix, int port, Supplier<Duration> coordinator)
            throws Exception {
        OrderTables tables = opened(OrderTables.create(server, suffix, UndoLogOf.SEATA));
        List<String> database = Stream.concat(Stream.of(server.user(), server.password()), tables.urls().stream())
                .toList();
        SeataApplication application = opened(SeataApplication.start(home, "SeataOrders", port, CONNECTIONS, database));
        contestants.add(OrderContestant.seata(name, tables, application, coordinator));
    }

    private List<DataSource> pools(OrderTables tables) {
        List<DataSource> pools = new ArrayList<>();
        for (DataSource source : tables.sources()) {
            HikariDataSource pool = opened(new HikariDataSource());
            pool.setDataSource(source);
            pool.setMaximumPoolSize(CONNECTIONS);
            pools.add(pool);
        }
        return pools;
    }

    private <T extends AutoCloseable> T opened(T resource) {
        open.add(0, resource);
        return resource;
    }

    private void close() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    private void run() throws Exception {
        printSettings();
        DatabaseCpu database = DatabaseCpu.of(
                server.kind(), contestants.get(0).tables().sources().get(0));
        OrderCase[] cases = OrderCase.values();
        for (OrderContestant each : contestants) {
            for (OrderCase orderCase : cases) {
                var unused = each.measure(orderCase, WARM_UP_CLIENTS, WARM_UP_MILLIS / cases.length, database);
            }
        }
        System.out.printf(
                "%-16s %7s  %-24s %7s %8s %8s %7s %8s %8s   %s%n",
                "",
                "clients",
                "",
                "tx/s",
                "p50 ms",
                "p99 ms",
                "failed",
                "x plain",
                "x Seata",
                "CPU ms/tx: application," + " coordinator, database, all");
        for (OrderCase orderCase : OrderCase.values()) {
            for (int clients : CLIENTS) {
                measure(orderCase, clients, database);
            }
        }
        Noise.print("after");
    }

    private void printSettings() throws SQLException {
        System.out.printf(
                Locale.ROOT,
                "Java %s, %s; no database waits for its disk. HikariCP, %d connections to each database.%n"
                        + "One transaction: INSERT INTO orders; UPDATE stock SET n = n - ? WHERE id = ? AND n >= ?; the same of"
                        + " account; three databases, %d rows each.%n"
                        + "Entente: everything as shipped, each acknowledgement synced to disk, lock wait 2 s.%n%s%s%n"
                        + "%d rounds of %d ms each, by turns, behind %d ms of each for warming up, all cases alike.%n",
                System.getProperty("java.version"),
                contestants.get(0).tables().version(),
                CONNECTIONS,
                OrderWorkload.ROWS,
                server.kind() == TestDatabase.Kind.H2 ? "" : SeataApplication.settings() + "\n",
                NarayanaTransactions.settings(),
                ROUNDS,
                ROUND_MILLIS,
                WARM_UP_MILLIS);
    }

    private void measure(OrderCase orderCase, int clients, DatabaseCpu database) throws Exception {
        List<List<Measured>> results = new ArrayList<>();
        contestants.forEach(each -> results.add(new ArrayList<>()));
        for (int round = 0; round < ROUNDS; round++) {
            for (int i = 0; i < contestants.size(); i++) {
                results.get(i).add(contestants.get(i).measure(orderCase, clients, ROUND_MILLIS, database));
            }
        }
        for (int i = 0; i < contestants.size(); i++) {
            OrderContestant each = contestants.get(i);
            String name = orderCase.cancelled() && !each.rollsBack() ? each.name() + ", undoes nothing" : each.name();
            print(orderCase, clients, name, results.get(i), ratio(results, i, PLAIN), ratio(results, i, SEATA));
        }
    }

    /** Throughput as a multiple of that of the contestant of this name; {@code -} when it is not there. */
    private String ratio(List<List<Measured>> results, int contestant, String name) {
        for (int i = 0; i < contestants.size(); i++) {
            if (contestants.get(i).name().equals(name)) {
                double ratio =
                        OrderContestant.perSecond(results.get(contestant)) / OrderContestant.perSecond(results.get(i));
                return String.format(Locale.ROOT, "%.2f", ratio);
            }
        }
        return "-";
    }

    private static void print(
            OrderCase orderCase, int clients, String name, List<Measured> rounds, String plain, String seata) {
        Percentiles latencies = new Percentiles(rounds.stream()
                .flatMap(each -> each.round().latencies().stream())
                .toList());
        System.out.printf(
                Locale.ROOT,
                "%-16s %7d  %-24s %7.0f %8.2f %8.2f %7d %8s %8s   %.2f %.2f %.2f %.2f%n",
                orderCase,
                clients,
                name,
                OrderContestant.perSecond(rounds),
                latencies.millis(0.5),
                latencies.millis(0.99),
                rounds.stream().mapToLong(each -> each.round().failed()).sum(),
                plain,
                seata,
                millis(rounds, Cpu::application),
                millis(rounds, Cpu::coordinator),
                millis(rounds, Cpu::database),
                millis(rounds, cpu -> cpu.application().plus(cpu.coordinator()).plus(cpu.database())));
        String failures = rounds.stream()
                .map(each -> each.round().failure())
                .filter(failure -> !failure.isEmpty())
                .limit(1)
                .collect(Collectors.joining());
        if (!failures.isEmpty()) {
            System.out.println("    failed, for example: " + failures);
        }
    }

    private static double millis(List<Measured> rounds, Function<Cpu, Duration> part) {
        return rounds.stream()
                        .mapToLong(each -> part.apply(each.cpu()).toNanos())
                        .sum()
                / 1e6
                / OrderContestant.transactions(rounds);
    }
}
