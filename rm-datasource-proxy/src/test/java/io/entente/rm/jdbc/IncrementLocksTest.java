package io.entente.rm.jdbc;

import static io.entente.rm.jdbc.SilentlyWrongTest.execute;
import static org.assertj.core.api.Assertions.assertThat;

import io.entente.testkit.database.TestDatabase.Kind;
import io.entente.tm.TransactionContext;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which updates lock their rows so that others may add to them too, and which do not. */
class IncrementLocksTest {

    private static AtDatabase account(Kind kind, String columns) throws SQLException {
        AtDatabase db = new AtDatabase(kind);
        db.run(
                "CREATE TABLE level (v DECIMAL(12, 2) PRIMARY KEY)",
                "INSERT INTO level VALUES (100), (200), (99)",
                "CREATE TABLE account (id INT PRIMARY KEY, n DECIMAL(12, 2), held INT NOT NULL, kind VARCHAR(9)"
                        + columns + ")",
                "INSERT INTO account (id, n, held, kind) VALUES (1, 100, 10, 'a'), (2, 200, 20, 'b'), (3, NULL, 0, 'c')");
        return db;
    }

    private static String lockKey(AtDatabase db, String sql) throws SQLException {
        db.coordinator.branches.clear();
        db.inLocalTransaction(connection -> execute(connection, sql));
        List<String> keys = db.lockKeys();
        db.rollBack();
        return keys.isEmpty() ? "" : keys.get(0);
    }

    private static String spelled(AtDatabase db, String mode, String keys) {
        String signs = db.kind == Kind.H2 ? mode.toUpperCase(Locale.ROOT) : mode;
        return (mode.isEmpty() ? "" : "%(" + signs + ")") + db.spelled("account") + ":" + keys;
    }

    @ParameterizedTest
    @EnumSource
    void numbers_that_are_only_added_to_are_shared_by_column_and_direction(Kind kind) throws SQLException {
        AtDatabase db = account(kind, "");
        assertThat(lockKey(db, "UPDATE account SET n = n - 1 WHERE id = 1")).isEqualTo(spelled(db, "n-", "1"));
        assertThat(lockKey(db, "UPDATE account SET n = n + 1.50 WHERE id = 1")).isEqualTo(spelled(db, "n+", "1"));
        assertThat(lockKey(db, "UPDATE account SET n = n - -1 WHERE id = 1")).isEqualTo(spelled(db, "n+", "1"));
        assertThat(lockKey(db, "UPDATE account SET n = n - 5, held = held + 5 WHERE id = 1"))
                .isEqualTo(spelled(db, "held+_n-", "1"));
        assertThat(lockKey(db, "UPDATE account SET held = held - 1 WHERE kind = 'b'"))
                .isEqualTo(spelled(db, "held-", "2"));
        assertThat(lockKey(db, "UPDATE account SET held = held + 1"))
                .startsWith(spelled(db, "held+", ""))
                .doesNotContain(";");
    }

    @ParameterizedTest
    @EnumSource
    void a_bound_that_undoing_others_cannot_break_is_kept(Kind kind) throws SQLException {
        AtDatabase db = account(kind, "");
        for (String guard : List.of("n >= 1", "n > 0", "(1 <= n)", "account.n >= 1.00", "n >= 1 AND kind = 'a'")) {
            assertThat(lockKey(db, "UPDATE account SET n = n - 1 WHERE id = 1 AND " + guard))
                    .as(guard)
                    .isEqualTo(spelled(db, "n-", "1"));
        }
        assertThat(lockKey(db, "UPDATE account SET n = n + 1 WHERE id = 1 AND n <= 1000 AND held > 1"))
                .isEqualTo(spelled(db, "n+", "1"));
    }

