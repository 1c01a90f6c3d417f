package io.entente.rm.branch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.entente.rm.jdbc.AtSettings;
import io.entente.rm.jdbc.EntenteDataSource;
import io.entente.rm.jdbc.RowLockWaitTimeoutException;
import io.entente.testkit.EmbeddedCoordinator;
import io.entente.testkit.database.TestDatabase;
import io.entente.tm.ClientSettings;
import io.entente.tm.EntenteClient;
import io.entente.tm.GlobalTransactionException;
import io.entente.tm.TransactionContext;
import io.entente.tm.TransactionOptions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A client, two databases and a real coordinator on a socket. */
class AtEndToEndTest {

    private static final AtSettings PATIENT = AtSettings.defaults().withLockWait(Duration.ofSeconds(30));

    private EmbeddedCoordinator coordinator;
    private EntenteClient client;
    private AtResources resources;
    private DataSource plainStock;
    private DataSource plainAccount;
    private DataSource stock;
    private DataSource account;

    @BeforeEach
    void start() throws SQLException {
        coordinator = EmbeddedCoordinator.start();
        client = EntenteClient.connect(ClientSettings.of(coordinator.address()).withApplicationId("shop"));
        resources = AtResources.of(client, AtResourcesSettings.defaults());
        plainStock = TestDatabase.h2().newDatabase("e2e_stock");
        plainAccount = TestDatabase.h2().newDatabase("e2e_account");
        stock = at(plainStock, PATIENT);
        account = at(plainAccount, PATIENT);
        run(plainStock, "CREATE TABLE item (id INT PRIMARY KEY, n INT)");
        run(plainStock, "INSERT INTO item VALUES (1, 10), (2, 20)");
        run(plainAccount, "CREATE TABLE owner (id INT PRIMARY KEY, money INT)");
        run(plainAccount, "INSERT INTO owner VALUES (1, 100)");
        resources.awaitConnected(Duration.ofSeconds(30));
    }

    @AfterEach
    void stop() {
        resources.close();
        client.close();
        coordinator.close();
    }

    private DataSource at(DataSource plain, AtSettings settings) throws SQLException {
        EntenteDataSource dataSource = (EntenteDataSource) EntenteDataSource.wrap(plain, resources, settings);
        dataSource.start(true);
        return dataSource;
    }

