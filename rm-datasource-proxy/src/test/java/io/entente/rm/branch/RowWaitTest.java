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
import io.entente.tm.TransactionContext;
import io.entente.tm.TransactionOptions;
import io.entente.tm.branch.RowLockConflictException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Waiting for rows of other global transactions, at a real coordinator. */
class RowWaitTest {

    private final ExecutorService threads = Executors.newFixedThreadPool(2);
    private EmbeddedCoordinator coordinator;
    private EntenteClient client;
    private AtResources resources;
    private DataSource plain;
    private EntenteDataSource shop;

    @BeforeEach
    void start() throws SQLException {
        coordinator = EmbeddedCoordinator.start();
        client = EntenteClient.connect(ClientSettings.of(coordinator.address()).withApplicationId("shop"));
        resources = AtResources.of(client, AtResourcesSettings.defaults());
        plain = TestDatabase.h2().newDatabase("row_wait");
        shop = (EntenteDataSource) EntenteDataSource.wrap(
                plain,
                resources,
                AtSettings.defaults().withLockWait(Duration.ofSeconds(60)).withIncrementLocks(false));
        shop.start(true);
        run(plain, "CREATE TABLE item (id INT PRIMARY KEY, n INT)");
        run(plain, "INSERT INTO item VALUES (1, 10), (2, 20)");
        resources.awaitConnected(Duration.ofSeconds(30));
    }

    @AfterEach
    void stop() {
        threads.shutdownNow();
        resources.close();
        client.close();
        coordinator.close();
    }

    private static void run(DataSource dataSource, String sql) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private void runInLocalTransaction(String sql) throws SQLException {
        try (Connection connection = shop.getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute(sql);
            connection.commit();
        }
    }

    private List<String> numbers() throws SQLException {
        try (Connection connection = plain.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT n FROM item ORDER BY id")) {
            List<String> numbers = new ArrayList<>();
            while (rows.next()) {
                numbers.add(rows.getString(1));
            }
            return numbers;
        }
    }

    private interface Work {
        void run() throws Exception;
    }

    private Future<?> transaction(String name, Work work) {
        return threads.submit(() -> client.transactions().execute(name, () -> {
            work.run();
            return null;
        }));
    }

    private void awaitSomebodyWaits() {
        await().atMost(30, TimeUnit.SECONDS)
                .until(() -> coordinator
                                .coordinator()
                                .coordinator()
                                .ask(view -> view.state().queues().size())
                                .get(5, TimeUnit.SECONDS)
                        > 0);
    }

    /** A global transaction that has changed a row and goes on only when it is told to. */
    private final class Holder {

        private final CountDownLatch mayEnd = new CountDownLatch(1);
        private final Future<?> end;
        private volatile boolean fails;

        Holder(String sql) throws InterruptedException {
            CountDownLatch changed = new CountDownLatch(1);
            end = transaction("holder", () -> {
                run(shop, sql);
                changed.countDown();
                pass(mayEnd);
                if (fails) {
                    throw new IllegalStateException("sold out");
                }
            });
            pass(changed);
        }

        void commit() throws Exception {
            mayEnd.countDown();
            end.get(60, TimeUnit.SECONDS);
        }

        void rollBack() {
            fails = true;
            mayEnd.countDown();
            assertThatThrownBy(() -> end.get(60, TimeUnit.SECONDS)).hasRootCauseMessage("sold out");
        }
    }

