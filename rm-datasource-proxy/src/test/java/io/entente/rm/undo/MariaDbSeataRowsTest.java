package io.entente.rm.undo;

import static io.entente.rm.dialect.TestedDatabase.execute;
import static io.entente.rm.dialect.TestedDatabase.query;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entente.rm.matrix.ColumnCase;
import io.entente.testkit.database.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MariaDbSeataRowsTest extends SeataRowsCompatibilityTest {

    MariaDbSeataRowsTest() throws SQLException {
        super(new MariaDbUndoLogTest(), TestDatabase.Kind.MARIADB);
    }

    @Override
    Set<String> refusedTypes() {
        return Set.of("FLOAT", "TIME(6)");
    }

    @Override
    List<ColumnCase> readable() {
        return List.of(
                ColumnCase.of("TINYINT(1)", "0", "1"),
                ColumnCase.of("DATE", "'2026-02-28'", "'9999-12-31'"),
                ColumnCase.of("DATETIME", "'2026-03-29 02:30:00'", "'1000-01-01 00:00:00'"),
                ColumnCase.of("YEAR", "1999", "2026"),
                ColumnCase.notKey("TIMESTAMP", "'2026-03-29 12:30:00'", "'1970-01-01 00:00:01'"));
    }

    @Test
    @Override
    void a_branch_of_the_client_itself_comes_back() throws SQLException {
        super.a_branch_of_the_client_itself_comes_back();
    }

    @Test
    void an_upsert_and_an_update_of_two_tables_come_back() throws SQLException {
        execute(
                connection,
                "DROP TABLE IF EXISTS parts",
                "CREATE TABLE parts (id INT PRIMARY KEY, stock_id INT, n INT)",
                "INSERT INTO parts VALUES (1, 1, 5), (2, 1, 6), (3, 2, 7)");
        List<String> stock = stock();
        List<String> parts = server.dump(connection, "parts");
        SeataClient.branch(server, XID, 1, connection -> {
            try (PreparedStatement upsert = connection.prepareStatement(
                    "INSERT INTO stock (id, n, label) VALUES (?, ?, ?), (?, ?, ?) ON DUPLICATE KEY UPDATE n = n + 7")) {
                for (int i = 0; i < 2; i++) {
                    upsert.setInt(1 + 3 * i, 2 + 5 * i);
                    upsert.setInt(2 + 3 * i, 1);
                    upsert.setString(3 + 3 * i, "new" + i);
                }
                upsert.executeUpdate();
            }
            try (Statement statement = connection.createStatement()) {
                statement.executeUpdate("UPDATE stock s INNER JOIN parts p ON p.stock_id = s.id"
                        + " SET s.label = 'joined', p.n = 0 WHERE s.id = 1");
            }
        });
        assertThat(query(connection, "SELECT n FROM stock WHERE id IN (2, 7) ORDER BY id"))
                .containsExactly("27", "1");
        assertThat(query(connection, "SELECT n FROM parts")).containsExactly("0", "0", "7");

        String json = query(connection, "SELECT CONVERT(rollback_info USING utf8mb4) FROM undo_log")
                .get(0);
        RollbackResult result = rollback();
        assertThat(server.dump(connection, "parts")).as(json).isEqualTo(parts);
        assertThat(stock()).as(json).isEqualTo(stock);
        assertThat(result).as(json).isEqualTo(new RollbackResult.Undone(5));
    }

    @Test
    void a_row_that_the_client_split_comes_back() throws SQLException {
        List<String> before = stock();
        byte[] content = someBranch().getBytes(StandardCharsets.UTF_8);
        SeataClient.writeInParts(connection, XID, 1, content, content.length / 3 * 5 / 4 + 20);
        assertThat(undoRows()).hasSize(3);
        assertThat(rollback()).isEqualTo(new RollbackResult.Undone(10));
        assertThat(stock()).isEqualTo(before);
        assertThat(undoRows()).isEmpty();
    }

    @Test
    void a_number_that_the_driver_takes_for_a_boolean_is_refused() throws SQLException {
        execute(
                connection,
                "DROP TABLE IF EXISTS rated",
                "CREATE TABLE rated (id INT PRIMARY KEY, stars TINYINT(1), open TINYINT(1))",
                "INSERT INTO rated VALUES (1, 5, 1), (2, 4, 0)");
        seata.update(connection, "rated", "UPDATE rated SET stars = 3 WHERE id = 1", "id, stars", "id = 1");
        write(PLAIN, seata.json(XID, 1));
        assertRefused("rated.stars the value true may be another one");

        startAnew();
        seata.update(connection, "rated", "UPDATE rated SET open = 0 WHERE id = 1", "id, open", "id = 1");
        write(PLAIN, seata.json(XID, 1));
        assertThat(rollback()).isEqualTo(new RollbackResult.Undone(1));
        assertThat(query(connection, "SELECT stars + 0, open + 0 FROM rated")).containsExactly("3|1", "4|0");
    }

    @Test
    void a_null_that_may_be_a_zero_date_is_refused() throws SQLException {
        execute(
                connection,
                "DROP TABLE IF EXISTS visit",
                "CREATE TABLE visit (id INT PRIMARY KEY, at DATETIME, day DATE)",
                "INSERT INTO visit VALUES (1, '0000-00-00 00:00:00', NULL), (2, NULL, '2026-01-01'),"
                        + " (3, '2026-01-01 00:00:00', '2026-02-02')");
        seata.update(connection, "visit", "UPDATE visit SET at = '2026-01-01' WHERE id = 2", "id, at", "id = 2");
        write(PLAIN, seata.json(XID, 1));
        assertRefused("visit.at the value null may be another one");

        startAnew();
        seata.update(connection, "visit", "UPDATE visit SET day = '2026-03-03'", "id, day", "id = id");
        write(PLAIN, seata.json(XID, 1));
        assertThat(rollback()).isEqualTo(new RollbackResult.Undone(3));
        assertThat(query(connection, "SELECT day FROM visit")).containsExactly("null", "2026-01-01", "2026-02-02");
    }

    private static final String CHANGING_ZONE = "SET SESSION time_zone = 'Test/Changing'";

    /** As Europe/Berlin in 2026; the server has no zones with names of its own. */
    private void createZone() throws SQLException {
        execute(
                connection,
                "REPLACE INTO mysql.time_zone VALUES (77, 'N')",
                "REPLACE INTO mysql.time_zone_name VALUES ('Test/Changing', 77)",
                "REPLACE INTO mysql.time_zone_transition VALUES (77, 1774746000, 1), (77, 1792890000, 0)",
                "REPLACE INTO mysql.time_zone_transition_type VALUES (77, 0, 3600, 0, 'CET'), (77, 1, 7200, 1, 'CEST')");
    }

    private RollbackResult rollbackIn(String zone) throws SQLException {
        try (Connection own = server.connect()) {
            execute(own, zone);
            return base.undoLog.rollback(own, XID, 1);
        }
    }

    @Test
    void an_instant_comes_back_in_the_zone_of_the_session() throws SQLException {
        createZone();
        for (String zone : List.of("SET SESSION time_zone = '-08:00'", CHANGING_ZONE)) {
            seata = new SeataClient(kind);
            execute(
                    connection,
                    "SET SESSION time_zone = '+00:00'",
                    "DROP TABLE IF EXISTS visit",
                    "CREATE TABLE visit (id INT, at TIMESTAMP(3), PRIMARY KEY (id, at))",
                    "INSERT INTO visit VALUES (1, '2026-03-29 00:59:59.999'), (2, '2026-10-24 23:30:00'),"
                            + " (3, '2026-10-25 02:00:00.5')");
            List<String> before = server.dump(connection, "visit");
            execute(connection, zone);
            seata.delete(connection, "visit", "DELETE FROM visit", "id = id");
            write(PLAIN, seata.json(XID, 1));

            assertThat(rollbackIn(zone)).isEqualTo(new RollbackResult.Undone(3));
            execute(connection, "SET SESSION time_zone = '+00:00'");
            assertThat(server.dump(connection, "visit")).isEqualTo(before);
        }
    }

    @Test
    void an_instant_whose_local_time_came_twice_is_refused() throws SQLException {
        createZone();
        for (String instant : List.of("2026-10-25 00:30:00", "2026-10-25 01:30:00")) {
            seata = new SeataClient(kind);
            execute(
                    connection,
                    "DELETE FROM undo_log",
                    "SET SESSION time_zone = '+00:00'",
                    "DROP TABLE IF EXISTS visit",
                    "CREATE TABLE visit (id INT PRIMARY KEY, at TIMESTAMP NULL)",
                    "INSERT INTO visit VALUES (1, '" + instant + "')",
                    CHANGING_ZONE);
            seata.delete(connection, "visit", "DELETE FROM visit", "id = 1");
            write(PLAIN, seata.json(XID, 1));
            assertThatThrownBy(() -> rollbackIn(CHANGING_ZONE))
                    .isInstanceOf(UndoNotReadableException.class)
                    .hasMessageContaining("visit.at the time 2026-10-25 02:30:00.0 is ambiguous");
        }
    }

    @Test
    void a_local_time_that_the_driver_may_have_moved_is_refused() throws SQLException {
        inZone("Europe/Berlin", () -> {
            try (Connection berlin = server.connect()) {
                execute(
                        berlin,
                        "DROP TABLE IF EXISTS visit",
                        "CREATE TABLE visit (id INT PRIMARY KEY, at DATETIME)",
                        "INSERT INTO visit VALUES (1, '2026-03-29 02:30:00')");
                seata.delete(berlin, "visit", "DELETE FROM visit", "id = id");
                write(PLAIN, seata.json(XID, 1));
                assertRefused("visit.at the time 2026-03-29 03:30:00.0", "clocks skipped");
            }
        });
    }
}
