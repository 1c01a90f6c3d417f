package io.entente.rm.undo;

import static io.entente.rm.dialect.TestedDatabase.execute;
import static io.entente.rm.undo.RecordedBranch.keys;
import static org.assertj.core.api.Assertions.assertThat;

import io.entente.rm.call.KeptStatements;
import io.entente.rm.dialect.TestedDatabase;
import io.entente.rm.matrix.ColumnCase;
import io.entente.rm.matrix.ColumnTypes;
import io.entente.testkit.database.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PostgreSqlUndoLogTest extends UndoLogCompatibilityTest {

    PostgreSqlUndoLogTest() throws SQLException {
        super(new TestedDatabase(TestDatabase.Kind.POSTGRESQL));
    }

    @BeforeAll
    void create_types() throws SQLException {
        try (Connection setup = server.connect()) {
            execute(setup, ColumnTypes.DEFINITIONS.toArray(String[]::new));
        }
    }

    @Override
    Stream<ColumnCase> columnCases() {
        return ColumnTypes.usual(TestDatabase.Kind.POSTGRESQL).stream();
    }

    @Override
    String seataShapedUndoLog() {
        return "CREATE TABLE undo_log (id SERIAL NOT NULL, branch_id BIGINT NOT NULL, xid VARCHAR(128) NOT NULL,"
                + " context VARCHAR(128) NOT NULL, rollback_info BYTEA NOT NULL, log_status INT NOT NULL,"
                + " log_created TIMESTAMP(0) NOT NULL, log_modified TIMESTAMP(0) NOT NULL, CONSTRAINT pk_undo_log"
                + " PRIMARY KEY (id), CONSTRAINT ux_undo_log UNIQUE (xid, branch_id))";
    }

    @Override
    String shortLockTimeout() {
        return "SET lock_timeout = '100ms'";
    }

    @Override
    String identityKey() {
        return "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY";
    }

    @Override
    String generatedColumn() {
        return "GENERATED ALWAYS AS (net * 2) STORED";
    }

    @Test
    void sessions_in_different_time_zones_agree_about_instants() throws SQLException {
        execute(
                connection,
                "DROP TABLE IF EXISTS visit",
                "CREATE TABLE visit (at timestamptz PRIMARY KEY, n int)",
                "INSERT INTO visit VALUES ('2026-10-25 02:30:00+02', 1), ('2026-10-25 02:30:00+01', 2)");
        List<String> before = server.dump(connection, "visit");
        try (Connection local = server.connect()) {
            execute(local, "SET TIME ZONE 'Europe/Berlin'");
            local.setAutoCommit(false);
            RecordedBranch branch = new RecordedBranch(local, dialect);
            branch.delete("visit", "DELETE FROM visit", keys("2026-10-25 00:30:00", "2026-10-25 01:30:00"));
            undoLog.insertAndCommit(local, new KeptStatements(), XID, 1, branch.changes());
            local.commit();
        }
        assertThat(rollback(1)).isEqualTo(new RollbackResult.Undone(2));
        assertThat(server.dump(connection, "visit")).isEqualTo(before);
    }

    @Test
    void deferred_constraints_are_looked_at_when_all_is_undone() throws SQLException {
        execute(
                connection,
                "DROP TABLE IF EXISTS place",
                "CREATE TABLE place (id int PRIMARY KEY, n int UNIQUE DEFERRABLE)",
                "INSERT INTO place VALUES (1, 1), (2, 2)");
        List<String> before = server.dump(connection, "place");
        branch(1, branch -> branch.update("place", "UPDATE place SET n = 3 - n", keys(1, 2)));
        assertThat(rollback(1)).isEqualTo(new RollbackResult.Undone(2));
        assertThat(server.dump(connection, "place")).isEqualTo(before);

        branch(2, branch -> branch.update("place", "UPDATE place SET n = 7 WHERE id = 1", keys(1)));
        execute(connection, "INSERT INTO place VALUES (3, 1)");
        assertThat(rollback(2).toString()).contains("the database refuses the old rows");
        assertThat(undoRows()).hasSize(1);
    }
}