    private static void pass(CountDownLatch gate) throws InterruptedException {
        assertThat(gate.await(60, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void a_local_commit_waits_until_the_holder_has_committed() throws Exception {
        Holder holder = new Holder("UPDATE item SET n = n - 1 WHERE id = 1");
        Future<?> waiter = transaction("waiter", () -> runInLocalTransaction("UPDATE item SET n = n - 2 WHERE id = 1"));
        awaitSomebodyWaits();
        assertThat(waiter).isNotDone();
        holder.commit();
        waiter.get(60, TimeUnit.SECONDS);
        assertThat(numbers()).containsExactly("7", "20");
    }

    @Test
    void a_local_transaction_gives_way_to_a_holder_that_rolls_back() throws Exception {
        Holder holder = new Holder("UPDATE item SET n = n - 1 WHERE id = 1");
        Future<?> waiter = transaction("waiter", () -> runInLocalTransaction("UPDATE item SET n = n - 2 WHERE id = 1"));
        awaitSomebodyWaits();
        holder.rollBack();
        assertThatThrownBy(() -> waiter.get(60, TimeUnit.SECONDS))
                .hasRootCauseInstanceOf(RowLockConflictException.class)
                .cause()
                .isInstanceOf(RowLockWaitTimeoutException.class)
                .hasMessageContainingAll("holder", "shop", "rolling back");
        await().atMost(30, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(numbers()).containsExactly("10", "20"));
    }

    @Test
    void a_statement_with_auto_commit_lets_the_holder_roll_back_and_runs_on_the_row_that_comes_back() throws Exception {
        Holder holder = new Holder("UPDATE item SET n = 0 WHERE id = 1");
        Future<?> waiter = transaction("waiter", () -> run(shop, "UPDATE item SET n = n * 3 WHERE id = 1"));
        awaitSomebodyWaits();
        holder.rollBack();
        waiter.get(60, TimeUnit.SECONDS);
        assertThat(numbers()).containsExactly("30", "20");
    }

    @Test
    void of_two_that_wait_for_each_other_the_younger_gives_way_and_is_told_both() throws Exception {
        CountDownLatch bothHold = new CountDownLatch(2);
        CountDownLatch olderHasBegun = new CountDownLatch(1);
        Future<?> older = transaction("older", () -> {
            run(shop, "UPDATE item SET n = n + 1 WHERE id = 1");
            olderHasBegun.countDown();
            bothHold.countDown();
            pass(bothHold);
            run(shop, "UPDATE item SET n = n + 1 WHERE id = 2");
        });
        pass(olderHasBegun);
        Future<?> younger = transaction("younger", () -> {
            run(shop, "UPDATE item SET n = n + 100 WHERE id = 2");
            bothHold.countDown();
            pass(bothHold);
            run(shop, "UPDATE item SET n = n + 100 WHERE id = 1");
        });
        assertThatThrownBy(() -> younger.get(60, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(RowLockWaitTimeoutException.class)
                .hasMessageContainingAll("deadlock", "older", "younger", "Run it again");
        older.get(60, TimeUnit.SECONDS);
        await().atMost(30, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(numbers()).containsExactly("11", "21"));
    }

    @Test
    void who_does_not_want_to_wait_is_told_the_holder_at_once() throws Exception {
        client.transactions().execute("holder", () -> {
            run(shop, "UPDATE item SET n = n - 1 WHERE id = 1");
            Future<?> impatient = threads.submit(() -> client.transactions()
                    .execute(TransactionOptions.named("impatient").withLockWait(Duration.ZERO), () -> {
                        runInLocalTransaction("UPDATE item SET n = 0 WHERE id = 1");
                        return null;
                    }));
            assertThatThrownBy(() -> impatient.get(60, TimeUnit.SECONDS))
                    .cause()
                    .isInstanceOf(RowLockWaitTimeoutException.class)
                    .hasMessageContainingAll("holder", "shop", "lock wait is zero");
            return null;
        });
        assertThat(numbers()).containsExactly("9", "20");
    }

    @Test
    void a_locking_read_waits_for_its_row_and_names_the_holder_when_the_time_is_over() throws Exception {
        Holder holder = new Holder("UPDATE item SET n = n - 1 WHERE id = 1");
        assertThatThrownBy(() -> client.transactions()
                        .execute(TransactionOptions.named("reader").withLockWait(Duration.ofMillis(50)), () -> {
                            run(shop, "SELECT n FROM item WHERE id = 1 FOR UPDATE");
                            return null;
                        }))
                .isInstanceOf(RowLockWaitTimeoutException.class)
                .hasMessageContainingAll("holder", "shop", "entente.at.lock-wait");
        Future<?> reader =
                transaction("reader", () -> runInLocalTransaction("SELECT n FROM item WHERE id = 1 FOR UPDATE"));
        awaitSomebodyWaits();
        holder.commit();
        reader.get(60, TimeUnit.SECONDS);
    }

    /** What it changed before, it has in the database and has not told the coordinator. */
    @Test
    void a_locking_read_behind_a_change_gives_way_to_a_holder_that_rolls_back() throws Exception {
        Holder holder = new Holder("UPDATE item SET n = n - 1");
        Future<?> waiter = transaction("waiter", () -> {
            try (Connection connection = shop.getConnection();
                    Statement statement = connection.createStatement()) {
                connection.setAutoCommit(false);
                statement.execute("UPDATE item SET n = n * 2 WHERE id = 1");
                statement.execute("SELECT n FROM item WHERE id = 2 FOR UPDATE");
                connection.commit();
            }
        });
        awaitSomebodyWaits();
        holder.rollBack();
        assertThatThrownBy(() -> waiter.get(30, TimeUnit.SECONDS))
                .cause()
                .isInstanceOf(RowLockWaitTimeoutException.class)
                .hasMessageContainingAll("holder", "rolling back");
        await().atMost(30, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(numbers()).containsExactly("10", "20"));
    }

    @Test
    void what_runs_under_a_global_lock_waits_too_though_it_is_in_no_transaction() throws Exception {
        Holder holder = new Holder("UPDATE item SET n = n - 1 WHERE id = 1");
        Future<?> plainWork = threads.submit(() -> {
            try (TransactionContext.Scope lock = TransactionContext.underGlobalLock(null)) {
                assertThat(lock).isNotNull();
                runInLocalTransaction("UPDATE item SET n = n * 2 WHERE id = 1");
            }
            return null;
        });
        awaitSomebodyWaits();
        holder.commit();
        plainWork.get(60, TimeUnit.SECONDS);
        assertThat(numbers()).containsExactly("18", "20");
    }

    @Test
    void under_a_global_lock_a_holder_that_rolls_back_has_its_way() throws Exception {
        Holder holder = new Holder("UPDATE item SET n = n - 1 WHERE id = 1");
        Future<?> plainWork = threads.submit(() -> {
            try (TransactionContext.Scope lock = TransactionContext.underGlobalLock(null)) {
                assertThat(lock).isNotNull();
                run(shop, "UPDATE item SET n = n * 2 WHERE id = 1");
            }
            return null;
        });
        awaitSomebodyWaits();
        holder.rollBack();
        plainWork.get(60, TimeUnit.SECONDS);
        assertThat(numbers()).containsExactly("20", "20");
    }

    /** The waiter has row 1 in the database, and the holder wants it next: no coordinator sees that circle. */
    @Test
    void a_statement_with_auto_commit_does_not_keep_rows_that_the_holder_wants_next() throws Exception {
        CountDownLatch changed = new CountDownLatch(1);
        CountDownLatch somebodyWaits = new CountDownLatch(1);
        Future<?> holder = transaction("holder", () -> {
            run(shop, "UPDATE item SET n = n - 1 WHERE id = 2");
            changed.countDown();
            pass(somebodyWaits);
            run(shop, "UPDATE item SET n = n - 1 WHERE id = 1");
        });
        pass(changed);
        Future<?> waiter = transaction("waiter", () -> run(shop, "UPDATE item SET n = n * 2"));
        awaitSomebodyWaits();
        somebodyWaits.countDown();
        holder.get(30, TimeUnit.SECONDS);
        waiter.get(30, TimeUnit.SECONDS);
        assertThat(numbers()).containsExactly("18", "38");
    }
}
