package io.entente.rm.jdbc;

import static io.entente.rm.jdbc.AtDatabase.RETRIES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entente.rm.call.StatementRefusedException;
import io.entente.testkit.database.TestDatabase;
import io.entente.tm.TransactionContext;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What AT promises on every database; each one inherits all of it. */
abstract class AtCompatibilityTest {

    private static final String OTHER = "127.0.0.1:8091:2";

    AtDatabase db;
    private List<List<String>> before;

    abstract TestDatabase.Kind kind();

    @BeforeEach
    void open() throws SQLException {
        db = new AtDatabase(kind());
        before = db.content();
    }

    private static int update(Connection connection, String sql, Object... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            return statement.executeUpdate();
        }
    }

    private void rollBackRestoresEverything() throws SQLException {
        db.rollBack();
        assertThat(db.content()).isEqualTo(before);
    }

    @Test
    void a_local_transaction_is_one_branch_and_is_undone_as_a_whole() throws SQLException {
        db.inLocalTransaction(connection -> {
            assertThat(update(connection, "INSERT INTO stock (id, name, amount) VALUES (?, ?, ?)", 9L, "cog", 5))
                    .isEqualTo(1);
            assertThat(update(connection, "UPDATE stock SET amount = amount - ? WHERE id = ?", 30, 1L))
                    .isEqualTo(1);
            assertThat(update(connection, "UPDATE stock SET amount = amount - ?, name = 'x' WHERE id = ?", 3, 1L))
                    .isEqualTo(1);
            assertThat(update(connection, "DELETE FROM stock WHERE id = ?", 2L)).isEqualTo(1);
            assertThat(update(connection, "UPDATE stock SET amount = 1 WHERE id = 9"))
                    .isEqualTo(1);
        });
        assertThat(db.query("SELECT * FROM stock ORDER BY id")).containsExactly("1|x|67", "3|gear|7", "9|cog|1");
        assertThat(db.lockKeys())
                .containsExactly(
                        db.spelled("stock") + ":9,1,2;%(" + db.spelled("amount") + "-)" + db.spelled("stock") + ":1");
        assertThat(db.coordinator.branches.get(0).holdsLocalTransaction()).isTrue();
        assertThat(db.query("SELECT count(*) FROM undo_log")).containsExactly("1");
        rollBackRestoresEverything();
    }

    @Test
    void with_auto_commit_each_statement_is_a_branch() throws SQLException {
        db.inGlobal(connection -> {
            update(connection, "UPDATE stock SET amount = 0 WHERE amount < ?", 60);
            update(connection, "DELETE FROM parts WHERE order_id = ?", 1);
            try (Statement statement = connection.createStatement()) {
                assertThat(statement.execute("INSERT INTO tagged VALUES ('blue', NULL)"))
                        .isFalse();
                assertThat(statement.getUpdateCount()).isEqualTo(1);
            }
            assertThat(connection.getAutoCommit()).isTrue();
        });
        assertThat(db.lockKeys())
                .containsExactly(
                        db.spelled("stock") + ":2,3", db.spelled("parts") + ":1_1,1_2", db.spelled("tagged") + ":blue");
        assertThat(db.coordinator.branches).noneMatch(InMemoryCoordinator.Branch::holdsLocalTransaction);
        rollBackRestoresEverything();
    }

    @Test
    void a_commit_leaves_the_changes_and_no_undo_row() throws SQLException {
        db.inGlobal(connection -> update(connection, "UPDATE stock SET amount = 0 WHERE id = 1"));
        db.commit();
        assertThat(db.query("SELECT amount FROM stock WHERE id = 1")).containsExactly("0");
    }

    @Test
    void a_local_rollback_leaves_no_branch() throws SQLException {
        db.inGlobal(connection -> {
            connection.setAutoCommit(false);
            update(connection, "UPDATE stock SET amount = 0");
            connection.rollback();
            connection.commit();
        });
        assertThat(db.coordinator.branches).isEmpty();
        assertThat(db.content()).isEqualTo(before);
    }

    @Test
    void a_change_of_no_row_needs_no_branch() throws SQLException {
        db.inGlobal(connection -> {
            assertThat(update(connection, "UPDATE stock SET amount = 0 WHERE id = ?", 77L))
                    .isZero();
            assertThat(update(connection, "DELETE FROM stock WHERE id = ?", 77L))
                    .isZero();
        });
        assertThat(db.coordinator.branches).isEmpty();
        assertThat(db.query("SELECT * FROM undo_log")).isEmpty();
    }

    @Test
    void switching_auto_commit_on_commits_the_branch() throws SQLException {
        db.inGlobal(connection -> {
            connection.setAutoCommit(false);
            update(connection, "UPDATE stock SET amount = 0 WHERE id = 1");
            connection.setAutoCommit(true);
            assertThat(db.coordinator.branches).hasSize(1);
        });
        rollBackRestoresEverything();
    }

    @Test
    void closing_a_connection_drops_what_was_not_committed() throws SQLException {
        db.inGlobal(connection -> {
            connection.setAutoCommit(false);
            update(connection, "UPDATE stock SET amount = 0 WHERE id = 1");
        });
        assertThat(db.coordinator.branches).isEmpty();
        assertThat(db.content()).isEqualTo(before);
    }

    // ---------------------------------------------------------------- generated keys

    private static List<Long> keys(Statement statement) throws SQLException {
        List<Long> keys = new ArrayList<>();
        try (ResultSet rows = statement.getGeneratedKeys()) {
            while (rows.next()) {
                keys.add(rows.getLong(1));
            }
        }
        return keys;
    }

    @Test
    void generated_keys_reach_the_application_in_the_form_it_asked_for() throws SQLException {
        List<Long> keys = new ArrayList<>();
        db.inLocalTransaction(connection -> {
            String sql = "INSERT INTO orders (item) VALUES (?)";
            try (PreparedStatement statement = connection.prepareStatement(sql, Statement.RETURN_GENERATED_KEYS)) {
                statement.setString(1, "flag");
                assertThat(statement.executeUpdate()).isEqualTo(1);
                keys.addAll(keys(statement));
                assertThat(keys(statement)).as("asked for twice").isEqualTo(keys);
            }
            try (PreparedStatement statement = connection.prepareStatement(sql, new String[] {"id"})) {
                statement.setString(1, "name");
                assertThat(statement.execute()).isFalse();
                assertThat(statement.getUpdateCount()).isEqualTo(1);
                assertThat(statement.getMoreResults()).isFalse();
                assertThat(statement.getUpdateCount()).isEqualTo(-1);
                keys.addAll(keys(statement));
            }
            if (kind() == TestDatabase.Kind.POSTGRESQL) {
                assertThatThrownBy(() -> connection.prepareStatement(sql, new int[] {1}))
                        .as("pgjdbc has no such keys")
                        .isInstanceOf(SQLException.class);
                keys.add(update(connection, "INSERT INTO orders (item) VALUES ('index')") + keys.get(1));
            } else
                try (PreparedStatement statement = connection.prepareStatement(sql, new int[] {1})) {
                    statement.setString(1, "index");
                    assertThat(statement.executeLargeUpdate()).isEqualTo(1);
                    keys.addAll(keys(statement));
                }
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setString(1, "none");
                assertThat(statement.executeUpdate()).isEqualTo(1);
            }
            try (Statement statement = connection.createStatement()) {
                assertThat(statement.executeUpdate(
                                "INSERT INTO orders (item, n) VALUES ('text', 1)", Statement.RETURN_GENERATED_KEYS))
                        .isEqualTo(1);
                keys.addAll(keys(statement));
                assertThat(statement.executeUpdate("INSERT INTO orders VALUES (DEFAULT, 'default', 2)"))
                        .isEqualTo(1);
            }
        });
        assertThat(db.query("SELECT id, item FROM orders WHERE item IN ('flag', 'name', 'index', 'text') ORDER BY id"))
                .containsExactly(
                        keys.get(0) + "|flag", keys.get(1) + "|name", keys.get(2) + "|index", keys.get(3) + "|text");
        assertThat(db.query("SELECT count(*) FROM orders")).containsExactly("6");
        rollBackRestoresEverything();
    }

    @Test
    void several_rows_of_one_insert_are_each_known_by_their_generated_key() throws SQLException {
        db.inGlobal(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(
                    "INSERT INTO orders (item, n) VALUES (?, 1), ('b', ?), (?, 3)", Statement.RETURN_GENERATED_KEYS)) {
                statement.setString(1, "a");
                statement.setInt(2, 2);
                statement.setString(3, "c");
                assertThat(statement.executeUpdate()).isEqualTo(3);
            }
            assertThat(update(connection, "INSERT INTO orders (item) VALUES ('d'), ('e')"))
                    .isEqualTo(2);
        });
        assertThat(db.query("SELECT item FROM orders ORDER BY id")).containsExactly("a", "b", "c", "d", "e");
        rollBackRestoresEverything();
    }

    @Test
    void a_batch_of_inserts_tells_all_generated_keys() throws SQLException {
        db.inLocalTransaction(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(
                    "INSERT INTO orders (item) VALUES (?)", Statement.RETURN_GENERATED_KEYS)) {
                for (String item : List.of("a", "b", "c")) {
                    statement.setString(1, item);
                    statement.addBatch();
                }
                assertThat(statement.executeBatch()).containsExactly(1, 1, 1);
                List<String> stored = new ArrayList<>();
                for (Long key : keys(statement)) {
                    try (PreparedStatement query =
                            connection.prepareStatement("SELECT item FROM orders WHERE id = ?")) {
                        query.setLong(1, key);
                        try (ResultSet row = query.executeQuery()) {
                            row.next();
                            stored.add(row.getString(1));
                        }
                    }
                }
                assertThat(stored).containsExactly("a", "b", "c");
            }
        });
        rollBackRestoresEverything();
    }

    // ---------------------------------------------------------------- batches

    @Test
    void a_batch_is_one_branch_and_may_touch_a_row_twice() throws SQLException {
        db.inGlobal(connection -> {
            try (PreparedStatement statement =
                    connection.prepareStatement("UPDATE stock SET amount = amount - ? WHERE id = ?")) {
                for (long id : new long[] {1, 2, 1, 99}) {
                    statement.setInt(1, 5);
                    statement.setLong(2, id);
                    statement.addBatch();
                }
                assertThat(statement.executeBatch()).containsExactly(1, 1, 1, 0);
                statement.setLong(2, 3);
                assertThat(statement.executeUpdate())
                        .as("the first parameter is still set")
                        .isEqualTo(1);
            }
        });
        assertThat(db.query("SELECT amount FROM stock ORDER BY id")).containsExactly("90", "45", "2");
        assertThat(db.coordinator.branches).hasSize(2);
        rollBackRestoresEverything();
    }

    @Test
    void a_batch_of_texts_may_mix_statements() throws SQLException {
        db.inLocalTransaction(connection -> {
            try (Statement statement = connection.createStatement()) {
                statement.addBatch("UPDATE stock SET amount = 1 WHERE id < 3");
                statement.addBatch("INSERT INTO parts VALUES (5, 5, 'five')");
                statement.addBatch("DELETE FROM tagged WHERE code = 'red'");
                assertThat(statement.executeLargeBatch()).containsExactly(2, 1, 1);
                assertThat(statement.executeBatch()).isEmpty();
            }
        });
        assertThat(db.coordinator.branches).hasSize(1);
        rollBackRestoresEverything();
    }

    @Test
    void a_failing_batch_fails_as_the_drivers_batches_do_and_leaves_nothing() throws SQLException {
        db.inGlobal(connection -> {
            try (PreparedStatement statement =
                    connection.prepareStatement("INSERT INTO stock (id, amount) VALUES (?, 1)")) {
                for (long id : new long[] {10, 1, 11}) {
                    statement.setLong(1, id);
                    statement.addBatch();
                }
                assertThatThrownBy(statement::executeBatch).isInstanceOf(BatchUpdateException.class);
            }
        });
        assertThat(db.content()).isEqualTo(before);
        assertThat(db.coordinator.branches).isEmpty();
    }

    // ---------------------------------------------------------------- savepoints

    @Test
    void a_rollback_to_a_savepoint_drops_the_changes_after_it_only() throws SQLException {
        db.inLocalTransaction(connection -> {
            update(connection, "UPDATE stock SET amount = 1 WHERE id = 1");
            Savepoint outer = connection.setSavepoint("o");
            update(connection, "UPDATE stock SET amount = 2 WHERE id = 2");
            Savepoint inner = connection.setSavepoint();
            update(connection, "UPDATE stock SET amount = 3 WHERE id = 3");
            connection.releaseSavepoint(inner);
            connection.rollback(outer);
            update(connection, "UPDATE parts SET txt = 'z' WHERE order_id = 2");
            Savepoint kept = connection.setSavepoint();
            update(connection, "DELETE FROM tagged WHERE code = 'red'");
            connection.releaseSavepoint(kept);
        });
        assertThat(db.lockKeys())
                .containsExactly(
                        db.spelled("stock") + ":1;" + db.spelled("parts") + ":2_1;" + db.spelled("tagged") + ":red");
        rollBackRestoresEverything();
    }

    // ---------------------------------------------------------------- refusals

    @Test
    void a_refused_statement_leaves_the_local_transaction_usable() throws SQLException {
        db.inLocalTransaction(connection -> {
            update(connection, "UPDATE stock SET amount = 1 WHERE id = 1");
            for (String refused : List.of(
                    "TRUNCATE TABLE stock",
                    "DROP TABLE stock",
                    "CALL something(1)",
                    "UPDATE stock SET amount = 1; TRUNCATE TABLE parts")) {
                assertThatThrownBy(() -> {
                            try (Statement statement = connection.createStatement()) {
                                statement.execute(refused);
                            }
                        })
                        .as(refused)
                        .isInstanceOf(StatementRefusedException.class)
                        .hasMessageContaining("Remedy");
            }
            assertThatThrownBy(() -> connection.createStatement().executeQuery("DELETE FROM stock"))
                    .isInstanceOf(StatementRefusedException.class);
            update(connection, "UPDATE stock SET amount = 2 WHERE id = 2");
        });
        assertThat(db.query("SELECT amount FROM stock ORDER BY id")).containsExactly("1", "2", "7");
        rollBackRestoresEverything();
    }

    @Test
    void a_table_without_a_key_is_refused() throws SQLException {
        db.run("CREATE TABLE heap (n INT)");
        db.inGlobal(connection -> assertThatThrownBy(() -> update(connection, "INSERT INTO heap VALUES (1)"))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("primary key"));
        assertThat(db.query("SELECT * FROM heap")).isEmpty();
    }

    @Test
    void a_change_that_a_foreign_key_would_spread_is_refused() throws SQLException {
        db.run("CREATE TABLE parent (id INT PRIMARY KEY, n INT)");
        db.run("CREATE TABLE child (id INT PRIMARY KEY, parent_id INT,"
                + " FOREIGN KEY (parent_id) REFERENCES parent (id) ON DELETE CASCADE)");
        db.run("INSERT INTO parent VALUES (1, 1)");
        db.run("INSERT INTO child VALUES (1, 1)");
        db.inGlobal(connection -> {
            assertThatThrownBy(() -> update(connection, "DELETE FROM parent WHERE id = 1"))
                    .isInstanceOf(StatementRefusedException.class)
                    .hasMessageContainingAll("ON DELETE", db.spelled("child"));
            assertThat(update(connection, "UPDATE parent SET n = 2")).isEqualTo(1);
        });
        assertThat(db.query("SELECT * FROM child")).hasSize(1);
    }

    // ---------------------------------------------------------------- row locks

    @Test
    void with_auto_commit_a_held_row_makes_the_statement_run_again_from_its_start() throws SQLException {
        db.coordinator.hold(OTHER, db.spelled("stock") + ":1");
        db.duringPause = () -> {
            if (db.pauses.size() == 2) {
                db.coordinator.release(OTHER);
            }
            // Nothing is locked in the database while the statement waits.
            try {
                db.run("UPDATE stock SET amount = amount + 1000 WHERE id = 1");
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        };
        db.inGlobal(connection -> assertThat(update(connection, "UPDATE stock SET amount = amount - 1 WHERE id = 1"))
                .isEqualTo(1));
        assertThat(db.pauses).hasSize(2);
        assertThat(db.query("SELECT amount FROM stock WHERE id = 1")).containsExactly("2099");
        db.rollBack();
        assertThat(db.query("SELECT amount FROM stock WHERE id = 1")).containsExactly("2100");
    }

    @Test
    void with_auto_commit_a_batch_waits_as_a_whole() throws SQLException {
        db.coordinator.hold(OTHER, db.spelled("stock") + ":2");
        db.duringPause = () -> db.coordinator.release(OTHER);
        db.inGlobal(connection -> {
            try (PreparedStatement statement =
                    connection.prepareStatement("UPDATE stock SET amount = amount - 1 WHERE id = ?")) {
                for (long id : new long[] {1, 2}) {
                    statement.setLong(1, id);
                    statement.addBatch();
                }
                assertThat(statement.executeBatch()).containsExactly(1, 1);
            }
        });
        assertThat(db.query("SELECT amount FROM stock ORDER BY id")).containsExactly("99", "49", "7");
        rollBackRestoresEverything();
    }

    @Test
    void a_row_that_stays_held_ends_in_a_timeout_that_names_the_holder() throws SQLException {
        db.coordinator.hold(OTHER, db.spelled("stock") + ":1");
        db.inGlobal(connection -> {
            assertThatThrownBy(() -> update(connection, "UPDATE stock SET amount = 0 WHERE id = 1"))
                    .isInstanceOf(RowLockWaitTimeoutException.class)
                    .hasMessageContaining(OTHER);
            assertThat(db.pauses).hasSize(RETRIES);
            assertThat(connection.getAutoCommit()).isTrue();
            connection.setAutoCommit(false);
            update(connection, "UPDATE stock SET amount = 0 WHERE id = 1");
            assertThatThrownBy(connection::commit)
                    .isInstanceOf(RowLockWaitTimeoutException.class)
                    .hasMessageContaining(OTHER);
            assertThat(db.pauses).hasSize(2 * RETRIES);
            connection.setAutoCommit(true);
        });
        assertThat(db.content()).isEqualTo(before);
        assertThat(db.coordinator.branches).isEmpty();
    }

    @Test
    void a_local_commit_waits_for_its_row_locks() throws SQLException {
        db.coordinator.hold(OTHER, db.spelled("stock") + ":1");
        db.duringPause = () -> db.coordinator.release(OTHER);
        db.inLocalTransaction(connection -> update(connection, "UPDATE stock SET amount = 0 WHERE id = 1"));
        assertThat(db.pauses).hasSize(1);
        rollBackRestoresEverything();
    }

    @Test
    void a_local_commit_does_not_wait_for_a_holder_that_rolls_back() throws SQLException {
        db.coordinator.hold(OTHER, db.spelled("stock") + ":1");
        db.coordinator.holdersRollBack = true;
        db.inGlobal(connection -> {
            connection.setAutoCommit(false);
            update(connection, "UPDATE stock SET amount = 0 WHERE id = 1");
            assertThatThrownBy(connection::commit)
                    .isInstanceOf(RowLockWaitTimeoutException.class)
                    .hasMessageContaining("rolling back");
        });
        assertThat(db.pauses).isEmpty();
        assertThat(db.content()).isEqualTo(before);
    }

    // ---------------------------------------------------------------- SELECT FOR UPDATE

    private static List<String> names(Connection connection, String sql, long parameter) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setFetchSize(1);
            statement.setLong(1, parameter);
            List<String> names = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    names.add(rows.getString("name"));
                }
            }
            return names;
        }
    }

    @Test
    void select_for_update_asks_for_the_row_locks_and_takes_none() throws SQLException {
        db.inGlobal(connection -> {
            assertThat(names(connection, "SELECT name FROM stock s WHERE s.id >= ? ORDER BY id FOR UPDATE", 2))
                    .containsExactly("nut", "gear");
            assertThat(names(connection, "SELECT name FROM stock WHERE id > ? FOR UPDATE", 50))
                    .isEmpty();
            connection.setAutoCommit(false);
            assertThat(names(connection, "SELECT name FROM stock WHERE id = ? FOR UPDATE", 1))
                    .containsExactly("bolt");
            connection.commit();
        });
        assertThat(db.coordinator.lockQueries)
                .containsExactly(db.spelled("stock") + ":2,3", db.spelled("stock") + ":1");
        assertThat(db.coordinator.branches).isEmpty();
    }

    @Test
    void select_for_update_waits_until_the_row_is_free() throws SQLException {
        db.coordinator.hold(OTHER, db.spelled("stock") + ":1");
        db.duringPause = () -> db.coordinator.release(OTHER);
        db.inGlobal(connection -> assertThat(names(connection, "SELECT name FROM stock WHERE id = ? FOR UPDATE", 1))
                .containsExactly("bolt"));
        assertThat(db.pauses).hasSize(1);
    }

    @Test
    void select_for_update_of_a_held_row_fails_and_the_local_transaction_goes_on() throws SQLException {
        db.coordinator.hold(OTHER, db.spelled("stock") + ":1");
        db.inLocalTransaction(connection -> {
            update(connection, "UPDATE stock SET amount = 0 WHERE id = 2");
            assertThatThrownBy(() -> names(connection, "SELECT name FROM stock WHERE id = ? FOR UPDATE", 1))
                    .isInstanceOf(RowLockWaitTimeoutException.class)
                    .hasMessageContaining(OTHER);
            assertThat(db.pauses).hasSize(RETRIES);
        });
        assertThat(db.lockKeys()).containsExactly(db.spelled("stock") + ":2");
        rollBackRestoresEverything();
    }

    // ---------------------------------------------------------------- binding

    @Test
    void a_statement_prepared_and_bound_before_the_transaction_is_captured_inside_it() throws SQLException {
        try (Connection connection = db.at.getConnection();
                PreparedStatement statement = connection.prepareStatement("UPDATE stock SET amount = ? WHERE id = ?")) {
            statement.setInt(1, 5);
            statement.setLong(2, 1);
            try (TransactionContext.Scope scope = TransactionContext.bind(AtDatabase.XID)) {
                assertThat(scope).isNotNull();
                assertThat(statement.executeUpdate()).isEqualTo(1);
            }
            statement.setInt(1, 6);
            assertThat(statement.executeUpdate()).as("outside again").isEqualTo(1);
        }
        assertThat(db.coordinator.branches).hasSize(1);
        assertThat(db.query("SELECT amount FROM stock WHERE id = 1")).containsExactly("6");
    }

    @Test
    void natural_keys_of_any_spelling_lock_what_the_database_stores() throws SQLException {
        db.inGlobal(connection -> {
            update(connection, "INSERT INTO tagged (v, code) VALUES (?, ?)", 5, "a,b:c");
            update(connection, "UPDATE tagged SET v = v + 1 WHERE code LIKE ?", "%x");
            update(connection, "INSERT INTO parts (no, txt, order_id) VALUES (?, 't', 7), (8, 'u', ?)", 7, 8);
        });
        assertThat(db.lockKeys())
                .containsExactly(
                        db.spelled("tagged") + ":a%2Cb%3Ac",
                        db.spelled("tagged") + ":green_x",
                        db.spelled("parts") + ":7_7,8_8");
        rollBackRestoresEverything();
    }
}
