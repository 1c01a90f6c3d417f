package io.entente.rm.branch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.entente.protocol.Message.ReadCheck;
import io.entente.protocol.Message.ReadCheckResponse;
import io.entente.protocol.RowLockWait;
import io.entente.rm.call.StatementRefusedException;
import io.entente.rm.jdbc.AtSettings;
import io.entente.rm.jdbc.EntenteDataSource;
import io.entente.rm.jdbc.RowLockWaitTimeoutException;
import io.entente.testkit.EmbeddedCoordinator;
import io.entente.testkit.database.TestDatabase;
import io.entente.testkit.database.TestDatabase.Kind;
import io.entente.tm.ClientSettings;
import io.entente.tm.EntenteClient;
import io.entente.tm.GlobalIsolation;
import io.entente.tm.TransactionContext;
import io.entente.tm.TransactionOptions;
import io.entente.tm.branch.BranchException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What queries see of other global transactions, with a real coordinator and real databases. */
class CommittedReadTest {

    private static final TransactionOptions COMMITTED =
            TransactionOptions.named("reader").withIsolation(GlobalIsolation.READ_COMMITTED);

    private final ExecutorService threads = Executors.newFixedThreadPool(4);
    private EmbeddedCoordinator coordinator;
    private EntenteClient client;
    private AtResources resources;
    private DataSource plain;
    private EntenteDataSource shop;

    /** Runs once, between a query and the question about it. */
    private final AtomicReference<Work> beforeQuestion = new AtomicReference<>();

    private final ConcurrentLinkedQueue<ReadCheck> questions = new ConcurrentLinkedQueue<>();

    private interface Work {
        void run() throws Exception;
    }

    private final class Watched implements BranchCoordinator {
        @Override
        public void serve(AtDatabase resource) {
            resources.serve(resource);
        }

        @Override
        public long register(
                String xid, String resourceId, String lockKey, RowLockWait wait, CompletableFuture<?> withdrawn)
                throws BranchException {
            return resources.register(xid, resourceId, lockKey, wait, withdrawn);
        }

        @Override
        public void reportPhaseOneFailed(String xid, long branchId, String resourceId) {
            resources.reportPhaseOneFailed(xid, branchId, resourceId);
        }

        @Override
        public void requireUnlocked(
                String xid, String resourceId, String lockKey, RowLockWait wait, CompletableFuture<?> withdrawn)
                throws BranchException {
            resources.requireUnlocked(xid, resourceId, lockKey, wait, withdrawn);
        }

        @Override
        public ReadCheckResponse checkRead(ReadCheck read, Duration wait, CompletableFuture<?> withdrawn)
                throws BranchException {
            questions.add(read);
            Work work = read.mark() == ReadCheck.NO_MARK ? null : beforeQuestion.getAndSet(null);
            if (work != null) {
                try {
                    work.run();
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            }
            return resources.checkRead(read, wait, withdrawn);
        }
    }

    private void start(Kind kind) throws SQLException {
        coordinator = EmbeddedCoordinator.start();
        client = EntenteClient.connect(ClientSettings.of(coordinator.address()).withApplicationId("shop"));
        resources = AtResources.of(client, AtResourcesSettings.defaults());
        plain = TestDatabase.of(kind).newDatabase("committed_read");
        shop = (EntenteDataSource) EntenteDataSource.wrap(
                plain, new Watched(), AtSettings.defaults().withLockWait(Duration.ofSeconds(60)));
        shop.start(true);
        run(plain, "CREATE TABLE account (id INT PRIMARY KEY, owner VARCHAR(20) NOT NULL, money INT NOT NULL)");
        run(plain, "CREATE TABLE owner (name VARCHAR(20) PRIMARY KEY, city VARCHAR(20))");
        run(plain, "INSERT INTO account VALUES (1, 'ann', 100), (2, 'bob', 50), (3, 'eve', 7)");
        run(plain, "INSERT INTO owner VALUES ('ann', 'Bern'), ('bob', 'Rome'), ('eve', 'Bern')");
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

    private static List<String> query(DataSource dataSource, String sql) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            return query(connection, sql);
        }
    }

