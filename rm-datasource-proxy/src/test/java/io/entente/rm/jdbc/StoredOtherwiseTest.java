package io.entente.rm.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entente.rm.call.StatementRefusedException;
import io.entente.rm.undo.UndoNotEncodableException;
import io.entente.testkit.database.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows that the database stores, counts or finds otherwise than the statement says; found by the random round trip. */
class StoredOtherwiseTest {

    private static void execute(Connection connection, String... texts) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : texts) {
                statement.execute(sql);
            }
        }
    }

    private static AtDatabase mariaDb(String... set) throws SQLException {
        AtDatabase db = new AtDatabase(TestDatabase.Kind.MARIADB);
        db.run(set);
        return db;
    }

    private static void isUndone(AtDatabase db, String table, String... statements) throws SQLException {
        List<String> before = db.query("SELECT * FROM " + table + " ORDER BY 1");
        db.inLocalTransaction(connection -> execute(connection, statements));
        assertThat(db.query("SELECT * FROM " + table + " ORDER BY 1")).isNotEqualTo(before);
        db.rollBack();
        assertThat(db.query("SELECT * FROM " + table + " ORDER BY 1")).isEqualTo(before);
    }

    @Test
    void h2_merge_that_changes_the_case_of_a_key() throws SQLException {
        AtDatabase db = new AtDatabase(TestDatabase.Kind.H2);
        db.run("CREATE TABLE t (k VARCHAR_IGNORECASE(20) PRIMARY KEY, v INT)", "INSERT INTO t VALUES ('red', 1)");
        isUndone(db, "t", "MERGE INTO t (k, v) VALUES ('RED', 1), ('blue', 2)");
    }

    @Test
    void h2_merge_that_changes_the_case_of_a_key_which_others_refer_to() throws SQLException {
        AtDatabase db = new AtDatabase(TestDatabase.Kind.H2);
        db.run(
                "CREATE TABLE t (k VARCHAR_IGNORECASE(20) PRIMARY KEY, v INT)",
                "CREATE TABLE child (id INT PRIMARY KEY, t VARCHAR_IGNORECASE(20) REFERENCES t)",
                "INSERT INTO t VALUES ('red', 1)",
                "INSERT INTO child VALUES (1, 'red')");
        isUndone(db, "t", "MERGE INTO t (k, v) VALUES ('RED', 2), ('blue', 3)");
    }

    /** H2 answers from the index, which keeps the first of the texts or numbers that it takes for one. */
    @ParameterizedTest
    @CsvSource({"VARCHAR_IGNORECASE(20), 'red', 'RED'", "DECFLOAT, 1.0, 1.00"})
    void h2_update_of_a_row_whose_key_was_rewritten(String type, String first, String rewritten) throws SQLException {
        AtDatabase db = new AtDatabase(TestDatabase.Kind.H2);
        String quote = type.equals("DECFLOAT") ? "" : "'";
        db.run(
                "CREATE TABLE t (k " + type + " PRIMARY KEY, v INT)",
                "INSERT INTO t VALUES (" + quote + first + quote + ", 1)",
                "UPDATE t SET k = " + quote + rewritten + quote);
        isUndone(db, "t", "UPDATE t SET v = abs(v) + 1 WHERE k = " + quote + first + quote);
    }

    @Test
    void h2_merge_by_a_key_that_is_padded() throws SQLException {
        AtDatabase db = new AtDatabase(TestDatabase.Kind.H2);
        db.run("CREATE TABLE t (k CHAR(5) PRIMARY KEY, v INT)", "INSERT INTO t VALUES ('red', 1)");
        isUndone(db, "t", "MERGE INTO t (k, v) VALUES ('red', 2), ('blue', 3)");
    }

    @Test
    void h2_insert_whose_second_row_fails_leaves_nothing_and_the_transaction_goes_on() throws SQLException {
        AtDatabase db = new AtDatabase(TestDatabase.Kind.H2);
        List<List<String>> before = db.content();
        db.inLocalTransaction(connection -> {
            assertThatThrownBy(() -> execute(connection, "INSERT INTO stock VALUES (9, 'cog', 1), (1, 'bolt', 1)"))
                    .isInstanceOf(SQLException.class);
            execute(connection, "UPDATE stock SET amount = 0 WHERE id = 2");
        });
        assertThat(db.query("SELECT id FROM stock ORDER BY id")).containsExactly("1", "2", "3");
        db.rollBack();
        assertThat(db.content()).isEqualTo(before);
    }

    @Test
    void mariadb_replace_whose_later_row_replaces_an_earlier_one() throws SQLException {
        AtDatabase db = new AtDatabase(TestDatabase.Kind.MARIADB);
        db.run("CREATE TABLE t (k INT PRIMARY KEY, u VARCHAR(9) UNIQUE)", "INSERT INTO t VALUES (1, 'a'), (2, 'b')");
        isUndone(db, "t", "REPLACE INTO t VALUES (1, 'c'), (3, 'c')");
    }

    @Test
    void mariadb_replace_whose_later_row_replaces_one_that_is_written_in_another_case() throws SQLException {
        AtDatabase db = mariaDb(
                "CREATE TABLE t (k VARCHAR(9) CHARACTER SET latin1 PRIMARY KEY, u INET6 UNIQUE)",
                "INSERT INTO t VALUES ('b', NULL)");
        isUndone(db, "t", "REPLACE INTO t VALUES ('A', '::1'), ('a ', '2001:db8::ff'), ('ä', '2001:db8::ff')");
    }

    @Test
    void mariadb_replace_by_a_key_that_is_padded_or_rounded() throws SQLException {
        AtDatabase db = new AtDatabase(TestDatabase.Kind.MARIADB);
        db.run("CREATE TABLE t (k BINARY(4) PRIMARY KEY, d DECIMAL(5, 1) UNIQUE)", "INSERT INTO t VALUES (X'31', 1.5)");
        isUndone(db, "t", "REPLACE INTO t VALUES (X'31', 2.44), (X'32', 3.05)");
    }

    @Test
    void mariadb_update_ignore_of_a_key_is_refused_because_a_row_may_stay_what_it_was() throws SQLException {
        AtDatabase db = new AtDatabase(TestDatabase.Kind.MARIADB);
        List<List<String>> before = db.content();
        db.inLocalTransaction(connection -> assertThatThrownBy(
                        () -> execute(connection, "UPDATE IGNORE stock SET id = 1 WHERE id = 2"))
                .isInstanceOf(StatementRefusedException.class)
                .hasMessageContaining("UPDATE IGNORE leaves out rows"));
        assertThat(db.content()).isEqualTo(before);
    }

    @Test
    void mariadb_update_ignore_of_other_columns_is_undone() throws SQLException {
        AtDatabase db = new AtDatabase(TestDatabase.Kind.MARIADB);
        db.run(
                "CREATE TABLE t (k INT PRIMARY KEY, u INT UNIQUE, v INT)",
                "INSERT INTO t VALUES (1, 1, 1), (2, 2, 2), (3, 3, 3)");
        isUndone(db, "t", "UPDATE IGNORE t SET u = 7, v = 9 WHERE k > 1");
    }

    /** The driver tells the first generated key; or, where none is generated, the last one given. */
    @Test
    void mariadb_tells_the_generated_key_that_its_driver_tells() throws SQLException {
        AtDatabase db = new AtDatabase(TestDatabase.Kind.MARIADB);
        List<String> inserts = List.of(
                "INSERT INTO orders (item) VALUES ('a'), ('b')",
                "INSERT INTO orders (id, item) VALUES (60, 'a'), (61, 'b')",
                "INSERT INTO orders (item) SELECT name FROM stock");
        List<String> expected = new ArrayList<>();
        try (Connection connection = db.plain.getConnection()) {
            for (String sql : inserts) {
                expected.add(keys(connection, sql));
            }
        }
        db.run("TRUNCATE TABLE orders");
        List<String> told = new ArrayList<>();
        db.inLocalTransaction(connection -> {
            for (String sql : inserts) {
                told.add(keys(connection, sql));
            }
        });
        assertThat(told).isEqualTo(expected);
    }

    @Test
    void mariadb_does_not_tell_keys_of_rows_of_which_only_some_have_a_generated_one() throws SQLException {
        AtDatabase db = new AtDatabase(TestDatabase.Kind.MARIADB);
        db.inLocalTransaction(connection -> {
            String mixed = "INSERT INTO orders (id, item) VALUES (DEFAULT, 'a'), (50, 'b')";
            assertThatThrownBy(() -> keys(connection, mixed))
                    .isInstanceOf(StatementRefusedException.class)
                    .hasMessageContaining("insert the two kinds with two statements");
            execute(connection, mixed);
        });
        db.rollBack();
        assertThat(db.query("SELECT * FROM orders")).isEmpty();
    }

    private static String keys(Connection connection, String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql, Statement.RETURN_GENERATED_KEYS)) {
            statement.executeUpdate();
            StringBuilder keys = new StringBuilder();
            try (ResultSet rows = statement.getGeneratedKeys()) {
                while (rows.next()) {
                    keys.append(rows.getLong(1)).append(' ');
                }
            }
            return keys.toString();
        }
    }

    /** What the new key seems to be is the key of another row, which must not be taken for the one that has moved. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "UPDATE t SET a = a + 10, b = a + 1 WHERE a = 1",
                "UPDATE t SET b = 1, b = b + 1 WHERE a = 1 AND b = 1",
                "UPDATE t SET v = 7, b = `v` WHERE a = 1",
                "UPDATE t SET b = FLOOR(RAND() * 1000) WHERE a = 1",
                "UPDATE t SET b = (SELECT MAX(v) FROM other) WHERE a = 1",
                "UPDATE t SET b = @n := 5 WHERE a = 1",
                "UPDATE t JOIN other o ON o.a = t.a SET o.v = 1, t.b = o.v WHERE t.a = 1"
            })
    void mariadb_key_that_cannot_be_known_before(String sql) throws SQLException {
        AtDatabase db = withKeyOfTwoColumns();
        List<String> before = db.query("SELECT * FROM t ORDER BY 1");
        assertThatThrownBy(() -> db.inLocalTransaction(connection -> execute(connection, sql)))
                .isInstanceOf(StatementRefusedException.class)
                .hasMessageContaining("its key column b cannot be known before it runs");
        assertThat(db.query("SELECT * FROM t ORDER BY 1")).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "UPDATE t SET b = a + 2, a = a + 10 WHERE v = 0",
                "UPDATE t SET v = 7, b = ABS(a - 5) WHERE a = 1",
                "UPDATE t SET a = 2, b = 3, v = b WHERE a = 1",
                "UPDATE t SET b = CASE WHEN v = 0 THEN 4 ELSE 5 END"
            })
    void mariadb_key_that_is_computed_from_the_old_row(String sql) throws SQLException {
        isUndone(withKeyOfTwoColumns(), "t", sql);
    }

    private static AtDatabase withKeyOfTwoColumns() throws SQLException {
        return mariaDb(
                "CREATE TABLE t (a INT, b INT, v INT, PRIMARY KEY (a, b))",
                "CREATE TABLE other (a INT PRIMARY KEY, v INT)",
                "INSERT INTO t VALUES (1, 1, 0), (11, 2, 0)",
                "INSERT INTO other VALUES (1, 5)");
    }

    private static AtDatabase withErrorValue() throws SQLException {
        return mariaDb(
                "CREATE TABLE t (k INT PRIMARY KEY, e ENUM('a', 'b') NOT NULL, f ENUM('', 'x'), v INT)",
                "INSERT IGNORE INTO t VALUES (1, 'red', '', 1)");
    }

    /** IGNORE stores '' for what an ENUM does not have, and only a session that is not strict could do so again. */
    @ParameterizedTest
    @ValueSource(strings = {"DELETE FROM t", "UPDATE t SET e = 'a'"})
    void mariadb_enum_with_the_error_value_fails_at_the_local_commit(String sql) throws SQLException {
        AtDatabase db = withErrorValue();
        assertThatThrownBy(() -> db.inLocalTransaction(connection -> execute(connection, sql)))
                .isInstanceOf(UndoNotEncodableException.class)
                .hasMessageContaining("Column e of")
                .hasMessageContaining("give the column a valid value");
        assertThat(db.query("SELECT k, e + 0, f + 0 FROM t")).containsExactly("1|0|1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"DELETE FROM t", "UPDATE t SET p = POINT(1, 2)"})
    void mariadb_geometry_that_was_left_empty_fails_at_the_local_commit(String sql) throws SQLException {
        AtDatabase db = mariaDb(
                "CREATE TABLE t (k INT PRIMARY KEY, p POINT NOT NULL)",
                "INSERT IGNORE INTO t VALUES (1, NULL), (2, NULL)");
        assertThatThrownBy(() -> db.inLocalTransaction(connection -> execute(connection, sql)))
                .isInstanceOf(UndoNotEncodableException.class)
                .hasMessageContaining("Column p of");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UPDATE t SET v = 2, f = NULL", "INSERT IGNORE INTO t VALUES (2, 'red', 'red', 1)"})
    void mariadb_enum_with_the_error_value_that_need_not_come_back(String sql) throws SQLException {
        isUndone(withErrorValue(), "t", sql);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE t SET e = 'c'",
                "UPDATE t SET e = CONCAT('', 'C')",
                "DELETE FROM t",
                "REPLACE INTO t VALUES ('a', 5), ('B', 6)",
                "INSERT INTO t VALUES ('A', 5), ('b', 6) ON DUPLICATE KEY UPDATE v = 7"
            })
    void mariadb_enum_as_a_key(String sql) throws SQLException {
        isUndone(withEnumKey(), "t", sql);
    }

    @ParameterizedTest
    @ValueSource(strings = {"UPDATE t SET e = ? WHERE e = 'a'", "INSERT INTO t (e) VALUES (?)"})
    void mariadb_enum_key_from_a_parameter(String sql) throws SQLException {
        AtDatabase db = withEnumKey();
        List<String> before = db.query("SELECT * FROM t");
        db.inLocalTransaction(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setString(1, "b");
                statement.addBatch();
                statement.executeBatch();
            }
        });
        assertThat(db.query("SELECT * FROM t")).isNotEqualTo(before);
        db.rollBack();
        assertThat(db.query("SELECT * FROM t")).isEqualTo(before);
    }

    private static AtDatabase withEnumKey() throws SQLException {
        return mariaDb("CREATE TABLE t (e ENUM('a', 'b', 'c') PRIMARY KEY, v INT)", "INSERT INTO t VALUES ('a', 1)");
    }
}
