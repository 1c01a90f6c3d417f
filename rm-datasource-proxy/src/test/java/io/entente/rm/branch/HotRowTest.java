package io.entente.rm.branch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.entente.rm.jdbc.AtSettings;
import io.entente.rm.jdbc.EntenteDataSource;
import io.entente.rm.jdbc.RowLockWaitTimeoutException;
import io.entente.testkit.EmbeddedCoordinator;
import io.entente.testkit.database.TestDatabase;
import io.entente.testkit.database.TestDatabase.Kind;
import io.entente.tm.ClientSettings;
import io.entente.tm.EntenteClient;
import io.entente.tm.TransactionOptions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One row that everybody wants. */
class HotRowTest {

    private static final int THREADS = 8;
    private static final int EACH = 12;

    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    private EmbeddedCoordinator coordinator;
    private EntenteClient client;
    private AtResources resources;
    private DataSource plain;
    private EntenteDataSource shop;

    private void start(Kind kind) throws SQLException {
        coordinator = EmbeddedCoordinator.start();
        client = EntenteClient.connect(ClientSettings.of(coordinator.address()).withApplicationId("shop"));
        resources = AtResources.of(client, AtResourcesSettings.defaults());
        plain = TestDatabase.of(kind).newDatabase("hot_row");
        // Nobody waits: whoever would have to, fails.
        shop = (EntenteDataSource)
                EntenteDataSource.wrap(plain, resources, AtSettings.defaults().withLockWait(Duration.ZERO));
        shop.start(true);
        run(plain, "CREATE TABLE item (id INT PRIMARY KEY, n INT NOT NULL CHECK (n >= 0))");
        run(plain, "INSERT INTO item VALUES (1, " + THREADS * EACH + ")");
        resources.awaitConnected(Duration.ofSeconds(30));
    }

    @AfterEach
    void stop() {
        threads.shutdownNow();
        resources.close();
        client.close();
        coordinator.close();
    }

