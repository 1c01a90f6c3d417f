package io.entente.rm.jdbc;

import static io.entente.rm.jdbc.SilentlyWrongTest.execute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entente.testkit.database.TestDatabase.Kind;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;

/** H2: numbers added to a row that is named by its key are taken back without the row having been read. */
class AddedByKeyTest {

    private final AtDatabase db;

    AddedByKeyTest() throws SQLException {
        db = new AtDatabase(Kind.H2);
        db.run(
                "CREATE TABLE tally (a INT, b SMALLINT, n INT NOT NULL, m BIGINT NOT NULL, maybe INT, tiny TINYINT NOT NULL,"
                        + " twice INT GENERATED ALWAYS AS (n * 2), txt VARCHAR(9), PRIMARY KEY (a, b))",
                "INSERT INTO tally (a, b, n, m, maybe, tiny, txt) VALUES (1, 1, 10, 100, NULL, 120, 'x'),"
                        + " (1, 2, 20, 200, 7, 0, 'y')");
    }

    private List<String> rows() throws SQLException {
        return db.query("SELECT * FROM tally ORDER BY a, b");
    }

    /** Whether the row was not read: then the undo row says so. */
    private boolean isRelative() throws SQLException {
        try (Connection connection = db.plain.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT rollback_info FROM undo_log")) {
            assertThat(row.next()).isTrue();
            String undo = new String(row.getBytes(1), StandardCharsets.UTF_8);
            assertThat(row.next()).isFalse();
            return undo.contains("\"relative\":true");
        }
    }

