package io.entente.rm.xa;

import static io.entente.rm.xa.XaDatabase.number;
import static io.entente.rm.xa.XaDatabase.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.entente.rm.branch.AtResources;
import io.entente.rm.branch.AtResourcesSettings;
import io.entente.rm.jdbc.AtSettings;
import io.entente.rm.jdbc.EntenteDataSource;
import io.entente.testkit.database.TestDatabase;
import io.entente.tm.GlobalTransactionException;
import io.entente.tm.GlobalTransactionRolledBackException;
import io.entente.tm.GlobalTransactionTemplate;
import io.entente.tm.TransactionContext;
import io.entente.tm.TransactionOptions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Phase one, and phase two where nobody dies. The same on every database; what differs is in the subclasses. */
abstract class XaCompatibilityTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    final TestDatabase.Kind kind;
    final ExecutorService threads = Executors.newCachedThreadPool();
    XaTestBench bench;
    XaTestBench.Process shop;
    GlobalTransactionTemplate transactions;
    XaDatabase stock;
    XaDatabase account;
    EntenteXaDataSource stockXa;
    EntenteXaDataSource accountXa;

    XaCompatibilityTest(TestDatabase.Kind kind) {
        this.kind = kind;
    }

    @BeforeEach
    void start() throws SQLException {
        bench = new XaTestBench();
        shop = bench.process("shop");
        transactions = shop.client().transactions();
        stock = new XaDatabase(kind);
        account = new XaDatabase(kind);
        stockXa = stock.enlist(shop.resources());
        accountXa = account.enlist(shop.resources());
        shop.awaitConnected();
    }

    @AfterEach
    void stop() {
        threads.shutdownNow();
        shop.close();
        stock.close();
        account.close();
        bench.close();
    }

    private Void buy() throws SQLException {
        run(stockXa, "UPDATE item SET n = n - 1 WHERE id = 1");
        run(accountXa, "UPDATE item SET n = n + 1 WHERE id = 1");
        return null;
    }

    /** Rolls back what {@code work} does. */
    private void undone(SqlWork work) {
        assertThatThrownBy(() -> transactions.execute("undone", () -> {
                    work.run();
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no")
                .satisfies(failure -> assertThat(failure.getSuppressed()).isEmpty());
    }

    interface SqlWork {
        void run() throws SQLException;
    }

    private void awaitEnd() {
        await().atMost(PATIENCE).until(() -> bench.transactions() == 0);
    }

    // ---------------------------------------------------------------- commit and rollback

    @Test
    void a_commit_keeps_the_changes_in_both_databases() throws SQLException {
        transactions.execute("buy", () -> {
            buy();
            assertThat(stock.n(1)).as("nobody sees it before").isEqualTo(10);
            return null;
        });
        assertThat(stock.n(1)).isEqualTo(9);
        assertThat(account.n(1)).isEqualTo(11);
        awaitEnd();
    }

    @Test
    void a_failure_leaves_both_databases_as_they_were() throws SQLException {
        undone(this::buy);
        awaitEnd();
        assertThat(stock.n(1)).isEqualTo(10);
        assertThat(account.n(1)).isEqualTo(10);
    }

    @Test
    void outside_a_global_transaction_connections_are_what_the_pool_gives() throws SQLException {
        run(stockXa, "UPDATE item SET n = 11 WHERE id = 1");
        assertThat(stock.n(1)).isEqualTo(11);
        try (Connection connection = stockXa.getConnection()) {
            connection.setAutoCommit(false);
            run(connection, "UPDATE item SET n = 12 WHERE id = 1");
            Savepoint savepoint = connection.setSavepoint();
            run(connection, "UPDATE item SET n = 13 WHERE id = 1");
            connection.rollback(savepoint);
            connection.commit();
            run(connection, "UPDATE item SET n = 14 WHERE id = 1");
            connection.rollback();
        }
        assertThat(stock.n(1)).isEqualTo(12);
        assertThat(bench.branches()).isEmpty();
    }

    @Test
    void many_transactions_at_the_same_time_lose_nothing_and_no_connection() throws Exception {
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            boolean fails = i % 2 == 1;
            all.add(threads.submit(() -> {
                for (int turn = 0; turn < 5; turn++) {
                    if (fails) {
                        undone(this::buy);
                    } else {
                        transactions.execute("buy", this::buy);
                    }
                }
                return null;
            }));
        }
        for (Future<?> one : all) {
            one.get(120, TimeUnit.SECONDS);
        }
        awaitEnd();
        assertThat(stock.n(1)).isEqualTo(10 - 20);
        assertThat(account.n(1)).isEqualTo(10 + 20);
        await().atMost(PATIENCE)
                .until(() -> stockXa.unwrap(HikariDataSource.class)
                                .getHikariPoolMXBean()
                                .getActiveConnections()
                        == 0);
    }

    // ---------------------------------------------------------------- one branch

    @Test
    void local_transactions_one_after_the_other_are_one_branch_and_see_each_other() throws SQLException {
        transactions.execute("twice", () -> {
            run(stockXa, "UPDATE item SET n = n + 1 WHERE id = 1");
            assertThat(number(stockXa, "SELECT n FROM item WHERE id = 1")).isEqualTo(11);
            try (Connection connection = stockXa.getConnection()) {
                connection.setAutoCommit(false);
                run(connection, "UPDATE item SET n = n + 1 WHERE id = 1");
                connection.commit();
            }
            assertThat(bench.branches()).hasSize(1);
            return null;
        });
        assertThat(stock.n(1)).isEqualTo(12);
    }

    @Test
    void two_connections_open_at_the_same_time_are_two_branches() throws SQLException {
        transactions.execute("two", () -> {
            try (Connection one = stockXa.getConnection();
                    Connection other = stockXa.getConnection()) {
                run(one, "UPDATE item SET n = 11 WHERE id = 1");
                run(other, "UPDATE item SET n = 21 WHERE id = 2");
            }
            assertThat(bench.branches()).hasSize(2);
            return null;
        });
        assertThat(stock.n(1)).isEqualTo(11);
        assertThat(stock.n(2)).isEqualTo(21);
    }

    @Test
    void a_local_rollback_goes_back_to_the_begin_of_its_local_transaction_only() throws SQLException {
        transactions.execute("partly", () -> {
            run(stockXa, "UPDATE item SET n = 11 WHERE id = 1");
            try (Connection connection = stockXa.getConnection()) {
                connection.setAutoCommit(false);
                try (PreparedStatement update = connection.prepareStatement("UPDATE item SET n = ? WHERE id = 2")) {
                    update.setInt(1, 21);
                    update.executeUpdate();
                    connection.commit();
                    update.setInt(1, 22);
                    update.executeUpdate();
                    connection.rollback();
                }
                run(connection, "UPDATE item SET n = 12 WHERE id = 1");
            }
            return null;
        });
        assertThat(stock.n(1)).as("closed without a commit").isEqualTo(11);
        assertThat(stock.n(2)).isEqualTo(21);
    }

    @Test
    void a_local_transaction_goes_on_after_a_statement_that_failed_and_was_rolled_back() throws SQLException {
        transactions.execute("again", () -> {
            try (Connection connection = stockXa.getConnection()) {
                connection.setAutoCommit(false);
                assertThatThrownBy(() -> run(connection, "INSERT INTO item VALUES (1, 0)"))
                        .isInstanceOf(SQLException.class);
                connection.rollback();
                run(connection, "UPDATE item SET n = 11 WHERE id = 1");
                connection.commit();
            }
            return null;
        });
        assertThat(stock.n(1)).isEqualTo(11);
    }

    @Test
    void savepoints_of_the_application_work() throws SQLException {
        transactions.execute("nested", () -> {
            try (Connection connection = stockXa.getConnection()) {
                connection.setAutoCommit(false);
                Savepoint first = connection.setSavepoint();
                run(connection, "UPDATE item SET n = 11 WHERE id = 1");
                Savepoint named = connection.setSavepoint("before two");
                run(connection, "UPDATE item SET n = 21 WHERE id = 2");
                connection.rollback(named);
                connection.releaseSavepoint(first);
                assertThat(named.getSavepointName()).isEqualTo("before two");
                connection.commit();
            }
            return null;
        });
        assertThat(stock.n(1)).isEqualTo(11);
        assertThat(stock.n(2)).isEqualTo(20);
    }

    @Test
    void a_read_only_local_transaction_does_not_keep_later_ones_from_writing() throws SQLException {
        transactions.execute("look, then write", () -> {
            try (Connection connection = stockXa.getConnection()) {
                connection.setReadOnly(true);
                connection.setAutoCommit(false);
                try (Statement statement = connection.createStatement()) {
                    statement.executeQuery("SELECT n FROM item");
                }
                connection.commit();
                connection.setReadOnly(false);
            }
            run(stockXa, "UPDATE item SET n = 11 WHERE id = 1");
            return null;
        });
        assertThat(stock.n(1)).isEqualTo(11);
    }

    @Test
    void a_pool_without_autocommit_gets_its_connections_back_as_it_gave_them() throws SQLException {
        EntenteXaDataSource manual = stock.enlist(stock.pool(1, false), shop.resources());
        transactions.execute("manual", () -> {
            try (Connection connection = manual.getConnection()) {
                assertThat(connection.getAutoCommit()).isFalse();
                run(connection, "UPDATE item SET n = 11 WHERE id = 1");
                connection.commit();
                run(connection, "UPDATE item SET n = 12 WHERE id = 1");
                connection.rollback();
            }
            return null;
        });
        assertThat(stock.n(1)).isEqualTo(11);
        try (Connection connection = manual.getConnection()) {
            assertThat(connection.getAutoCommit()).isFalse();
            run(connection, "UPDATE item SET n = 13 WHERE id = 1");
            connection.rollback();
        }
        assertThat(stock.n(1)).as("outside, a rollback still is one").isEqualTo(11);
    }

    @Test
    void a_branch_that_only_reads_commits_like_the_others() throws SQLException {
        transactions.execute("look", () -> {
            assertThat(number(accountXa, "SELECT n FROM item WHERE id = 2")).isEqualTo(20);
            run(stockXa, "UPDATE item SET n = 11 WHERE id = 1");
            return null;
        });
        awaitEnd();
        assertThat(stock.n(1)).isEqualTo(11);
    }

    // ---------------------------------------------------------------- work in the wrong place

    @Test
    void a_local_transaction_still_open_at_the_end_is_refused_with_the_remedy_and_costs_no_connection()
            throws SQLException {
        for (int turn = 0; turn <= XaDatabase.POOL_SIZE; turn++) {
            AtomicReference<Connection> open = new AtomicReference<>();
            assertThatThrownBy(() -> transactions.execute("open", () -> {
                        run(accountXa, "UPDATE item SET n = 11 WHERE id = 1");
                        open.set(stockXa.getConnection());
                        open.get().setAutoCommit(false);
                        run(open.get(), "UPDATE item SET n = 11 WHERE id = 1");
                        return null;
                    }))
                    .isInstanceOf(GlobalTransactionRolledBackException.class)
                    .hasMessageContainingAll("local transaction", "@Transactional goes inside @GlobalTransactional");
            open.get().close();
        }
        awaitEnd();
        assertThat(stock.n(1)).isEqualTo(10);
        assertThat(account.n(1)).isEqualTo(10);
    }

    @Test
    void a_connection_opened_before_the_global_transaction_is_refused_inside() throws SQLException {
        try (Connection before = stockXa.getConnection()) {
            undone(() -> {
                assertThatThrownBy(() -> run(before, "UPDATE item SET n = 11 WHERE id = 1"))
                        .hasMessageContaining("@Transactional goes inside @GlobalTransactional");
                try (var nothing = TransactionContext.suspend()) {
                    run(before, "UPDATE item SET n = 11 WHERE id = 1");
                }
            });
        }
        assertThat(stock.n(1)).as("the one outside").isEqualTo(11);
    }

    @Test
    void what_was_kept_of_a_connection_is_of_no_use_when_the_work_has_ended() throws SQLException {
        List<PreparedStatement> kept = new ArrayList<>();
        List<Connection> open = new ArrayList<>();
        transactions.execute("kept", () -> {
            try (Connection closed = stockXa.getConnection()) {
                kept.add(closed.prepareStatement("UPDATE item SET n = n + 1 WHERE id = 1"));
                kept.get(0).executeUpdate();
            }
            assertThatThrownBy(() -> kept.get(0).executeUpdate())
                    .as("its connection is closed")
                    .isInstanceOf(SQLException.class);
            open.add(stockXa.getConnection());
            kept.add(open.get(0).prepareStatement("UPDATE item SET n = n + 1 WHERE id = 1"));
            kept.get(1).executeUpdate();
            TransactionContext.capture().endWork();
            assertThatThrownBy(() -> kept.get(1).executeUpdate()).isInstanceOf(SQLException.class);
            assertThatThrownBy(() -> run(open.get(0), "UPDATE item SET n = 77 WHERE id = 1"))
                    .hasMessageContaining("has ended");
            return null;
        });
        for (PreparedStatement statement : kept) {
            assertThatThrownBy(statement::executeUpdate).isInstanceOf(SQLException.class);
        }
        open.get(0).close();
        assertThat(stock.n(1)).isEqualTo(12);
    }

    @Test
    void work_that_the_application_undoes_itself_is_not_enlisted() throws SQLException {
        undone(() -> {
            try (var local = TransactionContext.localWork()) {
                run(stockXa, "UPDATE item SET n = 11 WHERE id = 1");
                try (Connection connection = stockXa.getConnection()) {
                    connection.setAutoCommit(false);
                    run(connection, "UPDATE item SET n = 21 WHERE id = 2");
                    connection.commit();
                }
            }
            run(accountXa, "UPDATE item SET n = 11 WHERE id = 1");
        });
        awaitEnd();
        assertThat(stock.n(1)).isEqualTo(11);
        assertThat(stock.n(2)).isEqualTo(21);
        assertThat(account.n(1)).isEqualTo(10);
    }

    // ---------------------------------------------------------------- failures in phase one

    @Test
    void an_autocommit_statement_that_fails_and_is_overlooked_never_loses_the_others_silently() throws SQLException {
        SqlWork work = () -> transactions.execute("overlooked", () -> {
            buy();
            assertThatThrownBy(() -> run(stockXa, "INSERT INTO item VALUES (1, 0)"))
                    .isInstanceOf(SQLException.class);
            return null;
        });
        if (survivesFailedStatement()) {
            work.run();
            assertThat(stock.n(1)).isEqualTo(9);
            assertThat(account.n(1)).isEqualTo(11);
        } else {
            assertThatThrownBy(work::run)
                    .isInstanceOf(GlobalTransactionRolledBackException.class)
                    .hasMessageContainingAll("prepared", "failed before");
            awaitEnd();
            assertThat(stock.n(1)).isEqualTo(10);
            assertThat(account.n(1)).isEqualTo(10);
        }
    }

    /** Whether a transaction goes on after a failed statement without a rollback. */
    abstract boolean survivesFailedStatement();

    /** How many statements wait for a row of another transaction, as the database tells. */
    abstract String waitingStatements();

    @Test
    void a_timeout_while_a_statement_is_under_way_rolls_back_and_its_connection_never_comes_back() throws Exception {
        HikariDataSource pool = stock.pool(1, true);
        EntenteXaDataSource narrow = stock.enlist(pool, shop.resources());
        PhysicalConnection before;
        try (Connection connection = pool.getConnection()) {
            before = connection.unwrap(PhysicalConnection.class);
        }
        try (Connection blocker = stock.plain.getConnection()) {
            blocker.setAutoCommit(false);
            run(blocker, "UPDATE item SET n = 77 WHERE id = 2");
            Future<?> slow = threads.submit(() ->
                    transactions.execute(TransactionOptions.named("slow").withTimeout(Duration.ofSeconds(60)), () -> {
                        run(accountXa, "UPDATE item SET n = 11 WHERE id = 1");
                        run(narrow, "UPDATE item SET n = 11 WHERE id = 1");
                        run(narrow, "UPDATE item SET n = 21 WHERE id = 2");
                        return null;
                    }));
            // MariaDB shows the same again to whoever asks within a tenth of a second.
            await().atMost(PATIENCE)
                    .pollInterval(200, TimeUnit.MILLISECONDS)
                    .until(() -> number(stock.plain, waitingStatements()) > 0);
            bench.coordinator.advanceTime(Duration.ofSeconds(61));
            assertThatThrownBy(() -> slow.get(30, TimeUnit.SECONDS))
                    .cause()
                    .isInstanceOfAny(GlobalTransactionException.class, SQLException.class);
            await().atMost(PATIENCE).ignoreExceptions().untilAsserted(() -> {
                // Its row is free although the statement still would wait for the other one.
                try (Connection connection = stock.plain.getConnection();
                        Statement statement = connection.createStatement()) {
                    statement.setQueryTimeout(2);
                    statement.executeUpdate("UPDATE item SET n = n + 5 WHERE id = 1");
                }
                assertThat(stock.n(1)).isGreaterThanOrEqualTo(15);
            });
            blocker.rollback();
        }
        awaitEnd();
        assertThat(stock.n(1) % 5).as("nothing of the slow one").isZero();
        assertThat(stock.n(2)).isEqualTo(20);
        assertThat(account.n(1)).isEqualTo(10);
        try (Connection connection = narrow.getConnection()) {
            assertThat(connection.unwrap(PhysicalConnection.class)).isNotSameAs(before);
            run(connection, "UPDATE item SET n = 21 WHERE id = 2");
        }
        assertThat(before.isClosed()).isTrue();
        assertThat(stock.n(2)).isEqualTo(21);
    }

    @Test
    void work_in_another_thread_that_is_done_but_was_not_waited_for_is_committed_too() throws Exception {
        CountDownLatch worked = new CountDownLatch(1);
        CountDownLatch committed = new CountDownLatch(1);
        Future<?> other = transactions.execute("not waited for", () -> {
            run(accountXa, "UPDATE item SET n = 11 WHERE id = 1");
            String xid = String.valueOf(TransactionContext.xid());
            Future<?> begun = threads.submit(() -> {
                try (var scope = TransactionContext.bind(xid)) {
                    run(stockXa, "UPDATE item SET n = 11 WHERE id = 1");
                    worked.countDown();
                    committed.await();
                }
                return null;
            });
            worked.await();
            return begun;
        });
        awaitEnd();
        committed.countDown();
        other.get(30, TimeUnit.SECONDS);
        assertThat(stock.n(1)).isEqualTo(11);
        assertThat(account.n(1)).isEqualTo(11);
    }

    // ---------------------------------------------------------------- with AT

    @Test
    void at_and_xa_commit_and_roll_back_together() throws SQLException {
        DataSource orders = new XaDatabase(kind).plain;
        AtResources at = AtResources.of(shop.client(), AtResourcesSettings.defaults());
        EntenteDataSource ordersAt = (EntenteDataSource) EntenteDataSource.wrap(orders, at, AtSettings.defaults());
        ordersAt.start(true);
        shop.awaitConnected();
        SqlWork both = () -> {
            run(ordersAt, "UPDATE item SET n = n + 1 WHERE id = 1");
            run(stockXa, "UPDATE item SET n = n - 1 WHERE id = 1");
            run(ordersAt, "UPDATE item SET n = n + 1 WHERE id = 2");
        };
        transactions.execute("both", () -> {
            both.run();
            return null;
        });
        undone(both);
        awaitEnd();
        assertThat(stock.n(1)).isEqualTo(9);
        assertThat(number(orders, "SELECT n FROM item WHERE id = 1")).isEqualTo(11);
        assertThat(number(orders, "SELECT n FROM item WHERE id = 2")).isEqualTo(21);
        await().atMost(PATIENCE).until(() -> number(orders, "SELECT COUNT(*) FROM undo_log WHERE log_status = 0") == 0);
        at.close();
    }
}
