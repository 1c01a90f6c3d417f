package io.entente.rm.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.entente.rm.call.StatementRefusedException;
import io.entente.rm.capture.CaptureFailedException;
import io.entente.testkit.database.TestDatabase.Kind;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a rollback once left wrong without saying so; found by readers who tried to break it. */
class SilentlyWrongTest {

    interface Work {
        void on(Connection connection) throws SQLException;
    }

    static AtDatabase with(Kind kind, String... statements) throws SQLException {
        AtDatabase db = new AtDatabase(kind);
        db.run(statements);
        return db;
    }

    static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Whatever is let through is undone to the byte. */
    static void isUndone(AtDatabase db, String table, Work work) throws SQLException {
        String all = "SELECT * FROM " + table + " ORDER BY 1, 2";
        List<String> before = db.query(all);
        db.inLocalTransaction(work::on);
        assertThat(db.query(all)).isNotEqualTo(before);
        db.rollBack();
        assertThat(db.query(all)).isEqualTo(before);
    }

    static void isRefused(AtDatabase db, String sql) {
        assertThatThrownBy(() -> db.inLocalTransaction(connection -> execute(connection, sql)))
                .isInstanceOf(StatementRefusedException.class);
    }

    /** It ran, but the local transaction cannot commit. */
    static void isRolledBack(AtDatabase db, String table, Work work) throws SQLException {
        String all = "SELECT * FROM " + table + " ORDER BY 1, 2";
        List<String> before = db.query(all);
        assertThatThrownBy(() -> db.inLocalTransaction(work::on)).isInstanceOf(CaptureFailedException.class);
        assertThat(db.query(all)).isEqualTo(before);
    }

    // ---------------------------------------------------------------- names

    private static AtDatabase withSource(Kind kind) throws SQLException {
        return with(
                kind, "CREATE TABLE src (id BIGINT PRIMARY KEY, amount INT)", "INSERT INTO src VALUES (1, 7), (2, 8)");
    }

    @Test
    void mariadb_a_column_of_the_same_name_in_another_table_is_not_the_column_itself() throws SQLException {
        isUndone(
                withSource(Kind.MARIADB),
                "stock",
                connection -> execute(
                        connection, "UPDATE stock JOIN src s ON s.id = stock.id SET stock.amount = s.amount + 5"));
    }

    @Test
    void mariadb_a_key_that_is_computed_from_another_table_with_a_column_of_its_name() throws SQLException {
        AtDatabase db = with(
                Kind.MARIADB,
                "CREATE TABLE src (n INT PRIMARY KEY, id BIGINT)",
                "INSERT INTO src VALUES (2, 200)",
                "INSERT INTO stock VALUES (7, 'other', 0)");
        isUndone(
                db,
                "stock",
                connection -> execute(
                        connection,
                        "UPDATE stock JOIN src s ON s.n = stock.id SET stock.id = s.id + 5 WHERE stock.id = 2"));
    }

