package io.entente.rm.branch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.entente.rm.jdbc.AtSettings;
import io.entente.rm.jdbc.EntenteDataSource;
import io.entente.testkit.EmbeddedCoordinator;
import io.entente.testkit.database.TestDatabase;
import io.entente.testkit.database.TestDatabase.Kind;
import io.entente.tm.ClientSettings;
import io.entente.tm.EntenteClient;
import io.entente.tm.GlobalIsolation;
import io.entente.tm.TransactionOptions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTimeoutException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whoever waits for a row at the coordinator can be stopped as if it waited in the database, at a real coordinator. */
class WithdrawnWaitTest {

    private static final String CANCELLED = "57014";

    private final ExecutorService threads = Executors.newFixedThreadPool(2);
    private final CountDownLatch holderMayEnd = new CountDownLatch(1);
    private EmbeddedCoordinator coordinator;
    private EntenteClient client;
    private AtResources resources;
    private DataSource plain;
    private EntenteDataSource shop;
    private Future<?> holder;

    @AfterEach
    void stop() {
        holderMayEnd.countDown();
        threads.shutdownNow();
        resources.close();
        client.close();
        coordinator.close();
    }

    /** A global transaction has added 1 to the first of two rows, is committed locally, and still open. */
    private void start(Kind kind) throws Exception {
        coordinator = EmbeddedCoordinator.start();
        client = EntenteClient.connect(ClientSettings.of(coordinator.address()).withApplicationId("shop"));
        resources = AtResources.of(client, AtResourcesSettings.defaults());
        plain = TestDatabase.of(kind).newDatabase("withdrawn_wait");
        shop = (EntenteDataSource) EntenteDataSource.wrap(
                plain,
                resources,
                AtSettings.defaults().withLockWait(Duration.ofMinutes(5)).withIncrementLocks(false));
        shop.start(true);
        run(plain, "CREATE TABLE item (id INT PRIMARY KEY, n INT)");
        run(plain, "INSERT INTO item VALUES (1, 10), (2, 20)");
        resources.awaitConnected(Duration.ofSeconds(60));
        CountDownLatch changed = new CountDownLatch(1);
        holder = threads.submit(() -> client.transactions().execute("holder", () -> {
            run(shop, "UPDATE item SET n = n + 1 WHERE id = 1");
            changed.countDown();
            return holderMayEnd.await(5, TimeUnit.MINUTES);
        }));
        assertThat(changed.await(60, TimeUnit.SECONDS)).isTrue();
    }

    private static void run(DataSource dataSource, String sql) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private List<Integer> numbers() throws SQLException {
        try (Connection connection = plain.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT n FROM item ORDER BY id")) {
            List<Integer> numbers = new ArrayList<>();
            while (rows.next()) {
                numbers.add(rows.getInt(1));
            }
            return numbers;
        }
    }

    private int waiting() throws Exception {
        return coordinator
                .coordinator()
                .coordinator()
                .ask(view -> view.state().queues().size())
                .get(60, TimeUnit.SECONDS);
    }

    private int locks() throws Exception {
        return coordinator
                .coordinator()
                .coordinator()
                .ask(view -> view.state().locks().size())
                .get(60, TimeUnit.SECONDS);
    }

    private void awaitSomebodyWaits() {
        await().atMost(60, TimeUnit.SECONDS).until(() -> waiting() == 1);
    }

    private interface Stop {
        void at(Connection connection, Statement statement, Thread thread) throws Exception;
    }

    /**
     * Has a statement executed that waits at the coordinator, or whose local commit does, and stops it there.
     *
     * @return what became of it
     */
    private Throwable stopped(TransactionOptions options, boolean autoCommit, String sql, Stop stop) throws Exception {
        Future<?> work;
        try (Connection connection = shop.getConnection();
                Statement statement = connection.createStatement()) {
            CompletableFuture<Thread> thread = new CompletableFuture<>();
            work = threads.submit(() -> client.transactions().execute(options, () -> {
                thread.complete(Thread.currentThread());
                connection.setAutoCommit(autoCommit);
                if (!autoCommit) {
                    statement.execute("UPDATE item SET n = n + 5 WHERE id = 2");
                }
                statement.execute(sql);
                if (!autoCommit) {
                    connection.commit();
                }
                return null;
            }));
            awaitSomebodyWaits();
            stop.at(connection, statement, thread.get(60, TimeUnit.SECONDS));
            Throwable failure = causeOf(work);
            if (!connection.isClosed() && !autoCommit) {
                connection.rollback();
            }
            return failure;
        }
    }

    private static Throwable causeOf(Future<?> work) {
        Throwable thrown = catchThrowable(() -> work.get(60, TimeUnit.SECONDS));
        assertThat(thrown).isInstanceOf(ExecutionException.class);
        return thrown.getCause();
    }

