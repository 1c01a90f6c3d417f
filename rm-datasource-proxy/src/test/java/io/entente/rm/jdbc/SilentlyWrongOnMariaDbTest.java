package io.entente.rm.jdbc;

import static io.entente.rm.jdbc.SilentlyWrongTest.execute;
import static io.entente.rm.jdbc.SilentlyWrongTest.isRefused;
import static io.entente.rm.jdbc.SilentlyWrongTest.isUndone;
import static io.entente.rm.jdbc.SilentlyWrongTest.set;
import static io.entente.rm.jdbc.SilentlyWrongTest.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entente.rm.call.StatementRefusedException;
import io.entente.rm.capture.CaptureFailedException;
import io.entente.testkit.database.TestDatabase.Kind;
import io.entente.tm.TransactionContext;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** As {@link SilentlyWrongTest}, of what MariaDB alone has. */
class SilentlyWrongOnMariaDbTest {

    private static AtDatabase stock() throws SQLException {
        return new AtDatabase(Kind.MARIADB);
    }

    /** InnoDB has rolled back everything, and the application goes on all the same. */
    @Test
    void a_deadlock_that_the_application_survives() throws Exception {
        AtDatabase db = stock();
        try (Connection other = db.plain.getConnection()) {
            other.setAutoCommit(false);
            execute(other, "UPDATE stock SET name = 'much', amount = amount + 1 WHERE id IN (2, 3)");
            execute(other, "UPDATE parts SET txt = 'more to undo'");
            assertThatThrownBy(() -> db.inLocalTransaction(connection -> {
                        execute(connection, "UPDATE stock SET amount = amount - 5 WHERE id = 1");
                        CompletableFuture<Void> crossing = CompletableFuture.runAsync(() -> {
                            try {
                                execute(other, "UPDATE stock SET amount = amount + 1 WHERE id = 1");
                            } catch (SQLException e) {
                                throw new AssertionError(e);
                            }
                        });
                        assertThatThrownBy(() -> execute(connection, "UPDATE stock SET amount = 0 WHERE id = 2"))
                                .isInstanceOf(SQLException.class);
                        crossing.join();
                        other.rollback();
                        execute(connection, "INSERT INTO stock VALUES (9, 'log', 1)");
                    }))
                    .isInstanceOf(CaptureFailedException.class)
                    .hasMessageContaining("rolled the local transaction back");
        }
        assertThat(db.query("SELECT id, amount FROM stock ORDER BY id")).containsExactly("1|100", "2|50", "3|7");
    }

