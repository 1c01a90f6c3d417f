package io.entente.rm.branch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.entente.rm.jdbc.AtSettings;
import io.entente.rm.jdbc.EntenteDataSource;
import io.entente.rm.jdbc.RowLockWaitTimeoutException;
import io.entente.testkit.EmbeddedCoordinator;
import io.entente.testkit.database.TestDatabase;
import io.entente.testkit.database.TestDatabase.Kind;
import io.entente.tm.ClientSettings;
import io.entente.tm.EntenteClient;
import io.entente.tm.GlobalIsolation;
import io.entente.tm.TransactionOptions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransactionRollbackException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Writers move money between accounts and often change their mind; readers add it all up. */
class RandomTransfersTest {

    private static final int ACCOUNTS = 12;
    private static final int MONEY = ACCOUNTS * 100;
    private static final int WRITERS = 2;
    private static final int READINGS = 12;

    private final ExecutorService threads = Executors.newFixedThreadPool(WRITERS + 2);
    private final AtomicBoolean stop = new AtomicBoolean();
    private final AtomicInteger transfers = new AtomicInteger();
    private EmbeddedCoordinator coordinator;
    private EntenteClient client;
    private AtResources resources;
    private DataSource plain;
    private EntenteDataSource bank;

    private void start(Kind kind) throws SQLException {
        coordinator = EmbeddedCoordinator.start();
        client = EntenteClient.connect(ClientSettings.of(coordinator.address()).withApplicationId("bank"));
        resources = AtResources.of(client, AtResourcesSettings.defaults());
        plain = TestDatabase.of(kind).newDatabase("transfers");
        bank = (EntenteDataSource)
                EntenteDataSource.wrap(plain, resources, AtSettings.defaults().withLockWait(Duration.ofSeconds(20)));
        bank.start(true);
        try (Connection connection = plain.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE account (id INT PRIMARY KEY, money INT NOT NULL)");
            for (int id = 0; id < ACCOUNTS; id++) {
                statement.execute("INSERT INTO account VALUES (" + id + ", 100)");
            }
        }
        resources.awaitConnected(Duration.ofSeconds(30));
    }

    @AfterEach
    void stop() {
        stop.set(true);
        threads.shutdownNow();
        resources.close();
        client.close();
        coordinator.close();
    }

    private void add(int id, int money) throws SQLException {
        try (Connection connection = bank.getConnection();
                PreparedStatement update =
                        connection.prepareStatement("UPDATE account SET money = money + ? WHERE id = ?")) {
            update.setInt(1, money);
            update.setInt(2, id);
            assertThat(update.executeUpdate()).isEqualTo(1);
        }
    }

    /** Each account in a local transaction of its own, so that the money is on its way in between. */
    private void transfer(Random random) throws SQLException {
        int from = random.nextInt(ACCOUNTS);
        int to = (from + 1 + random.nextInt(ACCOUNTS - 1)) % ACCOUNTS;
        int money = 1 + random.nextInt(50);
        try {
            client.transactions().execute("transfer", () -> {
                add(from, -money);
                if (random.nextInt(4) == 0) {
                    throw new IllegalStateException("changed my mind half way");
                }
                add(to, money);
                if (random.nextInt(3) == 0) {
                    throw new IllegalStateException("changed my mind");
                }
                return null;
            });
        } catch (IllegalStateException | RowLockWaitTimeoutException expected) {
            // Rolled back.
        }
        transfers.incrementAndGet();
    }

    private static int sum(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT SUM(money) FROM account")) {
            row.next();
            return row.getInt(1);
        }
    }

    /** Reads as often as it takes; what fails with a row lock or a snapshot is run again. */
    private int read(GlobalIsolation isolation, int way) throws SQLException {
        TransactionOptions options = TransactionOptions.named("sum").withIsolation(isolation);
        for (int tries = 0; tries < 1_000; tries++) {
            try {
                return client.transactions().execute(options, () -> {
                    try (Connection connection = bank.getConnection()) {
                        connection.setTransactionIsolation(
                                way == 2
                                        ? Connection.TRANSACTION_REPEATABLE_READ
                                        : Connection.TRANSACTION_READ_COMMITTED);
                        connection.setAutoCommit(way == 0);
                        int sum = sum(connection);
                        if (way > 0) {
                            assertThat(sum(connection))
                                    .isEqualTo(isolation == GlobalIsolation.READ_COMMITTED ? MONEY : sum);
                            connection.commit();
                        }
                        return sum;
                    }
                });
            } catch (SQLTransactionRollbackException again) {
                // A row lock, or the snapshot of a local transaction.
            }
        }
        throw new AssertionError("no reading in a thousand tries");
    }

    private List<Future<?>> writers(long seed) {
        List<Future<?>> writers = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            Random random = new Random(seed + i);
            writers.add(threads.submit(() -> {
                while (!stop.get()) {
                    transfer(random);
                }
                return null;
            }));
        }
        return writers;
    }

    @ParameterizedTest
    @EnumSource
    void the_sum_of_what_is_committed_is_always_the_same(Kind kind) throws Exception {
        start(kind);
        long seed = System.nanoTime();
        List<Future<?>> writers = writers(seed);
        List<Future<?>> readers = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            int reader = i;
            readers.add(threads.submit(() -> {
                for (int reading = 0; reading < READINGS; reading++) {
                    assertThat(read(GlobalIsolation.READ_COMMITTED, (reading + reader) % 3))
                            .as("seed %s", seed)
                            .isEqualTo(MONEY);
                }
                return null;
            }));
        }
        for (Future<?> reader : readers) {
            reader.get(240, TimeUnit.SECONDS);
        }
        stop.set(true);
        for (Future<?> writer : writers) {
            writer.get(60, TimeUnit.SECONDS);
        }
        assertThat(transfers.get()).isPositive();
        await().atMost(30, TimeUnit.SECONDS).untilAsserted(() -> {
            try (Connection connection = plain.getConnection()) {
                assertThat(sum(connection)).isEqualTo(MONEY);
            }
        });
    }

    /** The control: the writers do put money between accounts. */
    @ParameterizedTest
    @EnumSource
    void the_sum_of_what_is_not_decided_is_wrong_now_and_then(Kind kind) throws Exception {
        start(kind);
        var unused = writers(System.nanoTime());
        await().atMost(60, TimeUnit.SECONDS).until(() -> read(GlobalIsolation.READ_UNCOMMITTED, 0) != MONEY);
    }
}
