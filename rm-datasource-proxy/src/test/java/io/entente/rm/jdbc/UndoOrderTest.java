package io.entente.rm.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.entente.rm.undo.RollbackResult;
import io.entente.testkit.database.TestDatabase.Kind;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Changes of one statement have their constraints looked at when it is over, their undo row by row. */
class UndoOrderTest {

    private static final String SHELVES = "SELECT * FROM shelf ORDER BY id";
    private static final String ITEMS = "SELECT * FROM item ORDER BY id";

    private static AtDatabase shelves() throws SQLException {
        AtDatabase db = new AtDatabase(Kind.POSTGRESQL, "undo_order");
        db.run(
                "CREATE TABLE shelf (id INT PRIMARY KEY, name TEXT UNIQUE)",
                "CREATE TABLE item (id INT PRIMARY KEY, shelf INT REFERENCES shelf)",
                "INSERT INTO shelf VALUES (1, 'low'), (2, 'high')",
                "INSERT INTO item VALUES (10, 1), (11, 1)");
        return db;
    }

    private static void execute(AtDatabase db, String... texts) throws SQLException {
        db.inLocalTransaction(connection -> {
            try (Statement statement = connection.createStatement()) {
                for (String sql : texts) {
                    statement.execute(sql);
                }
            }
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "WITH gone AS (DELETE FROM shelf WHERE id = 1), moved AS (UPDATE item SET shelf = 2) SELECT 1",
                "WITH moved AS (UPDATE item SET shelf = 2), gone AS (DELETE FROM shelf WHERE id = 1) SELECT 1",
                "WITH gone AS (DELETE FROM shelf WHERE id = 1), sold AS (DELETE FROM item) SELECT 1",
                "WITH bought AS (INSERT INTO item VALUES (12, 3)), built AS (INSERT INTO shelf VALUES (3, 'new')) SELECT 1",
                "WITH moved AS (UPDATE item SET shelf = 3), built AS (INSERT INTO shelf VALUES (3, 'new')) SELECT 1"
            })
    void changes_in_WITH_are_undone_in_the_order_that_foreign_keys_allow(String sql) throws SQLException {
        AtDatabase db = shelves();
        // Rows of the statement have been touched before it and are touched again after it.
        execute(db, "UPDATE item SET id = id + 100", sql, "UPDATE shelf SET name = 'highest' WHERE id = 2");
        db.rollBack();
        assertThat(db.query(SHELVES)).containsExactly("1|low", "2|high");
        assertThat(db.query(ITEMS)).containsExactly("10|1", "11|1");
    }

    @Test
    void MariaDB_rows_that_have_each_others_unique_values_get_them_back() throws SQLException {
        AtDatabase db = new AtDatabase(Kind.MARIADB, "undo_order");
        db.run(
                "CREATE TABLE seat (id INT PRIMARY KEY, guest VARCHAR(9) UNIQUE, n INT NOT NULL UNIQUE)",
                "INSERT INTO seat VALUES (1, 'Ann', 10), (2, 'Bob', 20), (3, 'Cid', 30)");
        execute(db, "REPLACE INTO seat VALUES (1, 'Bob', 30), (2, 'Cid', 10), (3, 'Ann', 20)");
        db.rollBack();
        assertThat(db.query("SELECT * FROM seat ORDER BY id")).containsExactly("1|Ann|10", "2|Bob|20", "3|Cid|30");
    }

    /** To exchange keys, rows go and come back; what a foreign key took along would not. */
    @Test
    void MariaDB_keys_are_not_exchanged_when_a_foreign_key_would_take_rows_along() throws SQLException {
        AtDatabase db = new AtDatabase(Kind.MARIADB, "undo_order");
        db.run(
                "CREATE TABLE seat (id INT PRIMARY KEY, guest VARCHAR(9))",
                "CREATE TABLE coat (id INT PRIMARY KEY, seat INT, FOREIGN KEY (seat) REFERENCES seat (id) ON DELETE CASCADE)",
                "INSERT INTO seat VALUES (1, 'Ann'), (2, 'Bob')");
        execute(db, "UPDATE seat SET id = id + 1 ORDER BY id DESC");
        // An outsider.
        db.run("INSERT INTO coat VALUES (7, 2)");
        assertThat(db.tryToRollBackLast()).isInstanceOf(RollbackResult.Dirty.class);
        assertThat(db.query("SELECT * FROM coat")).containsExactly("7|2");
        assertThat(db.query("SELECT * FROM seat ORDER BY id")).containsExactly("2|Ann", "3|Bob");
        db.run("DELETE FROM coat");
        db.rollBack();
        assertThat(db.query("SELECT * FROM seat ORDER BY id")).containsExactly("1|Ann", "2|Bob");
    }

    private static AtDatabase employees() throws SQLException {
        AtDatabase db = new AtDatabase(Kind.POSTGRESQL, "undo_order");
        db.run(
                "CREATE TYPE rank AS ENUM ('low', 'high')",
                "CREATE TABLE emp (id INT PRIMARY KEY, boss INT NOT NULL REFERENCES emp, name TEXT, rank rank,"
                        + " tags TEXT[], since TIMESTAMPTZ, pay NUMERIC(9, 2), no UUID, more JSONB, bits BIT(3),"
                        + " twice INT GENERATED ALWAYS AS (id * 2) STORED)",
                "INSERT INTO emp VALUES (1, 2, 'Ann', 'low', '{a,b}', '2026-01-02 03:04:05.678+09', 1.50,"
                        + " '00000000-0000-0000-0000-000000000001', '{\"a\": 1}', B'101'),"
                        + " (2, 3, 'Bob', 'high', NULL, NULL, NULL, NULL, NULL, NULL),"
                        + " (3, 1, NULL, NULL, '{}', 'infinity', 0, NULL, '[]', B'000')");
        return db;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "INSERT INTO emp (id, boss) VALUES (7, 8), (8, 9), (9, 7)",
                "DELETE FROM emp",
                "UPDATE emp SET id = id + 100, boss = boss + 100",
                "UPDATE emp SET id = id + 10, boss = (boss + 1) % 3 + 11, name = 'x', rank = 'low', tags = NULL, since = now(),"
                        + " pay = 7, no = gen_random_uuid(), more = '{}', bits = B'111'"
            })
    void PostgreSQL_rows_that_refer_to_each_other_come_back(String sql) throws SQLException {
        AtDatabase db = employees();
        List<String> before = db.query("SELECT emp::text FROM emp ORDER BY id");
        execute(db, sql);
        assertThat(db.query("SELECT emp::text FROM emp ORDER BY id")).isNotEqualTo(before);
        db.rollBack();
        assertThat(db.query("SELECT emp::text FROM emp ORDER BY id")).isEqualTo(before);
    }

