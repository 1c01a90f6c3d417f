package io.entente.rm.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entente.rm.call.StatementRefusedException;
import io.entente.testkit.database.TestDatabase.Kind;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Unique indexes that let rows meet which do not have the same values in its columns. */
class UniqueIndexesTest {

    private static final String ROWS = "SELECT * FROM voucher ORDER BY id";

    private final AtDatabase mariaDb = new AtDatabase(Kind.MARIADB, "unique_indexes");
    private final AtDatabase postgreSql = new AtDatabase(Kind.POSTGRESQL, "unique_indexes");

    UniqueIndexesTest() throws SQLException {
        mariaDb.run(
                "CREATE TABLE voucher (id INT PRIMARY KEY, code VARCHAR(20), n INT, UNIQUE by_beginning (code(3)))",
                "INSERT INTO voucher VALUES (1, 'abcdef', 5)");
        postgreSql.run(
                "CREATE TABLE voucher (id INT PRIMARY KEY, code VARCHAR(20), n INT)",
                "CREATE UNIQUE INDEX by_expression ON voucher (lower(code))",
                "CREATE UNIQUE INDEX of_some_rows ON voucher (n) WHERE n > 0",
                "INSERT INTO voucher VALUES (1, 'abcdef', 5)");
    }

    private static int update(AtDatabase db, String sql) throws SQLException {
        int[] count = new int[1];
        db.inLocalTransaction(connection -> {
            try (Statement statement = connection.createStatement()) {
                count[0] = statement.executeUpdate(sql);
            }
        });
        return count[0];
    }

    private static void requireUndone(AtDatabase db, String sql, String... after) throws SQLException {
        List<String> before = db.query(ROWS);
        update(db, sql);
        assertThat(db.query(ROWS)).containsExactly(after);
        db.rollBack();
        assertThat(db.query(ROWS)).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "INSERT INTO voucher VALUES (2, 'abcxyz', 9) ON DUPLICATE KEY UPDATE n = 77",
                "REPLACE INTO voucher VALUES (2, 'abcxyz', 9)"
            })
    void MariaDB_an_upsert_into_an_index_over_beginnings_is_refused_before_it_runs(String sql) throws SQLException {
        mariaDb.inLocalTransaction(connection -> {
            try (Statement statement = connection.createStatement()) {
                assertThatThrownBy(() -> statement.executeUpdate(sql))
                        .isInstanceOf(StatementRefusedException.class)
                        .hasMessageContaining("by_beginning")
                        .hasMessageContaining("SELECT … FOR UPDATE");
                // The local transaction can go on.
                statement.executeUpdate("UPDATE voucher SET n = 6 WHERE id = 1");
            }
        });
        assertThat(mariaDb.query(ROWS)).containsExactly("1|abcdef|6");
    }

    @Test
    void MariaDB_an_INSERT_IGNORE_into_an_index_over_beginnings_is_undone() throws SQLException {
        requireUndone(
                mariaDb,
                "INSERT IGNORE INTO voucher VALUES (2, 'abcxyz', 9), (3, 'xyz', 10)",
                "1|abcdef|5",
                "3|xyz|10");
    }

    @Test
    void MariaDB_an_index_over_beginnings_can_be_the_key_of_a_table() throws SQLException {
        mariaDb.run(
                "CREATE TABLE note (code VARCHAR(20) NOT NULL, n INT, PRIMARY KEY (code(3)))",
                "INSERT INTO note VALUES ('abcdef', 5), ('xyz', 6)");
        update(mariaDb, "UPDATE note SET n = n + 1 WHERE code LIKE 'abc%'");
        assertThat(mariaDb.query("SELECT * FROM note ORDER BY code")).containsExactly("abcdef|6", "xyz|6");
        mariaDb.rollBack();
        assertThat(mariaDb.query("SELECT * FROM note ORDER BY code")).containsExactly("abcdef|5", "xyz|6");
    }

    @Test
    void PostgreSQL_an_upsert_by_an_expression_is_undone() throws SQLException {
        requireUndone(
                postgreSql,
                "INSERT INTO voucher VALUES (2, 'ABCDEF', 9), (3, 'xyz', 10)"
                        + " ON CONFLICT (lower(code)) DO UPDATE SET n = excluded.n",
                "1|abcdef|9",
                "3|xyz|10");
    }

    @Test
    void PostgreSQL_an_upsert_by_an_index_of_some_rows_is_undone() throws SQLException {
        requireUndone(
                postgreSql,
                "INSERT INTO voucher VALUES (2, 'other', 5) ON CONFLICT (n) WHERE n > 0 DO UPDATE SET code = 'met'",
                "1|met|5");
    }

    @Test
    void PostgreSQL_an_index_of_some_rows_is_not_the_key_of_a_table() throws SQLException {
        postgreSql.run(
                "CREATE TABLE draft (n INT NOT NULL)", "CREATE UNIQUE INDEX of_positive ON draft (n) WHERE n > 0");
        postgreSql.inLocalTransaction(connection -> {
            try (Statement statement = connection.createStatement()) {
                assertThatThrownBy(() -> statement.executeUpdate("INSERT INTO draft VALUES (1)"))
                        .isInstanceOf(StatementRefusedException.class)
                        .hasMessageContaining("neither a primary key nor a unique key");
            }
        });
    }
}