    private void assertNothingIsLeft() throws Exception {
        await().atMost(60, TimeUnit.SECONDS).until(() -> waiting() == 0);
        assertThat(numbers()).containsExactly(11, 20);
        holderMayEnd.countDown();
        holder.get(60, TimeUnit.SECONDS);
        await().atMost(60, TimeUnit.SECONDS).until(() -> locks() == 0);
        client.transactions().execute("next", () -> {
            run(shop, "UPDATE item SET n = n * 2 WHERE id = 1");
            return null;
        });
        assertThat(numbers()).containsExactly(22, 20);
    }

    private static void assertCancelled(Throwable failure, String why) {
        assertThat(failure)
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo(CANCELLED))
                .hasMessageContainingAll("does not wait any longer", why);
    }

    private static final TransactionOptions WAITER = TransactionOptions.named("waiter");

    @ParameterizedTest
    @EnumSource
    void cancelling_a_statement_with_auto_commit_ends_its_wait(Kind kind) throws Exception {
        start(kind);
        Throwable failure = stopped(
                WAITER,
                true,
                "UPDATE item SET n = 0 WHERE id = 1",
                (connection, statement, thread) -> statement.cancel());
        assertCancelled(failure, "the statement was cancelled");
        assertNothingIsLeft();
    }

    @ParameterizedTest
    @EnumSource
    void cancelling_a_locking_read_leaves_a_local_transaction_that_can_be_rolled_back(Kind kind) throws Exception {
        start(kind);
        Throwable failure = stopped(
                WAITER,
                false,
                "SELECT n FROM item WHERE id = 1 FOR UPDATE",
                (connection, statement, thread) -> statement.cancel());
        assertCancelled(failure, "the statement was cancelled");
        assertNothingIsLeft();
    }

    @ParameterizedTest
    @EnumSource
    void cancelling_a_query_that_waits_for_what_is_committed_ends_its_wait(Kind kind) throws Exception {
        start(kind);
        Throwable failure = stopped(
                WAITER.withIsolation(GlobalIsolation.READ_COMMITTED),
                true,
                "SELECT n FROM item WHERE id = 1",
                (connection, statement, thread) -> statement.cancel());
        assertCancelled(failure, "the statement was cancelled");
        assertNothingIsLeft();
    }

    @ParameterizedTest
    @EnumSource
    void the_query_timeout_counts_for_the_wait(Kind kind) throws Exception {
        start(kind);
        assertThatThrownBy(() -> client.transactions().execute("waiter", () -> {
                    try (Connection connection = shop.getConnection();
                            Statement statement = connection.createStatement()) {
                        statement.setQueryTimeout(1);
                        return statement.executeUpdate("UPDATE item SET n = 0 WHERE id = 1");
                    }
                }))
                .isInstanceOfSatisfying(
                        SQLTimeoutException.class,
                        e -> assertThat(e.getSQLState()).isEqualTo(CANCELLED))
                .hasMessageContainingAll("holder", "query timeout of the statement is 1 s");
        assertNothingIsLeft();
    }

    @ParameterizedTest
    @EnumSource
    void aborting_the_connection_ends_the_wait_of_its_local_commit(Kind kind) throws Exception {
        start(kind);
        Throwable failure = stopped(
                WAITER,
                false,
                "UPDATE item SET n = 0 WHERE id = 1",
                (connection, statement, thread) -> connection.abort(Runnable::run));
        assertThat(failure)
                .isInstanceOf(SQLNonTransientConnectionException.class)
                .hasMessageContaining("the connection was closed by another thread");
        await().atMost(60, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(numbers()).containsExactly(11, 20));
        assertNothingIsLeft();
    }

    @ParameterizedTest
    @EnumSource
    void closing_the_connection_ends_the_wait_of_its_local_commit_and_rolls_it_back(Kind kind) throws Exception {
        start(kind);
        Throwable failure =
                stopped(WAITER, false, "UPDATE item SET n = 0 WHERE id = 1", (connection, statement, thread) -> {
                    connection.close();
                    // The rows are free when it returns.
                    run(plain, "UPDATE item SET n = n WHERE id = 2");
                });
        assertThat(failure)
                .isInstanceOfSatisfying(
                        SQLNonTransientConnectionException.class,
                        e -> assertThat(e.getSQLState()).isEqualTo("08003"))
                .hasMessageContaining("the connection was closed by another thread");
        assertNothingIsLeft();
    }

    @ParameterizedTest
    @EnumSource
    void an_interrupt_ends_the_wait_of_a_local_commit_and_rolls_it_back(Kind kind) throws Exception {
        start(kind);
        Throwable failure = stopped(
                WAITER,
                false,
                "UPDATE item SET n = 0 WHERE id = 1",
                (connection, statement, thread) -> thread.interrupt());
        assertCancelled(failure, "the thread was interrupted");
        assertNothingIsLeft();
    }
}
