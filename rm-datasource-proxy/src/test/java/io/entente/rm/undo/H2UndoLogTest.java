package io.entente.rm.undo;

import io.entente.rm.dialect.TestedDatabase;
import io.entente.testkit.database.TestDatabase;
import java.sql.SQLException;
import java.util.stream.Stream;

class H2UndoLogTest extends UndoLogCompatibilityTest {

    H2UndoLogTest() throws SQLException {
        super(new TestedDatabase(TestDatabase.Kind.H2));
    }

    @Override
    Stream<ColumnCase> columnCases() {
        return Stream.of(
                ColumnCase.of("BOOLEAN", "TRUE", "FALSE"),
                ColumnCase.of("TINYINT", "-128", "127"),
                ColumnCase.of("SMALLINT", "-32768", "32767"),
                ColumnCase.of("INTEGER", "-2147483648", "0"),
                ColumnCase.of("BIGINT", "-9223372036854775808", "9223372036854775807"),
                ColumnCase.of("NUMERIC(30, 10)", "12345678901234567890.0123456789", "-0.5"),
                ColumnCase.of("DECFLOAT(40)", "1E-30", "CAST('NaN' AS DECFLOAT)", "CAST('-Infinity' AS DECFLOAT)"),
                ColumnCase.of("REAL", "1.2345679E0", "CAST('NaN' AS REAL)", "3.4028235E38"),
                ColumnCase.of("DOUBLE PRECISION", "0.1E0", "CAST('-Infinity' AS DOUBLE PRECISION)", "4.9E-324"),
                ColumnCase.of("CHAR(5)", "'a'", "'ab cd'"),
                ColumnCase.of("VARCHAR(200)", "''", "' x '", "'\u00e4\u4e16\ud83d\ude00''\"\\'", "U&'\\0000\\000a'"),
                ColumnCase.of("VARCHAR_IGNORECASE(20)", "'AbC'", "'x'"),
                ColumnCase.notKey("CLOB", "''", "REPEAT('\u4e16', 70000)"),
                ColumnCase.of("BINARY(3)", "X'00FF10'", "X'000000'"),
                ColumnCase.of("VARBINARY(20)", "X''", "X'DEADBEEF'"),
                ColumnCase.notKey("BLOB", "X''", "CAST(REPEAT('ab', 70000) AS BLOB)"),
                ColumnCase.of("DATE", "DATE '-0044-03-15'", "DATE '12026-02-28'"),
                ColumnCase.of("TIME(9)", "TIME '23:59:59.999999999'", "TIME '00:00:00'"),
                ColumnCase.of(
                        "TIME(3) WITH TIME ZONE",
                        "TIME WITH TIME ZONE '10:00:00.5+05:30'",
                        "TIME WITH TIME ZONE '10:00:00-08'"),
                ColumnCase.of(
                        "TIMESTAMP(9)", "TIMESTAMP '2026-03-29 02:30:00.123456789'", "TIMESTAMP '1500-02-28 00:00:00'"),
                ColumnCase.of(
                        "TIMESTAMP(9) WITH TIME ZONE",
                        "TIMESTAMP WITH TIME ZONE '2026-10-25 02:30:00.000000001+02:00'",
                        "TIMESTAMP WITH TIME ZONE '2026-10-25 02:30:00.000000001+01:00'"),
                ColumnCase.of(
                        "INTERVAL YEAR TO MONTH", "INTERVAL '5-3' YEAR TO MONTH", "INTERVAL '-1-0' YEAR TO MONTH"),
                ColumnCase.of(
                        "INTERVAL DAY TO SECOND(9)",
                        "INTERVAL '10 05:06:07.123456789' DAY TO SECOND",
                        "INTERVAL '-1 00:00:00' DAY TO SECOND"),
                ColumnCase.of(
                        "UUID",
                        "UUID '00112233-4455-6677-8899-aabbccddeeff'",
                        "UUID 'ffffffff-ffff-ffff-ffff-ffffffffffff'"),
                ColumnCase.of("ENUM('small', 'it''s', 'large')", "'small'", "'it''s'"),
                ColumnCase.notKey("JSON", "JSON '{\"a\": [1.50, null, \"x\"]}'", "JSON 'null'", "JSON '\"text\"'"),
                ColumnCase.notKey("GEOMETRY", "'SRID=4326;POINT Z (1 2 3)'", "'LINESTRING (0 0, 1 1)'"));
    }

    @Override
    String seataShapedUndoLog() {
        return "CREATE TABLE undo_log (id BIGINT AUTO_INCREMENT PRIMARY KEY, branch_id BIGINT NOT NULL,"
                + " xid VARCHAR(100) NOT NULL, context VARCHAR(128) NOT NULL, rollback_info BLOB NOT NULL,"
                + " log_status INT NOT NULL, log_created TIMESTAMP NOT NULL, log_modified TIMESTAMP NOT NULL,"
                + " CONSTRAINT ux_undo_log UNIQUE (xid, branch_id))";
    }

    @Override
    String shortLockTimeout() {
        return "SET LOCK_TIMEOUT 100";
    }

    @Override
    String identityKey() {
        return "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY";
    }

    @Override
    String generatedColumn() {
        return "GENERATED ALWAYS AS (net * 2)";
    }
}
