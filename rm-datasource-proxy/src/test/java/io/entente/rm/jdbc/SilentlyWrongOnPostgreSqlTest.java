package io.entente.rm.jdbc;

import static io.entente.rm.jdbc.SilentlyWrongTest.execute;
import static io.entente.rm.jdbc.SilentlyWrongTest.isRefused;
import static io.entente.rm.jdbc.SilentlyWrongTest.isUndone;
import static io.entente.rm.jdbc.SilentlyWrongTest.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.entente.rm.call.StatementRefusedException;
import io.entente.rm.capture.CaptureFailedException;
import io.entente.testkit.database.TestDatabase.Kind;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLXML;
import java.sql.Statement;
import java.sql.Timestamp;
import java.sql.Types;
import java.util.Calendar;
import java.util.List;
import java.util.TimeZone;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.util.PGobject;

/** As {@link SilentlyWrongTest}, of what PostgreSQL alone has. */
class SilentlyWrongOnPostgreSqlTest {

    private static AtDatabase letters() throws SQLException {
        return with(
                Kind.POSTGRESQL,
                "CREATE TABLE t (id INT PRIMARY KEY, v TEXT, n INT)",
                "INSERT INTO t VALUES (1, 'a', 10), (2, 'b', 20), (3, 'c', 30)");
    }

    // ---------------------------------------------------------------- parameters

    /** The statement that is executed is another one than the driver's own, which has taken the values at once. */
    @Test
    void values_that_the_application_changes_after_it_has_set_them() throws SQLException {
        AtDatabase db = with(
                Kind.POSTGRESQL,
                "CREATE TABLE t (id INT PRIMARY KEY, j JSONB, a INT[], s TEXT, at TIMESTAMP)",
                "INSERT INTO t VALUES (1), (2), (3)");
        db.inLocalTransaction(connection -> {
            try (PreparedStatement update =
                    connection.prepareStatement("UPDATE t SET j = ?, a = ?, s = ?, at = ? WHERE id = ?")) {
                PGobject json = new PGobject();
                json.setType("jsonb");
                int[] numbers = new int[1];
                StringBuilder text = new StringBuilder();
                Calendar calendar = Calendar.getInstance(TimeZone.getTimeZone("UTC"));
                for (int i = 1; i <= 3; i++) {
                    json.setValue("{\"n\": " + i + "}");
                    numbers[0] = i;
                    text.append(i);
                    calendar.setTimeZone(TimeZone.getTimeZone("GMT+0" + i));
                    update.setObject(1, json);
                    update.setObject(2, numbers);
                    update.setObject(3, text, Types.VARCHAR);
                    update.setTimestamp(4, Timestamp.valueOf("2024-01-01 00:00:00"), calendar);
                    update.setInt(5, i);
                    update.addBatch();
                }
                update.executeBatch();
            }
        });
        assertThat(db.query("SELECT id, j, a, s FROM t ORDER BY id"))
                .containsExactly("1|{\"n\": 1}|{1}|1", "2|{\"n\": 2}|{2}|12", "3|{\"n\": 3}|{3}|123");
        assertThat(db.query("SELECT count(DISTINCT at) FROM t")).containsExactly("3");
        db.rollBack();
        assertThat(db.query("SELECT count(*) FROM t WHERE j IS NULL AND a IS NULL AND s IS NULL AND at IS NULL"))
                .containsExactly("3");
    }

    @Test
    void values_that_the_application_frees_after_it_has_set_them() throws SQLException {
        AtDatabase db = with(
                Kind.POSTGRESQL,
                "CREATE TABLE t (id INT PRIMARY KEY, a INT[], x XML)",
                "INSERT INTO t VALUES (1, '{1}', '<a/>')");
        isUndone(db, "(SELECT id, a, x::text FROM t) t", connection -> {
            try (PreparedStatement update = connection.prepareStatement("UPDATE t SET a = ?, x = ? WHERE id = 1")) {
                Array array = connection.createArrayOf("int4", new Object[] {4, null, 5});
                SQLXML xml = connection.createSQLXML();
                xml.setString("<b/>");
                update.setArray(1, array);
                update.setSQLXML(2, xml);
                array.free();
                xml.free();
                update.executeUpdate();
            }
            try (Statement query = connection.createStatement();
                    ResultSet row = query.executeQuery("SELECT a::text FROM t")) {
                row.next();
                assertThat(row.getString(1)).isEqualTo("{4,NULL,5}");
            }
        });
    }

