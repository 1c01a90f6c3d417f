package io.entente.rm.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.entente.rm.sql.RecognizedSql.Delete;
import io.entente.rm.sql.RecognizedSql.Insert;
import io.entente.rm.sql.RecognizedSql.InsertValue;
import io.entente.rm.sql.RecognizedSql.PlainRead;
import io.entente.rm.sql.RecognizedSql.Refused;
import io.entente.rm.sql.RecognizedSql.SelectForUpdate;
import io.entente.rm.sql.RecognizedSql.TableReference;
import io.entente.rm.sql.RecognizedSql.Update;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SqlRecognizerTest {

    private final SqlRecognizer h2 = new SqlRecognizer(SqlSyntax.H2);
    private final SqlRecognizer mysql = new SqlRecognizer(SqlSyntax.MYSQL);
    private final SqlRecognizer postgres = new SqlRecognizer(SqlSyntax.POSTGRESQL);

    @Test
    void an_update_yields_its_table_columns_and_condition() {
        assertThat(h2.recognize("update stock set amount = amount - ?, note = 'x?' where id = ? and name = ? ;"))
                .isEqualTo(new Update(
                        new TableReference(null, "stock", "stock"),
                        List.of("amount", "note"),
                        new Fragment("where id = ? and name = ?", 2, 2)));
    }

    @Test
    void an_alias_and_a_schema_stay_as_written() {
        assertThat(h2.recognize("UPDATE \"S\".stock AS s SET s.amount = 1 WHERE s.id = 1"))
                .isEqualTo(new Update(
                        new TableReference("\"S\"", "stock", "\"S\".stock AS s"),
                        List.of("amount"),
                        new Fragment("WHERE s.id = 1", 1, 0)));
        assertThat(mysql.recognize("DELETE FROM `shop`.`stock` WHERE id IN (SELECT id FROM gone)"))
                .isEqualTo(new Delete(
                        new TableReference("`shop`", "`stock`", "`shop`.`stock`"),
                        new Fragment("WHERE id IN (SELECT id FROM gone)", 1, 0)));
    }

    @Test
    void a_change_without_condition_has_an_empty_one() {
        assertThat(h2.recognize("DELETE FROM stock"))
                .isEqualTo(new Delete(new TableReference(null, "stock", "stock"), new Fragment("", 1, 0)));
        assertThat(h2.recognize("UPDATE stock SET amount = (SELECT max(n) FROM other WHERE n > ?)"))
                .isEqualTo(new Update(
                        new TableReference(null, "stock", "stock"), List.of("amount"), new Fragment("", 2, 0)));
    }

    @Test
    void an_insert_yields_where_each_value_comes_from() {
        assertThat(
                        h2.recognize(
                                "INSERT INTO t (id, a, b, c, d) VALUES (?, -5, 'it''s', lower(?), DEFAULT), (NULL, ?, ?, ?, 1)"))
                .isEqualTo(new Insert(
                        new TableReference(null, "t", "t"),
                        List.of("id", "a", "b", "c", "d"),
                        List.of(
                                List.of(
                                        new InsertValue.Parameter(1),
                                        new InsertValue.Literal("-5"),
                                        new InsertValue.Literal("'it''s'"),
                                        new InsertValue.Expression(),
                                        new InsertValue.LeftToDatabase()),
                                List.of(
                                        new InsertValue.LeftToDatabase(),
                                        new InsertValue.Parameter(3),
                                        new InsertValue.Parameter(4),
                                        new InsertValue.Parameter(5),
                                        new InsertValue.Literal("1")))));
        assertThat(h2.recognize("INSERT INTO t VALUES (1, 2)"))
                .isEqualTo(new Insert(
                        new TableReference(null, "t", "t"),
                        null,
                        List.of(List.of(new InsertValue.Literal("1"), new InsertValue.Literal("2")))));
    }

    @Test
    void select_for_update_yields_what_reads_the_keys_of_its_rows() {
        assertThat(
                        postgres.recognize(
                                "SELECT a IS DISTINCT FROM ?, b FROM s.t x WHERE id > ? ORDER BY a FOR UPDATE OF x SKIP LOCKED"))
                .isEqualTo(new SelectForUpdate(
                        new TableReference("s", "t", "s.t x"),
                        new Fragment("FROM s.t x WHERE id > ?", 2, 1),
                        "FOR UPDATE OF x SKIP LOCKED"));
        assertThat(postgres.recognize("SELECT a FROM t FOR NO KEY UPDATE")).isInstanceOf(SelectForUpdate.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT 1",
                "select * from a join b on a.x = b.x where a.n > ? order by 1 limit 5",
                "SELECT nextval('s')",
                "SELECT 'INSERT INTO t; DELETE' AS \"INTO\" -- FOR UPDATE\n FROM t /* ; */",
                "SELECT replace(a, 'x', 'y'), (replace(a, 'b', 'c')) FROM t",
                "SELECT substring(a FROM 1 FOR 3) FROM t",
                "WITH x AS (SELECT 1 AS n) SELECT n FROM x",
                "(SELECT 1) UNION (SELECT 2)",
                "VALUES (1), (2)",
                "SHOW TABLES",
                "EXPLAIN SELECT 1",
                "",
                " ; "
            })
    void what_provably_writes_nothing_is_a_plain_read(String sql) {
        for (SqlSyntax syntax : SqlSyntax.values()) {
            assertThat(new SqlRecognizer(syntax).recognize(sql))
                    .as(syntax + ": " + sql)
                    .isEqualTo(new PlainRead());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE t SET a = 1; UPDATE t SET b = 2",
                "SELECT 1; DELETE FROM t",
                "INSERT IGNORE INTO t (id) VALUES (1)",
                "INSERT INTO t (id) VALUES (1) ON DUPLICATE KEY UPDATE a = 1",
                "INSERT INTO t (id) VALUES (1) ON CONFLICT DO NOTHING",
                "INSERT INTO t (id) VALUES (1) RETURNING id",
                "INSERT INTO t (id) SELECT id FROM u",
                "INSERT INTO t (id) (SELECT id FROM u)",
                "INSERT INTO t SET id = 1",
                "INSERT INTO t DEFAULT VALUES",
                "INSERT INTO t (id, a) VALUES (1)",
                "REPLACE INTO t (id) VALUES (1)",
                "MERGE INTO t USING u ON (t.id = u.id) WHEN MATCHED THEN UPDATE SET a = 1",
                "MERGE INTO t KEY (id) VALUES (1, 2)",
                "UPDATE t, u SET t.a = 1 WHERE t.id = u.id",
                "UPDATE t JOIN u ON t.id = u.id SET t.a = 1",
                "UPDATE t SET a = 1 FROM u WHERE t.id = u.id",
                "UPDATE t SET a = 1 WHERE id > 1 ORDER BY id LIMIT 1",
                "UPDATE t SET a = 1 LIMIT 1",
                "UPDATE IGNORE t SET a = 1",
                "UPDATE LOW_PRIORITY t SET a = 1",
                "UPDATE ONLY t SET a = 1",
                "UPDATE t SET a = 1 WHERE id = 1 RETURNING a",
                "UPDATE t SET a = 1 WHERE CURRENT OF c",
                "UPDATE t SET a = 1 WHERE n > rand()",
                "UPDATE t SET (a).b = 1",
                "UPDATE t SET other.b = 1",
                "DELETE t FROM t JOIN u ON t.id = u.id",
                "DELETE FROM t USING u WHERE t.id = u.id",
                "DELETE FROM t WHERE id = 1 LIMIT 1",
                "DELETE FROM t ORDER BY id LIMIT 1",
                "DELETE FROM t FETCH FIRST ROW ONLY",
                "DELETE FROM ONLY t",
                "DELETE FROM t WHERE id = 1 RETURNING *",
                "TRUNCATE TABLE t",
                "CREATE TABLE t (id int)",
                "ALTER TABLE t ADD a int",
                "DROP TABLE t",
                "CALL p(1)",
                "{call p(?)}",
                "{? = call f(?)}",
                "DO $$ BEGIN DELETE FROM t; END $$",
                "BEGIN",
                "COMMIT",
                "ROLLBACK TO SAVEPOINT a",
                "WITH gone AS (DELETE FROM t RETURNING *) SELECT * FROM gone",
                "WITH x AS (SELECT 1) DELETE FROM t",
                "WITH x AS (SELECT 1) UPDATE t SET a = 1",
                "WITH x AS (SELECT 1) INSERT INTO t (id) VALUES (1)",
                "SELECT * INTO u FROM t",
                "SELECT a INTO OUTFILE '/x' FROM t",
                "SELECT id FROM FINAL TABLE (INSERT INTO t (a) VALUES (1))",
                "SELECT * FROM t FOR SHARE",
                "SELECT * FROM t FOR KEY SHARE",
                "SELECT * FROM t LOCK IN SHARE MODE",
                "SELECT * FROM t JOIN u ON t.id = u.id FOR UPDATE",
                "SELECT * FROM t, u FOR UPDATE",
                "SELECT * FROM t ORDER BY a LIMIT 1 FOR UPDATE SKIP LOCKED",
                "SELECT * FROM (SELECT * FROM t FOR UPDATE) x",
                "SELECT a, count(*) FROM t GROUP BY a FOR UPDATE",
                "WITH x AS (SELECT 1) SELECT * FROM t FOR UPDATE",
                "EXPLAIN ANALYZE DELETE FROM t",
                "COPY t FROM STDIN",
                "LOCK TABLES t WRITE",
                "nonsense",
                "UPDATE t SET",
                "DELETE FROM t WHERE",
                "UPDATE t SET a = 'open",
                "UPDATE t SET a = (1",
                "UPDATE t SET a = 1)",
                "UPDATE t SET a = ?1 WHERE id = ?2"
            })
    void everything_else_is_refused_with_reason_and_remedy(String sql) {
        for (SqlSyntax syntax : SqlSyntax.values()) {
            assertThat(new SqlRecognizer(syntax).recognize(sql))
                    .as(syntax + ": " + sql)
                    .isInstanceOfSatisfying(Refused.class, refused -> {
                        assertThat(refused.reason()).isNotBlank().doesNotEndWith(".");
                        assertThat(refused.remedy()).isNotBlank().doesNotEndWith(".");
                    });
        }
    }

    @Test
    void strings_and_comments_end_where_the_database_ends_them() {
        String escaped = "UPDATE t SET a = 'it\\'s; DELETE' WHERE id = ?";
        assertThat(mysql.recognize(escaped)).isInstanceOf(Update.class);
        assertThat(postgres.recognize(escaped)).isInstanceOf(Refused.class);
        assertThat(postgres.recognize("UPDATE t SET a = E'it\\'s' WHERE id = ?"))
                .isInstanceOf(Update.class);
        assertThat(postgres.recognize("UPDATE t SET a = $q$ ; ' $q$ WHERE id = ?"))
                .isInstanceOf(Update.class);
        assertThat(mysql.recognize("UPDATE t SET a = 1 # WHERE ;\n WHERE id = ?"))
                .isInstanceOfSatisfying(
                        Update.class, update -> assertThat(update.where().sql()).isEqualTo("WHERE id = ?"));
        assertThat(mysql.recognize("UPDATE t SET a = 5--1 WHERE id = ?"))
                .isInstanceOfSatisfying(
                        Update.class, update -> assertThat(update.where().sql()).isEqualTo("WHERE id = ?"));
        assertThat(postgres.recognize("DELETE FROM t /* a /* b */ WHERE x */ WHERE id = 1"))
                .isEqualTo(new Delete(new TableReference(null, "t", "t"), new Fragment("WHERE id = 1", 1, 0)));
    }

    @Test
    void a_comment_that_mysql_executes_is_refused() {
        assertThat(mysql.recognize("SELECT 1 /*!50000 INTO OUTFILE '/x' */")).isInstanceOf(Refused.class);
    }

    @Test
    void operators_the_parser_does_not_know_do_not_stop_a_change() {
        assertThat(postgres.recognize("UPDATE t SET a = 1 WHERE doc ?? 'k' AND doc ??| array['a'] AND id = ?"))
                .isInstanceOfSatisfying(
                        Update.class,
                        update -> assertThat(update.where())
                                .isEqualTo(new Fragment("WHERE doc ?? 'k' AND doc ??| array['a'] AND id = ?", 1, 1)));
        assertThat(mysql.recognize("UPDATE t SET a = a DIV 2 WHERE a MOD 2 = 1"))
                .isInstanceOf(Update.class);
    }

    @Test
    void a_session_setting_passes_unless_it_commits() {
        assertThat(postgres.recognize("SET LOCAL statement_timeout = 5")).isEqualTo(new PlainRead());
        assertThat(h2.recognize("SET SCHEMA shop")).isEqualTo(new PlainRead());
        assertThat(h2.recognize("SET REFERENTIAL_INTEGRITY FALSE")).isInstanceOf(Refused.class);
        assertThat(mysql.recognize("SET autocommit = 0")).isInstanceOf(Refused.class);
        assertThat(mysql.recognize("SET STATEMENT max_statement_time=1 FOR DELETE FROM t"))
                .isInstanceOf(Refused.class);
        assertThat(mysql.recognize("SET @a = 1")).isEqualTo(new PlainRead());
    }

    @ParameterizedTest
    @EnumSource(SqlSyntax.class)
    void the_memory_for_recognised_statements_is_bounded(SqlSyntax syntax) {
        SqlRecognizer recognizer = new SqlRecognizer(syntax);
        RecognizedSql first = recognizer.recognize("SELECT 0");
        for (int i = 0; i < 5_000; i++) {
            recognizer.recognize("SELECT " + i);
            assertThat(recognizer.recognize("SELECT 0")).isSameAs(first);
        }
        assertThat(recognizer.cached()).isLessThanOrEqualTo(2_048);
        recognizer.recognize("SELECT '" + "x".repeat(20_000) + "'");
        assertThat(recognizer.cached()).isLessThanOrEqualTo(2_048);
    }
}
