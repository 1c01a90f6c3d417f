package io.entente.tm.saga;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entente.testkit.EmbeddedCoordinator;
import io.entente.testkit.database.TestDatabase;
import io.entente.tm.fence.DataSourceTransactions;
import io.entente.tm.fence.Fence;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Steps and compensations in local transactions with the fence: each takes effect at most once, whoever dies. */
class FencedSagaTest {

    private static final Step<Integer> SEATS = Step.named("take seats", Integer.class);

    private final List<String> log = new CopyOnWriteArrayList<>();

    private static DataSource database(TestDatabase.Kind kind) throws SQLException {
        DataSource database = TestDatabase.of(kind).newDatabase("seats");
        String folder =
                kind == TestDatabase.Kind.MARIADB ? "mysql" : kind.name().toLowerCase(Locale.ROOT);
        TestDatabase.runScript(database, "io/entente/sql/" + folder + "/tcc_fence_log.sql");
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE plane (free INT NOT NULL)");
            statement.execute("INSERT INTO plane VALUES (100)");
        }
        return database;
    }

    private static int number(DataSource database, String query) {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getInt(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private int change(Connection connection, int by) throws SQLException {
        log.add((by > 0 ? "+" : "") + by);
        try (PreparedStatement update = connection.prepareStatement("UPDATE plane SET free = free + ?")) {
            update.setInt(1, by);
            update.executeUpdate();
        }
        return by;
    }

    private Saga<Integer> backward(DataSource database) {
        return Saga.named("seats", Integer.class)
                .timeout(Duration.ofSeconds(60))
                .fenced(new Fence(new DataSourceTransactions(database)))
                .step(SEATS, call -> change(call.connection(), -call.input()))
                .compensate(call -> change(call.connection(), call.input()))
                .build();
    }

    private Saga<Integer> forward(DataSource database) {
        return Saga.named("seats forward", Integer.class)
                .fenced(new Fence(new DataSourceTransactions(database)))
                .recoverForward()
                .step(SEATS, call -> change(call.connection(), -call.input()))
                .step("log", call -> {
                    log.add("took " + call.result(SEATS));
                })
                .build();
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.Kind.class)
    void rows_of_a_saga_that_is_done_are_deleted_because_the_coordinator_says_so(TestDatabase.Kind kind)
            throws SQLException {
        DataSource database = database(kind);
        Fence fence = new Fence(new DataSourceTransactions(database));
        try (EmbeddedCoordinator coordinator = EmbeddedCoordinator.start();
                Instance instance = Instance.start(coordinator)) {
            assertThat(instance.sagas().run(backward(database), 3).result(SEATS))
                    .isEqualTo(-3);
            assertThat(instance.sagas().run(forward(database), 7).result(SEATS)).isEqualTo(-7);
            assertThat(number(database, "SELECT free FROM plane")).isEqualTo(90);
            assertThat(number(database, "SELECT COUNT(*) FROM tcc_fence_log WHERE status = 1"))
                    .isEqualTo(3);
            Awaitility.await().until(() -> {
                var unused = fence.sweepTried(Duration.ZERO, instance.client().branches()::isOver);
                return number(database, "SELECT COUNT(*) FROM tcc_fence_log") == 0;
            });
        }
    }

    @Test
    void rows_of_a_saga_that_is_under_way_stay() throws Exception {
        DataSource database = database(TestDatabase.Kind.H2);
        Fence fence = new Fence(new DataSourceTransactions(database));
        try (EmbeddedCoordinator coordinator = EmbeddedCoordinator.start();
                Instance instance = Instance.start(coordinator)) {
            instance.client().transactions().execute("outer", () -> {
                var unused = instance.sagas().run(backward(database), 3);
                return fence.sweepTried(Duration.ofMillis(-1), instance.client().branches()::isOver);
            });
            assertThat(number(database, "SELECT COUNT(*) FROM tcc_fence_log WHERE status = 1"))
                    .isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"AFTER_REGISTER", "BEFORE_RUN", "AFTER_RUN", "AFTER_REPORT", "BEFORE_DECISION"})
    void a_step_is_compensated_exactly_when_it_took_effect(String point) throws SQLException {
        DataSource database = database(TestDatabase.Kind.H2);
        AtomicBoolean died = new AtomicBoolean();
        Instance[] self = new Instance[1];
        try (EmbeddedCoordinator coordinator = EmbeddedCoordinator.start();
                Instance other = Instance.start(coordinator, backward(database));
                Instance first = Instance.start(
                        coordinator,
                        Duration.ofSeconds(1),
                        here -> {
                            if (here.startsWith(point + " ") && died.compareAndSet(false, true)) {
                                self[0].die();
                            }
                        },
                        backward(database))) {
            self[0] = first;
            assertThatThrownBy(() -> first.sagas().run(first.served(Integer.class), 3))
                    .isInstanceOf(Instance.Died.class);
            Trip.awaitEnd(coordinator);
            boolean ran = !point.equals("AFTER_REGISTER") && !point.equals("BEFORE_RUN");
            assertThat(log).isEqualTo(ran ? List.of("-3", "+3") : List.of());
            assertThat(number(database, "SELECT status FROM tcc_fence_log")).isEqualTo(ran ? 3 : 4);
            assertThat(number(database, "SELECT free FROM plane")).isEqualTo(100);
            assertThat(other.points()).contains("AFTER_COMPENSATION take seats");
        }
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.Kind.class)
    void a_step_that_took_effect_before_its_process_died_is_not_done_again(TestDatabase.Kind kind) throws SQLException {
        DataSource database = database(kind);
        AtomicBoolean died = new AtomicBoolean();
        Instance[] self = new Instance[1];
        try (EmbeddedCoordinator coordinator = EmbeddedCoordinator.start();
                Instance other = Instance.start(coordinator, forward(database));
                Instance first = Instance.start(
                        coordinator,
                        Duration.ofSeconds(1),
                        here -> {
                            if (here.equals("AFTER_RUN take seats") && died.compareAndSet(false, true)) {
                                self[0].die();
                            }
                        },
                        forward(database))) {
            self[0] = first;
            assertThatThrownBy(() -> first.sagas().run(first.served(Integer.class), 3))
                    .isInstanceOf(Instance.Died.class);
            Trip.awaitEnd(coordinator);
            assertThat(log).containsExactly("-3", "took -3");
            assertThat(number(database, "SELECT free FROM plane")).isEqualTo(97);
            assertThat(other.points()).contains("AFTER_RUN take seats", "BEFORE_END seats forward");
        }
    }
}