    private static List<String> query(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            return texts(rows);
        }
    }

    private static List<String> texts(ResultSet rows) throws SQLException {
        List<String> texts = new ArrayList<>();
        while (rows.next()) {
            texts.add(rows.getString(1));
        }
        return texts;
    }

    private List<String> committed(String sql) throws SQLException {
        return client.transactions().execute(COMMITTED, () -> query(shop, sql));
    }

    private Future<List<String>> reads(String sql) {
        return threads.submit(() -> committed(sql));
    }

    private static List<String> of(Future<List<String>> reader) throws Exception {
        return reader.get(60, TimeUnit.SECONDS);
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

    private static void pass(CountDownLatch gate) throws InterruptedException {
        assertThat(gate.await(60, TimeUnit.SECONDS)).isTrue();
    }

    /** A global transaction that has changed something and goes on only when it is told to. */
    private final class Holder {

        private final CountDownLatch mayEnd = new CountDownLatch(1);
        private final Future<?> end;
        private volatile String last = "";
        private volatile boolean fails;

        Holder(String... changes) throws InterruptedException {
            CountDownLatch changed = new CountDownLatch(1);
            end = threads.submit(() -> client.transactions().execute("holder", () -> {
                for (String sql : changes) {
                    run(shop, sql);
                }
                changed.countDown();
                pass(mayEnd);
                if (!last.isEmpty()) {
                    run(shop, last);
                }
                if (fails) {
                    throw new IllegalStateException("sold out");
                }
                return null;
            }));
            pass(changed);
        }

        void commit() throws Exception {
            mayEnd.countDown();
            end.get(60, TimeUnit.SECONDS);
        }

        /** Returns when everything is undone. */
        void rollBack() {
            fails = true;
            mayEnd.countDown();
            assertThatThrownBy(() -> end.get(60, TimeUnit.SECONDS)).hasRootCauseMessage("sold out");
            await().atMost(30, TimeUnit.SECONDS)
                    .until(() -> coordinator
                                    .coordinator()
                                    .coordinator()
                                    .ask(view -> view.state().locks().size())
                                    .get(5, TimeUnit.SECONDS)
                            == 0);
        }
    }

    /** Each with what it shows before, and after the changes of {@link #everything}. */
    private static final List<List<String>> QUERIES = List.of(
            List.of("SELECT money FROM account WHERE id = 1", "[100]", "[1]"),
            List.of("SELECT money FROM account a WHERE a.id = 1 AND a.money > 50", "[100]", "[]"),
            List.of("SELECT money FROM account WHERE id = 2", "[50]", "[]"),
            List.of("SELECT money FROM account WHERE id = 4", "[]", "[9]"),
            List.of("SELECT id FROM account ORDER BY id", "[1, 2, 3]", "[1, 3, 4]"),
            List.of("SELECT id FROM account WHERE money > 10 ORDER BY id", "[1, 2]", "[]"),
            List.of("SELECT SUM(money) FROM account", "[157]", "[17]"),
            List.of("SELECT COUNT(*) FROM account WHERE owner = 'bob'", "[1]", "[0]"),
            List.of(
                    "SELECT owner FROM account GROUP BY owner HAVING MAX(money) > 8 ORDER BY owner",
                    "[ann, bob]",
                    "[kim]"),
            List.of("SELECT DISTINCT owner FROM account ORDER BY owner", "[ann, bob, eve]", "[ann, eve, kim]"),
            List.of(
                    "SELECT a.money FROM owner o JOIN account a ON a.owner = o.name WHERE o.city = 'Bern' ORDER BY a.id",
                    "[100, 7]",
                    "[1, 7]"),
            List.of("SELECT name FROM owner WHERE name NOT IN (SELECT owner FROM account)", "[]", "[bob]"),
            List.of("SELECT (SELECT MAX(money) FROM account) FROM owner WHERE name = 'ann'", "[100]", "[9]"),
            List.of(
                    "SELECT owner FROM account UNION SELECT name FROM owner ORDER BY 1",
                    "[ann, bob, eve]",
                    "[ann, bob, eve, kim]"),
            List.of("WITH rich AS (SELECT owner FROM account WHERE money > 8) SELECT COUNT(*) FROM rich", "[2]", "[1]"),
            List.of("SELECT s.n FROM (SELECT COUNT(*) AS n FROM account) s", "[3]", "[3]"));

    private Holder everything() throws InterruptedException {
        return new Holder(
                "UPDATE account SET money = 1 WHERE id = 1",
                "DELETE FROM account WHERE id = 2",
                "INSERT INTO account VALUES (4, 'kim', 9)");
    }

    @ParameterizedTest
    @EnumSource
    void every_query_waits_for_the_commit_and_shows_what_came_of_it(Kind kind) throws Exception {
        start(kind);
        for (List<String> each : QUERIES) {
            Holder holder = everything();
            Future<List<String>> reader = reads(each.get(0));
            awaitSomebodyWaits();
            assertThat(reader).as(each.get(0)).isNotDone();
            holder.commit();
            assertThat(of(reader)).as(each.get(0)).hasToString(each.get(2));
            run(plain, "DELETE FROM account");
            run(plain, "INSERT INTO account VALUES (1, 'ann', 100), (2, 'bob', 50), (3, 'eve', 7)");
        }
    }

    @ParameterizedTest
    @EnumSource
    void no_query_shows_what_is_rolled_back(Kind kind) throws Exception {
        start(kind);
        for (List<String> each : QUERIES) {
            Holder holder = everything();
            Future<List<String>> reader = reads(each.get(0));
            awaitSomebodyWaits();
            holder.rollBack();
            assertThat(of(reader)).as(each.get(0)).hasToString(each.get(1));
        }
    }

    /** Nobody holds the row any more when it is asked for, and yet it was read dirty. */
    @ParameterizedTest
    @EnumSource
    void what_is_undone_between_the_query_and_the_question_is_read_again(Kind kind) throws Exception {
        start(kind);
        for (List<String> each : QUERIES) {
            Holder holder = everything();
            beforeQuestion.set(holder::rollBack);
            assertThat(committed(each.get(0))).as(each.get(0)).hasToString(each.get(1));
            assertThat(beforeQuestion.get()).isNull();
        }
    }

    @ParameterizedTest
    @EnumSource
    void without_it_what_is_not_decided_is_seen(Kind kind) throws Exception {
        start(kind);
        Holder holder = everything();
        for (List<String> each : QUERIES) {
            assertThat(client.transactions().execute("dirty", () -> query(shop, each.get(0))))
                    .hasToString(each.get(2));
        }
        assertThat(query(shop, "SELECT SUM(money) FROM account")).containsExactly("17");
        assertThat(questions).isEmpty();
        holder.rollBack();
    }

    @ParameterizedTest
    @EnumSource
    void a_reader_by_key_does_not_wait_for_other_rows(Kind kind) throws Exception {
        start(kind);
        Holder holder = everything();
        assertThat(committed("SELECT money FROM account WHERE id = 3")).containsExactly("7");
        assertThat(committed("SELECT COUNT(*) FROM account WHERE id = 77")).containsExactly("0");
        assertThat(committed("SELECT name FROM owner")).hasSize(3);
        client.transactions().execute(COMMITTED, () -> {
            try (Connection connection = shop.getConnection();
                    PreparedStatement select =
                            connection.prepareStatement("SELECT money FROM account WHERE owner = ? AND ? = id")) {
                select.setString(1, "eve");
                select.setInt(2, 3);
                try (ResultSet rows = select.executeQuery()) {
                    return assertThat(texts(rows)).containsExactly("7");
                }
            }
        });
        holder.rollBack();
    }

    @ParameterizedTest
    @EnumSource
    void own_changes_are_seen_at_once(Kind kind) throws Exception {
        start(kind);
        client.transactions().execute(COMMITTED, () -> {
            run(shop, "UPDATE account SET money = 5 WHERE id = 1");
            run(shop, "DELETE FROM account WHERE id = 2");
            assertThat(query(shop, "SELECT SUM(money) FROM account")).containsExactly("12");
            try (Connection connection = shop.getConnection()) {
                connection.setAutoCommit(false);
                try (Statement update = connection.createStatement()) {
                    update.executeUpdate("UPDATE account SET money = 6 WHERE id = 1");
                }
                assertThat(query(connection, "SELECT money FROM account WHERE id = 1"))
                        .containsExactly("6");
                assertThat(query(connection, "SELECT SUM(money) FROM account")).containsExactly("13");
                connection.commit();
            }
            return null;
        });
    }

    @ParameterizedTest
    @EnumSource
    void whose_time_is_over_is_told_the_holder(Kind kind) throws Exception {
        start(kind);
        Holder holder = everything();
        for (Duration wait : List.of(Duration.ZERO, Duration.ofMillis(60))) {
            for (String sql : List.of("SELECT money FROM account WHERE id = 1", "SELECT SUM(money) FROM account")) {
                assertThatThrownBy(() ->
                                client.transactions().execute(COMMITTED.withLockWait(wait), () -> query(shop, sql)))
                        .isInstanceOf(RowLockWaitTimeoutException.class)
                        .hasMessageContainingAll("cannot read what is committed", "row ", "holder", "shop");
            }
        }
        holder.rollBack();
    }

    /** A reader that comes between the two would see the money in neither account, or in both. */
    @ParameterizedTest
    @EnumSource
    void of_a_transfer_in_two_local_transactions_all_or_nothing_is_seen(Kind kind) throws Exception {
        start(kind);
        Holder holder = new Holder("UPDATE account SET money = money - 40 WHERE id = 1");
        holder.last = "UPDATE account SET money = money + 40 WHERE id = 2";
        assertThat(query(plain, "SELECT SUM(money) FROM account")).containsExactly("117");
        Future<List<String>> reader = reads("SELECT SUM(money) FROM account");
        awaitSomebodyWaits();
        holder.commit();
        assertThat(of(reader)).containsExactly("157");

        Holder other = new Holder("UPDATE account SET money = money - 40 WHERE id = 2");
        other.last = "UPDATE account SET money = money + 40 WHERE id = 3";
        beforeQuestion.set(other::commit);
        assertThat(committed("SELECT SUM(money) FROM account")).containsExactly("157");
    }

    /** The local transaction has its own idea of time: its snapshot may stay as it was. */
    private void inLocalTransaction(int level, Work afterFirst, String first, String then) throws Exception {
        client.transactions().execute(COMMITTED, () -> {
            try (Connection connection = shop.getConnection()) {
                connection.setTransactionIsolation(level);
                connection.setAutoCommit(false);
                query(connection, first);
                afterFirst.run();
                String shown = query(connection, "SELECT money FROM account WHERE id = 1")
                        .toString();
                assertThat(shown).isEqualTo(then);
                connection.rollback();
            }
            return null;
        });
    }

    @ParameterizedTest
    @EnumSource
    void a_local_transaction_with_read_committed_sees_what_came_back(Kind kind) throws Exception {
        start(kind);
        inLocalTransaction(
                Connection.TRANSACTION_READ_COMMITTED,
                () -> {
                    Holder holder = everything();
                    beforeQuestion.set(holder::rollBack);
                },
                "SELECT name FROM owner",
                "[100]");
    }

    @ParameterizedTest
    @EnumSource
    void the_first_query_of_a_local_transaction_gets_a_new_snapshot(Kind kind) throws Exception {
        start(kind);
        Holder holder = everything();
        beforeQuestion.set(holder::rollBack);
        inLocalTransaction(Connection.TRANSACTION_REPEATABLE_READ, () -> {}, "SELECT SUM(money) FROM account", "[100]");
    }

    @ParameterizedTest
    @EnumSource
    void a_snapshot_that_shows_what_was_rolled_back_is_not_read(Kind kind) throws Exception {
        start(kind);
        Holder holder = everything();
        assertThatThrownBy(() -> inLocalTransaction(
                        Connection.TRANSACTION_REPEATABLE_READ, holder::rollBack, "SELECT name FROM owner", "none"))
                .isInstanceOf(SQLException.class)
                .hasMessageContainingAll("snapshot", "rolled back", "run it again")
                .extracting(e -> ((SQLException) e).getSQLState())
                .isEqualTo("40001");
    }

    @ParameterizedTest
    @EnumSource
    void a_snapshot_from_before_is_good(Kind kind) throws Exception {
        start(kind);
        Holder[] holder = new Holder[1];
        inLocalTransaction(
                Connection.TRANSACTION_REPEATABLE_READ,
                () -> holder[0] = new Holder("UPDATE account SET money = 1 WHERE id = 2"),
                "SELECT name FROM owner",
                "[100]");
        Holder second = holder[0];
        second.commit();
        inLocalTransaction(
                Connection.TRANSACTION_REPEATABLE_READ,
                () -> new Holder("UPDATE account SET money = 1 WHERE id = 1").commit(),
                "SELECT id FROM account",
                "[100]");
    }

    /** What was read first is no query that asks, and takes the snapshot. */
    @ParameterizedTest
    @EnumSource
    void a_snapshot_of_a_change_is_told_too(Kind kind) throws Exception {
        start(kind);
        committed("SELECT id FROM account");
        everything().rollBack();
        client.transactions().execute(COMMITTED, () -> {
            try (Connection connection = shop.getConnection()) {
                connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
                connection.setAutoCommit(false);
                try (Statement update = connection.createStatement()) {
                    update.executeUpdate("UPDATE owner SET city = 'Nice' WHERE name = 'bob'");
                }
                if (kind != Kind.POSTGRESQL) {
                    assertThat(query(connection, "SELECT SUM(money) FROM account"))
                            .containsExactly("157");
                }
                connection.commit();
            }
            return null;
        });
    }

    @ParameterizedTest
    @EnumSource
    void a_connection_that_reads_what_is_not_committed_locally_is_refused(Kind kind) throws Exception {
        start(kind);
        if (kind == Kind.POSTGRESQL) {
            // It has no such isolation.
            inLocalTransaction(Connection.TRANSACTION_READ_UNCOMMITTED, () -> {}, "SELECT 1", "[100]");
            return;
        }
        assertThatThrownBy(
                        () -> inLocalTransaction(Connection.TRANSACTION_READ_UNCOMMITTED, () -> {}, "SELECT 1", "none"))
                .isInstanceOf(StatementRefusedException.class)
                .hasMessageContainingAll("READ_COMMITTED", "READ UNCOMMITTED");
    }

    @ParameterizedTest
    @EnumSource
    void work_in_no_global_transaction_may_read_so_too(Kind kind) throws Exception {
        start(kind);
        Holder holder = everything();
        Future<List<String>> reader = threads.submit(() -> {
            try (var lock = TransactionContext.underGlobalLock(null, GlobalIsolation.READ_COMMITTED)) {
                assertThat(lock).isNotNull();
                return query(shop, "SELECT SUM(money) FROM account");
            }
        });
        awaitSomebodyWaits();
        holder.commit();
        assertThat(of(reader)).containsExactly("17");
    }

    @ParameterizedTest
    @EnumSource
    void a_part_says_for_itself_what_it_wants_to_see(Kind kind) throws Exception {
        start(kind);
        Holder holder = everything();
        client.transactions().execute(COMMITTED, () -> {
            TransactionOptions part = TransactionOptions.named("part").withIsolation(GlobalIsolation.READ_UNCOMMITTED);
            return client.transactions()
                    .execute(
                            part,
                            () -> assertThat(query(shop, "SELECT SUM(money) FROM account"))
                                    .containsExactly("17"));
        });
        holder.commit();
    }

    @ParameterizedTest
    @EnumSource
    void what_reads_unseen_is_refused(Kind kind) throws Exception {
        start(kind);
        if (kind == Kind.POSTGRESQL) {
            run(
                    plain,
                    "CREATE FUNCTION total() RETURNS bigint STABLE LANGUAGE sql AS 'SELECT sum(money) FROM account'");
        } else if (kind == Kind.MARIADB) {
            run(plain, "CREATE FUNCTION total() RETURNS int READS SQL DATA RETURN (SELECT SUM(money) FROM account)");
        }
        run(plain, "CREATE VIEW rich AS SELECT * FROM account WHERE money > 10");
        for (String sql : List.of(
                "SELECT * FROM rich",
                "INSERT INTO owner SELECT owner, 'x' FROM account WHERE id = 4",
                "UPDATE owner SET city = 'x' WHERE name IN (SELECT owner FROM account)",
                "DELETE FROM owner WHERE NOT EXISTS (SELECT 1 FROM account a WHERE a.owner = name)",
                "SELECT name FROM owner WHERE name IN (SELECT owner FROM account) FOR UPDATE")) {
            assertThatThrownBy(() -> client.transactions().execute(COMMITTED, () -> {
                        run(shop, sql);
                        return null;
                    }))
                    .as(sql)
                    .isInstanceOf(StatementRefusedException.class)
                    .hasMessageContainingAll("READ_COMMITTED", "Remedy", "READ_UNCOMMITTED");
        }
        if (kind == Kind.H2) {
            // What is written in Java there is taken for what may write.
            return;
        }
        assertThatThrownBy(() -> committed("SELECT total()"))
                .isInstanceOf(StatementRefusedException.class)
                .hasMessageContainingAll("total", "READ_COMMITTED");
        assertThat(client.transactions().execute("dirty", () -> query(shop, "SELECT total()")))
                .containsExactly("157");
    }

    @ParameterizedTest
    @EnumSource
    void what_no_global_transaction_changes_is_read_without_a_question(Kind kind) throws Exception {
        start(kind);
        run(plain, "CREATE TABLE note (text VARCHAR(20))");
        run(plain, "INSERT INTO note VALUES ('hello')");
        assertThat(committed("SELECT text FROM note")).containsExactly("hello");
        assertThat(committed("SELECT 1")).containsExactly("1");
        assertThat(committed("SELECT COUNT(*) FROM information_schema.tables WHERE 1 = 0"))
                .containsExactly("0");
        assertThat(questions).isEmpty();
    }
}
