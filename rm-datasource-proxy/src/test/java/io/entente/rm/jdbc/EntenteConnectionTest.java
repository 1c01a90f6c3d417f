package io.entente.rm.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.entente.protocol.TransactionError;
import io.entente.rm.call.StatementRefusedException;
import io.entente.rm.capture.CaptureFailedException;
import io.entente.rm.undo.RollbackResult;
import io.entente.testkit.database.TestDatabase;
import io.entente.tm.TransactionContext;
import io.entente.tm.branch.BranchRefusedException;
import io.entente.tm.branch.CoordinatorSilentException;
import io.entente.tm.branch.RowLockConflictException;
import java.io.ByteArrayInputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.h2.api.Trigger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What does not depend on the database: failures, wrappers, and doing nothing outside of global transactions. */
class EntenteConnectionTest {

    private static final String CHANGE = "UPDATE stock SET amount = amount - 1 WHERE id = 1";

    private AtDatabase db;
    private List<List<String>> before;

    @BeforeEach
    void open() throws SQLException {
        db = new AtDatabase(TestDatabase.Kind.H2);
        before = db.content();
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private void nothingIsLeft() throws SQLException {
        assertThat(db.content()).isEqualTo(before);
        assertThat(db.query("SELECT * FROM undo_log")).isEmpty();
    }

    // ---------------------------------------------------------------- outside

    @Test
    void outside_a_global_transaction_any_statement_runs_as_it_is() throws SQLException {
        InMemoryCoordinator coordinator = new InMemoryCoordinator();
        DataSource fresh = EntenteDataSource.wrap(db.plain, coordinator, AtSettings.defaults());
        try (Connection connection = fresh.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE free (n INT)");
            statement.execute("INSERT INTO free SELECT id FROM stock");
            statement.execute("TRUNCATE TABLE free");
            try (CallableStatement call = connection.prepareCall("{call ABS(?)}")) {
                call.setInt(1, -3);
                assertThat(call.execute()).isTrue();
            }
            statement.addBatch("INSERT INTO free VALUES (1)");
            statement.addBatch("MERGE INTO stock KEY (id) VALUES (1, 'bolt', 100)");
            assertThat(statement.executeBatch()).containsExactly(1, 1);
        }
        assertThat(coordinator.served).as("not even the database was looked at").isEmpty();
    }

    @Test
    void what_runs_under_suspension_may_read_but_not_write_beside_a_branch() throws SQLException {
        db.inLocalTransaction(connection -> {
            execute(connection, CHANGE);
            try (TransactionContext.Scope scope = TransactionContext.suspend()) {
                assertThat(scope).isNotNull();
                execute(connection, "SELECT * FROM stock");
                assertThatThrownBy(() -> execute(connection, CHANGE)).hasMessageContaining("outside of any");
            }
        });
        assertThat(db.coordinator.branches).hasSize(1);
    }

    @Test
    void local_work_may_change_rows_beside_a_branch_but_not_end_its_local_transaction() throws SQLException {
        db.inLocalTransaction(connection -> {
            execute(connection, CHANGE);
            try (TransactionContext.Scope scope = TransactionContext.localWork()) {
                assertThat(scope).isNotNull();
                execute(connection, "UPDATE stock SET amount = 0 WHERE id = 2");
                execute(connection, "MERGE INTO stock KEY (id) VALUES (3, 'gear', 0)");
                for (String ends : List.of("COMMIT", "CREATE TABLE t (id INT)", "DELETE FROM stock; COMMIT")) {
                    assertThatThrownBy(() -> execute(connection, ends)).isInstanceOf(StatementRefusedException.class);
                }
            }
        });
        assertThat(db.lockKeys()).singleElement().asString().contains(":1").doesNotContain("2");
        db.rollBack();
        assertThat(db.query("SELECT amount FROM stock ORDER BY id")).containsExactly("100", "0", "0");
    }

    @Test
    void one_local_transaction_cannot_serve_two_global_ones() throws SQLException {
        db.inGlobal(connection -> {
            connection.setAutoCommit(false);
            execute(connection, CHANGE);
            try (TransactionContext.Scope scope = TransactionContext.bind("127.0.0.1:8091:99")) {
                assertThat(scope).isNotNull();
                assertThatThrownBy(() -> execute(connection, CHANGE))
                        .hasMessageContainingAll(AtDatabase.XID, "127.0.0.1:8091:99");
                connection.rollback();
                execute(connection, CHANGE);
                connection.commit();
            }
        });
        assertThat(db.coordinator.branches)
                .singleElement()
                .satisfies(branch -> assertThat(branch.xid()).isEqualTo("127.0.0.1:8091:99"));
    }

    // ---------------------------------------------------------------- the coordinator says no, or nothing

    @Test
    void without_an_answer_of_the_coordinator_nothing_is_committed() throws SQLException {
        db.inGlobal(connection -> {
            db.coordinator.failures.add(new CoordinatorSilentException("no answer in 15 s", null));
            assertThatThrownBy(() -> execute(connection, CHANGE))
                    .isInstanceOf(BranchFailedException.class)
                    .hasMessageContaining("no answer in 15 s");
            connection.setAutoCommit(false);
            execute(connection, CHANGE);
            db.coordinator.failures.add(
                    new BranchRefusedException(TransactionError.GLOBAL_TRANSACTION_NOT_ACTIVE, "rolling back"));
            assertThatThrownBy(connection::commit)
                    .isInstanceOf(BranchFailedException.class)
                    .hasMessageContaining("GLOBAL_TRANSACTION_NOT_ACTIVE");
            // As a pool or Spring does after a failure: this must not commit what was refused.
            connection.setAutoCommit(true);
        });
        assertThat(db.pauses).as("only a conflict is worth waiting").isEmpty();
        nothingIsLeft();
    }

    @Test
    void a_branch_that_is_registered_when_its_statement_was_cancelled_is_reported_as_failed() throws SQLException {
        db.inGlobal(connection -> {
            try (Statement statement = connection.createStatement()) {
                db.coordinator.beforeAnswer(
                        () -> assertThatCode(statement::cancel).doesNotThrowAnyException());
                assertThatThrownBy(() -> statement.executeUpdate(CHANGE))
                        .isInstanceOfSatisfying(
                                SQLException.class,
                                e -> assertThat(e.getSQLState()).isEqualTo("57014"))
                        .hasMessageContaining("the statement was cancelled");
            }
        });
        assertThat(db.content()).isEqualTo(before);
        assertThat(db.coordinator.reportedFailed)
                .containsExactly(db.coordinator.branches.get(0).id());
    }

    @Test
    void a_branch_that_is_registered_when_its_connection_was_given_up_is_reported_as_failed() throws SQLException {
        db.inGlobal(connection -> {
            connection.setAutoCommit(false);
            execute(connection, CHANGE);
            db.coordinator.beforeAnswer(
                    () -> assertThatCode(() -> connection.abort(Runnable::run)).doesNotThrowAnyException());
            assertThatThrownBy(connection::commit)
                    .isInstanceOf(SQLNonTransientConnectionException.class)
                    .hasMessageContaining("the connection was closed by another thread");
        });
        assertThat(db.content()).isEqualTo(before);
        assertThat(db.coordinator.reportedFailed)
                .containsExactly(db.coordinator.branches.get(0).id());
    }

    @Test
    void a_rollback_that_overtakes_the_local_commit_makes_it_fail() throws SQLException {
        db.coordinator.beforeAnswer(() -> {
            try (Connection own = db.plain.getConnection()) {
                long branchId = db.coordinator.branches.get(0).id();
                assertThat(db.coordinator.resource().undoLog().rollback(own, AtDatabase.XID, branchId))
                        .isInstanceOf(RollbackResult.NothingToUndo.class);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
        db.inGlobal(connection ->
                assertThatThrownBy(() -> execute(connection, CHANGE)).isInstanceOf(SQLException.class));
        assertThat(db.content()).isEqualTo(before);
        assertThat(db.coordinator.reportedFailed)
                .containsExactly(db.coordinator.branches.get(0).id());
    }

    @Test
    void an_attempt_that_cannot_be_rolled_back_is_not_repeated() throws SQLException {
        DataSource faulty = FaultyConnection.refusingRollback(db.plain, () -> new SQLException("not now"));
        DataSource at = EntenteDataSource.wrap(faulty, db.coordinator, AtSettings.defaults());
        db.coordinator.failures.add(new RowLockConflictException("row 1 is held", false));
        try (TransactionContext.Scope scope = TransactionContext.bind(AtDatabase.XID)) {
            assertThat(scope).isNotNull();
            try (Connection connection = at.getConnection()) {
                assertThatThrownBy(() -> execute(connection, CHANGE))
                        .isInstanceOf(SQLNonTransientConnectionException.class)
                        .hasStackTraceContaining("not now");
            }
        }
        nothingIsLeft();
    }

    // ---------------------------------------------------------------- the local commit fails

    private void withFaultyCommit(SQLException failure, boolean committedAnyway, AtDatabase.Work work)
            throws SQLException {
        AtomicReference<@Nullable SQLException> next = new AtomicReference<>();
        DataSource faulty = FaultyConnection.dataSource(db.plain, () -> next.getAndSet(null), committedAnyway);
        DataSource at = EntenteDataSource.wrap(faulty, db.coordinator, AtSettings.defaults());
        try (TransactionContext.Scope scope = TransactionContext.bind(AtDatabase.XID);
                Connection connection = at.getConnection()) {
            assertThat(scope).isNotNull();
            connection.setAutoCommit(false);
            execute(connection, CHANGE);
            next.set(failure);
            work.on(connection);
        }
    }

    @Test
    void a_refused_local_commit_is_reported_so_that_phase_two_skips_the_branch() throws SQLException {
        SQLException failure = new SQLException("deferred constraint violated", "23505");
        withFaultyCommit(failure, false, connection -> {
            assertThatThrownBy(connection::commit).isSameAs(failure);
            assertThat(TransactionContext.rollbackOnlyReason()).isNull();
            connection.setAutoCommit(true);
        });
        assertThat(db.coordinator.reportedFailed)
                .containsExactly(db.coordinator.branches.get(0).id());
        nothingIsLeft();
    }

    @Test
    void a_local_commit_without_an_answer_is_left_to_the_undo_row_and_lets_nothing_commit() throws SQLException {
        for (boolean committedAnyway : new boolean[] {true, false}) {
            SQLException failure = new SQLException("connection reset", "08006");
            withFaultyCommit(failure, committedAnyway, connection -> {
                assertThatThrownBy(connection::commit).isSameAs(failure);
                assertThat(TransactionContext.rollbackOnlyReason()).contains("connection reset");
            });
            assertThat(db.coordinator.reportedFailed).isEmpty();
            try (Connection own = db.plain.getConnection()) {
                RollbackResult result = db.coordinator
                        .resource()
                        .undoLog()
                        .rollback(
                                own,
                                AtDatabase.XID,
                                db.coordinator.branches.get(0).id());
                assertThat(result)
                        .isInstanceOf(
                                committedAnyway ? RollbackResult.Undone.class : RollbackResult.NothingToUndo.class);
            }
            assertThat(db.content()).isEqualTo(before);
            db.coordinator.branches.clear();
        }
    }

    // ---------------------------------------------------------------- capture fails after the statement ran

    /** Gives each new row another key than the statement says. */
    public static final class KeyChanger implements Trigger {
        @Override
        public void fire(Connection connection, Object[] oldRow, Object[] newRow) {
            newRow[0] = ((Number) newRow[0]).longValue() + 1_000;
        }
    }

    @Test
    void what_ran_but_could_not_be_captured_cannot_be_committed() throws SQLException {
        db.run("CREATE TRIGGER moves BEFORE INSERT ON stock FOR EACH ROW CALL '" + KeyChanger.class.getName() + "'");
        db.inGlobal(connection -> {
            assertThatThrownBy(() -> insertWithKeys(connection)).isInstanceOf(CaptureFailedException.class);
            connection.setAutoCommit(false);
            execute(connection, CHANGE);
            assertThatThrownBy(() -> insertWithKeys(connection)).isInstanceOf(CaptureFailedException.class);
            assertThatThrownBy(connection::commit)
                    .isInstanceOf(CaptureFailedException.class)
                    .hasMessageContaining("instead of committed");
            assertThat(db.content()).isEqualTo(before);

            execute(connection, CHANGE);
            Savepoint savepoint = connection.setSavepoint();
            assertThatThrownBy(() -> insertWithKeys(connection)).isInstanceOf(CaptureFailedException.class);
            connection.rollback(savepoint);
            connection.commit();
        });
        assertThat(db.lockKeys()).containsExactly("%(AMOUNT-)STOCK:1");
        db.rollBack();
        nothingIsLeft();
    }

    private static void insertWithKeys(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    "/* entente:unseen-effects */ INSERT INTO stock VALUES (9, 'cog', 1)",
                    Statement.RETURN_GENERATED_KEYS);
        }
    }

    @Test
    void a_table_that_got_a_column_meanwhile_is_looked_at_again() throws SQLException {
        db.inGlobal(connection -> {
            execute(connection, "DELETE FROM tagged WHERE code = 'none'");
            db.run("ALTER TABLE tagged ADD COLUMN extra VARCHAR(10) DEFAULT 'e'");
            execute(connection, "DELETE FROM tagged WHERE code = 'red'");
            db.run("ALTER TABLE orders ADD COLUMN extra VARCHAR(10) DEFAULT 'e'");
            execute(connection, "INSERT INTO orders (item) VALUES ('new')");
            execute(connection, "UPDATE orders SET extra = 'f'");
        });
        db.rollBack();
        assertThat(db.query("SELECT * FROM tagged ORDER BY code")).containsExactly("green_x|2|e", "red|1|e");
        assertThat(db.query("SELECT * FROM orders")).isEmpty();
    }

    // ---------------------------------------------------------------- parameters

    @Test
    void streams_are_sent_as_often_as_needed() throws SQLException {
        db.run("CREATE TABLE docs (name VARCHAR(20) PRIMARY KEY, body BLOB, txt CLOB)");
        byte[] body = "bytes".getBytes(StandardCharsets.UTF_8);
        db.coordinator.hold("other", "DOCS:one");
        db.duringPause = () -> db.coordinator.release("other");
        db.inGlobal(connection -> {
            try (PreparedStatement insert = connection.prepareStatement("INSERT INTO docs VALUES (?, ?, ?)")) {
                insert.setCharacterStream(1, new StringReader("one"));
                insert.setBinaryStream(2, new ByteArrayInputStream(body), body.length);
                insert.setClob(3, new StringReader("text"));
                assertThat(insert.executeUpdate()).isEqualTo(1);
            }
        });
        assertThat(db.pauses).as("executed twice").hasSize(1);
        assertThat(db.query("SELECT name, CAST(body AS VARBINARY), txt FROM docs"))
                .hasSize(1);
        db.rollBack();
        assertThat(db.query("SELECT * FROM docs")).isEmpty();
    }

    @Test
    void a_stream_from_before_the_transaction_is_refused_where_it_would_be_read_twice() throws SQLException {
        try (Connection connection = db.at.getConnection();
                PreparedStatement update = connection.prepareStatement("UPDATE stock SET amount = 0 WHERE name = ?")) {
            update.setCharacterStream(1, new StringReader("bolt"));
            try (TransactionContext.Scope scope = TransactionContext.bind(AtDatabase.XID)) {
                assertThat(scope).isNotNull();
                assertThatThrownBy(update::executeUpdate).hasMessageContaining("before the global transaction began");
            }
        }
        nothingIsLeft();
    }

    @Test
    void a_missing_parameter_is_told_before_anything_runs() throws SQLException {
        db.inGlobal(connection -> {
            try (PreparedStatement update = connection.prepareStatement("UPDATE stock SET amount = ? WHERE id = ?")) {
                update.setInt(1, 1);
                assertThatThrownBy(update::executeUpdate)
                        .isInstanceOf(SQLException.class)
                        .hasMessageContaining("Parameter 2");
            }
        });
        nothingIsLeft();
    }

    // ---------------------------------------------------------------- wrappers

    @Test
    void a_procedure_call_is_refused_inside_a_global_transaction() throws SQLException {
        db.inGlobal(connection -> {
            try (CallableStatement call = connection.prepareCall("{call ABS(?)}")) {
                call.setInt(1, -3);
                assertThatThrownBy(call::execute).isInstanceOf(StatementRefusedException.class);
                assertThatThrownBy(call::executeQuery).isInstanceOf(StatementRefusedException.class);
                assertThatThrownBy(call::executeUpdate).isInstanceOf(StatementRefusedException.class);
            }
            try (PreparedStatement statement = connection.prepareStatement("SELECT 1")) {
                assertThatThrownBy(() -> statement.execute("DELETE FROM stock"))
                        .isInstanceOf(StatementRefusedException.class);
            }
        });
        nothingIsLeft();
    }

    @Test
    void rows_of_an_updatable_result_set_are_not_changed_inside_a_global_transaction() throws SQLException {
        db.inGlobal(connection -> {
            try (Statement statement =
                            connection.createStatement(ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_UPDATABLE);
                    ResultSet rows = statement.executeQuery("SELECT * FROM stock")) {
                rows.next();
                rows.updateInt("amount", 0);
                assertThatThrownBy(rows::updateRow).isInstanceOf(StatementRefusedException.class);
                assertThatThrownBy(rows::deleteRow).isInstanceOf(StatementRefusedException.class);
                assertThatThrownBy(rows::insertRow).isInstanceOf(StatementRefusedException.class);
            }
        });
        nothingIsLeft();
    }

    @Test
    void no_way_leads_to_the_real_connection_but_unwrap() throws SQLException {
        assertThat(EntenteDataSource.wrap(db.at, db.coordinator, AtSettings.defaults()))
                .isSameAs(db.at);
        assertThat(db.at.isWrapperFor(db.plain.getClass())).isTrue();
        assertThat(db.at.unwrap(db.plain.getClass())).isSameAs(db.plain);
        assertThat(db.at.unwrap(DataSource.class)).isSameAs(db.at);
        try (Connection connection = db.at.getConnection();
                PreparedStatement statement = connection.prepareStatement("SELECT 1");
                ResultSet rows = statement.executeQuery();
                ResultSet tables = connection.getMetaData().getTables(null, null, "STOCK", null)) {
            assertThat(statement.getConnection()).isSameAs(connection);
            assertThat(rows.getStatement()).isSameAs(statement);
            assertThat(connection.getMetaData().getConnection()).isSameAs(connection);
            assertThat(tables.next()).isTrue();
            Statement ofTables = tables.getStatement();
            assertThat(ofTables == null || ofTables.getConnection() == connection)
                    .isTrue();
            assertThat(connection.unwrap(org.h2.jdbc.JdbcConnection.class)).isNotNull();
            assertThat(connection.unwrap(Connection.class)).isSameAs(connection);
            assertThat(statement.isWrapperFor(org.h2.jdbc.JdbcPreparedStatement.class))
                    .isTrue();
        }
    }

    @Test
    void a_connection_that_comes_back_from_a_pool_carries_nothing_over() throws SQLException {
        HikariConfig config = new HikariConfig();
        config.setDataSource(db.plain);
        config.setMaximumPoolSize(1);
        config.setAutoCommit(false);
        try (HikariDataSource pool = new HikariDataSource(config)) {
            DataSource at = EntenteDataSource.wrap(pool, db.coordinator, AtSettings.defaults());
            try (TransactionContext.Scope scope = TransactionContext.bind(AtDatabase.XID);
                    Connection connection = at.getConnection()) {
                assertThat(scope).isNotNull();
                execute(connection, CHANGE);
            }
            try (Connection connection = at.getConnection()) {
                connection.commit();
                execute(connection, "INSERT INTO tagged VALUES ('later', 1)");
                connection.commit();
            }
        }
        assertThat(db.coordinator.branches).isEmpty();
        assertThat(db.query("SELECT amount FROM stock WHERE id = 1")).containsExactly("100");
        assertThat(db.query("SELECT * FROM tagged WHERE code = 'later'")).hasSize(1);
    }

    @Test
    void a_data_source_that_leads_to_two_databases_is_refused() throws SQLException {
        DataSource other = TestDatabase.h2().newDatabase("at_jdbc_other");
        List<DataSource> targets = new ArrayList<>(List.of(db.plain, other));
        DataSource routing = new FaultyConnection.PlainDataSource() {
            @Override
            public Connection getConnection() throws SQLException {
                return targets.remove(0).getConnection();
            }
        };
        DataSource at = EntenteDataSource.wrap(routing, db.coordinator, AtSettings.defaults());
        try (TransactionContext.Scope scope = TransactionContext.bind(AtDatabase.XID);
                Connection first = at.getConnection();
                Connection second = at.getConnection()) {
            assertThat(scope).isNotNull();
            execute(first, CHANGE);
            assertThatThrownBy(() -> execute(second, CHANGE))
                    .hasMessageContainingAll("at_jdbc_other", "entente.at.exclude");
        }
    }
}
