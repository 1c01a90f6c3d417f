package io.entente.rm.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which tables a text reads. */
class ReadsTest {

    private static Reads reads(SqlSyntax syntax, String sql) {
        return new SqlRecognizer(syntax).reads(sql);
    }

    private static List<String> tables(SqlSyntax syntax, String sql) {
        Reads reads = reads(syntax, sql);
        assertThat(reads.problem()).as(sql).isNull();
        return reads.tables().stream().map(TableReference::qualifiedName).toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SELECT 1 | ",
                "SELECT * FROM t | t",
                "SELECT * FROM s.t AS x WHERE x.a = 1 | s.t",
                "SELECT DISTINCT a FROM t | t",
                "SELECT a FROM t, u x, \"V\" WHERE 1 = 1 | t,u,\"V\"",
                "SELECT a FROM t JOIN u USING (id) LEFT JOIN v ON v.a = t.a AND v.b IN (1, 2) | t,u,v",
                "SELECT a FROM t NATURAL JOIN u CROSS JOIN v | t,u,v",
                "SELECT a FROM t LEFT JOIN (u JOIN v ON u.a = v.a) ON t.a = u.a, w | t,u,v,w",
                "SELECT a FROM (t) | t",
                "SELECT a FROM ((t JOIN u ON t.a = u.a) JOIN v ON v.a = u.a) | t,u,v",
                "SELECT a FROM (SELECT b FROM t) x, u | u,t",
                "SELECT a FROM ((SELECT b FROM t) UNION (SELECT c FROM u)) x | t,u",
                "(SELECT a FROM t) UNION ALL SELECT b, c FROM u ORDER BY 1, 2 | t,u",
                "SELECT a, 1 FROM t UNION SELECT b, 2 FROM u EXCEPT SELECT c, 3 FROM v | t,u,v",
                "SELECT a FROM t MINUS SELECT b FROM u | t,u",
                "SELECT a FROM t minus, u | t,u",
                "SELECT (SELECT MAX(b) FROM u) FROM t WHERE EXISTS (SELECT 1 FROM v WHERE v.a IN (SELECT a FROM w)) | t,u,v,w",
                "WITH x AS (SELECT a FROM t) SELECT * FROM x JOIN u ON u.a = x.a | t,x,u",
                "WITH RECURSIVE x(a) AS (SELECT 1 UNION ALL SELECT a + 1 FROM x WHERE a < 5) SELECT a FROM x | x,x",
                "SELECT EXTRACT(YEAR FROM d), TRIM(BOTH 'x' FROM e), SUBSTRING(f FROM 2 FOR 3) FROM t | t",
                "SELECT EXTRACT(YEAR FROM (SELECT d FROM t)) | t",
                "SELECT a IS DISTINCT FROM b, c IS NOT DISTINCT FROM d FROM t | t",
                "SELECT COUNT(*) FROM t GROUP BY a, b HAVING COUNT(*) > 1 ORDER BY a, b | t",
                "SELECT a FROM t LIMIT 5, 10 | t",
                "SELECT a FROM t WHERE ? = id LIMIT ? OFFSET ? | t",
                "SELECT a FROM LATERAL (SELECT b FROM t) x, LATERAL f(x.a) y, u | u,t",
                "SELECT a FROM generate_series(1, 3) g, t | t",
                "SELECT a FROM pg_catalog.generate_series(1, 3) AS g(a) JOIN t ON TRUE | t",
                "VALUES (1, (SELECT a FROM t)) | t",
                "TABLE t | t",
                "SELECT a FROM t UNION TABLE u | t,u",
                "SELECT a FROM t; SELECT b FROM u | t,u",
                "SELECT f.from_date FROM t f | t",
                "SELECT a.\"FROM\" FROM t a | t",
                "SHOW TABLES | ",
                "EXPLAIN SELECT * FROM t | ",
                "SET x = 1 | "
            })
    void each_table_is_found(String sql, String expected) {
        List<String> wanted = expected == null ? List.of() : List.of(expected.split(","));
        for (SqlSyntax syntax : List.of(SqlSyntax.POSTGRESQL, SqlSyntax.H2)) {
            assertThat(tables(syntax, sql)).as(syntax + ": " + sql).containsExactlyInAnyOrderElementsOf(wanted);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SELECT a FROM t STRAIGHT_JOIN u ON t.a = u.a | t,u",
                "SELECT a FROM t USE INDEX FOR JOIN (i, j) JOIN u | t,u",
                "SELECT a FROM t FORCE INDEX (i), u | t,u",
                "SELECT a FROM t PARTITION (p0, p1), u | t,u",
                "SELECT a FROM `t` JOIN `d`.`u` | `t`,`d`.`u`",
                "SELECT REPLACE(a, 'x', 'y'), INSERT(b, 1, 2, 'z') FROM t | t"
            })
    void as_mysql_writes_it(String sql, String expected) {
        assertThat(tables(SqlSyntax.MYSQL, sql)).containsExactlyInAnyOrder(expected.split(","));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT * FROM ONLY (t)",
                "SELECT * FROM {oj t LEFT OUTER JOIN u ON t.a = u.a}",
                "SELECT * FROM a.b.c",
                "SELECT * FROM 'x"
            })
    void what_cannot_be_read_is_a_problem(String sql) {
        assertThat(reads(SqlSyntax.POSTGRESQL, sql).problem()).isNotNull();
    }

    @Test
    void the_columns_that_one_query_of_one_table_holds_to_values_are_told() {
        assertThat(reads(SqlSyntax.H2, "SELECT a FROM t WHERE id = ? AND b > 3 AND t.c = 'x' ORDER BY a")
                        .only())
                .containsExactly(
                        new RowSelection.Fixed("id", new SqlValue.Parameter(1)),
                        new RowSelection.Fixed("c", new SqlValue.Literal("'x'")));
        assertThat(reads(SqlSyntax.H2, "SELECT ? FROM t WHERE 7 = id LIMIT ?").only())
                .containsExactly(new RowSelection.Fixed("id", new SqlValue.Literal("7")));
        assertThat(reads(SqlSyntax.H2, "SELECT COUNT(*) FROM t WHERE (id = ?) AND (b = ?)")
                        .only())
                .extracting(RowSelection.Fixed::value)
                .containsExactly(new SqlValue.Parameter(1), new SqlValue.Parameter(2));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT a FROM t WHERE id = ? OR b = 1",
                "SELECT a FROM t WHERE NOT id = ?",
                "SELECT a FROM t WHERE id = ? + 1",
                "SELECT a FROM t WHERE id IN (?)",
                "SELECT a FROM t WHERE id = ? COLLATE x",
                "SELECT a FROM t",
                "SELECT a FROM t WHERE id = b"
            })
    void a_condition_that_others_may_meet_holds_nothing(String sql) {
        assertThat(reads(SqlSyntax.H2, sql).only()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT a FROM t, u WHERE id = ?",
                "SELECT a FROM t WHERE id = ? AND b IN (SELECT b FROM t)",
                "SELECT a FROM t WHERE id = ? UNION SELECT 1",
                "SELECT a FROM t WHERE id = ? UNION TABLE t",
                "SELECT a FROM t WHERE id = ?; SELECT a FROM t WHERE id = 2",
                "WITH x AS (SELECT a FROM t) SELECT 1 WHERE id = 1"
            })
    void what_is_more_than_one_query_of_one_table_holds_nothing(String sql) {
        assertThat(reads(SqlSyntax.POSTGRESQL, sql).only()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "INSERT INTO t VALUES (1, EXTRACT(YEAR FROM ?)) | false",
                "INSERT INTO t (a, b) SELECT ?, ? | false",
                "INSERT INTO t SELECT * FROM u | true",
                "INSERT INTO t VALUES ((SELECT MAX(a) FROM t)) | true",
                "UPDATE t SET a = a + 1 WHERE id = ? | false",
                "UPDATE t SET a = 1 WHERE b IS DISTINCT FROM 2 | false",
                "UPDATE t SET a = 1, b = 2 | false",
                "UPDATE t SET a = u.a FROM u WHERE t.id = u.id | true",
                "UPDATE t SET a = (SELECT MAX(a) FROM u) | true",
                "UPDATE t, u SET t.a = 1 | true",
                "UPDATE t JOIN u ON t.a = u.a SET t.a = 1 | true",
                "DELETE FROM t WHERE a = 1 | false",
                "DELETE FROM t USING u WHERE t.a = u.a | true",
                "DELETE FROM t WHERE a IN (SELECT a FROM u) | true",
                "MERGE INTO t KEY (id) VALUES (1, 2) | false",
                "MERGE INTO t USING u ON t.a = u.a WHEN MATCHED THEN DELETE | true",
                "MERGE INTO t USING (VALUES (1)) AS s(a) ON t.a = s.a WHEN MATCHED THEN DELETE | false",
                "SELECT id FROM FINAL TABLE (INSERT INTO t VALUES (1)) | false",
                "SELECT id FROM FINAL TABLE (INSERT INTO t SELECT * FROM u) | true"
            })
    void a_change_that_depends_on_other_rows_is_told(String sql, boolean derives) {
        assertThat(reads(SqlSyntax.H2, sql).derivesChanges()).isEqualTo(derives);
    }
}
