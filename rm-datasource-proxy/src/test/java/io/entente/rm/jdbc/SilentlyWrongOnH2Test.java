package io.entente.rm.jdbc;

import static io.entente.rm.jdbc.SilentlyWrongTest.execute;
import static io.entente.rm.jdbc.SilentlyWrongTest.isRefused;
import static io.entente.rm.jdbc.SilentlyWrongTest.isUndone;
import static io.entente.rm.jdbc.SilentlyWrongTest.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entente.testkit.database.TestDatabase.Kind;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.List;
import org.h2.jdbc.JdbcConnection;
import org.h2.jdbc.JdbcStatement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** As {@link SilentlyWrongTest}, of what H2 alone has. */
class SilentlyWrongOnH2Test {

    @ParameterizedTest
    @ValueSource(strings = {"modified", "child", "grandchild"})
    void a_domain_that_changes_the_column_on_each_update(String domain) throws SQLException {
        AtDatabase db = with(
                Kind.H2,
                "CREATE DOMAIN modified AS TIMESTAMP(9) ON UPDATE CURRENT_TIMESTAMP(9)",
                "CREATE DOMAIN child AS modified",
                "CREATE DOMAIN grandchild AS child",
                "CREATE TABLE t (id INT PRIMARY KEY, v INT, m " + domain + ")",
                "INSERT INTO t VALUES (1, 1, TIMESTAMP '2020-01-01 00:00:00')");
        isUndone(db, "t", connection -> execute(connection, "UPDATE t SET v = 2 WHERE id = 1"));
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"H2", "POSTGRESQL"})
    void a_carriage_return_ends_a_comment(Kind kind) throws SQLException {
        for (String sql : List.of("-- x\rDELETE FROM stock", "-- x\r\nDELETE FROM stock -- y\r\n")) {
            isUndone(new AtDatabase(kind), "stock", connection -> execute(connection, sql));
        }
    }

    @Test
    void a_function_without_a_result() throws SQLException {
        AtDatabase db = with(
                Kind.H2,
                "CREATE ALIAS w AS 'void one(java.sql.Connection c) throws java.sql.SQLException"
                        + " { c.createStatement().execute(\"UPDATE stock SET amount = 0\"); }'");
        isRefused(db, "SELECT w()");
        isRefused(db, "UPDATE stock SET name = COALESCE(w(), 'x') WHERE id = 1");
        assertThatThrownBy(() -> db.inLocalTransaction(connection -> execute(connection, "SELECT w\u00a0()")))
                .hasMessageContaining("a space of another kind");
        assertThatThrownBy(() -> db.inLocalTransaction(connection -> execute(connection, "SELECT U&\"\\0057\"()")))
                .hasMessageContaining("Unicode escapes");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE stock SET amount = 1 RETURNING nosuch",
                "DELETE FROM stock RETURNING id",
                "INSERT INTO stock VALUES (9, 'x', 1) RETURNING id"
            })
    void what_h2_does_not_know_is_not_left_out(String sql) throws SQLException {
        isRefused(new AtDatabase(Kind.H2), sql);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT 1 // it's \n ; DELETE FROM stock // isn't",
                "SELECT 1 AS [it's]; DELETE FROM stock; SELECT 2 AS [it's]"
            })
    void what_only_h2_takes_for_a_comment_or_a_name(String sql) throws SQLException {
        AtDatabase db = new AtDatabase(Kind.H2);
        try {
            db.inLocalTransaction(connection -> execute(connection, sql));
        } catch (SQLException refused) {
            assertThat(db.query("SELECT COUNT(*) FROM stock")).containsExactly("3");
            return;
        }
        db.rollBack();
        assertThat(db.query("SELECT COUNT(*) FROM stock")).containsExactly("3");
    }

    enum Before {
        A_CAPTURED_CHANGE {
            @Override
            void run(Connection connection) throws SQLException {
                execute(connection, "UPDATE stock SET amount = 77 WHERE id = 3");
            }
        },
        A_CHANGE_ON_THE_DRIVERS_CONNECTION {
            @Override
            void run(Connection connection) throws SQLException {
                execute(connection.unwrap(JdbcConnection.class), "UPDATE stock SET amount = 77 WHERE id = 3");
            }
        },
        A_CHANGE_BY_A_STATEMENT_THAT_IS_THE_DRIVERS_OWN {
            @Override
            void run(Connection connection) throws SQLException {
                try (Statement statement = connection.createStatement()) {
                    statement.unwrap(JdbcStatement.class).executeUpdate("UPDATE stock SET amount = 77 WHERE id = 3");
                }
            }
        },
        A_CHANGE_AND_AUTO_COMMIT_SWITCHED_OFF_AGAIN {
            @Override
            void run(Connection connection) throws SQLException {
                execute(connection, "UPDATE stock SET amount = 77 WHERE id = 3");
                connection.setAutoCommit(false);
            }
        };

        abstract void run(Connection connection) throws SQLException;
    }

    @ParameterizedTest
    @EnumSource
    void what_was_done_before_a_statement_that_fails_half_way_stays(Before before) throws SQLException {
        AtDatabase db = new AtDatabase(Kind.H2);
        db.inLocalTransaction(connection -> {
            before.run(connection);
            assertThatThrownBy(() -> execute(connection, "INSERT INTO stock VALUES (9, 'cog', 1), (1, 'bolt', 1)"))
                    .isInstanceOf(SQLException.class);
        });
        assertThat(db.query("SELECT id FROM stock ORDER BY id")).containsExactly("1", "2", "3");
        assertThat(db.query("SELECT amount FROM stock WHERE id = 3")).containsExactly("77");
    }

    @Test
    void a_savepoint_set_before_a_statement_that_fails_half_way_stays() throws SQLException {
        AtDatabase db = new AtDatabase(Kind.H2);
        db.inLocalTransaction(connection -> {
            Savepoint savepoint = connection.setSavepoint("mine");
            assertThatThrownBy(() -> execute(connection, "INSERT INTO stock VALUES (9, 'cog', 1), (1, 'bolt', 1)"))
                    .isInstanceOf(SQLException.class);
            execute(connection, "UPDATE stock SET amount = 77 WHERE id = 3");
            connection.rollback(savepoint);
        });
        assertThat(db.query("SELECT COUNT(*) FROM stock WHERE amount = 77")).containsExactly("0");
    }

    /** The driver keeps what the statements before it have done, and so does the application that goes on. */
    @Test
    void a_statement_that_fails_behind_others_in_one_text() throws SQLException {
        AtDatabase db = new AtDatabase(Kind.H2);
        List<List<String>> before = db.content();
        db.inLocalTransaction(connection -> assertThatThrownBy(() -> execute(
                        connection,
                        "UPDATE stock SET amount = amount - 5 WHERE id = 1; INSERT INTO stock VALUES (2, 'x', 1)"))
                .isInstanceOf(SQLException.class));
        assertThat(db.query("SELECT amount FROM stock WHERE id = 1")).containsExactly("95");
        db.rollBack();
        assertThat(db.content()).isEqualTo(before);
    }

    @Test
    void an_element_that_fails_behind_others_of_a_batch() throws SQLException {
        AtDatabase db = new AtDatabase(Kind.H2);
        List<List<String>> before = db.content();
        db.inLocalTransaction(connection -> {
            try (PreparedStatement update =
                    connection.prepareStatement("UPDATE stock SET amount = amount - ? WHERE id = ?")) {
                for (int id = 1; id <= 2; id++) {
                    update.setInt(1, id == 1 ? 5 : Integer.MIN_VALUE);
                    update.setInt(2, id);
                    update.addBatch();
                }
                assertThatThrownBy(update::executeBatch).isInstanceOf(BatchUpdateException.class);
            }
        });
        assertThat(db.query("SELECT amount FROM stock WHERE id = 1")).containsExactly("95");
        db.rollBack();
        assertThat(db.content()).isEqualTo(before);
    }

    @Test
    void the_first_statement_of_a_local_transaction_that_fails_half_way_leaves_nothing_and_ends_nothing()
            throws SQLException {
        AtDatabase db = new AtDatabase(Kind.H2);
        List<List<String>> before = db.content();
        db.inLocalTransaction(connection -> {
            assertThatThrownBy(() -> execute(
                            connection,
                            "MERGE INTO stock USING (VALUES ('1', 5), ('x', 5)) s (id, n) ON stock.id = s.id"
                                    + " WHEN MATCHED THEN UPDATE SET amount = amount - s.n"))
                    .isInstanceOf(SQLException.class);
            execute(connection, "UPDATE stock SET amount = amount - 1 WHERE id = 3");
        });
        assertThat(db.query("SELECT amount FROM stock ORDER BY id")).containsExactly("100", "50", "6");
        db.rollBack();
        assertThat(db.content()).isEqualTo(before);
    }
}