    @Test
    void postgresql_what_is_computed_from_another_table_is_not_added_back() throws SQLException {
        AtDatabase db = withSource(Kind.POSTGRESQL);
        db.inLocalTransaction(connection -> execute(
                connection,
                "UPDATE stock SET amount = s.amount + 5 FROM src s WHERE s.id = stock.id AND stock.id = 1"));
        db.run("UPDATE stock SET amount = 50 WHERE id = 1");
        assertThatThrownBy(db::rollBack).isInstanceOf(AssertionError.class);
        assertThat(db.query("SELECT amount FROM stock WHERE id = 1")).containsExactly("50");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE stock a JOIN stock A ON A.id = a.id + 1 SET A.amount = 0 WHERE a.id = 1",
                "DELETE A FROM stock a JOIN stock A ON A.id = a.id + 1 WHERE a.id = 1"
            })
    void mariadb_aliases_that_differ_by_case_only(String sql) throws SQLException {
        isUndone(new AtDatabase(Kind.MARIADB), "stock", connection -> execute(connection, sql));
    }

    @Test
    void mariadb_one_table_changed_under_two_names_is_refused() throws SQLException {
        AtDatabase db = new AtDatabase(Kind.MARIADB);
        isRefused(
                db,
                "UPDATE stock a JOIN stock b ON b.id = a.id + 1 SET a.amount = a.amount + 10, b.amount = b.amount + 20");
        isRefused(db, "DELETE a, b FROM stock a JOIN stock b ON b.id = a.id + 1");
    }

    // ---------------------------------------------------------------- statements in several steps

    @ParameterizedTest
    @ValueSource(strings = {"UPDATE t SET v = v + 1", "UPDATE t JOIN o ON o.id = 1 SET t.v = t.v + 1"})
    void mariadb_an_update_of_many_rows_that_fails_leaves_nothing(String sql) throws SQLException {
        AtDatabase db = with(
                Kind.MARIADB,
                "CREATE TABLE t (id INT PRIMARY KEY, v TINYINT)",
                "CREATE TABLE o (id INT PRIMARY KEY)",
                "INSERT INTO o VALUES (1)",
                "INSERT INTO t SELECT seq, IF(seq = 900, 127, 0) FROM seq_1_to_1000");
        db.inLocalTransaction(
                connection -> assertThatThrownBy(() -> execute(connection, sql)).hasMessageContaining("Out of range"));
        assertThat(db.query("SELECT DISTINCT v FROM t ORDER BY v")).containsExactly("0", "127");
    }

    @Test
    void h2_an_update_of_many_rows_that_fails_leaves_nothing_when_keys_are_asked_for() throws SQLException {
        AtDatabase db = with(
                Kind.H2,
                "CREATE TABLE t (id INT PRIMARY KEY, v TINYINT)",
                "INSERT INTO t SELECT x, CASE WHEN x = 900 THEN 127 ELSE 0 END FROM SYSTEM_RANGE(1, 1000)");
        db.inLocalTransaction(connection -> {
            try (Statement statement = connection.createStatement()) {
                assertThatThrownBy(() ->
                                statement.executeUpdate("UPDATE t SET v = v + 1", Statement.RETURN_GENERATED_KEYS))
                        .hasMessageContaining("out of range");
            }
        });
        assertThat(db.query("SELECT DISTINCT v FROM t ORDER BY v")).containsExactly("0", "127");
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"MARIADB", "H2"})
    void a_batch_that_exchanges_keys(Kind kind) throws SQLException {
        AtDatabase db = with(
                kind,
                "CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(9))",
                "INSERT INTO t VALUES (1, 'a'), (2, 'b'), (3, 'c')");
        isUndone(db, "t", connection -> {
            try (PreparedStatement update = connection.prepareStatement("UPDATE t SET id = ? WHERE id = ?")) {
                for (int[] move : new int[][] {{4, 3}, {3, 2}, {2, 1}, {1, 4}}) {
                    update.setInt(1, move[0]);
                    update.setInt(2, move[1]);
                    update.addBatch();
                }
                assertThat(update.executeBatch()).hasSize(4);
            }
        });
    }

    // ---------------------------------------------------------------- keys that are stored otherwise

    private static AtDatabase withLongKeys() throws SQLException {
        return with(
                Kind.MARIADB,
                "CREATE TABLE t (id BIGINT PRIMARY KEY, v INT)",
                "INSERT INTO t VALUES (9007199254740992, 1)");
    }

    @Test
    void mariadb_a_long_number_given_as_a_text() throws SQLException {
        isUndone(withLongKeys(), "t", connection -> {
            try (PreparedStatement insert = connection.prepareStatement("INSERT INTO t VALUES (?, ?)")) {
                insert.setString(1, "9007199254740993");
                insert.setInt(2, 5);
                insert.addBatch();
                insert.executeBatch();
            }
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "INSERT INTO t VALUES ('9007199254740993', 3) ON DUPLICATE KEY UPDATE v = 5",
                "REPLACE INTO t VALUES ('9007199254740993', 5)"
            })
    void mariadb_an_upsert_by_a_long_number_given_as_a_text(String sql) throws SQLException {
        AtDatabase db = withLongKeys();
        db.run("INSERT INTO t VALUES (9007199254740993, 2)");
        isUndone(db, "t", connection -> execute(connection, sql));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '#',
            value = {
                "BIGINT             | 7, 9007199254740992 | UPDATE t SET k = '9007199254740993' WHERE k = 7",
                "ENUM('2', '1', '3') | '3', '1'           | UPDATE t SET k = 1 WHERE k = '3'",
                "SET('2', '1')      | '2,1', '1'          | UPDATE t SET k = 1 WHERE k = '2,1'",
                "YEAR               | 1999, 2000          | UPDATE t SET k = 0 WHERE k = 1999"
            })
    void mariadb_a_new_key_that_is_stored_otherwise_than_it_was_computed(String type, String keys, String sql)
            throws SQLException {
        AtDatabase db = with(Kind.MARIADB, "CREATE TABLE t (k " + type + " PRIMARY KEY, v INT)");
        int v = 0;
        for (String key : keys.split(", ", -1)) {
            db.run("INSERT INTO t VALUES (" + key + ", " + v++ + ")");
        }
        isRolledBack(db, "t", connection -> execute(connection, sql));
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"MARIADB", "H2"})
    void a_new_key_from_a_sequence_is_refused(Kind kind) throws SQLException {
        AtDatabase db = with(kind, "DROP SEQUENCE IF EXISTS sq", "CREATE SEQUENCE sq START WITH 20");
        isRefused(db, "UPDATE stock SET id = NEXT VALUE FOR sq WHERE id = 1");
    }

    @Test
    void h2_a_key_that_the_database_computes() throws SQLException {
        AtDatabase db = with(
                Kind.H2,
                "CREATE TABLE t (a INT, v INT, w INT, g INT GENERATED ALWAYS AS (a + 1) PRIMARY KEY)",
                "INSERT INTO t (a, v, w) VALUES (1, 1, 1), (2, 2, 2)");
        isRefused(db, "UPDATE t SET a = 3 - a, v = v + 10");
    }

    // ---------------------------------------------------------------- upserts

    @ParameterizedTest
    @ValueSource(
            strings = {
                "INSERT INTO t (a, v, code) VALUES (11, 9, 'b') ON DUPLICATE KEY UPDATE v = 9",
                "REPLACE INTO t (a, v, code) VALUES (11, 9, 'c')"
            })
    void mariadb_an_upsert_by_a_unique_column_that_the_database_computes_is_refused(String sql) throws SQLException {
        AtDatabase db = with(
                Kind.MARIADB,
                "CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, a INT, v INT, u INT AS (a % 10) PERSISTENT UNIQUE,"
                        + " code VARCHAR(9) UNIQUE)",
                "INSERT INTO t (a, v, code) VALUES (1, 1, 'a'), (5, 5, 'b')");
        isRefused(db, sql);
    }

    @Test
    void mariadb_an_upsert_that_gives_zero_for_a_generated_number_is_refused() throws SQLException {
        AtDatabase db = with(
                Kind.MARIADB,
                "CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, v INT, code VARCHAR(9) UNIQUE)",
                "INSERT INTO t VALUES (1, 1, 'a')");
        isRefused(db, "INSERT INTO t VALUES (0, 9, 'a') ON DUPLICATE KEY UPDATE v = 9");
    }

    @Test
    void h2_a_merge_whose_source_is_another_each_time_is_refused() throws SQLException {
        isRefused(
                new AtDatabase(Kind.H2),
                "MERGE INTO stock USING (SELECT id FROM stock ORDER BY RAND() LIMIT 1) s ON stock.id = s.id"
                        + " WHEN MATCHED THEN UPDATE SET amount = -1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE stock JOIN src ON src.id = stock.id JOIN (SELECT id FROM stock ORDER BY RAND() LIMIT 1) x"
                        + " ON x.id = stock.id SET stock.amount = 5, src.amount = 5",
                "DELETE stock, src FROM stock JOIN src ON src.id = stock.id WHERE stock.id = (SELECT MAX(id) FROM src)",
                "DELETE stock, src FROM stock JOIN src ON src.id = stock.id AND RAND() < 0.5"
            })
    void mariadb_a_change_of_several_tables_whose_rows_may_be_others_is_refused(String sql) throws SQLException {
        isRefused(withSource(Kind.MARIADB), sql);
    }

    // ---------------------------------------------------------------- others

    @ParameterizedTest
    @EnumSource(Kind.class)
    void two_savepoints_of_one_name_are_refused(Kind kind) throws SQLException {
        AtDatabase db = new AtDatabase(kind);
        db.inLocalTransaction(connection -> {
            connection.setAutoCommit(false);
            Savepoint first = connection.setSavepoint("a");
            execute(connection, "UPDATE stock SET amount = 1 WHERE id = 1");
            assertThatThrownBy(() -> connection.setSavepoint("A")).hasMessageContaining("another name");
            connection.rollback(first);
        });
        assertThat(db.query("SELECT amount FROM stock WHERE id = 1")).containsExactly("100");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DELETE FROM t WHERE id = 1",
                "UPDATE t SET id = 5 WHERE id = 1",
            })
    void postgresql_a_foreign_key_to_a_partition_that_changes_other_rows_is_seen(String sql) throws SQLException {
        AtDatabase db = with(
                Kind.POSTGRESQL,
                "CREATE TABLE t (id INT PRIMARY KEY, v INT) PARTITION BY RANGE (id)",
                "CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (10)",
                "CREATE TABLE child (id INT PRIMARY KEY, s INT REFERENCES t1 (id) ON DELETE CASCADE ON UPDATE SET NULL)",
                "INSERT INTO t VALUES (1, 1)",
                "INSERT INTO child VALUES (1, 1)");
        isRefused(db, sql);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void what_is_said_of_one_statement_is_not_said_of_the_others_of_its_batch(Kind kind) throws SQLException {
        AtDatabase db = with(
                kind,
                "CREATE TABLE child (id INT PRIMARY KEY, s BIGINT, FOREIGN KEY (s) REFERENCES stock (id) ON DELETE CASCADE)",
                "INSERT INTO child VALUES (1, 1)");
        assertThatThrownBy(() -> db.inLocalTransaction(connection -> {
                    try (Statement statement = connection.createStatement()) {
                        statement.addBatch("UPDATE /* entente:unseen-effects */ stock SET amount = 1 WHERE id = 2");
                        statement.addBatch("DELETE FROM stock WHERE id = 1");
                        statement.executeBatch();
                    }
                }))
                .isInstanceOf(SQLException.class);
        assertThat(db.query("SELECT id FROM child")).containsExactly("1");
        db.inLocalTransaction(connection -> {
            try (Statement statement = connection.createStatement()) {
                statement.addBatch("UPDATE stock SET amount = 1 WHERE id = 2");
                statement.addBatch("DELETE /* entente:unseen-effects */ FROM stock WHERE id = 1");
                assertThat(statement.executeBatch()).containsExactly(1, 1);
            }
        });
        assertThat(db.query("SELECT id FROM child")).isEmpty();
        isRefused(db, "UPDATE stock SET amount = 2; INSERT /* entente:uncaptured */ INTO child VALUES (2, 2)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SET SESSION `autocommit` = 1",
                "SET DEFAULT ROLE NONE",
                "SET SESSION sql_select_limit = 1",
                "SET @@session.`sql_select_limit` = 1"
            })
    void mariadb_settings_that_commit_or_hide_rows_are_refused(String sql) throws SQLException {
        isRefused(new AtDatabase(Kind.MARIADB), sql);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "EXPLAIN (\"analyze\") UPDATE stock SET amount = 0",
                "UPDATE numbered SET n = DEFAULT WHERE id = 1"
            })
    void postgresql_what_executes_in_disguise_or_cannot_be_put_back_is_refused(String sql) throws SQLException {
        isRefused(
                with(
                        Kind.POSTGRESQL,
                        "CREATE TABLE numbered (id INT PRIMARY KEY, n INT GENERATED ALWAYS AS IDENTITY)",
                        "INSERT INTO numbered (id) VALUES (1)"),
                sql);
    }

    @Test
    void postgresql_a_table_of_which_a_policy_hides_rows_is_refused() throws SQLException {
        AtDatabase db = with(
                Kind.POSTGRESQL,
                "CREATE TABLE owned (id INT PRIMARY KEY, tenant TEXT)",
                "ALTER TABLE owned ENABLE ROW LEVEL SECURITY",
                "CREATE POLICY own ON owned USING (tenant = current_setting('app.tenant', true))",
                "GRANT ALL ON owned TO pg_read_all_data");
        assertThatThrownBy(() -> db.inLocalTransaction(connection -> {
                    connection.setAutoCommit(false);
                    execute(connection, "SET LOCAL ROLE pg_read_all_data");
                    execute(connection, "SET app.tenant = 'a'");
                    execute(connection, "INSERT INTO owned VALUES (1, 'a')");
                }))
                .hasMessageContainingAll("row level security", "BYPASSRLS");
    }

    /** The key reads otherwise in the rollback's session, and the row would pass for one that is gone. */
    @Test
    void postgresql_a_key_that_another_session_reads_otherwise_stops_the_rollback() throws SQLException {
        AtDatabase db = with(Kind.POSTGRESQL, "CREATE TABLE printed (k TSTZRANGE PRIMARY KEY)");
        db.inLocalTransaction(connection -> {
            execute(connection, "SET TIME ZONE 'Asia/Tokyo'");
            execute(connection, "INSERT INTO printed VALUES ('[2024-01-01 00:00:00+00,2024-01-02 00:00:00+00)')");
            set(connection, "RESET ALL");
        });
        assertThatThrownBy(db::rollBack).isInstanceOf(AssertionError.class);
        assertThat(db.query("SELECT 1 FROM printed")).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "INTERVAL | -1 day -02:03:04 | SET intervalstyle = 'sql_standard'",
                "TSTZRANGE | [2024-01-01 00:00:00+00,2024-01-02 00:00:00+00) | SET TIME ZONE 'Asia/Tokyo'",
                "TIMESTAMPTZ[] | {2024-01-01 00:00:00+00} | SET TIME ZONE '-3'",
                "BYTEA[] | {aa} | SET bytea_output = 'escape'"
            })
    void postgresql_values_are_put_back_as_the_session_that_captured_them_printed_them(
            String type, String value, String setting) throws SQLException {
        for (String sql : List.of("DELETE FROM printed", "UPDATE printed SET v = NULL")) {
            AtDatabase db = with(
                    Kind.POSTGRESQL,
                    "CREATE TABLE printed (id INT PRIMARY KEY, v " + type + ")",
                    "INSERT INTO printed VALUES (1, '" + value + "')");
            isUndone(db, "printed", connection -> {
                execute(connection, setting);
                execute(connection, sql);
            });
        }
        AtDatabase db = with(Kind.POSTGRESQL, "CREATE TABLE printed (id INT PRIMARY KEY, v " + type + ")");
        isUndone(db, "printed", connection -> {
            execute(connection, setting);
            execute(connection, "INSERT INTO printed VALUES (1, '" + value + "')");
        });
    }

    @Test
    void postgresql_floats_of_which_the_session_cuts_digits_off_fail_at_the_local_commit() throws SQLException {
        AtDatabase db = with(
                Kind.POSTGRESQL,
                "CREATE TABLE printed (id INT PRIMARY KEY, v FLOAT8)",
                "INSERT INTO printed VALUES (1, 0.30000000000000004)");
        assertThatThrownBy(() -> db.inLocalTransaction(connection -> {
                    execute(connection, "SET extra_float_digits = 0");
                    execute(connection, "DELETE FROM printed");
                }))
                .hasMessageContaining("digits that the session cuts off floats");
        assertThat(db.query("SELECT 1 FROM printed")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"INSERT INTO padded VALUES ('b', 'c')", "DELETE FROM padded", "UPDATE padded SET v = 'd'"})
    void mariadb_texts_that_the_session_prints_with_all_their_blanks(String sql) throws SQLException {
        AtDatabase db = with(
                Kind.MARIADB,
                "CREATE TABLE padded (k CHAR(5) PRIMARY KEY, v CHAR(4))",
                "INSERT INTO padded VALUES ('a', 'b')");
        isUndone(db, "padded", connection -> {
            execute(connection, "SET SESSION sql_mode = CONCAT(@@sql_mode, ',PAD_CHAR_TO_FULL_LENGTH')");
            execute(connection, sql);
        });
    }

    // ---------------------------------------------------------------- settings of the pool

    /** What a pool says to each of its connections when it opens them. */
    static void set(Connection connection, String sql) throws SQLException {
        execute(((EntenteConnection) connection).real(), sql);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE stock SET amount = amount * 2",
                "UPDATE stock SET id = id + 10 ORDER BY id DESC",
                "UPDATE stock JOIN parts ON parts.order_id = stock.id SET stock.name = 'x', parts.txt = 'y'",
                "DELETE FROM stock WHERE id > 1",
                "REPLACE INTO stock VALUES (1, 'x', 1), (2, 'y', 2), (9, 'z', 3)"
            })
    void mariadb_a_session_that_limits_its_queries(String sql) throws SQLException {
        AtDatabase db = new AtDatabase(Kind.MARIADB);
        // The tables are known from a session that is not limited.
        db.inLocalTransaction(connection -> {
            execute(connection, "UPDATE stock SET amount = 0 WHERE id = 0");
            execute(connection, "UPDATE parts SET txt = '' WHERE no = 0");
        });
        isUndone(db, "stock", connection -> {
            set(connection, "SET SESSION sql_select_limit = 1");
            execute(connection, sql);
        });
    }

    @Test
    void mariadb_a_session_that_limits_its_queries_is_not_believed_about_tables() throws SQLException {
        assertThatThrownBy(() -> new AtDatabase(Kind.MARIADB).inLocalTransaction(connection -> {
                    set(connection, "SET SESSION sql_select_limit = 1");
                    execute(connection, "DELETE FROM stock");
                }))
                .isInstanceOf(StatementRefusedException.class)
                .hasMessageContainingAll("sql_select_limit", "setMaxRows");
    }

    @Test
    void a_back_slash_before_a_quote_is_refused_where_the_session_reads_it_otherwise() throws SQLException {
        AtDatabase mariaDb = new AtDatabase(Kind.MARIADB);
        String escaped = "UPDATE stock SET name = 'it\\'s' WHERE id = 1";
        isUndone(mariaDb, "stock", connection -> execute(connection, escaped));
        assertThatThrownBy(() -> mariaDb.inLocalTransaction(connection -> {
                    set(connection, "SET SESSION sql_mode = CONCAT(@@sql_mode, ',NO_BACKSLASH_ESCAPES')");
                    execute(connection, "UPDATE stock SET name = 'a\\' WHERE id = 1 -- '");
                }))
                .isInstanceOf(StatementRefusedException.class)
                .hasMessageContainingAll("back-slash", "sql_mode");

        AtDatabase postgreSql = new AtDatabase(Kind.POSTGRESQL);
        String asItIs = "UPDATE stock SET name = 'C:\\' WHERE id = 1";
        isUndone(postgreSql, "stock", connection -> execute(connection, asItIs));
        assertThatThrownBy(() -> postgreSql.inLocalTransaction(connection -> {
                    set(connection, "SET standard_conforming_strings = off");
                    execute(connection, escaped);
                }))
                .isInstanceOf(StatementRefusedException.class)
                .hasMessageContainingAll("back-slash", "standard_conforming_strings");
    }

    // ---------------------------------------------------------------- what a unique column gets

    @Test
    void mariadb_an_upsert_by_a_unique_column_whose_default_is_computed_is_refused() throws SQLException {
        AtDatabase db = with(
                Kind.MARIADB,
                "CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, v INT,"
                        + " computed VARCHAR(20) DEFAULT (CONCAT('x', v)) UNIQUE, code VARCHAR(9) DEFAULT 'none' UNIQUE)",
                "INSERT INTO t VALUES (1, 1, 'x5', 'none')");
        isRefused(db, "INSERT INTO t (v, code) VALUES (5, 'b') ON DUPLICATE KEY UPDATE v = 9");
        isUndone(
                db,
                "t",
                connection -> execute(
                        connection, "INSERT INTO t (v, computed) VALUES (5, 'b') ON DUPLICATE KEY UPDATE v = 9"));
    }

    @Test
    void mariadb_an_upsert_that_gives_null_to_a_unique_column_that_takes_none_is_refused() throws SQLException {
        AtDatabase db = with(
                Kind.MARIADB,
                "CREATE TABLE t (code VARCHAR(9) NOT NULL PRIMARY KEY, v INT)",
                "INSERT INTO t VALUES ('', 1)");
        assertThatThrownBy(() -> db.inLocalTransaction(connection -> {
                    set(connection, "SET SESSION sql_mode = ''");
                    execute(connection, "INSERT INTO t VALUES ('b', 5), (NULL, 5) ON DUPLICATE KEY UPDATE v = 9");
                }))
                .isInstanceOf(StatementRefusedException.class)
                .hasMessageContaining("gives NULL to code");
    }

    // ---------------------------------------------------------------- functions

    private static AtDatabase withFunctions(Kind kind) throws SQLException {
        String writing = "UPDATE stock SET amount = amount + 1";
        return switch (kind) {
            case H2 ->
                with(
                        kind,
                        "CREATE ALIAS write_one AS 'int one(java.sql.Connection c) throws java.sql.SQLException"
                                + " { c.createStatement().execute(\"" + writing + "\"); return 1; }'",
                        "CREATE ALIAS read_one DETERMINISTIC AS 'int one() { return 1; }'");
            case POSTGRESQL ->
                with(
                        kind,
                        "CREATE FUNCTION write_one() RETURNS int LANGUAGE sql AS '" + writing + "; SELECT 1'",
                        "CREATE FUNCTION read_one() RETURNS int STABLE LANGUAGE sql AS 'SELECT 1'");
            case MARIADB ->
                with(
                        kind,
                        "DROP FUNCTION IF EXISTS write_one",
                        "CREATE FUNCTION write_one() RETURNS INT BEGIN " + writing + "; RETURN 1; END",
                        "DROP FUNCTION IF EXISTS read_one",
                        "CREATE FUNCTION read_one() RETURNS INT NO SQL RETURN 1");
        };
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void a_function_that_may_write_is_refused(Kind kind) throws SQLException {
        AtDatabase db = withFunctions(kind);
        List<List<String>> before = db.content();
        for (String sql : List.of(
                "SELECT write_one()",
                "SELECT id FROM stock WHERE id = Write_One ( )",
                "INSERT INTO parts VALUES (7, 7, concat('x', write_one()))",
                "DELETE FROM stock WHERE id = write_one()")) {
            assertThatThrownBy(() -> db.inLocalTransaction(connection -> execute(connection, sql)))
                    .as(sql)
                    .isInstanceOf(StatementRefusedException.class)
                    .hasMessageContainingAll("the function write_one", "declare", "entente.at.allow-unseen-effects")
                    .hasMessageContaining("/* entente:unseen-effects */");
        }
        assertThat(db.content()).isEqualTo(before);
        db.inLocalTransaction(connection -> {
            execute(connection, "SELECT read_one()");
            execute(connection, "INSERT INTO parts VALUES (7, 7, concat('x', read_one()))");
            execute(connection, "SELECT /* entente:unseen-effects */ write_one()");
        });
        assertThat(db.query("SELECT amount FROM stock WHERE id = 1")).containsExactly("101");
        db.rollBack();
        assertThat(db.query("SELECT 1 FROM parts WHERE order_id = 7")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void a_view_that_calls_a_function_that_may_write_is_refused(Kind kind) throws SQLException {
        AtDatabase db = withFunctions(kind);
        db.run("CREATE VIEW writing AS SELECT write_one() AS n");
        db.run("CREATE VIEW behind AS SELECT n + 1 AS n FROM writing");
        db.run("CREATE VIEW harmless AS SELECT read_one() AS n");
        List<List<String>> before = db.content();
        for (String sql : List.of(
                "SELECT n FROM writing",
                "SELECT w.n FROM stock JOIN Behind w ON TRUE",
                "DELETE FROM stock WHERE id IN (SELECT n FROM behind)")) {
            assertThatThrownBy(() -> db.inLocalTransaction(connection -> execute(connection, sql)))
                    .as(sql)
                    .isInstanceOf(StatementRefusedException.class)
                    .hasMessageContainingAll("may write rows that cannot be seen", "entente.at.allow-unseen-effects");
        }
        assertThat(db.content()).isEqualTo(before);
        db.inLocalTransaction(connection -> {
            execute(connection, "SELECT n FROM harmless");
            execute(connection, "SELECT /* entente:unseen-effects */ n FROM writing");
        });
        db.run("DROP VIEW harmless");
        db.run("DROP VIEW behind");
        db.run("DROP VIEW writing");
    }

    @Test
    void postgresql_a_function_of_a_row_is_found_where_it_reads_like_a_column() throws SQLException {
        AtDatabase db = with(
                Kind.POSTGRESQL,
                "CREATE FUNCTION touched(stock) RETURNS INT LANGUAGE sql AS 'UPDATE stock SET amount = 1; SELECT 1'");
        assertThatThrownBy(
                        () -> db.inLocalTransaction(connection -> execute(connection, "SELECT s.touched FROM stock s")))
                .isInstanceOf(StatementRefusedException.class)
                .hasMessageContaining("it names touched");
    }

    @ParameterizedTest
    @CsvSource({
        "H2, a INT DEFAULT write_one(), the default of column A",
        "H2, a INT CHECK (a < write_one() + 9), the check",
        "H2, a INT ON UPDATE write_one(), the ON UPDATE of column A",
        "H2, a checked, the check of the domain of column A",
        "H2, a given, the default of the domain of column A",
        "POSTGRESQL, a INT DEFAULT write_one(), the default of column a",
        "POSTGRESQL, a INT CHECK (a < write_one() + 9), the check own_a_check",
        "POSTGRESQL, a checked, the check of the domain of column a",
        "POSTGRESQL, a given, the default of the domain of column a",
        "POSTGRESQL, a INT CHECK (a <+> 1), the check own_a_check"
    })
    void a_table_that_calls_a_function_that_may_write_is_refused(Kind kind, String column, String message)
            throws SQLException {
        AtDatabase db = withFunctions(kind);
        db.run("CREATE DOMAIN checked AS INT CHECK (VALUE < write_one() + 9)");
        db.run("CREATE DOMAIN given AS INT DEFAULT write_one()");
        if (kind == Kind.POSTGRESQL) {
            db.run("CREATE FUNCTION write_two(INT, INT) RETURNS BOOLEAN LANGUAGE sql"
                    + " AS 'UPDATE stock SET amount = 1; SELECT true'");
            db.run("CREATE OPERATOR <+> (LEFTARG = INT, RIGHTARG = INT, FUNCTION = write_two)");
        }
        db.run("CREATE TABLE own (id INT PRIMARY KEY, " + column + ", b INT DEFAULT read_one())");
        List<List<String>> before = db.content();

        assertThatThrownBy(() ->
                        db.inLocalTransaction(connection -> execute(connection, "INSERT INTO own (id) VALUES (1)")))
                .isInstanceOf(StatementRefusedException.class)
                .hasMessageContainingAll(
                        message, "calls the function write_", "declare", "entente.at.allow-unseen-effects");
        assertThat(db.content()).isEqualTo(before);

        db.inLocalTransaction(connection -> {
            execute(connection, "INSERT /* entente:unseen-effects */ INTO own (id) VALUES (1)");
            execute(connection, "DELETE FROM own WHERE id = 1");
        });
        db.rollBack();
        assertThat(db.query("SELECT 1 FROM own")).isEmpty();
    }

    // ---------------------------------------------------------------- misspelled names

    @ParameterizedTest
    @EnumSource(Kind.class)
    void a_misspelled_name_fails_as_it_does_without_entente(Kind kind) throws SQLException {
        AtDatabase db = with(kind);
        for (String sql : List.of(
                "UPDATE stok SET amount = 1 WHERE id = 1",
                "DELETE FROM stok WHERE id = 1",
                "INSERT INTO stok (id, amount) VALUES (7, 1)",
                "SELECT * FROM stok FOR UPDATE",
                "UPDATE stock SET amonut = 1 WHERE id = 1",
                "INSERT INTO stock (id, amonut) VALUES (7, 1)",
                "UPDATE stock SET amount = 1 WHERE di = 1")) {
            SQLException plain = catchThrowableOfType(SQLException.class, () -> db.run(sql));
            assertThatThrownBy(() -> db.inLocalTransaction(connection -> execute(connection, sql)))
                    .as(sql)
                    .isInstanceOfSatisfying(SQLException.class, failure -> {
                        assertThat(failure.getSQLState()).isEqualTo(plain.getSQLState());
                        assertThat(failure.getErrorCode()).isEqualTo(plain.getErrorCode());
                    });
        }
        db.inLocalTransaction(connection -> execute(connection, "UPDATE stock SET amount = 1 WHERE id = 1"));
        db.rollBack();
    }

    // ---------------------------------------------------------------- large objects

    @Test
    void postgresql_a_large_object_is_not_changed_in_place() throws SQLException {
        AtDatabase db = with(
                Kind.POSTGRESQL,
                "CREATE TABLE t (id INT PRIMARY KEY, data OID)",
                "INSERT INTO t VALUES (1, lo_from_bytea(0, '\\x0102'))");
        db.inLocalTransaction(connection -> {
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("SELECT data FROM t")) {
                row.next();
                Blob blob = row.getBlob(1);
                assertThat(blob.getBytes(1, 2)).containsExactly(1, 2);
                for (ThrowingCallable write : List.<ThrowingCallable>of(
                        () -> blob.setBytes(1, new byte[] {9}),
                        () -> blob.setBinaryStream(1),
                        () -> blob.truncate(1),
                        () -> row.getObject("data", Clob.class).setString(1, "x"))) {
                    assertThatThrownBy(write)
                            .isInstanceOf(StatementRefusedException.class)
                            .hasMessageContaining("setBlob");
                }
            }
        });
        assertThat(db.query("SELECT lo_get(data) FROM t")).containsExactly("\\x0102");
    }
}