    private static int run(DataSource dataSource, String sql) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            return statement.executeUpdate(sql);
        }
    }

    private int number() throws SQLException {
        try (Connection connection = plain.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT n FROM item")) {
            row.next();
            return row.getInt(1);
        }
    }

    private static void pass(CountDownLatch gate) throws InterruptedException {
        assertThat(gate.await(60, TimeUnit.SECONDS)).isTrue();
    }

    /** All are in the middle of their global transaction at the same time. */
    @ParameterizedTest
    @EnumSource
    void all_take_from_it_at_the_same_time_and_some_take_back(Kind kind) throws Exception {
        start(kind);
        CountDownLatch allHaveTaken = new CountDownLatch(THREADS);
        List<Future<?>> ends = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            boolean fails = i % 2 == 0;
            ends.add(threads.submit(() -> client.transactions().execute("take", () -> {
                assertThat(run(shop, "UPDATE item SET n = n - 1 WHERE id = 1 AND n >= 1"))
                        .isEqualTo(1);
                allHaveTaken.countDown();
                pass(allHaveTaken);
                if (fails) {
                    throw new IllegalStateException("changed my mind");
                }
                return null;
            })));
        }
        for (int i = 0; i < THREADS; i++) {
            Future<?> end = ends.get(i);
            if (i % 2 == 0) {
                assertThatThrownBy(() -> end.get(60, TimeUnit.SECONDS)).hasRootCauseMessage("changed my mind");
            } else {
                end.get(60, TimeUnit.SECONDS);
            }
        }
        await().atMost(30, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(number()).isEqualTo(THREADS * EACH - THREADS / 2));
    }

    @ParameterizedTest
    @EnumSource
    void whoever_does_something_else_to_it_waits_for_them_all(Kind kind) throws Exception {
        start(kind);
        client.transactions().execute("take", () -> {
            run(shop, "UPDATE item SET n = n - 1 WHERE id = 1");
            for (String sql : List.of(
                    "UPDATE item SET n = n + 1 WHERE id = 1",
                    "UPDATE item SET n = 7 WHERE id = 1",
                    "DELETE FROM item WHERE id = 1")) {
                Future<?> other = threads.submit(() -> client.transactions().execute("other", () -> run(shop, sql)));
                assertThatThrownBy(() -> other.get(60, TimeUnit.SECONDS))
                        .as(sql)
                        .cause()
                        .isInstanceOf(RowLockWaitTimeoutException.class)
                        .hasMessageContaining("take");
            }
            return null;
        });
        assertThat(number()).isEqualTo(THREADS * EACH - 1);
    }

    /** What is taken is never more than there is, however many give back what they took. */
    @ParameterizedTest
    @EnumSource
    void a_guard_holds_until_the_row_is_empty(Kind kind) throws Exception {
        start(kind);
        AtomicInteger taken = new AtomicInteger();
        List<Future<?>> ends = new ArrayList<>();
        for (int t = 0; t < THREADS; t++) {
            int thread = t;
            ends.add(threads.submit(() -> {
                for (int i = 0; i < EACH * 3 / 2; i++) {
                    boolean fails = (thread + i) % 3 == 0;
                    try {
                        client.transactions().execute(TransactionOptions.named("take"), () -> {
                            int rows = run(shop, "UPDATE item SET n = n - 1 WHERE id = 1 AND n >= 1");
                            if (fails) {
                                throw new IllegalStateException("changed my mind");
                            }
                            taken.addAndGet(rows);
                            return null;
                        });
                    } catch (IllegalStateException meant) {
                        assertThat(fails).isTrue();
                    }
                }
                return null;
            }));
        }
        for (Future<?> end : ends) {
            end.get(120, TimeUnit.SECONDS);
        }
        await().atMost(30, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(number() + taken.get()).isEqualTo(THREADS * EACH));
        assertThat(number()).isNotNegative();
    }

    /** Taking, giving and setting, alone and together, with every third transaction taken back: the sum must come out. */
    @ParameterizedTest
    @EnumSource
    void whatever_is_done_at_random_adds_up(Kind kind) throws Exception {
        start(kind);
        EntenteDataSource patient = (EntenteDataSource)
                EntenteDataSource.wrap(plain, resources, AtSettings.defaults().withLockWait(Duration.ofSeconds(1)));
        run(plain, "INSERT INTO item VALUES (2, 20)");
        AtomicInteger committed = new AtomicInteger();
        AtomicInteger ended = new AtomicInteger();
        List<Future<?>> ends = new ArrayList<>();
        for (int t = 0; t < THREADS; t++) {
            Random random = new Random(t);
            ends.add(threads.submit(() -> {
                for (int i = 0; i < 12; i++) {
                    boolean fails = random.nextInt(3) == 0;
                    try {
                        committed.addAndGet(client.transactions().execute("work", () -> {
                            int sum = 0;
                            for (int steps = random.nextInt(2); steps >= 0; steps--) {
                                sum += atRandom(patient, random);
                            }
                            if (fails) {
                                throw new IllegalStateException("changed my mind");
                            }
                            return sum;
                        }));
                        ended.incrementAndGet();
                    } catch (SQLException | IllegalStateException rolledBack) {
                        // A deadlock, a wait that took too long, or meant.
                    }
                }
                return null;
            }));
        }
        for (Future<?> end : ends) {
            end.get(300, TimeUnit.SECONDS);
        }
        assertThat(ended.get()).isGreaterThan(THREADS);
        int expected = THREADS * EACH + 20 + committed.get();
        await().atMost(60, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(sum()).isEqualTo(expected));
        await().atMost(60, TimeUnit.SECONDS)
                .until(() -> coordinator
                                .coordinator()
                                .coordinator()
                                .ask(view -> view.state().locks().size())
                                .get(5, TimeUnit.SECONDS)
                        == 0);
    }

    /** Returns by how much the sum of all rows has changed. */
    private static int atRandom(DataSource source, Random random) throws SQLException {
        int id = 1 + random.nextInt(2);
        int amount = 1 + random.nextInt(5);
        switch (random.nextInt(6)) {
            case 0, 1:
                return -amount
                        * run(
                                source,
                                "UPDATE item SET n = n - " + amount + " WHERE id = " + id + " AND n >= " + amount);
            case 2, 3:
                return amount * run(source, "UPDATE item SET n = n + " + amount + " WHERE id = " + id);
            case 4:
                return amount * run(source, "UPDATE item SET n = n + " + amount);
            default:
                return set(source, id, amount);
        }
    }

    private static int set(DataSource source, int id, int value) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            int before;
            try (ResultSet row = statement.executeQuery("SELECT n FROM item WHERE id = " + id + " FOR UPDATE")) {
                row.next();
                before = row.getInt(1);
            }
            statement.executeUpdate("UPDATE item SET n = " + value + " WHERE id = " + id);
            connection.commit();
            return value - before;
        }
    }

    private int sum() throws SQLException {
        try (Connection connection = plain.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT SUM(n), MIN(n) FROM item")) {
            row.next();
            assertThat(row.getInt(2)).isNotNegative();
            return row.getInt(1);
        }
    }
}