    private static int add(Connection connection, String sql, Object... parameters) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                update.setObject(i + 1, parameters[i]);
            }
            return update.executeUpdate();
        }
    }

    private void isUndone(boolean relative, String sql, Object... parameters) throws SQLException {
        List<String> before = rows();
        db.inGlobal(connection -> assertThat(add(connection, sql, parameters)).isEqualTo(1));
        assertThat(isRelative()).as(sql).isEqualTo(relative);
        assertThat(rows()).isNotEqualTo(before);
        db.rollBack();
        assertThat(rows()).as(sql).isEqualTo(before);
        db.coordinator.branches.clear();
    }

    @Test
    void what_was_added_is_taken_back() throws SQLException {
        isUndone(true, "UPDATE tally SET n = n - ? WHERE a = ? AND b = ?", 3, 1, 1);
        isUndone(true, "UPDATE tally SET n = n + ?, m = m - 5 WHERE b = 2 AND n >= ? AND a = ?", 3L, 1, (short) 1);
        isUndone(
                true,
                "UPDATE tally t SET t.n = t.n - 3 WHERE t.a = 1 AND t.b = 1 AND txt LIKE 'x%'"
                        .replace("LIKE", "<>")
                        .replace("'x%'", "'y'"));
        isUndone(true, "UPDATE tally SET m = m + ? WHERE a = ? AND b = ?", Long.MAX_VALUE - 200, 1, 2);
        isUndone(true, "UPDATE tally SET tiny = tiny + 7 WHERE a = 1 AND b = 1");
    }

    @Test
    void what_is_not_certain_is_read() throws SQLException {
        isUndone(false, "UPDATE tally SET n = n - ? WHERE a = ? AND b = ?", new BigDecimal("2.5"), 1, 1);
        isUndone(false, "UPDATE tally SET n = n - ? WHERE a = ? AND b = ?", 3, "1", 1);
        isUndone(false, "UPDATE tally SET n = n - ? WHERE a = 1 AND b < 2", 3);
        isUndone(false, "UPDATE tally SET n = n - ?, txt = 'z' WHERE a = 1 AND b = 2", 3);
        isUndone(false, "UPDATE tally SET maybe = maybe - ? WHERE a = 1 AND b = 2", 3);
        isUndone(false, "UPDATE tally SET n = n - m WHERE a = 1 AND b = 2");
        isUndone(false, "UPDATE tally SET n = n - ? WHERE (a = 1 AND b = 2) OR n = -1", 3);
    }

    @Test
    void a_row_that_the_condition_does_not_want_is_no_branch() throws SQLException {
        db.inGlobal(connection -> {
            assertThat(add(connection, "UPDATE tally SET n = n - ? WHERE a = 1 AND b = 1 AND n >= ?", 11, 11))
                    .isZero();
            assertThat(add(connection, "UPDATE tally SET n = n - ? WHERE a = 9 AND b = 1", 11))
                    .isZero();
            assertThat(add(connection, "UPDATE tally SET n = n - ? WHERE a = ? AND b = 1", 11, 1L << 40))
                    .isZero();
        });
        assertThat(db.coordinator.branches).isEmpty();
    }

    @Test
    void a_failure_of_the_database_leaves_nothing() throws SQLException {
        List<String> before = rows();
        db.inLocalTransaction(connection -> {
            assertThatThrownBy(() -> add(connection, "UPDATE tally SET tiny = tiny + ? WHERE a = 1 AND b = 1", 8))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("128");
            assertThat(add(connection, "UPDATE tally SET n = n + 1 WHERE a = 1 AND b = 1"))
                    .isEqualTo(1);
        });
        db.rollBack();
        assertThat(rows()).isEqualTo(before);
    }

    @Test
    void several_changes_of_one_row_are_undone_in_reverse() throws SQLException {
        List<String> before = rows();
        db.inLocalTransaction(connection -> {
            add(connection, "UPDATE tally SET n = n - ? WHERE a = 1 AND b = 1", 3);
            execute(connection, "UPDATE tally SET n = n * 10, txt = 'zz' WHERE a = 1");
            add(connection, "UPDATE tally SET n = n + ? WHERE a = 1 AND b = 1", 5);
            execute(connection, "UPDATE tally SET n = 4 WHERE a = 1 AND b = 1");
            execute(connection, "DELETE FROM tally WHERE a = 1 AND b = 1");
        });
        assertThat(rows()).hasSize(1);
        db.rollBack();
        assertThat(rows()).isEqualTo(before);
    }

    @Test
    void a_batch_is_read() throws SQLException {
        List<String> before = rows();
        db.inGlobal(connection -> {
            try (PreparedStatement update =
                    connection.prepareStatement("UPDATE tally SET n = n - ? WHERE a = 1 AND b = ?")) {
                for (int b = 1; b <= 3; b++) {
                    update.setInt(1, 1);
                    update.setInt(2, b);
                    update.addBatch();
                }
                assertThat(update.executeBatch()).containsExactly(1, 1, 0);
            }
        });
        db.rollBack();
        assertThat(rows()).isEqualTo(before);
    }

    @Test
    void the_answer_is_the_drivers() throws SQLException {
        db.inGlobal(connection -> {
            try (PreparedStatement update =
                    connection.prepareStatement("UPDATE tally SET n = n - 1 WHERE a = 1 AND b = 1")) {
                assertThat(update.execute()).isFalse();
                assertThat(update.getUpdateCount()).isEqualTo(1);
                assertThat(update.getMoreResults()).isFalse();
                assertThat(update.getUpdateCount()).isEqualTo(-1);
                assertThat(update.executeLargeUpdate()).isEqualTo(1);
                assertThatThrownBy(update::executeQuery).isInstanceOf(SQLException.class);
            }
            try (Statement update = connection.createStatement()) {
                assertThat(update.executeUpdate("UPDATE tally SET n = n - 1 WHERE a = 1 AND b = 1"))
                        .isEqualTo(1);
            }
        });
        db.rollBack();
        assertThat(rows().get(0)).startsWith("1|1|10|");
    }

    @Test
    void what_an_outsider_added_stays() throws SQLException {
        db.inGlobal(connection -> add(connection, "UPDATE tally SET n = n - ? WHERE a = 1 AND b = 1", 3));
        db.run("UPDATE tally SET n = n + 100 WHERE a = 1");
        db.rollBack();
        assertThat(db.query("SELECT n FROM tally ORDER BY b")).containsExactly("110", "120");
    }

    @Test
    void a_row_that_is_gone_stops_the_rollback_and_says_what_was_added() throws SQLException {
        db.inGlobal(connection -> add(connection, "UPDATE tally SET n = n - ?, m = m + 2 WHERE a = 1 AND b = 1", 3));
        db.run("DELETE FROM tally WHERE b = 1");
        assertThat(db.tryToRollBackLast().toString())
                .contains("A=1, B=1", "the row was deleted")
                .contains("N: before=?, after=? - 3, current=null")
                .contains("M: before=?, after=? + 2, current=null");
    }
}
