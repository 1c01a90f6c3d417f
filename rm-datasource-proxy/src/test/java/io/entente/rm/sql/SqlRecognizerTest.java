package io.entente.rm.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.entente.rm.sql.RecognizedSql.Assignment;
import io.entente.rm.sql.RecognizedSql.ConflictTarget;
import io.entente.rm.sql.RecognizedSql.Delete;
import io.entente.rm.sql.RecognizedSql.Insert;
import io.entente.rm.sql.RecognizedSql.KeyedMerge;
import io.entente.rm.sql.RecognizedSql.LockingRead;
import io.entente.rm.sql.RecognizedSql.Merge;
import io.entente.rm.sql.RecognizedSql.OnConflict;
import io.entente.rm.sql.RecognizedSql.PlainRead;
import io.entente.rm.sql.RecognizedSql.Refused;
import io.entente.rm.sql.RecognizedSql.ReturnedItem;
import io.entente.rm.sql.RecognizedSql.Script;
import io.entente.rm.sql.RecognizedSql.Source;
import io.entente.rm.sql.RecognizedSql.Uncaptured;
import io.entente.rm.sql.RecognizedSql.Update;
import io.entente.rm.sql.RecognizedSql.WhenHeld;
import io.entente.rm.sql.RecognizedSql.WritingWith;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SqlRecognizerTest {

    private static RecognizedSql recognize(SqlSyntax syntax, String sql) {
        return new SqlRecognizer(syntax).recognize(sql).statement();
    }

    private static <T extends RecognizedSql> T recognize(SqlSyntax syntax, String sql, Class<T> type) {
        RecognizedSql recognized = recognize(syntax, sql);
        assertThat(recognized).as(syntax + ": " + sql).isInstanceOf(type);
        return type.cast(recognized);
    }

    private static Refused refused(SqlSyntax syntax, String sql) {
        return recognize(syntax, sql, Refused.class);
    }

    // ---------------------------------------------------------------- UPDATE

    @Test
    void an_update_yields_its_table_assignments_and_condition() {
        Update update = recognize(
                SqlSyntax.H2,
                "update stock set amount = amount - ?, note = 'x?' where id = ? and name = ? ;",
                Update.class);
        assertThat(update.table()).isEqualTo(new TableReference(null, "stock", null, "stock"));
        assertThat(update.assignments())
                .containsExactly(
                        new Assignment(null, "amount", new SqlValue.Delta(true, new SqlValue.Parameter(1))),
                        new Assignment(null, "note", new SqlValue.Literal("'x?'")));
        assertThat(update.rows().where()).isEqualTo(new Fragment("id = ? and name = ?", 2, 2));
        assertThat(update.rows().fixedColumns()).containsExactly("id", "name");
        assertThat(update.rows().repeatable()).isTrue();
        assertThat(update.several()).isFalse();
        assertThat(update.statement().sql())
                .isEqualTo("update stock set amount = amount - ?, note = 'x?' where id = ? and name = ?");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "n + ?",
                "(n + ?)",
                "t.n - 3",
                "n - ? * 2",
                "? + n",
                "3 + t.n",
                "n - (? + 1)",
            })
    void a_number_added_to_the_columns_own_value_is_a_delta(String value) {
        Update update = recognize(SqlSyntax.H2, "UPDATE t SET n = " + value + " WHERE id = 1", Update.class);
        assertThat(update.assignments().get(0).value()).as(value).isInstanceOf(SqlValue.Delta.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"n * 2", "? - n", "m + 1", "n + m", "-n + 1", "n || 'x'", "abs(n) + 1", "n + 1 + n", "n"})
    void anything_else_is_no_delta(String value) {
        Update update = recognize(SqlSyntax.H2, "UPDATE t SET n = " + value + " WHERE id = 1", Update.class);
        assertThat(update.assignments().get(0).value()).as(value).isNotInstanceOf(SqlValue.Delta.class);
    }

    @Test
    void an_alias_and_a_schema_stay_as_written() {
        Update update =
                recognize(SqlSyntax.H2, "UPDATE \"S\".stock AS s SET s.amount = 1 WHERE s.id = 1", Update.class);
        assertThat(update.table()).isEqualTo(new TableReference("\"S\"", "stock", "s", "\"S\".stock AS s"));
        assertThat(update.assignments()).containsExactly(new Assignment("s", "amount", new SqlValue.Literal("1")));
        assertThat(recognize(
                                SqlSyntax.MYSQL,
                                "DELETE FROM `shop`.`stock` WHERE id IN (SELECT id FROM gone)",
                                Delete.class)
                        .table())
                .isEqualTo(new TableReference("`shop`", "`stock`", null, "`shop`.`stock`"));
    }

    @Test
    void an_update_of_several_tables_yields_them_all() {
        Update update = recognize(
                SqlSyntax.MYSQL,
                "UPDATE LOW_PRIORITY stock a JOIN supply AS b ON a.id = b.id, (SELECT 1) c SET a.n = b.n, b.m = ? WHERE a.x > ?",
                Update.class);
        assertThat(update.tables()).extracting(TableReference::shortName).containsExactly("a", "b");
        assertThat(update.verb()).isEqualTo("UPDATE LOW_PRIORITY");
        assertThat(update.several()).isTrue();
        assertThat(update.assignments()).extracting(Assignment::qualifier).containsExactly("a", "b");
        assertThat(update.rows().where()).isEqualTo(new Fragment("a.x > ?", 2, 1));

        Update from = recognize(
                SqlSyntax.POSTGRESQL,
                "UPDATE stock SET n = s.n FROM supply s JOIN other o USING (id) WHERE s.id = stock.id RETURNING *",
                Update.class);
        assertThat(from.table().name()).isEqualTo("stock");
        assertThat(from.from().sql()).isEqualTo("supply s JOIN other o USING (id)");
        assertThat(from.returning().sql()).isEqualTo("*");
        assertThat(from.statement().sql()).endsWith("WHERE s.id = stock.id");

        Update aliased = recognize(
                SqlSyntax.SQLSERVER, "UPDATE s SET n = 1 FROM stock s JOIN supply u ON u.id = s.id", Update.class);
        assertThat(aliased.table().name()).isEqualTo("stock");
    }

    @Test
    void order_limit_and_top_are_told_apart_from_the_condition() {
        Update update =
                recognize(SqlSyntax.MYSQL, "UPDATE t SET a = ? WHERE b = ? ORDER BY c DESC LIMIT ?", Update.class);
        assertThat(update.rows().order().sql()).isEqualTo("ORDER BY c DESC");
        assertThat(update.rows().limit()).isEqualTo(new Fragment("LIMIT ?", 3, 1));
        Delete top = recognize(SqlSyntax.SQLSERVER, "DELETE TOP (5) FROM t WHERE a = 1", Delete.class);
        assertThat(top.rows().limit().sql()).isEqualTo("TOP (5)");
        assertThat(top.rows().where().sql()).isEqualTo("a = 1");
    }

    @Test
    void a_column_counts_as_fixed_only_where_the_condition_surely_holds_it_to_one_value() {
        assertThat(fixed("id = ?")).containsExactly("id");
        assertThat(fixed("(t.id = ? AND (v = 3))")).containsExactly("id", "v");
        assertThat(fixed("3 = id AND 'a' = t.b")).containsExactly("id", "b");
        assertThat(fixed("id = ? AND n > 5")).containsExactly("id");
        assertThat(fixed("id = ? OR n = 5")).isEmpty();
        assertThat(fixed("NOT id = ?")).isEmpty();
        assertThat(fixed("a BETWEEN 1 AND id = 5")).isEmpty();
        assertThat(fixed("id = ? + 1")).isEmpty();
        assertThat(fixed("id = other")).isEmpty();
        assertThat(fixed("CASE WHEN a AND id = 1 THEN 1 END = 1")).isEmpty();
    }

    private static List<String> fixed(String condition) {
        return recognize(SqlSyntax.H2, "UPDATE t SET a = 1 WHERE " + condition, Update.class)
                .rows()
                .fixedColumns();
    }

    @Test
    void a_field_or_an_element_is_its_whole_column() {
        Update update = recognize(
                SqlSyntax.POSTGRESQL, "UPDATE t SET a.b = 1, c[2] = ?, (d, e) = (1, 2) WHERE id = 1", Update.class);
        assertThat(update.assignments()).extracting(Assignment::column).containsExactly("a", "c", "d", "e");
    }

    // ---------------------------------------------------------------- INSERT

    @Test
    void an_insert_yields_where_each_value_comes_from() {
        Insert insert = recognize(
                SqlSyntax.H2,
                "INSERT INTO t (id, a, b, c, d) VALUES (?, -5, 'it''s', lower(?), DEFAULT), (NULL, ?, ?, ?, n)",
                Insert.class);
        assertThat(insert.columns()).containsExactly("id", "a", "b", "c", "d");
        assertThat(insert.source())
                .isEqualTo(new Source.Values(List.of(
                        List.of(
                                new SqlValue.Parameter(1),
                                new SqlValue.Literal("-5"),
                                new SqlValue.Literal("'it''s'"),
                                new SqlValue.Expression(new Fragment("lower(?)", 2, 1), SqlValue.DependsOn.NOTHING),
                                new SqlValue.ColumnDefault()),
                        List.of(
                                new SqlValue.Null(),
                                new SqlValue.Parameter(3),
                                new SqlValue.Parameter(4),
                                new SqlValue.Parameter(5),
                                new SqlValue.Expression(new Fragment("n", 6, 0), SqlValue.DependsOn.ROW)))));
        assertThat(recognize(SqlSyntax.H2, "INSERT INTO t VALUES (1, 2)", Insert.class)
                        .columns())
                .isNull();
    }

    @Test
    void what_happens_to_rows_that_are_there_is_known() {
        assertThat(recognize(SqlSyntax.MYSQL, "INSERT IGNORE INTO t (id) VALUES (1)", Insert.class)
                        .onConflict())
                .isEqualTo(new OnConflict.Ignore());
        assertThat(recognize(SqlSyntax.MYSQL, "REPLACE t (id) VALUES (1)", Insert.class)
                        .onConflict())
                .isEqualTo(new OnConflict.Replace());
        assertThat(recognize(
                                SqlSyntax.MYSQL,
                                "INSERT INTO t (id) VALUES (1) AS new ON DUPLICATE KEY UPDATE a = new.a, t.b = 2",
                                Insert.class)
                        .onConflict())
                .isEqualTo(new OnConflict.Update(List.of("a", "b"), new ConflictTarget.AnyKey()));
        Insert conflict = recognize(
                SqlSyntax.POSTGRESQL,
                "INSERT INTO t AS x (id) SELECT a FROM u JOIN v ON u.i = v.i ON CONFLICT (id) WHERE p DO UPDATE SET n = ?, (a, b) = (1, 2) WHERE x.n > ? RETURNING id",
                Insert.class);
        assertThat(conflict.onConflict())
                .isEqualTo(new OnConflict.Update(List.of("n", "a", "b"), new ConflictTarget.Expression()));
        assertThat(conflict.source())
                .isEqualTo(new Source.Query(new Fragment("SELECT a FROM u JOIN v ON u.i = v.i", 1, 0)));
        assertThat(conflict.returning().sql()).isEqualTo("id");
        assertThat(recognize(
                                SqlSyntax.POSTGRESQL,
                                "INSERT INTO t VALUES (1) ON CONFLICT ON CONSTRAINT c DO NOTHING",
                                Insert.class)
                        .onConflict())
                .isEqualTo(new OnConflict.Ignore());
    }

    @Test
    void the_target_of_ON_CONFLICT_is_columns_a_constraint_or_anything_else() {
        assertThat(target("(id)")).isEqualTo(new ConflictTarget.Columns(List.of("id")));
        assertThat(target("(\"Id\", b)")).isEqualTo(new ConflictTarget.Columns(List.of("\"Id\"", "b")));
        assertThat(target("ON CONSTRAINT \"C\"")).isEqualTo(new ConflictTarget.Constraint("\"C\""));
        for (String other : List.of("(lower(a))", "(a) WHERE a > 0", "(a COLLATE \"C\")", "(a, (b + 1))", "")) {
            assertThat(target(other)).as(other).isEqualTo(new ConflictTarget.Expression());
        }
    }

    private static ConflictTarget target(String text) {
        Insert insert = recognize(
                SqlSyntax.POSTGRESQL,
                "INSERT INTO t VALUES (1) ON CONFLICT " + text + " DO UPDATE SET n = 1",
                Insert.class);
        return ((OnConflict.Update) insert.onConflict()).target();
    }

    @Test
    void other_forms_of_insert_are_understood() {
        assertThat(recognize(SqlSyntax.MYSQL, "INSERT t SET id = 1, a = ?", Insert.class))
                .satisfies(insert -> {
                    assertThat(insert.columns()).containsExactly("id", "a");
                    assertThat(insert.source())
                            .isEqualTo(new Source.Values(
                                    List.of(List.of(new SqlValue.Literal("1"), new SqlValue.Parameter(1)))));
                });
        assertThat(recognize(SqlSyntax.POSTGRESQL, "INSERT INTO t DEFAULT VALUES", Insert.class)
                        .source())
                .isEqualTo(new Source.AllDefaults());
        assertThat(recognize(SqlSyntax.MYSQL, "INSERT INTO t () VALUES ()", Insert.class)
                        .source())
                .isEqualTo(new Source.Values(List.of(List.of())));
        assertThat(recognize(SqlSyntax.MYSQL, "INSERT INTO t VALUES ROW(1), ROW(2)", Insert.class)
                        .source())
                .isEqualTo(new Source.Values(
                        List.of(List.of(new SqlValue.Literal("1")), List.of(new SqlValue.Literal("2")))));
        assertThat(recognize(
                                SqlSyntax.ORACLE,
                                "INSERT ALL INTO t (a) VALUES (1) INTO t (a) VALUES (?) SELECT 1 FROM DUAL",
                                Insert.class)
                        .source())
                .isEqualTo(new Source.Values(
                        List.of(List.of(new SqlValue.Literal("1")), List.of(new SqlValue.Parameter(1)))));
        assertThat(recognize(SqlSyntax.MYSQL, "INSERT INTO t (a) VALUES (\"text\")", Insert.class)
                        .source())
                .isEqualTo(new Source.Values(List.of(List.of(new SqlValue.Literal("\"text\"")))));
    }

    // ---------------------------------------------------------------- MERGE, DELETE, WITH

    @Test
    void a_merge_yields_its_source_condition_and_actions() {
        Merge merge = recognize(
                SqlSyntax.POSTGRESQL,
                "MERGE INTO t AS x USING (SELECT * FROM u WHERE a = ?) s ON x.id = s.id AND CASE WHEN x.a THEN 1 END = ? WHEN MATCHED AND x.n < ? THEN DELETE WHEN MATCHED THEN UPDATE SET n = s.n, m = 1 WHEN NOT MATCHED THEN INSERT VALUES (s.id)",
                Merge.class);
        assertThat(merge.table().shortName()).isEqualTo("x");
        assertThat(merge.source()).isEqualTo(new Fragment("(SELECT * FROM u WHERE a = ?) s", 1, 1));
        assertThat(merge.on()).isEqualTo(new Fragment("x.id = s.id AND CASE WHEN x.a THEN 1 END = ?", 2, 1));
        assertThat(merge.updated()).containsExactly("n", "m");
        assertThat(merge.inserts()).isTrue();
        assertThat(merge.bySource()).isFalse();

        KeyedMerge keyed = recognize(SqlSyntax.H2, "MERGE INTO t (id, a) KEY (id) VALUES (1, ?)", KeyedMerge.class);
        assertThat(keyed.columns()).containsExactly("id", "a");
        assertThat(keyed.keys()).containsExactly("id");
        assertThat(recognize(SqlSyntax.H2, "MERGE INTO t VALUES (1, 2)", KeyedMerge.class)
                        .keys())
                .isNull();
        refused(SqlSyntax.POSTGRESQL, "MERGE INTO t KEY (id) VALUES (1, 2)");
    }

    @Test
    void a_delete_from_named_tables_yields_them() {
        Delete join = recognize(
                SqlSyntax.MYSQL,
                "DELETE QUICK a, s.b.* FROM s.t AS a JOIN s.b ON a.x = b.x WHERE a.n > ?",
                Delete.class);
        assertThat(join.targets()).containsExactly("a", "s.b");
        assertThat(join.tables()).extracting(TableReference::name).containsExactly("t", "b");
        assertThat(join.verb()).isEqualTo("DELETE QUICK");
        Delete using = recognize(SqlSyntax.MYSQL, "DELETE FROM a USING t a INNER JOIN u USING (id)", Delete.class);
        assertThat(using.targets()).containsExactly("a");
        assertThat(using.tablesText().sql()).isEqualTo("t a INNER JOIN u USING (id)");
        Delete postgres = recognize(
                SqlSyntax.POSTGRESQL,
                "DELETE FROM ONLY t AS a USING u, v WHERE a.id = u.id RETURNING a.*",
                Delete.class);
        assertThat(postgres.table().shortName()).isEqualTo("a");
        assertThat(postgres.using().sql()).isEqualTo("u, v");
        assertThat(postgres.returning().sql()).isEqualTo("a.*");
        Delete sqlServer = recognize(SqlSyntax.SQLSERVER, "DELETE a FROM t a JOIN u ON a.i = u.i", Delete.class);
        assertThat(sqlServer.table().name()).isEqualTo("t");
    }

    @Test
    void a_with_that_only_reads_belongs_to_the_change_behind_it() {
        Update update = recognize(
                SqlSyntax.MYSQL,
                "WITH x AS (SELECT ? AS i), y (a) AS (SELECT 1) UPDATE t SET n = ? WHERE id IN (SELECT i FROM x)",
                Update.class);
        assertThat(update.with()).isEqualTo(new Fragment("WITH x AS (SELECT ? AS i), y (a) AS (SELECT 1)", 1, 1));
        assertThat(update.statement().sql()).startsWith("WITH x");
        assertThat(update.assignments().get(0).value()).isEqualTo(new SqlValue.Parameter(2));
        assertThat(refused(SqlSyntax.SQLSERVER, "WITH x AS (SELECT * FROM t) DELETE FROM x")
                        .reason())
                .contains("stands for a query");
    }

    @Test
    void a_with_that_writes_yields_each_change_and_what_it_returns() {
        WritingWith with = recognize(
                SqlSyntax.POSTGRESQL,
                "WITH a AS MATERIALIZED (SELECT ?), gone (i, j) AS (DELETE FROM t WHERE n = ? RETURNING id, old.n + 1, *) UPDATE u SET n = ? FROM gone RETURNING u.n AS x, count",
                WritingWith.class);
        assertThat(with.queries()).extracting(RecognizedSql.CommonTable::name).containsExactly("a", "gone");
        assertThat(with.queries().get(0).materialized()).isEqualTo("MATERIALIZED");
        assertThat(with.queries().get(0).write()).isNull();
        assertThat(with.queries().get(1).columns().sql()).isEqualTo("(i, j)");
        assertThat(with.queries().get(1).write())
                .isInstanceOfSatisfying(
                        Delete.class,
                        delete -> assertThat(delete.rows().where()).isEqualTo(new Fragment("n = ?", 2, 1)));
        assertThat(with.queries().get(1).returned())
                .containsExactly(
                        new ReturnedItem(new Fragment("id", 3, 0), "id", false),
                        new ReturnedItem(new Fragment("old.n + 1", 3, 0), null, false),
                        new ReturnedItem(new Fragment("*", 3, 0), null, true));
        assertThat(with.main().returned()).extracting(ReturnedItem::name).containsExactly("x", "count");
        assertThat(with.main().write())
                .isInstanceOfSatisfying(
                        Update.class,
                        update ->
                                assertThat(update.assignments().get(0).value()).isEqualTo(new SqlValue.Parameter(3)));
        refused(SqlSyntax.MYSQL, "WITH a AS (DELETE FROM t) SELECT 1");
        refused(SqlSyntax.POSTGRESQL, "WITH a AS (DELETE FROM t RETURNING *) SELECT * FROM a FOR UPDATE");
    }

    // ---------------------------------------------------------------- queries

    @Test
    void a_locking_query_yields_what_brings_the_keys_of_its_rows() {
        LockingRead read = recognize(
                SqlSyntax.POSTGRESQL,
                "SELECT a IS DISTINCT FROM ?, b FROM s.t x JOIN u ON u.i = x.i WHERE x.id > ? ORDER BY a LIMIT 5 FOR UPDATE OF x SKIP LOCKED",
                LockingRead.class);
        assertThat(read.head()).isEqualTo(new Fragment("SELECT a IS DISTINCT FROM ?, b", 1, 1));
        assertThat(read.from()).isEqualTo(new Fragment("FROM s.t x JOIN u ON u.i = x.i WHERE x.id > ?", 2, 1));
        assertThat(read.tail().sql()).endsWith("LIMIT 5 FOR UPDATE OF x SKIP LOCKED");
        assertThat(read.tables()).extracting(TableReference::shortName).containsExactly("x");
        assertThat(read.whenHeld()).isEqualTo(WhenHeld.SKIP);
        assertThat(read.limited()).isTrue();
        assertThat(read.aggregates()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT a FROM t FOR NO KEY UPDATE",
                "SELECT a FROM t FOR SHARE",
                "SELECT a FROM t FOR KEY SHARE",
                "SELECT a FROM t LOCK IN SHARE MODE",
                "SELECT a FROM t, u FOR UPDATE NOWAIT",
                "SELECT max(a) FROM t WHERE b = 1 FOR UPDATE",
                "SELECT a, count(*) FROM t GROUP BY a FOR UPDATE",
                "SELECT DISTINCT a FROM t FOR UPDATE"
            })
    void every_kind_of_lock_is_seen(String sql) {
        LockingRead read = recognize(SqlSyntax.MYSQL, sql, LockingRead.class);
        assertThat(read.aggregates())
                .isEqualTo(sql.contains("max") || sql.contains("GROUP") || sql.contains("DISTINCT"));
        assertThat(read.whenHeld()).isEqualTo(sql.contains("NOWAIT") ? WhenHeld.FAIL : WhenHeld.WAIT);
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
                "SELECT 1; SELECT 2",
                "",
                " ; "
            })
    void what_provably_writes_nothing_is_a_plain_read(String sql) {
        for (SqlSyntax syntax : SqlSyntax.values()) {
            assertThat(recognize(syntax, sql)).as(syntax + ": " + sql).isEqualTo(new PlainRead());
        }
    }

    // ---------------------------------------------------------------- several, refused, directives

    @Test
    void several_statements_are_known_one_by_one() {
        Script script = recognize(
                SqlSyntax.POSTGRESQL,
                "UPDATE t SET a = ?; SELECT ? ; DELETE FROM t WHERE id = ? AND n = ?;",
                Script.class);
        assertThat(script.parts()).hasSize(3);
        assertThat(script.parts().get(1).statement()).isEqualTo(new PlainRead());
        assertThat(script.parts().get(2).text()).isEqualTo(new Fragment("DELETE FROM t WHERE id = ? AND n = ?", 3, 2));
        assertThat(((Delete) script.parts().get(2).statement()).rows().where())
                .as("counted from one")
                .isEqualTo(new Fragment("id = ? AND n = ?", 1, 2));
        assertThat(refused(SqlSyntax.POSTGRESQL, "UPDATE t SET a = 1; TRUNCATE t")
                        .reason())
                .contains("TRUNCATE");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "INSERT INTO t (id, a) VALUES (1)",
                "UPDATE t SET a = 1 WHERE CURRENT OF c",
                "UPDATE t SET a = 1 WHERE id = 1 RETURNING a INTO ?",
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
                "SELECT * INTO u FROM t",
                "SELECT a INTO OUTFILE '/x' FROM t",
                "SELECT (SELECT 1 FROM (DELETE FROM t) x)",
                "SELECT * FROM (SELECT * FROM t FOR UPDATE) x",
                "WITH x AS (SELECT 1) SELECT * FROM t FOR UPDATE",
                "SELECT a FROM t UNION SELECT b FROM u FOR UPDATE",
                "SELECT max(a) FROM t LIMIT 1 FOR UPDATE",
                "SELECT * FROM (SELECT 1) t FOR UPDATE",
                "EXPLAIN ANALYZE DELETE FROM t",
                "COPY t FROM STDIN",
                "LOCK TABLES t WRITE",
                "nonsense",
                "UPDATE t SET",
                "UPDATE t SET a",
                "DELETE FROM t WHERE",
                "UPDATE t SET a = 'open",
                "UPDATE t SET a = (1",
                "UPDATE t SET a = 1)",
                "UPDATE t SET a = ?1 WHERE id = ?2",
                "/* entente:nonsense */ UPDATE t SET a = 1"
            })
    void what_cannot_be_captured_is_refused_with_reason_and_remedy(String sql) {
        for (SqlSyntax syntax : SqlSyntax.values()) {
            assertThat(refused(syntax, sql)).satisfies(refused -> {
                assertThat(refused.reason()).isNotBlank().doesNotEndWith(".");
                assertThat(refused.remedy()).isNotBlank().doesNotEndWith(".");
            });
        }
    }

    @Test
    void a_directive_says_what_the_application_takes_upon_itself() {
        SqlRecognizer postgres = new SqlRecognizer(SqlSyntax.POSTGRESQL);
        assertThat(postgres.recognize("/* entente:uncaptured */ TRUNCATE t").statement())
                .isEqualTo(new Uncaptured(false));
        assertThat(postgres.recognize("DELETE FROM t /*entente:uncaptured*/ WHERE id = 1")
                        .statement())
                .isEqualTo(new Uncaptured(true));
        assertThat(postgres.recognize("/* entente:uncaptured */ COMMIT").statement())
                .isInstanceOf(Refused.class);
        Recognition effects = postgres.recognize("DELETE FROM t -- entente:unseen-effects\n WHERE id = 1");
        assertThat(effects.statement()).isInstanceOf(Delete.class);
        assertThat(effects.unseenEffectsAllowed()).isTrue();
        assertThat(postgres.recognize("DELETE FROM t WHERE a = '/* entente:uncaptured */'")
                        .statement())
                .isInstanceOf(Delete.class);
    }

    // ---------------------------------------------------------------- texts

    @Test
    void strings_and_comments_end_where_the_database_ends_them() {
        String escaped = "UPDATE t SET a = 'it\\'s; DELETE' WHERE id = ?";
        recognize(SqlSyntax.MYSQL, escaped, Update.class);
        refused(SqlSyntax.POSTGRESQL, escaped);
        recognize(SqlSyntax.POSTGRESQL, "UPDATE t SET a = E'it\\'s' WHERE id = ?", Update.class);
        recognize(SqlSyntax.POSTGRESQL, "UPDATE t SET a = $q$ ; ' $q$ WHERE id = ?", Update.class);
        recognize(SqlSyntax.ORACLE, "UPDATE t SET a = q'[it's; ]' WHERE id = ?", Update.class);
        assertThat(recognize(SqlSyntax.SQLSERVER, "UPDATE [my table] SET [a]]b] = 1 WHERE id = ?", Update.class)
                        .table()
                        .name())
                .isEqualTo("[my table]");
        for (String sql : List.of(
                "UPDATE t SET a = 1 # WHERE ;\n WHERE id = ?",
                "UPDATE t SET a = 5--1 WHERE id = ?",
                "UPDATE t SET a = 1 /* WHERE x /* */ WHERE id = ?")) {
            assertThat(recognize(SqlSyntax.MYSQL, sql, Update.class)
                            .rows()
                            .where()
                            .sql())
                    .isEqualTo("id = ?");
        }
        assertThat(recognize(SqlSyntax.POSTGRESQL, "DELETE FROM t /* a /* b */ WHERE x */ WHERE id = 1", Delete.class)
                        .rows()
                        .where()
                        .sql())
                .isEqualTo("id = 1");
    }

    @Test
    void a_comment_that_mysql_executes_is_refused() {
        refused(SqlSyntax.MYSQL, "SELECT 1 /*!50000 INTO OUTFILE '/x' */");
    }

    @Test
    void operators_the_parser_does_not_know_do_not_stop_a_change() {
        assertThat(recognize(
                                SqlSyntax.POSTGRESQL,
                                "UPDATE t SET a = 1 WHERE doc ?? 'k' AND doc ??| array['a'] AND id = ?",
                                Update.class)
                        .rows()
                        .where())
                .isEqualTo(new Fragment("doc ?? 'k' AND doc ??| array['a'] AND id = ?", 1, 1));
        recognize(SqlSyntax.MYSQL, "UPDATE t SET a = a DIV 2 WHERE a MOD 2 = 1", Update.class);
    }

    @Test
    void a_session_setting_passes_unless_it_commits() {
        assertThat(recognize(SqlSyntax.POSTGRESQL, "SET LOCAL statement_timeout = 5"))
                .isEqualTo(new PlainRead());
        assertThat(recognize(SqlSyntax.H2, "SET SCHEMA shop")).isEqualTo(new PlainRead());
        refused(SqlSyntax.H2, "SET REFERENTIAL_INTEGRITY FALSE");
        refused(SqlSyntax.MYSQL, "SET autocommit = 0");
        refused(SqlSyntax.MYSQL, "SET STATEMENT max_statement_time=1 FOR DELETE FROM t");
        refused(SqlSyntax.SQLSERVER, "SET IMPLICIT_TRANSACTIONS ON");
        assertThat(recognize(SqlSyntax.MYSQL, "SET @a = 1")).isEqualTo(new PlainRead());
    }

    @ParameterizedTest
    @EnumSource(SqlSyntax.class)
    void the_memory_for_recognised_statements_is_bounded(SqlSyntax syntax) {
        SqlRecognizer recognizer = new SqlRecognizer(syntax);
        Recognition first = recognizer.recognize("SELECT 0");
        for (int i = 0; i < 5_000; i++) {
            recognizer.recognize("SELECT " + i);
            assertThat(recognizer.recognize("SELECT 0")).isSameAs(first);
        }
        assertThat(recognizer.cached()).isLessThanOrEqualTo(2_048);
        recognizer.recognize("SELECT '" + "x".repeat(20_000) + "'");
        assertThat(recognizer.cached()).isLessThanOrEqualTo(2_048);
    }
}
