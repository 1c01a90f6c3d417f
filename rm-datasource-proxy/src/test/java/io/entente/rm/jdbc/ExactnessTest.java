package io.entente.rm.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entente.rm.call.StatementRefusedException;
import io.entente.rm.capture.CaptureFailedException;
import io.entente.rm.jdbc.InMemoryCoordinator.Branch;
import io.entente.rm.undo.RollbackResult;
import io.entente.testkit.database.TestDatabase;
import io.entente.tm.TransactionContext;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Ways in which a change could slip past its image, its lock or its undo row. */
class ExactnessTest {

    private AtDatabase db;
    private List<List<String>> before;

    @BeforeEach
    void open() throws SQLException {
        open(TestDatabase.Kind.H2);
    }

    private void open(TestDatabase.Kind kind) throws SQLException {
        db = new AtDatabase(kind);
        before = db.content();
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void a_batch_that_holds_more_than_changes_is_refused_as_a_whole() throws SQLException {
        db.inGlobal(connection -> {
            try (Statement statement = connection.createStatement()) {
                statement.addBatch("SET LOCK_TIMEOUT 1000");
                statement.addBatch("UPDATE stock SET amount = 0 WHERE id = 1");
                assertThatThrownBy(statement::executeBatch)
                        .isInstanceOf(StatementRefusedException.class)
                        .hasMessageContaining("by itself");
            }
        });
        assertThat(db.content()).isEqualTo(before);
    }

    @Test
    void the_undo_row_is_where_phase_two_looks_whatever_schema_the_connection_is_in() throws SQLException {
        db.run("CREATE SCHEMA tenant");
        db.run("CREATE TABLE tenant.stock (id BIGINT PRIMARY KEY, amount INT)");
        db.run("INSERT INTO tenant.stock VALUES (1, 10), (2, 20), (3, 30)");
        db.run("CREATE TABLE tenant.undo_log AS SELECT * FROM undo_log");
        List<String> rows = db.query("SELECT * FROM tenant.stock ORDER BY id");
        db.inGlobal(connection -> {
            connection.setSchema("TENANT");
            execute(connection, "UPDATE stock SET amount = 0");
        });
        assertThat(db.lockKeys()).containsExactly("TENANT.STOCK:1,2,3");
        db.rollBack();
        assertThat(db.query("SELECT * FROM tenant.stock ORDER BY id")).isEqualTo(rows);
    }

    @Test
    void generated_keys_of_an_attempt_that_was_rolled_back_are_not_told() throws SQLException {
        db.coordinator.hold("other", db.spelled("orders") + ":1");
        db.duringPause = () -> db.coordinator.release("other");
        List<String> told = new ArrayList<>();
        db.inGlobal(connection -> {
            try (PreparedStatement insert = connection.prepareStatement(
                    "INSERT INTO orders (item) VALUES (?)", Statement.RETURN_GENERATED_KEYS)) {
                for (String item : List.of("one", "two")) {
                    insert.setString(1, item);
                    insert.addBatch();
                }
                insert.executeBatch();
                try (ResultSet keys = insert.getGeneratedKeys()) {
                    while (keys.next()) {
                        told.add(keys.getString(1));
                    }
                }
            }
        });
        assertThat(db.pauses).hasSize(1);
        assertThat(told).isEqualTo(db.query("SELECT id FROM orders ORDER BY id"));
    }

    @Test
    void beside_a_branch_nothing_is_changed_through_a_result_set_under_suspension() throws SQLException {
        db.inLocalTransaction(connection -> {
            execute(connection, "UPDATE stock SET amount = 0 WHERE id = 1");
            try (TransactionContext.Scope scope = TransactionContext.suspend();
                    Statement statement =
                            connection.createStatement(ResultSet.TYPE_SCROLL_SENSITIVE, ResultSet.CONCUR_UPDATABLE);
                    ResultSet rows = statement.executeQuery("SELECT * FROM stock WHERE id = 2")) {
                assertThat(scope).isNotNull();
                rows.next();
                rows.updateInt("amount", 0);
                assertThatThrownBy(rows::updateRow).isInstanceOf(StatementRefusedException.class);
            }
        });
        db.rollBack();
        assertThat(db.content()).isEqualTo(before);
    }

    @Test
    void a_sub_select_that_means_another_row_in_the_statement_than_in_its_image_cannot_be_committed()
            throws SQLException {
        open(TestDatabase.Kind.MARIADB);
        db.run("CREATE TABLE pointer (id INT PRIMARY KEY, stock BIGINT)");
        db.run("INSERT INTO pointer VALUES (1, 1)");
        db.inGlobal(connection -> {
            connection.setAutoCommit(false);
            letThePointerMove(connection);
            assertThatThrownBy(() -> execute(connection, "UPDATE stock SET amount = 0 WHERE id =" + POINTED_AT))
                    .isInstanceOf(CaptureFailedException.class)
                    .hasMessageContaining("sub-select");
            connection.rollback();
        });
        assertThat(db.content()).isEqualTo(before);
    }

    private static final String POINTED_AT = " (SELECT stock FROM pointer WHERE id = 1)";

    /** The connection's snapshot keeps the old pointer, which a plain sub-select reads and that of a change does not. */
    private void letThePointerMove(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT * FROM pointer")) {
            rows.next();
        }
        db.run("UPDATE pointer SET stock = 2");
    }

