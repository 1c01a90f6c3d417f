package io.entente.rm.undo;

import static io.entente.rm.dialect.TestedDatabase.execute;
import static io.entente.rm.undo.RecordedBranch.keys;
import static org.assertj.core.api.Assertions.assertThat;

import io.entente.rm.dialect.TestedDatabase;
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
            execute(
                    setup,
                    "CREATE TYPE mood AS ENUM ('sad', 'it''s ok', 'Happy')",
                    "CREATE SCHEMA other",
                    "CREATE TYPE other.\"Odd Mood\" AS ENUM ('a', 'b')",
                    "CREATE DOMAIN positive AS numeric CHECK (value > 0)",
                    "CREATE DOMAIN very_positive AS positive CHECK (value > 10)",
                    "CREATE TYPE pair AS (a int, b text)");
        }
    }

    @Override
    Stream<ColumnCase> columnCases() {
        return Stream.of(
                ColumnCase.of("boolean", "true", "false"),
                ColumnCase.of("smallint", "-32768", "7"),
                ColumnCase.of("integer", "-2147483648", "7"),
                ColumnCase.of("bigint", "-9223372036854775808", "7"),
                ColumnCase.of("oid", "4294967295", "7"),
                ColumnCase.of("numeric(30, 10)", "12345678901234567890.0123456789", "-0.5"),
                ColumnCase.of("numeric", "'NaN'", "'-Infinity'", "1.500", "1e-30"),
                ColumnCase.of("real", "1.2345679", "'NaN'", "3.4028235e38", "0.1"),
                ColumnCase.of("double precision", "0.1", "'-Infinity'", "5e-324", "1e308"),
                ColumnCase.of("money", "'-1234.56'", "'0.01'"),
                ColumnCase.of("char(5)", "'a'", "'ab cd'"),
                ColumnCase.of("varchar(200)", "''", "' x '", "'\u00e4\u4e16\ud83d\ude00''\"\\'", "E'\\n\\t'"),
                ColumnCase.of("text", "''", "repeat('\u4e16', 700)"),
                ColumnCase.of("name", "'a'", "'b c'"),
                ColumnCase.of("\"char\"", "'a'", "'b'"),
                ColumnCase.of("bytea", "'\\x'", "'\\xdeadbeef00'"),
                ColumnCase.of("date", "'infinity'", "'0044-03-15 BC'", "'2026-02-28'"),
                ColumnCase.of("time", "'24:00'", "'23:59:59.999999'"),
                ColumnCase.of("time with time zone", "'10:00:00.5+05:30'", "'10:00:00-08'"),
                ColumnCase.of("timestamp", "'-infinity'", "'0044-03-15 01:02:03 BC'", "'2026-03-29 02:30:00.123456'"),
                ColumnCase.of(
                        "timestamp with time zone",
                        "'infinity'",
                        "'0044-03-15 01:02:03+00 BC'",
                        "'2026-10-25 02:30:00.000001+02'",
                        "'2026-10-25 02:30:00.000001+01'"),
                ColumnCase.of("interval", "'1 mon -3 days 04:05:06.789'", "'30 days'", "'1 year'"),
                ColumnCase.of("uuid", "'00112233-4455-6677-8899-aabbccddeeff'", "gen_random_uuid()"),
                ColumnCase.notKey("json", "'{\"b\": 1.50,   \"a\": null}'", "'null'", "'\"x\"'"),
                ColumnCase.of("jsonb", "'{\"b\": 1.50,   \"a\": null}'", "'null'", "'[1]'"),
                ColumnCase.notKey("xml", "'<a>1</a>'", "'<b/>'"),
                ColumnCase.of("integer[]", "'{}'", "'{{1,NULL},{3,4}}'", "'[0:1]={5,6}'"),
                ColumnCase.of("text[]", "ARRAY['a,b', 'c\"d', NULL, 'NULL', '', '{}']", "'{x}'"),
                ColumnCase.of("timestamptz[]", "ARRAY[timestamptz '2026-10-25 02:30:00+02']", "'{}'"),
                ColumnCase.of("mood", "'sad'", "'it''s ok'", "'Happy'"),
                ColumnCase.of("other.\"Odd Mood\"", "'a'", "'b'"),
                ColumnCase.of("mood[]", "ARRAY['sad', 'Happy']::mood[]", "'{}'"),
                ColumnCase.of("very_positive", "10.50", "11"),
                ColumnCase.notKey("pair", "ROW(1, 'a,\"b')", "ROW(NULL, '')"),
                ColumnCase.of("inet", "'192.168.0.1/24'", "'::1'"),
                ColumnCase.of("cidr", "'10.0.0.0/8'", "'2001:db8::/32'"),
                ColumnCase.of("macaddr", "'08:00:2b:01:02:03'", "'08:00:2b:01:02:04'"),
                ColumnCase.of("bit(5)", "B'00000'", "B'10101'"),
                ColumnCase.of("bit varying(70)", "B''", "B'1'"),
                ColumnCase.of("int4range", "'[1,5)'", "'empty'", "'(,3)'"),
                ColumnCase.of("tstzrange", "'[2026-01-01 00:00:00+01, infinity)'", "'empty'"),
                ColumnCase.of("int4multirange", "'{[1,2), [5,9)}'", "'{}'"),
                ColumnCase.of("tsvector", "'a:1 b:2A'", "''"),
                ColumnCase.notKey("point", "'(1.1,-2)'", "'(0,0)'"),
                ColumnCase.notKey("polygon", "'((0,0),(1,1),(1,0))'", "'((0,0))'"),
                ColumnCase.of("pg_lsn", "'16/B374D848'", "'0/0'"));
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
            undoLog.insertAndCommit(local, XID, 1, branch.changes());
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