    @ParameterizedTest
    @EnumSource
    void whatever_could_come_out_otherwise_without_the_others_is_had_alone(Kind kind) throws SQLException {
        AtDatabase db = account(kind, "");
        for (String sql : List.of(
                "UPDATE account SET n = n - 1, kind = 'z' WHERE id = 1",
                "UPDATE account SET n = n - held WHERE id = 1",
                "UPDATE account SET n = n * 2 WHERE id = 1",
                "UPDATE account SET n = 5 WHERE id = 1",
                "UPDATE account SET n = n + 0 WHERE id = 1",
                "UPDATE account SET n = n - 1 WHERE id = 1 AND n <= 1000",
                "UPDATE account SET n = n + 1 WHERE id = 1 AND n >= 1",
                "UPDATE account SET n = n - 1 WHERE id = 1 AND n = 100",
                "UPDATE account SET n = n - 1 WHERE id = 1 AND n <> 7",
                "UPDATE account SET n = n - 1 WHERE id = 1 AND n >= held",
                "UPDATE account SET n = n - 1 WHERE id = 1 AND (n >= 1 OR kind = 'a')",
                "UPDATE account SET n = n - 1 WHERE id = 1 AND NOT n < 1",
                "UPDATE account SET n = n - 1 WHERE id = 1 AND n BETWEEN 1 AND 1000",
                "UPDATE account SET n = n - 1 WHERE id = 1 AND EXISTS (SELECT 1 FROM stock)",
                "UPDATE account SET n = n - 1 WHERE id IN (SELECT 1)")) {
            assertThat(lockKey(db, sql)).as(sql).isEqualTo(spelled(db, "", "1"));
        }
        assertThat(lockKey(db, "UPDATE account SET n = n - 1 WHERE id = 3"))
                .as("NULL stays NULL")
                .isEqualTo(spelled(db, "", "3"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"CHECK (n >= 0)", "CHECK (n > -1 AND n <= 100000)", "CHECK (n >= 1.5)", "CHECK (held >= 0)"})
    void a_check_that_holds_between_any_two_numbers_is_kept(String check) throws SQLException {
        for (Kind kind : Kind.values()) {
            AtDatabase db = account(kind, ", " + check);
            assertThat(lockKey(db, "UPDATE account SET n = n - 1 WHERE id = 1"))
                    .as("%s on %s", check, kind)
                    .isEqualTo(spelled(db, "n-", "1"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CHECK (n <> 5)",
                "CHECK (n >= 0 OR n = -7)",
                "CHECK (n > held)",
                "CHECK (MOD(n, 7) < 7)",
                "UNIQUE (n)",
                "g INT GENERATED ALWAYS AS (held * 2)%s UNIQUE",
                "g INT GENERATED ALWAYS AS (100 / (n + 7))%s",
                "g INT GENERATED ALWAYS AS (CASE WHEN n < 150 THEN 1 ELSE 0 END)%s",
                "FOREIGN KEY (n) REFERENCES level (v)"
            })
    void any_other_restriction_is_not(String check) throws SQLException {
        for (Kind kind : Kind.values()) {
            AtDatabase db = account(kind, ", " + String.format(check, kind == Kind.H2 ? "" : " STORED"));
            assertThat(lockKey(db, "UPDATE account SET n = n - 1 WHERE id = 1"))
                    .as("%s on %s", check, kind)
                    .isEqualTo(spelled(db, "", "1"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_condition_on_what_is_computed_from_the_number_is_one_on_the_number(Kind kind) throws SQLException {
        String stored = kind == Kind.H2 ? "" : " STORED";
        AtDatabase db = account(kind, ", few INT GENERATED ALWAYS AS (n - held + 1)" + stored);
        assertThat(lockKey(db, "UPDATE account SET n = n - 1 WHERE id = 1 AND few = 91"))
                .isEqualTo(spelled(db, "", "1"));
        assertThat(lockKey(db, "UPDATE account SET n = n - 1 WHERE id = 1 AND few >= 1"))
                .isEqualTo(spelled(db, "", "1"));
        assertThat(lockKey(db, "UPDATE account SET n = n - 1 WHERE id = 1")).isEqualTo(spelled(db, "n-", "1"));
        assertThat(lockKey(db, "UPDATE account SET n = n - 1 WHERE id = 1 AND held >= 1"))
                .isEqualTo(spelled(db, "n-", "1"));
    }

    @ParameterizedTest
    @EnumSource(names = {"H2", "POSTGRESQL"})
    void nor_is_what_a_domain_allows(Kind kind) throws SQLException {
        AtDatabase db = new AtDatabase(kind);
        db.run(
                "CREATE DOMAIN price AS INT CHECK (VALUE <> 5)",
                "CREATE TABLE account (id INT PRIMARY KEY, n price)",
                "INSERT INTO account VALUES (1, 10)");
        assertThat(lockKey(db, "UPDATE account SET n = n - 1 WHERE id = 1")).isEqualTo(spelled(db, "", "1"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE UNIQUE INDEX few ON account (kind) WHERE n < 50",
                "CREATE INDEX few ON account ((100 / (n + 7)))",
                "ALTER TABLE account ADD CHECK (n::text > '1')",
                "ALTER TABLE account ENABLE ROW LEVEL SECURITY; CREATE POLICY few ON account USING (n <> 50)"
            })
    void nor_what_only_postgresql_has(String restriction) throws SQLException {
        AtDatabase db = account(Kind.POSTGRESQL, "");
        db.run("DELETE FROM account WHERE id = 3", restriction);
        assertThat(lockKey(db, "UPDATE account SET n = n - 1 WHERE id = 1")).isEqualTo(spelled(db, "", "1"));
    }

    /** MariaDB gives the number that is next to what is not one of the column's. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE account SET m = m - 10 WHERE id = 1",
                "UPDATE account SET m = m - 10 WHERE kind = 'a'",
                "UPDATE account SET m = m + 250 WHERE id = 1",
            })
    void an_amount_that_is_cut_to_what_the_column_holds_depends_on_others(String sql) throws SQLException {
        AtDatabase db = account(Kind.MARIADB, ", m TINYINT UNSIGNED NOT NULL DEFAULT 7");
        db.inLocalTransaction(connection -> {
            execute(connection, "SET SESSION sql_mode = 'NO_UNSIGNED_SUBTRACTION'");
            execute(connection, sql);
        });
        assertThat(db.lockKeys()).containsExactly(spelled(db, "", "1"));
        assertThat(db.query("SELECT m FROM account WHERE id = 1")).containsAnyOf("0", "255");
        db.rollBack();
        db.coordinator.branches.clear();
        db.inLocalTransaction(connection -> {
            execute(connection, "SET SESSION sql_mode = 'STRICT_ALL_TABLES'");
            execute(connection, sql.replace("10", "1").replace("250", "1"));
            execute(connection, "UPDATE IGNORE account SET m = m - 1 WHERE id = 2");
        });
        assertThat(db.lockKeys().get(0)).startsWith("%(m").endsWith(";" + spelled(db, "", "2"));
        db.rollBack();
    }

    @ParameterizedTest
    @EnumSource
    void a_row_that_something_else_was_done_to_as_well_is_named_in_both_ways_and_so_had_alone(Kind kind)
            throws SQLException {
        AtDatabase db = account(kind, "");
        db.inLocalTransaction(connection -> {
            execute(connection, "UPDATE account SET n = n - 1 WHERE id = 1");
            execute(connection, "UPDATE account SET n = n - 2 WHERE id = 1");
            execute(connection, "UPDATE account SET n = n - 1 WHERE id = 2");
            execute(connection, "UPDATE account SET kind = 'x' WHERE id = 2");
        });
        assertThat(db.lockKeys()).containsExactly(spelled(db, "n-", "1,2") + ";" + spelled(db, "", "2"));
        db.rollBack();
    }

    @ParameterizedTest
    @EnumSource
    void a_batch_is_shared_too_and_rows_that_the_application_is_shown_are_not(Kind kind) throws SQLException {
        AtDatabase db = account(kind, "");
        db.inLocalTransaction(connection -> {
            try (PreparedStatement update =
                    connection.prepareStatement("UPDATE account SET held = held - ? WHERE id = ? AND held >= ?")) {
                for (int id = 1; id <= 2; id++) {
                    update.setInt(1, id);
                    update.setInt(2, id);
                    update.setInt(3, id);
                    update.addBatch();
                }
                update.executeBatch();
            }
        });
        assertThat(db.lockKeys()).containsExactly(spelled(db, "held-", "1,2"));
        db.rollBack();
        db.coordinator.branches.clear();
        db.inLocalTransaction(connection -> {
            try (Statement statement = connection.createStatement()) {
                statement.executeUpdate(
                        "UPDATE account SET held = held - 1 WHERE id = 1", Statement.RETURN_GENERATED_KEYS);
            }
        });
        assertThat(db.lockKeys()).containsExactly(spelled(db, "", "1"));
        db.rollBack();
    }

    @ParameterizedTest
    @EnumSource
    void each_is_undone_by_adding_back_whoever_came_before_or_after(Kind kind) throws SQLException {
        AtDatabase db = account(kind, "");
        String[] xids = {"127.0.0.1:8091:11", "127.0.0.1:8091:12", "127.0.0.1:8091:13"};
        for (int i = 0; i < xids.length; i++) {
            String sql = "UPDATE account SET n = n - " + (i + 1) + " WHERE id = 1 AND n >= " + (i + 1);
            db.coordinator.release(xids[Math.max(0, i - 1)]);
            try (TransactionContext.Scope scope = TransactionContext.bind(xids[i]);
                    Connection connection = db.at.getConnection()) {
                assertThat(scope).isNotNull();
                execute(connection, sql);
            }
        }
        assertThat(db.query("SELECT n FROM account WHERE id = 1")).containsExactly("94.00");
        db.rollBack(db.coordinator.branches.get(1));
        assertThat(db.query("SELECT n FROM account WHERE id = 1")).containsExactly("96.00");
        db.rollBack(db.coordinator.branches.get(0));
        assertThat(db.query("SELECT n FROM account WHERE id = 1")).containsExactly("97.00");
        db.rollBack(db.coordinator.branches.get(2));
        assertThat(db.query("SELECT n FROM account WHERE id = 1")).containsExactly("100.00");
    }
}
