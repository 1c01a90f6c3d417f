package io.entente.rm.undo;

import static io.entente.rm.dialect.TestedDatabase.execute;
import static io.entente.rm.dialect.TestedDatabase.query;
import static io.entente.rm.undo.RecordedBranch.key;
import static io.entente.rm.undo.RecordedBranch.keys;
import static org.assertj.core.api.Assertions.assertThat;

import io.entente.rm.call.KeptStatements;
import io.entente.rm.dialect.Dialect;
import io.entente.rm.dialect.TestedDatabase;
import io.entente.rm.matrix.ColumnCase;
import io.entente.rm.matrix.ColumnTypes;
import io.entente.testkit.database.TestDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MariaDbUndoLogTest extends UndoLogCompatibilityTest {

    MariaDbUndoLogTest() throws SQLException {
        super(new TestedDatabase(TestDatabase.Kind.MARIADB));
    }

    @Override
    Connection lenient() throws SQLException {
        Connection session = server.connect();
        execute(session, "SET SESSION sql_mode = 'NO_AUTO_VALUE_ON_ZERO'");
        return session;
    }

    @Override
    Stream<ColumnCase> columnCases() {
        return ColumnTypes.usual(TestDatabase.Kind.MARIADB).stream();
    }

    @Override
    String seataShapedUndoLog() {
        return "CREATE TABLE undo_log (id BIGINT NOT NULL AUTO_INCREMENT, branch_id BIGINT NOT NULL,"
                + " xid VARCHAR(128) NOT NULL, context VARCHAR(128) NOT NULL, rollback_info LONGBLOB NOT NULL,"
                + " log_status INT(11) NOT NULL, log_created DATETIME(6) NOT NULL, log_modified DATETIME(6) NOT NULL,"
                + " PRIMARY KEY (id), UNIQUE KEY ux_undo_log (xid, branch_id), KEY ix_log_created (log_created))"
                + " ENGINE = InnoDB";
    }

    @Override
    String shortLockTimeout() {
        return "SET SESSION innodb_lock_wait_timeout = 1";
    }

    @Override
    String identityKey() {
        return "BIGINT AUTO_INCREMENT PRIMARY KEY";
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
                "CREATE TABLE visit (id INT, at TIMESTAMP(6) NOT NULL, PRIMARY KEY (id, at))",
                "SET SESSION time_zone = '+00:00'",
                "INSERT INTO visit VALUES (1, '2026-10-25 00:30:00.5'), (2, '2026-10-25 01:30:00.5')");
        List<String> before = server.dump(connection, "visit");
        try (Connection local = lenient()) {
            execute(local, "SET SESSION time_zone = '-08:00'");
            local.setAutoCommit(false);
            RecordedBranch branch = new RecordedBranch(local, dialect);
            branch.delete(
                    "visit",
                    "DELETE FROM visit",
                    List.of(key(1, "2026-10-25 00:30:00.500000"), key(2, "2026-10-25 01:30:00.500000")));
            undoLog.insertAndCommit(local, new KeptStatements(), XID, 1, branch.changes());
            local.commit();
        }
        try (Connection own = server.connect()) {
            execute(own, "SET SESSION time_zone = '+05:30', SESSION sql_mode = 'ANSI_QUOTES'");
            own.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
            assertThat(undoLog.rollback(own, XID, 1)).isEqualTo(new RollbackResult.Undone(2));
            assertThat(query(own, "SELECT @@session.time_zone, @@session.sql_mode"))
                    .containsExactly("+05:30|ANSI_QUOTES");
            assertThat(own.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_SERIALIZABLE);
        }
        assertThat(server.dump(connection, "visit")).isEqualTo(before);
    }

    /** Rows of Seata's do not tell how their session printed texts: it was one like that of the undo. */
    @ParameterizedTest
    @CsvSource({"'', true", "stripped, false", "padded, true"})
    void a_session_prints_blanks_as_the_undo_row_says_or_as_it_did_before(String printedUnder, boolean padded)
            throws SQLException {
        try (Connection own = server.connect()) {
            execute(own, "SET SESSION sql_mode = 'PAD_CHAR_TO_FULL_LENGTH'");
            Dialect.SessionRestore session = dialect.prepareUndoSession(own, printedUnder);
            assertThat(query(own, "SELECT FIND_IN_SET('PAD_CHAR_TO_FULL_LENGTH', @@sql_mode) > 0"))
                    .containsExactly(padded ? "1" : "0");
            session.restore();
            assertThat(query(own, "SELECT @@session.sql_mode")).containsExactly("PAD_CHAR_TO_FULL_LENGTH");
        }
    }

    @Test
    void a_zero_auto_increment_and_an_auto_updated_time_come_back() throws SQLException {
        execute(
                connection,
                "DROP TABLE IF EXISTS auto",
                "CREATE TABLE auto (id INT AUTO_INCREMENT PRIMARY KEY, n INT,"
                        + " changed TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6)"
                        + " ON UPDATE CURRENT_TIMESTAMP(6))",
                "INSERT INTO auto VALUES (0, 1, '2020-01-01 00:00:00'), (1, 1, '2020-01-01 00:00:00')");
        List<String> before = server.dump(connection, "auto");
        branch(1, branch -> {
            branch.update("auto", "UPDATE auto SET n = 2", keys(0, 1), "n", "changed");
            branch.delete("auto", "DELETE FROM auto WHERE id = 0", keys(0));
        });
        execute(connection, "UPDATE auto SET changed = '2021-01-01 00:00:00' WHERE id = 1");
        assertThat(rollback(1)).isEqualTo(new RollbackResult.Undone(3));
        assertThat(server.dump(connection, "auto")).isEqualTo(before);
    }

    @Test
    void the_servers_packet_limits_an_undo_row() throws SQLException {
        long packet =
                Long.parseLong(query(connection, "SELECT @@max_allowed_packet").get(0));
        // Every byte may need an escape.
        assertThat(2 * dialect.maxParameterBytes(connection)).isBetween(packet / 2, packet - 1024);
    }

    @Test
    void a_driver_that_counts_only_changed_rows_is_no_reason_to_call_a_row_dirty() throws SQLException {
        List<String> before = server.dump(connection, "stock");
        branch(1, branch -> branch.update("stock", "UPDATE stock SET n = 20", keys(1, 2, 3), "n"));
        String url = connection.getMetaData().getURL() + "?useAffectedRows=true";
        try (Connection own = DriverManager.getConnection(url, "root", "")) {
            assertThat(undoLog.rollback(own, XID, 1)).isEqualTo(new RollbackResult.Undone(2));
        }
        assertThat(server.dump(connection, "stock")).isEqualTo(before);
    }
}
