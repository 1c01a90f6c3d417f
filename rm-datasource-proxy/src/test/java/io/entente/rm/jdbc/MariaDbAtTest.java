package io.entente.rm.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entente.testkit.database.TestDatabase;
import io.entente.tm.TransactionContext;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

class MariaDbAtTest extends AtCompatibilityTest {

    @Override
    TestDatabase.Kind kind() {
        return TestDatabase.Kind.MARIADB;
    }

    /** A driver that counts changed rows instead of matched ones, and a snapshot older than the row. */
    @Test
    void an_update_that_changes_nothing_is_captured_as_the_row_is_and_not_as_the_snapshot_shows_it()
            throws SQLException {
        TestDatabase server = TestDatabase.mariadb();
        DataSource counting = new FaultyConnection.PlainDataSource() {
            @Override
            public Connection getConnection() throws SQLException {
                String url = server.jdbcUrl("at_jdbc");
                return DriverManager.getConnection(
                        url + (url.contains("?") ? "&" : "?") + "useAffectedRows=true",
                        server.user(),
                        server.password());
            }
        };
        DataSource at = EntenteDataSource.wrap(counting, db.coordinator, AtSettings.defaults());
        try (TransactionContext.Scope scope = TransactionContext.bind(AtDatabase.XID);
                Connection connection = at.getConnection();
                Statement statement = connection.createStatement()) {
            assertThat(scope).isNotNull();
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            connection.setAutoCommit(false);
            statement.executeQuery("SELECT * FROM stock").close();
            db.run("UPDATE stock SET amount = 60 WHERE id = 1");
            assertThat(statement.executeUpdate("UPDATE stock SET amount = 60 WHERE id = 1"))
                    .isZero();
            connection.commit();
        }
        db.rollBack();
        assertThat(db.query("SELECT amount FROM stock WHERE id = 1")).containsExactly("60");
    }

    @Test
    void rows_with_generated_and_with_given_keys_in_one_insert_are_undone() throws SQLException {
        db.inGlobal(connection -> {
            try (Statement statement = connection.createStatement()) {
                assertThat(statement.executeUpdate(
                                "INSERT INTO orders (id, item) VALUES (NULL, 'null'), (50, 'fifty'), (0, 'zero')"))
                        .isEqualTo(3);
            }
        });
        assertThat(db.query("SELECT item FROM orders ORDER BY id")).containsExactly("null", "fifty", "zero");
        db.rollBack();
        assertThat(db.query("SELECT item FROM orders")).isEmpty();
    }

    /** Its driver goes on waiting for results of the update that failed, unless it is told otherwise. */
    @Test
    void a_batch_can_follow_an_update_that_failed() throws SQLException {
        db.inLocalTransaction(connection -> {
            try (Statement statement = connection.createStatement();
                    PreparedStatement insert = connection.prepareStatement("INSERT INTO stock VALUES (?, 'new', 1)")) {
                assertThat(statement.executeUpdate("UPDATE stock SET amount = 1 WHERE id = 1"))
                        .isEqualTo(1);
                assertThatThrownBy(() ->
                                statement.executeUpdate("UPDATE stock SET amount = amount + 2147483647 WHERE id = 1"))
                        .hasMessageContaining("Out of range");
                for (int id : List.of(8, 9)) {
                    insert.setInt(1, id);
                    insert.addBatch();
                }
                assertThat(insert.executeBatch()).hasSize(2);
            }
        });
        assertThat(db.query("SELECT id FROM stock WHERE name = 'new' ORDER BY id"))
                .containsExactly("8", "9");
        db.rollBack();
        assertThat(db.query("SELECT id FROM stock WHERE name = 'new'")).isEmpty();
    }

    /** MySQL's driver does not notice {@code USE}. */
    @Test
    void USE_leads_to_the_table_of_that_name_in_the_other_database() throws SQLException {
        String other = otherDatabase();
        db.inLocalTransaction(connection -> {
            try (Statement statement = connection.createStatement()) {
                statement.execute("USE " + other);
                statement.executeUpdate("UPDATE stock SET amount = amount + 1 WHERE id = 1");
                statement.executeUpdate("INSERT INTO stock VALUES (2, 'cog', 8)");
                statement.execute("USE at_jdbc");
            }
        });
        requireUndoneIn(other);
    }

    /** As a pool hands out a connection on which somebody has executed {@code USE}. */
    @Test
    void a_connection_that_was_led_to_another_database_before_is_noticed() throws SQLException {
        String other = otherDatabase();
        DataSource led = new FaultyConnection.PlainDataSource() {
            @Override
            public Connection getConnection() throws SQLException {
                Connection connection = db.plain.getConnection();
                try (Statement statement = connection.createStatement()) {
                    statement.execute("USE " + other);
                }
                return connection;
            }
        };
        DataSource at = EntenteDataSource.wrap(led, db.coordinator, AtSettings.defaults());
        try (TransactionContext.Scope scope = TransactionContext.bind(AtDatabase.XID);
                Connection connection = at.getConnection();
                Statement statement = connection.createStatement()) {
            assertThat(scope).isNotNull();
            statement.executeUpdate("UPDATE stock SET amount = amount + 1 WHERE id = 1");
        }
        requireUndoneIn(other);
    }

    private String otherDatabase() throws SQLException {
        String other = "at_jdbc_other";
        db.run(
                "DROP DATABASE IF EXISTS " + other,
                "CREATE DATABASE " + other,
                "CREATE TABLE " + other + ".stock (id INT PRIMARY KEY, name VARCHAR(20), amount INT)",
                "CREATE TABLE " + other + ".undo_log LIKE undo_log",
                "INSERT INTO " + other + ".stock VALUES (1, 'other bolt', 7)");
        return other;
    }

    private void requireUndoneIn(String other) throws SQLException {
        assertThat(db.query("SELECT amount FROM " + other + ".stock WHERE id = 1"))
                .containsExactly("8");
        db.rollBack();
        assertThat(db.query("SELECT * FROM " + other + ".stock")).containsExactly("1|other bolt|7");
    }
}