    // ---------------------------------------------------------------- OLD and NEW

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DELETE FROM t USING t old WHERE t.id = 1 AND old.id = 2 RETURNING t.id, old.v",
                "WITH d AS (DELETE FROM t USING t old WHERE t.id = 1 AND old.id = 2 RETURNING t.id, old.v) SELECT * FROM d",
                "UPDATE t AS old SET n = old.n + 1 WHERE id = 1 RETURNING old.n, new.n",
                "INSERT INTO t AS old VALUES (1, 'n', 1), (9, 'n', 1) ON CONFLICT (id) DO UPDATE SET v = old.v ||"
                        + " excluded.v RETURNING old.id, old.v",
                "UPDATE t AS old SET n = 77 WHERE id = 1 RETURNING WITH (NEW AS nn) nn.n",
                "UPDATE t SET n = old.n FROM t old WHERE old.id = t.id + 1 AND t.id = 1 RETURNING t.id, old.n",
                "UPDATE t new SET n = new.n + 1 FROM (SELECT * FROM t WHERE id = 1 FOR UPDATE) old WHERE old.id = new.id"
                        + " RETURNING old.n, new.n",
                "WITH old AS (SELECT * FROM t WHERE id = 1) UPDATE t SET n = 5 FROM old WHERE old.id = t.id RETURNING old.v",
                "UPDATE t SET n = n + 1 WHERE id = 1 RETURNING old.n, new.n"
            })
    void old_and_new_as_names_of_tables(String sql) throws SQLException {
        isUndone(letters(), "t", connection -> execute(connection, sql));
    }

    // ---------------------------------------------------------------- partitions

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE TABLE ch (id INT, k INT, FOREIGN KEY (id, k) REFERENCES p1 (id, k) ON DELETE CASCADE)",
                "CREATE TRIGGER gone AFTER DELETE ON p FOR EACH ROW EXECUTE FUNCTION noted()",
                "CREATE TRIGGER come BEFORE INSERT ON p FOR EACH ROW EXECUTE FUNCTION noted()"
            })
    void an_update_that_moves_a_row_deletes_and_inserts_it(String effect) throws SQLException {
        AtDatabase db = with(
                Kind.POSTGRESQL,
                "CREATE TABLE p (id INT, k INT, v TEXT, PRIMARY KEY (id, k)) PARTITION BY RANGE (k)",
                "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10)",
                "CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (10) TO (20)",
                "INSERT INTO p VALUES (1, 1, 'a')",
                "CREATE OR REPLACE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
                effect);
        isRefused(db, "UPDATE p SET k = 15 WHERE id = 1");
        isUndone(db, "p", connection -> execute(connection, "UPDATE p SET v = 'b' WHERE id = 1"));
    }

    // ---------------------------------------------------------------- settings in the middle

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SET LOCAL extra_float_digits = 3",
                "RESET ALL",
                "set time zone 'UTC'",
                "SET intervalstyle = postgres",
                "SELECT set_config('TimeZone', 'UTC', true)"
            })
    void settings_of_printing_in_the_middle_of_changes_are_refused(String setting) throws SQLException {
        AtDatabase db = letters();
        db.inLocalTransaction(connection -> {
            execute(connection, "SET LOCAL extra_float_digits = 1");
            execute(connection, "SET LOCAL lock_timeout = 1000");
            execute(connection, "UPDATE t SET n = 1 WHERE id = 1");
            execute(connection, "SET LOCAL lock_timeout = 2000");
            isRefusedOn(connection, setting);
        });
    }

    private static void isRefusedOn(Connection connection, String sql) {
        assertThatThrownBy(() -> execute(connection, sql))
                .isInstanceOf(StatementRefusedException.class)
                .hasMessageContaining("how values are printed");
    }

    // ---------------------------------------------------------------- WITH

    @ParameterizedTest
    @ValueSource(
            strings = {
                "WITH d AS (DELETE FROM t WHERE id = 1) INSERT INTO t VALUES (1, 'new', 0) ON CONFLICT DO NOTHING",
                "WITH a AS (UPDATE t SET v = 'cte' WHERE id = 1) UPDATE t SET v = 'main' WHERE id = 1",
                "WITH a AS (UPDATE t SET v = 'q'), b AS (DELETE FROM t WHERE id = 2) SELECT count(*) FROM t"
            })
    void changes_of_one_table_that_do_not_read_each_other_are_refused(String sql) throws SQLException {
        isRefused(letters(), sql);
    }

    @Test
    void changes_of_one_table_of_which_one_reads_the_other() throws SQLException {
        isUndone(
                letters(),
                "t",
                connection -> execute(
                        connection,
                        "WITH gone AS (DELETE FROM t WHERE id = 1 RETURNING *) INSERT INTO t SELECT id + 10, v, n FROM gone"));
    }

    @Test
    void a_column_that_is_new_is_noticed_in_with_too() throws SQLException {
        AtDatabase db = letters();
        db.inLocalTransaction(connection -> execute(connection, "WITH d AS (DELETE FROM t WHERE id = 0) SELECT 1"));
        db.run("ALTER TABLE t ADD COLUMN extra TEXT DEFAULT 'def'", "UPDATE t SET extra = 'precious'");
        List<String> before = db.query("SELECT * FROM t ORDER BY id");
        try {
            db.inLocalTransaction(connection ->
                    execute(connection, "WITH d AS (DELETE FROM t WHERE id = 1 RETURNING id) SELECT * FROM d"));
            db.rollBack();
        } catch (CaptureFailedException noticed) {
            assertThat(noticed.getMessage())
                    .contains("was altered: the cached metadata has 3 columns, the database sends 4");
        }
        assertThat(db.query("SELECT * FROM t ORDER BY id")).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE num SET (n, v) = (DEFAULT, 5)",
                "INSERT INTO num (id, v) VALUES (1, 5) ON CONFLICT (id) DO UPDATE SET n = DEFAULT, v = 9",
                "MERGE INTO num USING (VALUES (1)) s(id) ON s.id = num.id WHEN MATCHED THEN UPDATE SET n = DEFAULT",
                "WITH u AS (UPDATE num SET n = DEFAULT RETURNING id) SELECT * FROM u"
            })
    void a_number_that_could_not_be_written_back(String sql) throws SQLException {
        isRefused(
                with(
                        Kind.POSTGRESQL,
                        "CREATE TABLE num (id INT PRIMARY KEY, n INT GENERATED ALWAYS AS IDENTITY, v INT)",
                        "INSERT INTO num (id, v) VALUES (1, 1)"),
                sql);
    }

    // ---------------------------------------------------------------- functions

    @Test
    void functions_that_write_in_disguise() throws SQLException {
        String write = "LANGUAGE sql AS 'UPDATE t SET v = ''written'' WHERE id = 3; SELECT 1'";
        AtDatabase db = with(
                Kind.POSTGRESQL,
                "DROP AGGREGATE IF EXISTS ag(int)",
                "DROP FUNCTION IF EXISTS step(int, int)",
                "CREATE TABLE t (id INT PRIMARY KEY, v TEXT)",
                "INSERT INTO t VALUES (3, 'c')",
                "CREATE FUNCTION step(int, int) RETURNS int " + write,
                "CREATE AGGREGATE ag(int) (SFUNC = step, STYPE = int, INITCOND = '0')");
        isRefused(db, "SELECT ag(id) FROM t");
        isRefused(db, "SELECT query_to_xml('SELECT step(1, 1)', true, true, '')");
        isRefused(db, "SELECT * FROM step(1, 1) AS (a int)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "WITH w(i) AS (SELECT 1) UPDATE t SET n = 5 FROM w WHERE w.i = t.id",
                "UPDATE t SET n = 5 FROM (VALUES (1)) AS w(i) WHERE w.i = t.id",
                "INSERT INTO t AS w (id) VALUES (7)",
                "UPDATE t SET n = h.ok() WHERE id = 1",
                "UPDATE t SET n = (SELECT count(*) FROM t) WHERE id = 1"
            })
    void what_has_the_name_of_a_function_and_is_none(String sql) throws SQLException {
        AtDatabase db = with(
                Kind.POSTGRESQL,
                "DROP SCHEMA IF EXISTS h CASCADE",
                "CREATE SCHEMA h",
                "CREATE TABLE t (id INT PRIMARY KEY, v TEXT, n INT)",
                "INSERT INTO t VALUES (1, 'a', 10)",
                "CREATE OR REPLACE FUNCTION w() RETURNS int LANGUAGE sql AS 'SELECT 1'",
                "CREATE FUNCTION h.h() RETURNS int LANGUAGE sql AS 'SELECT 1'",
                "CREATE FUNCTION h.ok() RETURNS int STABLE LANGUAGE sql AS 'SELECT 5'",
                "CREATE FUNCTION h.count(int, int) RETURNS int LANGUAGE sql AS 'SELECT 1'");
        isUndone(db, "t", connection -> execute(connection, sql));
    }

    // ---------------------------------------------------------------- needless refusals

    @Test
    void columns_that_are_called_as_statements_are() throws SQLException {
        AtDatabase db = with(
                Kind.POSTGRESQL,
                "CREATE TABLE t (\"call\" INT PRIMARY KEY, \"delete\" INT, \"merge\" INT)",
                "INSERT INTO t VALUES (1, 1, 1)");
        isUndone(db, "t", connection -> execute(connection, "INSERT INTO t (call, delete, merge) VALUES (2, 2, 2)"));
        AtDatabase other = with(
                Kind.POSTGRESQL, "CREATE TABLE t (id INT PRIMARY KEY, \"merge\" INT)", "INSERT INTO t VALUES (1, 1)");
        isUndone(
                other,
                "t",
                connection -> execute(connection, "UPDATE t SET merge = 2 WHERE (merge = 1) AND (merge) > 0"));
    }

    @Test
    void a_key_whose_not_null_is_not_valid_yet_identifies_no_rows() throws SQLException {
        AtDatabase db = with(
                Kind.POSTGRESQL,
                "CREATE TABLE t (a INT NOT NULL, b INT, v INT, UNIQUE (a, b))",
                "INSERT INTO t VALUES (1, NULL, 1), (1, NULL, 2)",
                "ALTER TABLE t ADD CONSTRAINT nn NOT NULL b NOT VALID");
        isRefused(db, "DELETE FROM t WHERE v = 1");
        assertThat(List.copyOf(db.query("SELECT v FROM t ORDER BY v"))).containsExactly("1", "2");
    }

    // ---------------------------------------------------------------- as the driver does it

    @Test
    void a_statement_that_is_executed_by_another_one_is_cancelled() throws SQLException {
        AtDatabase db = letters();
        db.inLocalTransaction(connection -> {
            try (Statement statement = connection.createStatement()) {
                CompletableFuture<Void> cancelled = CompletableFuture.runAsync(() -> {
                    await().until(() -> db.query("SELECT 1 FROM pg_stat_activity WHERE query LIKE 'UPDATE t SET%'"
                                            + " AND wait_event = 'PgSleep'")
                                    .size()
                            == 1);
                    try {
                        statement.cancel();
                    } catch (SQLException e) {
                        throw new AssertionError(e);
                    }
                });
                assertThatThrownBy(() -> statement.executeUpdate("UPDATE t SET n = 5 WHERE pg_sleep(60) IS NOT NULL"))
                        .isInstanceOfSatisfying(
                                SQLException.class,
                                failure -> assertThat(failure.getSQLState()).isEqualTo("57014"));
                cancelled.join();
            }
            connection.rollback();
        });
    }

    @Test
    void rows_are_closed_when_the_next_result_is_asked_for() throws SQLException {
        AtDatabase db = letters();
        db.inLocalTransaction(connection -> {
            try (Statement statement = connection.createStatement()) {
                statement.execute("UPDATE t SET n = 5 WHERE id = 1 RETURNING id");
                ResultSet rows = statement.getResultSet();
                assertThat(statement.getMoreResults()).isFalse();
                assertThat(rows.isClosed()).isTrue();
                statement.execute("UPDATE t SET n = 6 WHERE id = 1 RETURNING id");
                ResultSet kept = statement.getResultSet();
                assertThat(statement.getMoreResults(Statement.KEEP_CURRENT_RESULT))
                        .isFalse();
                assertThat(kept.next()).isTrue();
            }
        });
        db.rollBack();
    }
}