    private static void run(DataSource dataSource, String sql) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static List<String> query(DataSource dataSource, String sql) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> result = new ArrayList<>();
            while (rows.next()) {
                result.add(rows.getString(1));
            }
            return result;
        }
    }

    private Void buy() throws SQLException {
        run(stock, "UPDATE item SET n = n - 1 WHERE id = 1");
        run(account, "UPDATE owner SET money = money - 7 WHERE id = 1");
        run(stock, "INSERT INTO item VALUES (3, 30)");
        return null;
    }

    private void awaitNoUndoRows() {
        await().atMost(30, TimeUnit.SECONDS).untilAsserted(() -> {
            assertThat(query(plainStock, "SELECT xid FROM undo_log WHERE log_status = 0"))
                    .isEmpty();
            assertThat(query(plainAccount, "SELECT xid FROM undo_log WHERE log_status = 0"))
                    .isEmpty();
        });
    }

    private void awaitUntouched() {
        await().atMost(30, TimeUnit.SECONDS).untilAsserted(() -> {
            assertThat(query(plainStock, "SELECT n FROM item ORDER BY id")).containsExactly("10", "20");
            assertThat(query(plainAccount, "SELECT money FROM owner")).containsExactly("100");
        });
        awaitNoUndoRows();
    }

    @Test
    void a_commit_keeps_the_changes_of_all_databases_and_clears_their_undo_rows() throws SQLException {
        client.transactions().execute("buy", this::buy);
        assertThat(query(plainStock, "SELECT n FROM item ORDER BY id")).containsExactly("9", "20", "30");
        assertThat(query(plainAccount, "SELECT money FROM owner")).containsExactly("93");
        awaitNoUndoRows();
    }

    @Test
    void a_failure_undoes_the_changes_of_all_databases() {
        assertThatThrownBy(() -> client.transactions().execute("buy", () -> {
                    buy();
                    throw new IllegalStateException("sold out");
                }))
                .hasMessage("sold out");
        awaitUntouched();
    }

    @Test
    void a_timeout_undoes_the_changes_and_the_commit_says_so() {
        assertThatThrownBy(() -> client.transactions()
                        .execute(TransactionOptions.named("slow").withTimeout(Duration.ofSeconds(5)), () -> {
                            buy();
                            coordinator.advanceTime(Duration.ofSeconds(6));
                            awaitUntouched();
                            return null;
                        }))
                .isInstanceOf(GlobalTransactionException.class);
        awaitUntouched();
    }

    @Test
    void two_transactions_that_want_one_row_come_one_after_the_other() throws Exception {
        CountDownLatch changed = new CountDownLatch(1);
        CountDownLatch mayCommit = new CountDownLatch(1);
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            Future<?> first = threads.submit(() -> client.transactions().execute("first", () -> {
                run(stock, "UPDATE item SET n = n - 1 WHERE id = 1");
                changed.countDown();
                mayCommit.await();
                throw new IllegalStateException("rolled back");
            }));
            changed.await();
            DataSource impatient = at(plainStock, AtSettings.defaults().withLockWait(Duration.ofMillis(20)));
            assertThatThrownBy(() -> client.transactions().execute("impatient", () -> {
                        run(impatient, "UPDATE item SET n = 0 WHERE id = 1");
                        return null;
                    }))
                    .isInstanceOf(RowLockWaitTimeoutException.class)
                    .hasMessageContaining("first");
            Future<?> second = threads.submit(() -> client.transactions().execute("second", () -> {
                run(stock, "UPDATE item SET n = n - 2 WHERE id = 1");
                return null;
            }));
            mayCommit.countDown();
            assertThatThrownBy(first::get).hasRootCauseMessage("rolled back");
            second.get();
        } finally {
            threads.shutdown();
        }
        assertThat(query(plainStock, "SELECT n FROM item WHERE id = 1")).containsExactly("8");
        awaitNoUndoRows();
    }

    @Test
    void a_row_that_an_outsider_changed_is_never_overwritten() throws SQLException {
        assertThatThrownBy(() -> client.transactions().execute("buy", () -> {
                    run(stock, "UPDATE item SET n = 5 WHERE id = 1");
                    run(plainStock, "UPDATE item SET n = 77 WHERE id = 1");
                    throw new IllegalStateException("sold out");
                }))
                .isInstanceOf(Exception.class);
        await().atMost(30, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(query(plainAccount, "SELECT money FROM owner"))
                        .containsExactly("100"));
        assertThat(query(plainStock, "SELECT n FROM item WHERE id = 1")).containsExactly("77");
        // The operator sees at the coordinator which row differs, and how.
        await().atMost(30, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(coordinator
                                .coordinator()
                                .coordinator()
                                .ask(view -> view.state().transactions().stream()
                                        .flatMap(transaction -> transaction.stuck().stream())
                                        .map(stuck -> stuck.reason())
                                        .toList())
                                .get(5, TimeUnit.SECONDS))
                        .singleElement(InstanceOfAssertFactories.STRING)
                        .containsIgnoringCase("item")
                        .contains("77"));
    }

    @Test
    void after_a_restart_of_the_coordinator_its_decisions_are_carried_out() throws SQLException {
        client.transactions().execute("before", this::buy);
        coordinator.restart();
        assertThatThrownBy(() -> client.transactions().execute("after", () -> {
                    run(account, "UPDATE owner SET money = 0 WHERE id = 1");
                    coordinator.restart();
                    throw new IllegalStateException("no");
                }))
                .isInstanceOf(Exception.class);
        await().atMost(60, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(query(plainAccount, "SELECT money FROM owner"))
                        .containsExactly("93"));
        awaitNoUndoRows();
    }

    @Test
    void a_resource_that_comes_later_is_served_too() throws SQLException {
        DataSource plainLate = TestDatabase.h2().newDatabase("e2e_late");
        DataSource late = at(plainLate, PATIENT);
        run(plainLate, "CREATE TABLE t (id INT PRIMARY KEY)");
        assertThatThrownBy(() -> client.transactions().execute("late", () -> {
                    run(late, "INSERT INTO t VALUES (1)");
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");
        await().atMost(30, TimeUnit.SECONDS)
                .untilAsserted(
                        () -> assertThat(query(plainLate, "SELECT id FROM t")).isEmpty());
    }

    @Test
    void a_select_for_update_waits_for_a_transaction_under_way() throws Exception {
        CountDownLatch changed = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            Future<?> writer = threads.submit(() -> client.transactions().execute("writer", () -> {
                run(stock, "UPDATE item SET n = 0 WHERE id = 2");
                changed.countDown();
                mayEnd.await();
                throw new IllegalStateException("rolled back");
            }));
            changed.await();
            assertThat(query(plainStock, "SELECT n FROM item WHERE id = 2")).containsExactly("0");
            Future<List<String>> reader =
                    threads.submit(() -> client.transactions().execute("reader", () -> {
                        assertThat(TransactionContext.isActive()).isTrue();
                        return query(stock, "SELECT n FROM item WHERE id = 2 FOR UPDATE");
                    }));
            mayEnd.countDown();
            assertThatThrownBy(writer::get).hasRootCauseMessage("rolled back");
            assertThat(reader.get()).containsExactly("20");
        } finally {
            threads.shutdown();
        }
    }
}
