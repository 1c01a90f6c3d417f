package io.entente.rm.branch;

import static org.assertj.core.api.Assertions.assertThat;

import io.entente.rm.dialect.Dialect;
import io.entente.rm.undo.UndoLog;
import io.entente.rm.undo.UndoLogSettings;
import io.entente.testkit.EmbeddedCoordinator;
import io.entente.testkit.database.TestDatabase;
import io.entente.tm.ClientSettings;
import io.entente.tm.EntenteClient;
import io.entente.tm.TransactionContext;
import io.entente.tm.branch.BranchChannel;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Undo rows that nobody came back for. */
class UndoRowSweepTest {

    private static final Duration RETENTION = Duration.ofDays(1);

    private DataSource database;
    private AtDatabase resource;

    private void open(TestDatabase.Kind kind) throws SQLException {
        database = TestDatabase.of(kind).newDatabase("undo_row_sweep");
        try (Connection connection = database.getConnection()) {
            UndoLog undoLog =
                    new UndoLog(Dialect.of(connection.getMetaData()), UndoLogSettings.defaults(), Clock.systemUTC());
            undoLog.createTable(connection);
            resource = new AtDatabase("swept", database, undoLog);
        }
    }

    private void insert(long branchId, String xid, int status, Duration age) throws SQLException {
        try (Connection connection = database.getConnection()) {
            insert(connection, branchId, xid, status, age);
        }
    }

    private static void insert(Connection connection, long branchId, String xid, int status, Duration age)
            throws SQLException {
        LocalDateTime created = LocalDateTime.now(ZoneOffset.UTC).minus(age);
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO undo_log (branch_id, xid, context, rollback_info, log_status, log_created,"
                        + " log_modified) VALUES (?, ?, 'format=entente-1', ?, ?, ?, ?)")) {
            insert.setLong(1, branchId);
            insert.setString(2, xid);
            insert.setBytes(3, new byte[] {1});
            insert.setInt(4, status);
            insert.setObject(5, created);
            insert.setObject(6, created);
            insert.executeUpdate();
        }
    }

    private List<Long> left() throws SQLException {
        List<Long> left = new ArrayList<>();
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT branch_id FROM undo_log ORDER BY branch_id")) {
            while (rows.next()) {
                left.add(rows.getLong(1));
            }
        }
        return left;
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.Kind.class)
    void only_old_rows_of_transactions_that_are_over_are_deleted(TestDatabase.Kind kind) throws Exception {
        open(kind);
        try (EmbeddedCoordinator coordinator = EmbeddedCoordinator.start();
                EntenteClient client = EntenteClient.connect(
                        ClientSettings.of(coordinator.address()).withApplicationId("swept"));
                AtResources resources = AtResources.of(client, AtResourcesSettings.defaults())) {
            resources.serve(resource);
            resources.awaitConnected(Duration.ofSeconds(30));
            UndoRowSweep sweep = new UndoRowSweep(client.branches(), RETENTION, Clock.systemUTC());

            client.transactions().execute("open", () -> {
                String open = String.valueOf(TransactionContext.xid());
                String over = BranchChannel.coordinatorOf(open) + "4711";
                insert(1, over, 0, Duration.ofDays(2));
                insert(2, over, 0, Duration.ofHours(2)); // not old enough
                insert(3, open, 0, Duration.ofDays(2)); // may still be rolled back
                insert(4, "10.0.0.1:8091:4711", 0, Duration.ofDays(2)); // of a coordinator nobody here knows
                insert(5, over, 1, Duration.ofDays(2)); // a defence row
                try (Connection connection = database.getConnection()) {
                    for (long branch = 100; branch < 1_200; branch++) {
                        insert(connection, branch, branch % 2 == 0 ? over : open, 0, Duration.ofDays(2));
                    }
                }
                sweep.sweep(resource);
                return null;
            });

            assertThat(left())
                    .hasSize(554)
                    .startsWith(2L, 3L, 4L, 5L, 101L, 103L)
                    .endsWith(1_199L);
        }
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.Kind.class)
    void the_size_is_that_of_undo_rows_alone(TestDatabase.Kind kind) throws Exception {
        open(kind);
        UndoLogSizes sizes = new UndoLogSizes();
        sizes.measure(resource);
        assertThat(sizes.measured().get("swept").rows()).isZero();
        assertThat(sizes.measured().get("swept").oldest()).isZero();

        insert(1, "x:1:1", 0, Duration.ofHours(3));
        insert(2, "x:1:2", 0, Duration.ofHours(5));
        insert(3, "x:1:3", 1, Duration.ofHours(9));
        sizes.measure(resource);

        assertThat(sizes.measured().get("swept").rows()).isEqualTo(2);
        assertThat(sizes.measured().get("swept").oldest())
                .isBetween(
                        Duration.ofHours(5).minusSeconds(1), Duration.ofHours(5).plusMinutes(5));
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.Kind.class)
    void what_cannot_be_measured_is_not_told(TestDatabase.Kind kind) throws Exception {
        open(kind);
        UndoLogSizes sizes = new UndoLogSizes();
        sizes.measure(resource);
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("DROP TABLE undo_log");
        }
        sizes.measure(resource);
        assertThat(sizes.measured()).isEmpty();
    }
}