    @Test
    void PostgreSQL_a_row_outside_that_refers_to_rows_of_the_statement_stops_their_undo() throws SQLException {
        AtDatabase db = employees();
        execute(db, "INSERT INTO emp (id, boss) VALUES (7, 8), (8, 7)");
        // An outsider.
        db.run("INSERT INTO emp (id, boss) VALUES (9, 7)");
        assertThat(db.tryToRollBackLast()).isInstanceOf(RollbackResult.Dirty.class);
        db.run("DELETE FROM emp WHERE id = 9");
        db.rollBack();
        assertThat(db.query("SELECT id FROM emp ORDER BY id")).containsExactly("1", "2", "3");
    }

    /** A temporal foreign key does not care which rows cover its time together. */
    @Test
    void PostgreSQL_a_boundary_between_periods_that_was_moved_comes_back() throws SQLException {
        AtDatabase db = new AtDatabase(Kind.POSTGRESQL, "undo_order");
        db.run(
                "CREATE EXTENSION IF NOT EXISTS btree_gist",
                "CREATE TABLE price (k INT, id INT, valid DATERANGE NOT NULL, PRIMARY KEY (k),"
                        + " UNIQUE (id, valid WITHOUT OVERLAPS))",
                "CREATE TABLE sale (k INT PRIMARY KEY, id INT, valid DATERANGE NOT NULL,"
                        + " FOREIGN KEY (id, PERIOD valid) REFERENCES price (id, PERIOD valid))",
                "INSERT INTO price VALUES (1, 1, '[2026-01-01,2026-02-01)'), (2, 1, '[2026-02-01,2026-03-01)')",
                "INSERT INTO sale VALUES (1, 1, '[2026-01-10,2026-02-20)')");
        execute(
                db,
                "UPDATE price SET valid = CASE k WHEN 1 THEN daterange('2026-01-01', '2026-01-20')"
                        + " ELSE daterange('2026-01-20', '2026-03-01') END");
        db.rollBack();
        assertThat(db.query("SELECT valid FROM price ORDER BY k"))
                .containsExactly("[2026-01-01,2026-02-01)", "[2026-02-01,2026-03-01)");
    }

    @Test
    void where_no_order_is_taken_nothing_is_undone_and_all_that_waits_is_told() throws SQLException {
        AtDatabase db = shelves();
        execute(db, "UPDATE item SET shelf = 2", "DELETE FROM shelf WHERE id = 1");
        // An outsider takes the unique name of the row that has to come back.
        db.run("INSERT INTO shelf VALUES (3, 'low')");
        assertThat(db.tryToRollBackLast())
                .isInstanceOfSatisfying(
                        RollbackResult.Dirty.class,
                        dirty -> assertThat(dirty.toString())
                                .contains("shelf(id=1)", "shelf_name_key")
                                .contains("item(id=10)", "item(id=11)", "item_shelf_fkey"));
        assertThat(db.query(SHELVES)).containsExactly("2|high", "3|low");
        assertThat(db.query(ITEMS)).containsExactly("10|2", "11|2");
        db.run("UPDATE shelf SET name = 'other' WHERE id = 3");
        db.rollBack();
        assertThat(db.query(SHELVES)).containsExactly("1|low", "2|high", "3|other");
        assertThat(db.query(ITEMS)).containsExactly("10|1", "11|1");
    }
}