    @ParameterizedTest
    @ValueSource(strings = {"DELETE FROM t", "UPDATE t SET v = 'x'", "INSERT INTO t VALUES (2, 'x')"})
    void texts_that_the_session_shows_otherwise_fail_at_the_local_commit(String sql) throws SQLException {
        AtDatabase db = with(
                Kind.MARIADB,
                "CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(9)) CHARACTER SET utf8mb4",
                "INSERT INTO t VALUES (1, '😀')");
        isRefused(db, "SET NAMES utf8");
        assertThatThrownBy(() -> db.inLocalTransaction(connection -> {
                    set(connection, "SET NAMES utf8");
                    execute(connection, sql);
                }))
                .hasMessageContainingAll("character_set_results", "SET NAMES");
        assertThat(db.query("SELECT * FROM t")).containsExactly("1|😀");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "BIGINT | 9007199254740993 | n + 1e0",
                "BIGINT | 9007199254740993 | 1e0 + n",
                "BIGINT | 1 | 9007199254740993e0",
                "DECIMAL(30, 10) | 12345678901234567890.0123456789 | n + 1e0"
            })
    void numbers_with_an_exponent_are_calculated_as_doubles(String type, String before, String assigned)
            throws SQLException {
        AtDatabase db = with(
                Kind.MARIADB,
                "CREATE TABLE t (id INT PRIMARY KEY, n " + type + ")",
                "INSERT INTO t VALUES (1, " + before + ")");
        isUndone(db, "t", connection -> execute(connection, "UPDATE t SET n = " + assigned + " WHERE id = 1"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "VARCHAR(3) COLLATE utf8mb4_nopad_bin | 'abc' | 'abc  '",
                "SET('b', 'a') | 'a,b' | 'a,b'",
                "ENUM('b', 'a') | 'a' | '2'",
                "DOUBLE(5, 2) | 1.23 | 1.2345"
            })
    void an_upsert_that_meets_another_row_than_its_text_tells(String type, String stored, String given)
            throws SQLException {
        AtDatabase db = with(
                Kind.MARIADB,
                "CREATE TABLE t (id INT PRIMARY KEY, code " + type + " UNIQUE, other VARCHAR(9) UNIQUE, v INT)",
                "INSERT INTO t VALUES (1, " + stored + ", 'x', 0), (2, NULL, 'y', 0)");
        List<String> before = db.query("SELECT * FROM t ORDER BY id");
        assertThatThrownBy(() -> db.inLocalTransaction(connection -> execute(
                        connection, "INSERT INTO t VALUES (9, " + given + ", 'y', 5) ON DUPLICATE KEY UPDATE v = 7")))
                .isInstanceOf(SQLException.class);
        assertThat(db.query("SELECT * FROM t ORDER BY id")).isEqualTo(before);
    }

    @Test
    void an_upsert_by_several_keys_in_a_session_that_cuts_values_to_fit_is_refused() throws SQLException {
        AtDatabase db = with(
                Kind.MARIADB,
                "CREATE TABLE t (id INT PRIMARY KEY, code VARCHAR(3) UNIQUE, v INT)",
                "INSERT INTO t VALUES (1, 'abc', 0), (2, 'b', 0)");
        assertThatThrownBy(() -> db.inLocalTransaction(connection -> {
                    set(connection, "SET SESSION sql_mode = ''");
                    execute(connection, "INSERT INTO t VALUES (2, 'abcdef', 5) ON DUPLICATE KEY UPDATE v = 7");
                }))
                .isInstanceOf(StatementRefusedException.class)
                .hasMessageContaining("STRICT_TRANS_TABLES");
    }

    @Test
    void functions_of_a_package() throws SQLException {
        AtDatabase db = with(
                Kind.MARIADB,
                "DROP PACKAGE IF EXISTS pkg",
                "CREATE PACKAGE pkg FUNCTION write_two() RETURNS INT; END",
                "CREATE PACKAGE BODY pkg FUNCTION write_two() RETURNS INT BEGIN"
                        + " UPDATE stock SET amount = 0; RETURN 1; END; END");
        isRefused(db, "SELECT pkg.write_two()");
    }

    @Test
    void a_table_of_the_name_of_a_function_is_none() throws SQLException {
        AtDatabase db = with(
                Kind.MARIADB,
                "DROP FUNCTION IF EXISTS stock",
                "CREATE FUNCTION stock() RETURNS INT BEGIN UPDATE tagged SET v = 0; RETURN 1; END");
        isUndone(
                db,
                "stock",
                connection -> execute(connection, "INSERT INTO stock (id, name, amount) VALUES (9, 'x', 1)"));
        isRefused(db, "SELECT stock()");
    }

    @Test
    void a_temporary_table_that_hides_a_known_one_is_refused() throws SQLException {
        AtDatabase db = stock();
        db.inLocalTransaction(connection -> execute(connection, "UPDATE stock SET amount = 0 WHERE id = 0"));
        try (Connection connection = db.at.getConnection()) {
            execute(connection, "CREATE TEMPORARY TABLE stock (id BIGINT PRIMARY KEY, name VARCHAR(50), amount INT)");
            execute(connection, "INSERT INTO stock VALUES (1, 'bolt', 100)");
            try (TransactionContext.Scope bound = TransactionContext.bind(AtDatabase.XID)) {
                assertThat(bound).isNotNull();
                assertThatThrownBy(() -> execute(connection, "UPDATE stock SET amount = amount - 5"))
                        .isInstanceOf(StatementRefusedException.class);
            }
        }
    }

    @Test
    void a_temporary_table_that_is_made_inside_the_global_transaction() throws SQLException {
        AtDatabase db = stock();
        assertThatThrownBy(() -> db.inLocalTransaction(connection -> {
                    execute(connection, "UPDATE stock SET amount = 0 WHERE id = 0");
                    execute(
                            connection,
                            "/* entente:uncaptured */ CREATE TEMPORARY TABLE stock (id BIGINT PRIMARY KEY, amount INT)");
                    execute(connection, "/* entente:uncaptured */ INSERT INTO stock VALUES (1, 70)");
                    execute(connection, "UPDATE stock SET amount = amount - 3 WHERE id = 1");
                }))
                .isInstanceOf(StatementRefusedException.class);
    }

    @Test
    void a_session_in_the_past_fails_at_the_local_commit() throws SQLException {
        AtDatabase db = with(
                Kind.MARIADB,
                "CREATE TABLE t (id INT PRIMARY KEY, v INT) WITH SYSTEM VERSIONING",
                "INSERT INTO t VALUES (1, 1)",
                "UPDATE t SET v = 2");
        isRefused(db, "SET system_versioning_asof = '2030-01-01'");
        assertThatThrownBy(() -> db.inLocalTransaction(connection -> {
                    set(connection, "SET system_versioning_asof = '2030-01-01'");
                    execute(connection, "UPDATE t SET v = 50 WHERE id = 1");
                }))
                .hasMessageContaining("system_versioning_asof");
        assertThat(db.query("SELECT v FROM t")).containsExactly("2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UPDATE t SET v = 5 WHERE id = 1", "DELETE FROM t", "INSERT INTO t (id, v) VALUES (2, 2)"})
    void a_versioned_table_with_columns_for_its_versions(String sql) throws SQLException {
        AtDatabase db = with(
                Kind.MARIADB,
                "CREATE TABLE t (id INT PRIMARY KEY, v INT, began TIMESTAMP(6) GENERATED ALWAYS AS ROW START,"
                        + " ended TIMESTAMP(6) GENERATED ALWAYS AS ROW END, PERIOD FOR SYSTEM_TIME (began, ended))"
                        + " WITH SYSTEM VERSIONING",
                "INSERT INTO t (id, v) VALUES (1, 1)");
        db.inLocalTransaction(connection -> execute(connection, sql));
        assertThat(db.query("SELECT id, v FROM t")).isNotEqualTo(List.of("1|1"));
        db.rollBack();
        assertThat(db.query("SELECT id, v FROM t")).containsExactly("1|1");
    }

    @Test
    void what_stands_in_double_quotes_may_be_a_column() throws SQLException {
        AtDatabase db = with(
                Kind.MARIADB,
                "CREATE TABLE t (a INT, id INT PRIMARY KEY, v INT)",
                "INSERT INTO t VALUES (5, 5, 0), (3, 7, 0)");
        String sql = "INSERT INTO t (a, id, v) VALUES (7, \"a\", 1) ON DUPLICATE KEY UPDATE v = 9";
        assertThatThrownBy(() -> db.inLocalTransaction(connection -> {
                    set(connection, "SET SESSION sql_mode = 'ANSI_QUOTES'");
                    execute(connection, sql);
                }))
                .isInstanceOf(StatementRefusedException.class)
                .hasMessageContaining("ANSI_QUOTES");
        isUndone(db, "t", connection -> execute(connection, sql.replace("\"a\"", "\"7\"")));
        assertThatThrownBy(() -> db.inLocalTransaction(connection -> {
                    set(connection, "SET SESSION sql_mode = 'ANSI_QUOTES'");
                    execute(connection, "SELECT 1 AS \"a\\\", write_one() /* \" */");
                }))
                .isInstanceOf(StatementRefusedException.class);
    }

    @Test
    void a_savepoint_of_the_application_by_the_name_of_ours() throws SQLException {
        assertThatThrownBy(() -> stock().inLocalTransaction(connection -> connection.setSavepoint("Entente_Statement")))
                .hasMessageContaining("another name");
    }

    // ---------------------------------------------------------------- a commit is as without Entente

    private static AtDatabase many() throws SQLException {
        return with(
                Kind.MARIADB,
                "CREATE TABLE many (id INT PRIMARY KEY, v INT, at DATETIME(6))",
                "INSERT INTO many SELECT seq, 0, NULL FROM seq_1_to_1200");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "UPDATE many SET v = (SELECT MAX(v) + 1 FROM (SELECT v FROM many) x) | v | 1",
                "UPDATE many SET at = NOW(6) | at | 1",
                "UPDATE many SET v = 7 WHERE v = (SELECT MIN(v) FROM (SELECT v FROM many) x) | v | 1"
            })
    void an_update_of_many_rows_is_one_statement(String sql, String column, long values) throws SQLException {
        AtDatabase db = many();
        db.inLocalTransaction(connection -> execute(connection, sql));
        assertThat(db.query("SELECT COUNT(DISTINCT " + column + ") FROM many")).containsExactly(String.valueOf(values));
        db.rollBack();
        assertThat(db.query("SELECT COUNT(*) FROM many WHERE v = 0 AND at IS NULL"))
                .containsExactly("1200");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE stock JOIN tagged ON tagged.v = stock.id SET stock.amount = tagged.v ORDER BY tagged.v LIMIT 1",
                "UPDATE stock SET amount = @x WHERE (@x := id) > 0"
            })
    void an_update_whose_values_depend_on_how_rows_are_looked_at_is_refused(String sql) throws SQLException {
        isRefused(stock(), sql);
    }

    @ParameterizedTest
    @ValueSource(strings = {"id = LAST_INSERT_ID(id), v = 9", "id = id, v = 9"})
    void an_upsert_may_tell_the_id_of_the_row_that_it_meets(String assigned) throws SQLException {
        AtDatabase db = with(
                Kind.MARIADB,
                "CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, v INT, code VARCHAR(9) UNIQUE)",
                "INSERT INTO t VALUES (1, 1, 'a')");
        isUndone(
                db,
                "t",
                connection -> execute(
                        connection, "INSERT INTO t (v, code) VALUES (5, 'a') ON DUPLICATE KEY UPDATE " + assigned));
        isRefused(db, "INSERT INTO t (v, code) VALUES (5, 'a') ON DUPLICATE KEY UPDATE id = id + 1");
    }

    @Test
    void an_empty_text_that_the_session_stores_as_null() throws SQLException {
        isUndone(stock(), "stock", connection -> {
            set(connection, "SET SESSION sql_mode = CONCAT(@@sql_mode, ',EMPTY_STRING_IS_NULL')");
            try (var update = connection.prepareStatement("UPDATE stock SET name = ? WHERE id = 1")) {
                update.setString(1, "");
                update.executeUpdate();
            }
        });
    }

    @Test
    void a_change_of_parts_of_a_period_is_refused() throws SQLException {
        AtDatabase db =
                with(Kind.MARIADB, "CREATE TABLE t (id INT PRIMARY KEY, v INT, a DATE, b DATE, PERIOD FOR p (a, b))");
        isRefused(db, "UPDATE t FOR PORTION OF p FROM '2024-01-01' TO '2024-02-01' SET v = 1");
        isRefused(db, "DELETE FROM t FOR PORTION OF p FROM '2024-01-01' TO '2024-02-01'");
    }
}
