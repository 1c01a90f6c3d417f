package io.entente.testkit.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entente.testkit.database.TestDatabase.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TestDatabaseTest {

    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource
    void each_kind_starts_once_and_gives_databases_that_do_not_see_each_other(Kind kind) throws Exception {
        TestDatabase server = TestDatabase.of(kind);
        assertThat(server.kind()).isEqualTo(kind);
        assertThat(TestDatabase.of(kind)).isSameAs(server);

        DataSource orders = server.newDatabase("orders");
        DataSource stock = server.newDatabase("stock");
        execute(orders, "CREATE TABLE t (id INT PRIMARY KEY)");
        execute(orders, "INSERT INTO t VALUES (1)");
        execute(stock, "CREATE TABLE t (id INT PRIMARY KEY)");
        assertThat(count(orders)).isEqualTo(1);
        assertThat(count(stock)).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void a_database_taken_again_is_empty(Kind kind) throws Exception {
        TestDatabase server = TestDatabase.of(kind);
        execute(server.newDatabase("again"), "CREATE TABLE t (id INT PRIMARY KEY)");
        assertThatThrownBy(() -> count(server.newDatabase("again"))).isInstanceOf(SQLException.class);
    }

    @ParameterizedTest
    @EnumSource
    void url_user_and_password_lead_to_the_same_database(Kind kind) throws Exception {
        TestDatabase server = TestDatabase.of(kind);
        execute(server.newDatabase("same"), "CREATE TABLE t (id INT PRIMARY KEY)");
        try (Connection connection =
                        DriverManager.getConnection(server.jdbcUrl("same"), server.user(), server.password());
                Statement statement = connection.createStatement()) {
            assertThat(statement.executeUpdate("INSERT INTO t VALUES (1)")).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_script_runs_from_a_file_and_from_the_class_path(Kind kind) throws Exception {
        DataSource dataSource = TestDatabase.of(kind).newDatabase("scripted");
        TestDatabase.runScript(dataSource, "io/entente/testkit/database/script.sql");
        Path file = Files.writeString(directory.resolve("more.sql"), "INSERT INTO t VALUES (3, ';');");
        TestDatabase.runScript(dataSource, file);
        assertThat(count(dataSource)).isEqualTo(3);
    }

    @ParameterizedTest
    @EnumSource
    void two_phase_commit_is_possible(Kind kind) throws SQLException {
        DataSource dataSource = TestDatabase.of(kind).newDatabase("twophase");
        execute(dataSource, "CREATE TABLE t (id INT PRIMARY KEY)");
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            switch (kind) {
                case H2 -> {
                    connection.setAutoCommit(false);
                    statement.execute("INSERT INTO t VALUES (1)");
                    statement.execute("PREPARE COMMIT tx");
                    statement.execute("COMMIT TRANSACTION tx");
                }
                case POSTGRESQL -> {
                    connection.setAutoCommit(false);
                    statement.execute("INSERT INTO t VALUES (1)");
                    statement.execute("PREPARE TRANSACTION 'tx'");
                    connection.setAutoCommit(true);
                    statement.execute("COMMIT PREPARED 'tx'");
                }
                case MARIADB -> {
                    statement.execute("XA START 'tx'");
                    statement.execute("INSERT INTO t VALUES (1)");
                    statement.execute("XA END 'tx'");
                    statement.execute("XA PREPARE 'tx'");
                    statement.execute("XA COMMIT 'tx'");
                }
            }
        }
        assertThat(count(dataSource)).isEqualTo(1);
    }

    @Test
    void a_script_that_is_missing_or_wrong_says_so() throws IOException {
        DataSource dataSource = TestDatabase.h2().newDatabase("wrong");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TestDatabase.runScript(dataSource, "no/such.sql"))
                .withMessageContaining("no/such.sql");
        Path file = Files.writeString(directory.resolve("bad.sql"), "SELECT 1;\nSELEKT 2;");
        assertThatThrownBy(() -> TestDatabase.runScript(dataSource, file))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("bad.sql")
                .hasMessageEndingWith("SELEKT 2");
    }

    @Test
    void a_name_that_would_need_quotes_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TestDatabase.h2().newDatabase("Orders; DROP"))
                .withMessageContaining("'Orders; DROP' does not do");
    }

    @Test
    void a_script_is_cut_at_the_semicolons_that_end_statements() {
        assertThat(SqlScript.statements("""
                        -- first; comment
                        INSERT INTO t VALUES ('a;''b'); /* in; between */
                        SELECT "x;y", `z;`;
                        DO $body$ BEGIN PERFORM 1; END $body$;;
                        SELECT 1"""))
                .containsExactly(
                        "INSERT INTO t VALUES ('a;''b')",
                        "SELECT \"x;y\", `z;`",
                        "DO $body$ BEGIN PERFORM 1; END $body$",
                        "SELECT 1");
    }

    private static void execute(DataSource dataSource, String sql) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static int count(DataSource dataSource) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT COUNT(*) FROM t")) {
            result.next();
            return result.getInt(1);
        }
    }
}