    @Test
    void a_delete_that_returns_its_rows_is_captured_whatever_its_sub_select_means() throws SQLException {
        open(TestDatabase.Kind.MARIADB);
        db.run("CREATE TABLE pointer (id INT PRIMARY KEY, stock BIGINT)");
        db.run("INSERT INTO pointer VALUES (1, 1)");
        db.inGlobal(connection -> {
            connection.setAutoCommit(false);
            letThePointerMove(connection);
            execute(connection, "DELETE FROM stock WHERE id =" + POINTED_AT);
            connection.commit();
        });
        assertThat(db.query("SELECT id FROM stock")).containsExactly("1", "3");
        db.rollBack();
        assertThat(db.content()).isEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.Kind.class)
    void rows_that_others_attached_to_an_inserted_row_are_not_deleted_with_it(TestDatabase.Kind kind)
            throws SQLException {
        open(kind);
        db.run("CREATE TABLE child (id INT PRIMARY KEY, stock BIGINT REFERENCES stock (id) ON DELETE CASCADE)");
        db.inGlobal(connection -> execute(connection, "INSERT INTO stock VALUES (8, 'cog', 1), (9, 'cam', 1)"));
        db.run("INSERT INTO child VALUES (1, 9)");
        Branch branch = db.coordinator.branches.get(0);
        try (Connection own = db.plain.getConnection()) {
            assertThat(db.coordinator.resource().undoLog().rollback(own, branch.xid(), branch.id()))
                    .isInstanceOf(RollbackResult.Dirty.class)
                    .asString()
                    .containsIgnoringCase("child")
                    .containsIgnoringCase("id=9")
                    .doesNotContainIgnoringCase("id=8");
        }
        assertThat(db.query("SELECT * FROM child")).containsExactly("1|9");
        db.run("DELETE FROM child");
        db.rollBack();
        assertThat(db.content()).isEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.Kind.class)
    void inserted_rows_that_are_attached_to_each_other_only_are_undone(TestDatabase.Kind kind) throws SQLException {
        open(kind);
        db.run("CREATE TABLE tree (id INT PRIMARY KEY, parent INT REFERENCES tree (id) ON DELETE CASCADE)");
        db.run("INSERT INTO tree VALUES (1, NULL)");
        db.inGlobal(connection -> execute(connection, "INSERT INTO tree VALUES (2, 1), (3, 2), (4, 3)"));
        db.rollBack();
        assertThat(db.query("SELECT id FROM tree")).containsExactly("1");
    }
}
