package io.entente.rm.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.entente.testkit.database.TestDatabase.Kind;
import java.io.ByteArrayInputStream;
import java.io.StringReader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Inside a global transaction JDBC answers as the driver does: the same talk with either, word for word. */
class JdbcSurfaceTest {

    private static final String UPDATE = "UPDATE stock SET amount = amount - 1 WHERE id = 1";
    private static final String INSERT = "INSERT INTO orders (item) VALUES ('bolt')";

    private interface Talk {
        void with(Connection connection, Transcript transcript) throws SQLException;
    }

    /** With two databases alike, one of them behind the proxy; afterwards they are alike again, until the rollback. */
    private static List<String> isTheSame(Kind kind, Talk talk) throws SQLException {
        AtDatabase twin = new AtDatabase(kind, "surface_twin");
        AtDatabase db = new AtDatabase(kind, "surface");
        List<List<String>> before = db.content();
        Transcript driver = new Transcript();
        try (Connection connection = twin.plain.getConnection()) {
            talk.with(connection, driver);
        }
        Transcript proxy = new Transcript();
        db.inGlobal(connection -> talk.with(connection, proxy));
        assertThat(proxy.lines()).isEqualTo(driver.lines());
        assertThat(db.content()).isEqualTo(twin.content()).isNotEqualTo(before);
        db.rollBack();
        assertThat(db.content()).isEqualTo(before);
        return driver.lines();
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void every_way_to_execute_tells_its_count(Kind kind) throws SQLException {
        isTheSame(kind, (connection, told) -> {
            try (Statement statement = connection.createStatement()) {
                told.ask("executeUpdate", () -> statement.executeUpdate(UPDATE));
                told.ask("executeLargeUpdate", () -> statement.executeLargeUpdate(UPDATE));
                told.ask("count afterwards", statement::getUpdateCount);
                told.ask("execute", () -> statement.execute("UPDATE stock SET amount = 0 WHERE id > 1"));
                told.ask("its count", statement::getUpdateCount);
                told.ask("its large count", statement::getLargeUpdateCount);
                told.ask("its rows", statement::getResultSet);
                told.ask("more", statement::getMoreResults);
                told.ask("no count", statement::getUpdateCount);
                told.ask("of nothing", () -> statement.executeUpdate("DELETE FROM stock WHERE id = 99"));
                told.ask("delete", () -> statement.executeUpdate("DELETE FROM parts WHERE order_id = 1"));
                told.ask("warnings", statement::getWarnings);
            }
            try (PreparedStatement update =
                    connection.prepareStatement("UPDATE stock SET amount = amount - ? WHERE id = ?")) {
                update.setInt(1, 2);
                update.setLong(2, 1);
                told.ask("prepared", update::executeUpdate);
                told.ask("again", update::executeLargeUpdate);
                update.setObject(2, 3);
                told.ask("any", update::execute);
                told.ask("count of any", update::getUpdateCount);
            }
        });
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void a_query_where_a_change_is_asked_for_fails_and_the_other_way_round(Kind kind) throws SQLException {
        isTheSame(kind, (connection, told) -> {
            try (Statement statement = connection.createStatement()) {
                told.ask("a query", () -> statement.executeQuery("SELECT id, name FROM stock ORDER BY id"));
                told.ask("any query", () -> statement.execute("SELECT 1 AS one"));
                told.ask("its rows", statement::getResultSet);
                told.ask("its count", statement::getUpdateCount);
                told.ask("more", statement::getMoreResults);
                told.ask(
                        "a locked row", () -> statement.executeQuery("SELECT name FROM stock WHERE id = 1 FOR UPDATE"));
                told.ask("no table", () -> statement.executeQuery("SELECT * FROM nowhere"));
                told.ask("still usable", () -> statement.executeUpdate(UPDATE));
            }
        });
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void a_failing_change_fails_with_the_drivers_own_state(Kind kind) throws SQLException {
        isTheSame(kind, (connection, told) -> {
            try (Statement statement = connection.createStatement()) {
                told.ask("duplicate", () -> statement.executeUpdate("INSERT INTO stock VALUES (1, 'again', 1)"));
                told.ask("null", () -> statement.executeUpdate("UPDATE stock SET amount = NULL WHERE id = 1"));
                told.ask(
                        "too long",
                        () -> statement.executeUpdate("INSERT INTO stock VALUES (9, '" + "x".repeat(60) + "', 1)"));
                told.ask("no number", () -> statement.executeUpdate("INSERT INTO stock VALUES (9, 'x', 'many')"));
                told.ask("good", () -> statement.executeUpdate(UPDATE));
            }
        });
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void generated_keys_are_told_when_asked_for_and_only_then(Kind kind) throws SQLException {
        isTheSame(kind, (connection, told) -> {
            try (Statement statement = connection.createStatement()) {
                statement.executeUpdate(INSERT, Statement.RETURN_GENERATED_KEYS);
                told.ask("keys", () -> keys(statement));
                statement.executeUpdate(INSERT, new String[] {kind == Kind.H2 ? "ID" : "id"});
                told.ask("by name", () -> keys(statement));
                statement.execute(INSERT, Statement.RETURN_GENERATED_KEYS);
                told.ask("of any", () -> keys(statement));
                statement.executeLargeUpdate(INSERT, Statement.RETURN_GENERATED_KEYS);
                told.ask("of a large one", () -> keys(statement));
            }
            try (PreparedStatement insert = connection.prepareStatement(
                    "INSERT INTO orders (item, n) VALUES (?, ?)", Statement.RETURN_GENERATED_KEYS)) {
                for (int i = 0; i < 3; i++) {
                    insert.setString(1, "item " + i);
                    insert.setInt(2, i);
                    insert.addBatch();
                }
                told.ask("batch", insert::executeBatch);
                told.ask("keys of the batch", () -> keys(insert));
                insert.setString(1, "one");
                insert.setInt(2, 1);
                told.ask("one", insert::executeUpdate);
                told.ask("its key", () -> keys(insert));
            }
        });
    }

    /** Without the label, which differs between the ways that MariaDB's driver itself has. */
    private static List<Long> keys(Statement statement) throws SQLException {
        List<Long> keys = new ArrayList<>();
        try (ResultSet rows = statement.getGeneratedKeys()) {
            while (rows.next()) {
                keys.add(rows.getLong(1));
            }
        }
        return keys;
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void batches_are_gone_once_they_have_run(Kind kind) throws SQLException {
        isTheSame(kind, (connection, told) -> {
            try (Statement statement = connection.createStatement()) {
                told.ask("empty", statement::executeBatch);
                statement.addBatch(UPDATE);
                statement.clearBatch();
                told.ask("cleared", statement::executeBatch);
                statement.addBatch(INSERT);
                statement.addBatch(UPDATE);
                statement.addBatch("DELETE FROM tagged");
                told.ask("mixed", statement::executeBatch);
                told.ask("gone", statement::executeLargeBatch);
                statement.addBatch(UPDATE);
                told.ask("large", statement::executeLargeBatch);
            }
            try (PreparedStatement insert = connection.prepareStatement("INSERT INTO stock VALUES (?, ?, ?)")) {
                told.ask("nothing added", insert::executeBatch);
                for (int id = 10; id < 13; id++) {
                    insert.setLong(1, id);
                    insert.setString(2, "new");
                    insert.setInt(3, id);
                    insert.addBatch();
                }
                told.ask("three", insert::executeLargeBatch);
                insert.setLong(1, 20);
                told.ask("the last values are still set", insert::executeUpdate);
            }
        });
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void values_of_every_setter_arrive(Kind kind) throws SQLException {
        isTheSame(kind, (connection, told) -> {
            try (PreparedStatement insert = connection.prepareStatement("INSERT INTO stock VALUES (?, ?, ?)")) {
                insert.setLong(1, 10);
                insert.setCharacterStream(2, new StringReader("reader"));
                insert.setShort(3, (short) 1);
                told.ask("reader", insert::executeUpdate);
                insert.setBigDecimal(1, new BigDecimal("11"));
                insert.setCharacterStream(2, new StringReader("reader, cut"), 6);
                insert.setObject(3, 2, Types.INTEGER);
                told.ask("reader with a length", insert::executeUpdate);
                insert.setObject(1, 12L);
                insert.setNull(2, Types.VARCHAR);
                insert.setObject(3, "3", Types.INTEGER);
                told.ask("null", insert::executeUpdate);
                insert.setLong(1, 14);
                insert.setObject(2, "ä世😀'\"\\");
                insert.setLong(3, 5);
                told.ask("quotes", insert::executeUpdate);
            }
            try (PreparedStatement ascii = connection.prepareStatement("UPDATE stock SET name = ? WHERE id = ?")) {
                ascii.setAsciiStream(1, new ByteArrayInputStream("ascii".getBytes(StandardCharsets.US_ASCII)), 5);
                ascii.setLong(2, 1);
                told.ask("ascii", ascii::executeUpdate);
                ascii.setNull(1, Types.VARCHAR);
                ascii.setLong(2, 2);
                told.ask("null again", ascii::executeUpdate);
            }
        });
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void savepoints_and_auto_commit_are_the_drivers(Kind kind) throws SQLException {
        isTheSame(kind, (connection, told) -> {
            try (Statement statement = connection.createStatement()) {
                told.tell("commit in auto-commit mode", connection::commit);
                told.tell("rollback in auto-commit mode", connection::rollback);
                connection.setAutoCommit(false);
                told.ask("first", () -> statement.executeUpdate(UPDATE));
                Savepoint unnamed = connection.setSavepoint();
                Savepoint named = connection.setSavepoint("here");
                told.ask("its name", named::getSavepointName);
                told.ask("second", () -> statement.executeUpdate("DELETE FROM parts WHERE no = 1"));
                told.tell("back to the named one", () -> connection.rollback(named));
                told.ask("third", () -> statement.executeUpdate("DELETE FROM tagged WHERE v = 1"));
                told.tell("release", () -> connection.releaseSavepoint(unnamed));
                told.tell("back to a released one", () -> connection.rollback(unnamed));
                told.tell("end", connection::rollback);
                told.ask("fourth", () -> statement.executeUpdate(UPDATE));
                told.tell("the same mode", () -> connection.setAutoCommit(false));
                told.tell("the other mode commits", () -> connection.setAutoCommit(true));
                told.ask("fifth", () -> statement.executeUpdate(UPDATE));
                told.ask("mode", connection::getAutoCommit);
            }
        });
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void what_is_closed_stays_closed(Kind kind) throws SQLException {
        isTheSame(kind, (connection, told) -> {
            Statement statement = connection.createStatement();
            PreparedStatement prepared = connection.prepareStatement(
                    "UPDATE stock SET amount = ? WHERE id = 1", Statement.RETURN_GENERATED_KEYS);
            prepared.setInt(1, 5);
            told.ask("open", () -> statement.executeUpdate(UPDATE));
            told.ask("prepared", prepared::executeUpdate);
            ResultSet rows = statement.executeQuery("SELECT * FROM stock");
            statement.close();
            prepared.close();
            told.ask("the rows are closed", rows::isClosed);
            told.ask("closed", statement::isClosed);
            told.ask("update", () -> statement.executeUpdate(UPDATE));
            told.ask("insert", () -> statement.executeUpdate(INSERT));
            told.ask("delete", () -> statement.execute("DELETE FROM stock WHERE id = 2"));
            told.ask("query", () -> statement.executeQuery("SELECT 1"));
            told.tell("batch", () -> statement.addBatch(UPDATE));
            told.ask("prepared update", prepared::executeUpdate);
            told.ask("prepared any", prepared::execute);
            told.tell("closed twice", statement::close);
        });
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void a_closed_connection_does_nothing_any_more(Kind kind) throws SQLException {
        isTheSame(kind, (connection, told) -> {
            Statement statement = connection.createStatement();
            PreparedStatement prepared = connection.prepareStatement(UPDATE);
            told.ask("open", () -> statement.executeUpdate(UPDATE));
            connection.close();
            told.ask("closed", connection::isClosed);
            told.ask("valid", () -> connection.isValid(1));
            told.ask("update", () -> statement.executeUpdate(UPDATE));
            told.ask("prepared", prepared::executeUpdate);
            told.tell("statement", connection::createStatement);
            told.ask("preparation", () -> connection.prepareStatement(UPDATE));
            told.tell("commit", connection::commit);
            told.ask("mode", connection::getAutoCommit);
            told.tell("closed twice", connection::close);
        });
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void rows_are_open_until_the_next_execution_and_may_take_their_statement_along(Kind kind) throws SQLException {
        isTheSame(kind, (connection, told) -> {
            try (Statement statement = connection.createStatement()) {
                ResultSet first = statement.executeQuery("SELECT id FROM stock ORDER BY id FOR UPDATE");
                told.ask("on a row", first::next);
                ResultSet second = statement.executeQuery("SELECT id FROM stock WHERE id = 2 FOR UPDATE");
                // As JDBC says; MariaDB's driver leaves it open.
                assertThat(first.isClosed()).isEqualTo(kind != Kind.MARIADB || connection instanceof EntenteConnection);
                told.ask("second", () -> second);
                told.ask("change", () -> statement.executeUpdate(UPDATE));
            }
            try (Statement statement = connection.createStatement()) {
                statement.closeOnCompletion();
                told.ask("asked for", statement::isCloseOnCompletion);
                told.ask("a change does not close", () -> statement.executeUpdate(UPDATE));
                told.ask("open", statement::isClosed);
                try (ResultSet rows = statement.executeQuery("SELECT id FROM stock WHERE id = 1 FOR UPDATE")) {
                    told.ask("rows", () -> rows);
                }
                told.ask("closed", statement::isClosed);
            }
        });
    }

    @ParameterizedTest
    @EnumSource(value = Kind.class, mode = EnumSource.Mode.EXCLUDE, names = "H2")
    void returned_rows_are_a_result_like_any_other(Kind kind) throws SQLException {
        isTheSame(kind, (connection, told) -> {
            String delete = "DELETE FROM stock WHERE id = 2 RETURNING name, id AS number";
            String insert = "INSERT INTO stock VALUES (?, 'new', 1), (?, 'newer', 2) RETURNING name AS called";
            try (Statement statement = connection.createStatement()) {
                told.ask("query", () -> statement.executeQuery(delete));
                told.ask("any", () -> statement.execute("DELETE FROM parts RETURNING txt"));
                told.ask("its rows", statement::getResultSet);
                told.ask("its count", statement::getUpdateCount);
                told.ask("more", statement::getMoreResults);
                told.ask("no count", statement::getUpdateCount);
            }
            try (PreparedStatement prepared = connection.prepareStatement(insert)) {
                prepared.setLong(1, 10);
                prepared.setLong(2, 11);
                told.ask("prepared", prepared::executeQuery);
                prepared.setMaxRows(1);
                prepared.setLong(1, 20);
                prepared.setLong(2, 21);
                told.ask("most rows", prepared::executeQuery);
            }
        });
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void limits_and_settings_of_a_statement_hold(Kind kind) throws SQLException {
        isTheSame(kind, (connection, told) -> {
            try (Statement statement = connection.createStatement()) {
                statement.setMaxRows(2);
                statement.setFetchSize(1);
                statement.setQueryTimeout(30);
                told.ask("most rows", () -> statement.executeQuery("SELECT id FROM stock ORDER BY id FOR UPDATE"));
                told.ask("changes are not limited", () -> statement.executeUpdate("UPDATE stock SET amount = 1"));
                told.ask("max rows", statement::getMaxRows);
                told.ask("timeout", statement::getQueryTimeout);
                told.ask("fetch size", statement::getFetchSize);
            }
        });
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void escapes_comments_and_blanks_are_understood(Kind kind) throws SQLException {
        isTheSame(kind, (connection, told) -> {
            try (Statement statement = connection.createStatement()) {
                told.ask("blanks", () -> statement.executeUpdate("\n\t " + UPDATE + "  \n"));
                told.ask("semicolon", () -> statement.executeUpdate(UPDATE + ";"));
                told.ask("comments", () -> statement.executeUpdate("/* a */ -- b\n" + UPDATE + " /* c */"));
                told.ask("lower", () -> statement.executeUpdate(UPDATE.toLowerCase(Locale.ROOT)));
                told.ask(
                        "function",
                        () -> statement.executeUpdate("UPDATE stock SET name = {fn UCASE(name)} WHERE id = 1"));
                told.ask(
                        "date",
                        () -> statement.executeUpdate(
                                "UPDATE stock SET amount = 3 WHERE {d '2026-01-02'} > {d '2026-01-01'} AND id = 2"));
            }
        });
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void the_way_back_leads_to_the_proxy(Kind kind) throws SQLException {
        isTheSame(kind, (connection, told) -> {
            try (Statement statement = connection.createStatement();
                    PreparedStatement prepared = connection.prepareStatement("SELECT id FROM stock FOR UPDATE")) {
                told.ask("connection", () -> statement.getConnection() == connection);
                told.ask("of a prepared one", () -> prepared.getConnection() == connection);
                told.ask("of the meta data", () -> connection.getMetaData().getConnection() == connection);
                ResultSet rows = prepared.executeQuery();
                told.ask("statement", () -> rows.getStatement() == prepared);
                told.ask("rows", () -> rows);
                told.ask("parameters", () -> prepared.getParameterMetaData().getParameterCount());
                told.ask("columns", () -> prepared.getMetaData().getColumnCount());
                told.ask("changed", () -> statement.executeUpdate(UPDATE));
                told.ask("native", () -> connection.nativeSQL("SELECT {fn UCASE('a')}"));
            }
        });
    }

    @ParameterizedTest
    @EnumSource(value = Kind.class, mode = EnumSource.Mode.EXCLUDE, names = "MARIADB")
    void several_statements_in_one_text_tell_their_results_in_order(Kind kind) throws SQLException {
        isTheSame(kind, (connection, told) -> {
            try (Statement statement = connection.createStatement()) {
                told.ask("first", () -> statement.execute(UPDATE + "; DELETE FROM tagged; " + INSERT));
                told.ask("count", statement::getUpdateCount);
                for (int i = 0; i < 3; i++) {
                    told.ask("more", statement::getMoreResults);
                    told.ask("count", statement::getUpdateCount);
                }
            }
        });
    }
}
