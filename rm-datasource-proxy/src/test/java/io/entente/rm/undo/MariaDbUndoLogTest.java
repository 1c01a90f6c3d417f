package io.entente.rm.undo;

import static io.entente.rm.dialect.TestedDatabase.execute;
import static io.entente.rm.dialect.TestedDatabase.query;
import static io.entente.rm.undo.RecordedBranch.key;
import static io.entente.rm.undo.RecordedBranch.keys;
import static org.assertj.core.api.Assertions.assertThat;

import io.entente.rm.dialect.TestedDatabase;
import io.entente.testkit.database.TestDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

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
        return Stream.of(
                ColumnCase.of("TINYINT(1)", "0", "5", "-128"),
                ColumnCase.of("TINYINT UNSIGNED", "255", "0"),
                ColumnCase.of("SMALLINT", "-32768", "0"),
                ColumnCase.of("MEDIUMINT UNSIGNED", "16777215", "0"),
                ColumnCase.of("INT UNSIGNED", "4294967295", "0"),
                ColumnCase.of("INT(8) ZEROFILL", "42", "0"),
                ColumnCase.of("BIGINT", "-9223372036854775808", "0"),
                ColumnCase.of("BIGINT UNSIGNED", "18446744073709551615", "0"),
                ColumnCase.of("DECIMAL(40, 10)", "123456789012345678901234567890.0123456789", "-0.5"),
                ColumnCase.notKey("FLOAT", "1.2345679", "3.4028234e38", "0.1", "16777217"),
                ColumnCase.of("DOUBLE", "0.1", "1.7976931348623157e308", "4.9e-324", "1.2345678901234567"),
                ColumnCase.of("BIT(1)", "b'0'", "b'1'"),
                ColumnCase.of("BIT(64)", "b'1000000000000000000000000000000000000000000000000000000000000001'", "b'0'"),
                ColumnCase.of("CHAR(5)", "'a'", "'ab cd'"),
                ColumnCase.of("VARCHAR(200)", "''", "' x '", "'\u00e4\u4e16\ud83d\ude00''\"\\\\'", "'\\0\\n'"),
                ColumnCase.of("VARCHAR(20) CHARACTER SET latin1 COLLATE latin1_german1_ci", "'\u00e4\u00df'", "'x'"),
                ColumnCase.notKey("TEXT", "''", "REPEAT('\u4e16', 7000)"),
                ColumnCase.notKey("LONGTEXT", "'a'", "REPEAT('b', 100000)"),
                ColumnCase.of("ENUM('small', 'it''s', 'unsigned')", "'small'", "'it''s'", "'unsigned'"),
                ColumnCase.of("SET('a', 'b', 'c')", "''", "'a,c'"),
                ColumnCase.notKey("JSON", "'{\"b\": 1.50,   \"a\": null}'", "'null'"),
                ColumnCase.of("BINARY(4)", "X'00FF1000'", "X'00000000'"),
                ColumnCase.of("VARBINARY(20)", "X''", "X'DEADBEEF275C00'"),
                ColumnCase.notKey("BLOB", "X''", "X'00'"),
                ColumnCase.notKey("LONGBLOB", "X'00'", "REPEAT(X'275C', 60000)"),
                ColumnCase.of("DATE", "'0000-00-00'", "'2026-00-00'", "'9999-12-31'"),
                ColumnCase.of("DATETIME", "'0000-00-00 00:00:00'", "'2026-03-29 02:30:00'"),
                ColumnCase.of("DATETIME(6)", "'2026-03-29 02:30:00.123456'", "'9999-12-31 23:59:59.999999'"),
                ColumnCase.of("TIME(6)", "'-838:59:59.999999'", "'00:00:00'", "'25:00:00.5'"),
                ColumnCase.of("YEAR", "0", "2026"),
                ColumnCase.notKey("TIMESTAMP", "'0000-00-00 00:00:00'", "'2026-03-29 12:30:00'"),
                ColumnCase.of("TIMESTAMP(6)", "'2026-10-25 12:30:00.000001'", "'2038-01-19 03:14:07'"),
                ColumnCase.of(
                        "UUID", "'00112233-4455-6677-8899-aabbccddeeff'", "'ffffffff-ffff-ffff-ffff-ffffffffffff'"),
                ColumnCase.of("INET6", "'::1'", "'2001:db8::ff00:42:8329'"),
                ColumnCase.of("INET4", "'10.0.0.1'", "'0.0.0.0'"));
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
            undoLog.insertAndCommit(local, XID, 1, branch.changes());
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
