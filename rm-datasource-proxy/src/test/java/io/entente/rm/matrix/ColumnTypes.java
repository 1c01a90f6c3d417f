package io.entente.rm.matrix;

import io.entente.testkit.database.TestDatabase;
import java.util.List;
import java.util.stream.Stream;

/** The native types of each database, with values at their limits. The page of types in the documentation is made of them. */
public final class ColumnTypes {

    /** What PostgreSQL needs for types of its users. */
    public static final List<String> DEFINITIONS = List.of(
            "CREATE TYPE mood AS ENUM ('sad', 'it''s ok', 'Happy')",
            "CREATE SCHEMA other",
            "CREATE TYPE other.\"Odd Mood\" AS ENUM ('a', 'b')",
            "CREATE DOMAIN positive AS numeric CHECK (value > 0)",
            "CREATE DOMAIN very_positive AS positive CHECK (value > 10)",
            "CREATE TYPE pair AS (a int, b text)");

    private ColumnTypes() {}

    /** Those that every test of the undo log goes through. */
    public static List<ColumnCase> usual(TestDatabase.Kind kind) {
        return switch (kind) {
            case H2 -> h2();
            case POSTGRESQL -> postgreSql();
            case MARIADB -> mariaDb();
        };
    }

    /** All that can be captured. */
    static List<ColumnCase> all(TestDatabase.Kind kind) {
        List<ColumnCase> others = switch (kind) {
            case H2 -> h2Others();
            case POSTGRESQL -> postgreSqlOthers();
            case MARIADB -> mariaDbOthers();
        };
        return Stream.concat(usual(kind).stream(), others.stream()).toList();
    }

    /** Those that no statement may write inside a global transaction. */
    static List<ColumnCase> refused(TestDatabase.Kind kind) {
        return switch (kind) {
            case H2 ->
                List.of(
                        ColumnCase.notKey("INTEGER ARRAY", "ARRAY[1, 2]", "ARRAY[]"),
                        ColumnCase.notKey("ROW (a INTEGER, b VARCHAR(5))", "ROW (1, 'x')"));
            case POSTGRESQL, MARIADB -> List.of();
        };
    }

    private static List<ColumnCase> h2() {
        return List.of(
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

    private static List<ColumnCase> h2Others() {
        return List.of(
                ColumnCase.of("INTERVAL YEAR", "INTERVAL '7' YEAR", "INTERVAL '-7' YEAR"),
                ColumnCase.of(
                        "INTERVAL HOUR TO MINUTE",
                        "INTERVAL '10:59' HOUR TO MINUTE",
                        "INTERVAL '-1:00' HOUR TO MINUTE"),
                ColumnCase.of("TIME", "TIME '12:00:00'", "TIME '23:59:59'"),
                ColumnCase.of("DECIMAL(5)", "99999", "-1"),
                ColumnCase.notKey("JAVA_OBJECT", "X'00'", "X'aced00057400'"));
    }

    private static List<ColumnCase> mariaDb() {
        return List.of(
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

    private static List<ColumnCase> mariaDbOthers() {
        return List.of(
                ColumnCase.of("BOOLEAN", "TRUE", "FALSE"),
                ColumnCase.of("SMALLINT UNSIGNED", "65535", "0"),
                ColumnCase.of("MEDIUMINT", "-8388608", "8388607"),
                ColumnCase.of("INT", "-2147483648", "2147483647"),
                ColumnCase.notKey("FLOAT UNSIGNED", "0.1", "3.4028234e38"),
                ColumnCase.of("DOUBLE UNSIGNED", "0.1", "0"),
                ColumnCase.of("DECIMAL(10, 2) UNSIGNED", "12345678.90", "0"),
                ColumnCase.of("BIT(12)", "b'101010101010'", "b'0'"),
                ColumnCase.notKey("TINYTEXT", "'a '", "''"),
                ColumnCase.notKey("MEDIUMTEXT", "'\u00e4'", "REPEAT('x', 70000)"),
                ColumnCase.notKey("TINYBLOB", "X'00FF'", "X''"),
                ColumnCase.notKey("MEDIUMBLOB", "REPEAT(X'00', 70000)", "X'01'"),
                ColumnCase.notKey("POINT", "POINT(1.5, -2)", "POINT(0, 0)"),
                ColumnCase.notKey("GEOMETRY", "ST_GeomFromText('LINESTRING(0 0, 1 1)', 4326)", "POINT(0, 0)"),
                ColumnCase.notKey("POLYGON", "ST_GeomFromText('POLYGON((0 0, 1 0, 1 1, 0 0))')"));
    }

    private static List<ColumnCase> postgreSql() {
        return List.of(
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

    private static List<ColumnCase> postgreSqlOthers() {
        return List.of(
                ColumnCase.of("macaddr8", "'08:00:2b:01:02:03:04:05'", "'00:00:00:00:00:00:00:00'"),
                ColumnCase.of("int8range", "'[1,5)'", "'empty'"),
                ColumnCase.of("numrange", "'(1.5,2.50]'", "'empty'"),
                ColumnCase.of("daterange", "'[2024-02-29,infinity)'", "'empty'"),
                ColumnCase.of("tsrange", "'[-infinity,2024-02-29 12:00:00)'", "'empty'"),
                ColumnCase.of("tsquery", "'a & !b'", "'c:*'"),
                ColumnCase.notKey("jsonpath", "'$.a[*] ? (@ > 1)'", "'$'"),
                ColumnCase.notKey("line", "'{1,-1,0}'", "'{0,1,2}'"),
                ColumnCase.notKey("lseg", "'[(0,0),(1,1)]'", "'[(1,2),(3,4.5)]'"),
                ColumnCase.notKey("box", "'(1,1),(0,0)'", "'(2,3),(1,1)'"),
                ColumnCase.notKey("path", "'((0,0),(1,1))'", "'[(0,0),(1,1)]'"),
                ColumnCase.notKey("circle", "'<(0,0),1.5>'", "'<(1,2),0>'"),
                ColumnCase.of("uuid[]", "ARRAY[uuid '00112233-4455-6677-8899-aabbccddeeff']", "'{}'"),
                ColumnCase.notKey("hstore", "'a=>1, b=>NULL'", "''"),
                ColumnCase.of("citext", "'Red'", "'blue '"));
    }
}
