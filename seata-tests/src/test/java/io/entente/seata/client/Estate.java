package io.entente.seata.client;

import static org.awaitility.Awaitility.await;

import io.entente.testkit.EmbeddedCoordinator;
import io.entente.testkit.database.TestDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

/** Two applications on one version of Seata's client, their databases, and a coordinator of ours. */
final class Estate implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(60);
    static final List<TestDatabase.Kind> KINDS = List.of(TestDatabase.Kind.MARIADB, TestDatabase.Kind.POSTGRESQL);

    private final SeataVersion version;
    private final String name;
    private final EmbeddedCoordinator coordinator = EmbeddedCoordinator.start();
    private final Map<TestDatabase.Kind, DataSource> databases = new EnumMap<>(TestDatabase.Kind.class);
    private final Shop orders;
    private final Shop stock;

    private Estate(SeataVersion version, Path directory) throws IOException, SQLException {
        this.version = version;
        name = "shop_" + version.toString().replace('.', '_');
        for (TestDatabase.Kind kind : KINDS) {
            DataSource database = TestDatabase.of(kind).newDatabase(name);
            databases.put(kind, database);
            createTables(kind, database);
        }
        orders = shop("orders", directory, true);
        stock = shop("stock", directory, false);
        for (Shop shop : List.of(orders, stock)) {
            shop.awaitReady();
            KINDS.forEach(kind -> addSource(shop, kind.name(), kind, "AT"));
        }
    }

    /** Under this name the shop works on the database in this mode. */
    void addSource(Shop shop, String source, TestDatabase.Kind kind, String mode) {
        TestDatabase server = TestDatabase.of(kind);
        // Only the parser of AT mode does not know every database by its name.
        String url = mode.equals("AT") ? version.jdbcUrl(server, name) : server.jdbcUrl(name);
        shop.ask("source", source, mode, url, server.user(), server.password());
    }

    static Estate start(SeataVersion version, Path directory) throws IOException, SQLException {
        return new Estate(version, directory);
    }

    private Shop shop(String application, Path directory, boolean batches) throws IOException {
        return Shop.start(
                version,
                application,
                List.of(
                        "service.default.grouplist=" + coordinator.address(),
                        // Whoever waits in vain shall not wait long.
                        "client.rm.lock.retryTimes=3",
                        "transport.enableClientBatchSendRequest=" + batches,
                        "transport.enableTmClientBatchSendRequest=" + batches,
                        "transport.enableRmClientBatchSendRequest=" + batches),
                directory.resolve(version + "-" + application + ".log"));
    }

    /** In the shape that Seata's clients want. */
    private static void createTables(TestDatabase.Kind kind, DataSource database) throws SQLException {
        boolean mariaDb = kind == TestDatabase.Kind.MARIADB;
        run(
                database,
                "CREATE TABLE stock (id INT PRIMARY KEY, item VARCHAR(20) NOT NULL, n INT NOT NULL)",
                "CREATE TABLE undo_log (id " + (mariaDb ? "BIGINT AUTO_INCREMENT" : "SERIAL")
                        + " PRIMARY KEY, branch_id BIGINT NOT NULL, xid VARCHAR(128) NOT NULL,"
                        + " context VARCHAR(128) NOT NULL, rollback_info " + (mariaDb ? "LONGBLOB" : "BYTEA")
                        + " NOT NULL, log_status INT NOT NULL, log_created TIMESTAMP NOT NULL,"
                        + " log_modified TIMESTAMP NOT NULL, UNIQUE (xid, branch_id))");
    }

    private static void run(DataSource database, String... statements) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** Three items in stock, a hundred of each, and nothing that is left from before. */
    void stockUp(TestDatabase.Kind kind) throws SQLException {
        run(
                database(kind),
                "DELETE FROM stock",
                "INSERT INTO stock VALUES (1, 'apple', 100), (2, 'pear', 100), (3, 'plum', 100)");
    }

    private DataSource database(TestDatabase.Kind kind) {
        return databases.get(kind);
    }

    /** Past Seata and past all global transactions, {@code id:n} of all items. */
    String inStock(TestDatabase.Kind kind) {
        return read(kind, "SELECT id, n FROM stock ORDER BY id");
    }

    int undoRows(TestDatabase.Kind kind) {
        return Integer.parseInt(read(kind, "SELECT count(*), '' FROM undo_log").replace(":", ""));
    }

    private String read(TestDatabase.Kind kind, String sql) {
        try (Connection connection = database(kind).getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            StringBuilder text = new StringBuilder();
            while (rows.next()) {
                text.append(text.isEmpty() ? "" : " ")
                        .append(rows.getString(1))
                        .append(':')
                        .append(rows.getString(2));
            }
            return text.toString();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    SeataVersion version() {
        return version;
    }

    EmbeddedCoordinator coordinator() {
        return coordinator;
    }

    /** Sends its requests in batches, as a TM and as an RM. */
    Shop orders() {
        return orders;
    }

    /** Sends each request by itself. */
    Shop stock() {
        return stock;
    }

    /** How many transactions the coordinator has not ended. */
    int open() {
        return coordinator
                .coordinator()
                .coordinator()
                .ask(view -> view.state().transactions().size())
                .join();
    }

    /** The XID of the one that is open. */
    String onlyTransaction() {
        return coordinator
                .coordinator()
                .coordinator()
                .ask(view -> {
                    var open = view.state().transactions();
                    if (open.size() != 1) {
                        throw new IllegalStateException("open are " + open);
                    }
                    return open.iterator().next().xid();
                })
                .join();
    }

    void awaitQuiet() {
        await().atMost(PATIENCE).until(() -> open() == 0);
    }

    @Override
    public void close() {
        orders.close();
        stock.close();
        coordinator.close();
    }
}
