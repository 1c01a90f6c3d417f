package io.entente.rm.undo;

import static io.entente.rm.dialect.TestedDatabase.execute;
import static org.assertj.core.api.Assertions.assertThat;

import io.entente.rm.matrix.ColumnCase;
import io.entente.testkit.database.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PostgreSqlSeataRowsTest extends SeataRowsCompatibilityTest {

    PostgreSqlSeataRowsTest() throws SQLException {
        super(new PostgreSqlUndoLogTest(), TestDatabase.Kind.POSTGRESQL);
    }

    @BeforeAll
    void create_types() throws SQLException {
        ((PostgreSqlUndoLogTest) base).create_types();
    }

    @Override
    Set<String> refusedTypes() {
        return Set.of(
                "money",
                "time",
                "time with time zone",
                "interval",
                "xml",
                "integer[]",
                "text[]",
                "timestamptz[]",
                "mood[]",
                "point",
                "polygon");
    }

    @Override
    List<ColumnCase> readable() {
        return List.of();
    }

    @Test
    @Override
    void a_branch_of_the_client_itself_comes_back() throws SQLException {
        super.a_branch_of_the_client_itself_comes_back();
    }

    @Test
    void instants_are_exact_when_clocks_are_set_back() throws SQLException {
        inZone("Europe/Berlin", () -> {
            try (Connection berlin = server.connect()) {
                execute(
                        berlin,
                        "DROP TABLE IF EXISTS visit",
                        "CREATE TABLE visit (id int PRIMARY KEY, at timestamptz, local timestamp)",
                        "INSERT INTO visit VALUES (1, '2026-10-25 02:30:00+02', '2026-10-25 02:30:00'),"
                                + " (2, '2026-10-25 02:30:00+01', '2026-03-29 04:00:00')");
                List<String> before = server.dump(connection, "visit");
                seata.delete(berlin, "visit", "DELETE FROM visit", "id = id");
                write(PLAIN, seata.json(XID, 1));
                assertThat(rollback()).isEqualTo(new RollbackResult.Undone(2));
                assertThat(server.dump(connection, "visit")).isEqualTo(before);
            }
        });
    }

    @Test
    void a_local_time_that_the_driver_may_have_moved_is_refused() throws SQLException {
        inZone("Europe/Berlin", () -> {
            try (Connection berlin = server.connect()) {
                execute(
                        berlin,
                        "DROP TABLE IF EXISTS visit",
                        "CREATE TABLE visit (id int PRIMARY KEY, local timestamp)",
                        "INSERT INTO visit VALUES (1, '2026-03-29 02:30:00.5')");
                seata.delete(berlin, "visit", "DELETE FROM visit", "id = id");
                write(PLAIN, seata.json(XID, 1));
                assertRefused("of public.visit.local the time 2026-03-29 03:30:00.5", "clocks skipped");
            }
        });
    }
}
