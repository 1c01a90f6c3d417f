package io.entente.rm.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.entente.rm.sql.RecognizedSql.Delete;
import io.entente.rm.sql.RecognizedSql.Insert;
import io.entente.rm.sql.RecognizedSql.LockingRead;
import io.entente.rm.sql.RecognizedSql.Merge;
import io.entente.rm.sql.RecognizedSql.PlainRead;
import io.entente.rm.sql.RecognizedSql.Refused;
import io.entente.rm.sql.RecognizedSql.Script;
import io.entente.rm.sql.RecognizedSql.Update;
import io.entente.rm.sql.RecognizedSql.WhenHeld;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What only SQL Server writes so. */
class SqlServerStatementsTest {

    private static RecognizedSql recognize(String sql) {
        return new SqlRecognizer(SqlSyntax.SQLSERVER).recognize(sql).statement();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT 1 DELETE FROM t",
                "SELECT * FROM t WHERE id = 1 UPDATE t SET n = 1",
                "UPDATE t SET n = 1 WHERE id = 1 DELETE FROM u",
                "UPDATE t SET n = 1 WHERE id = 1 SELECT @@ROWCOUNT",
                "DELETE FROM t WHERE id = 1 EXEC p",
                "INSERT INTO t (id) VALUES (1) SELECT SCOPE_IDENTITY()",
                "INSERT INTO t (id) VALUES (1); SELECT SCOPE_IDENTITY()",
                "WITH x AS (SELECT 1 AS i) SELECT * FROM x COMMIT",
                "DECLARE @n INT = 1; UPDATE t SET n = @n WHERE id = 1",
                "UPDATE t SET @n = n = n + 1 WHERE id = 1",
                "UPDATE #temp SET n = 1 WHERE id = 1",
                "UPDATE @table SET n = 1 WHERE id = 1",
                "UPDATE other.dbo.t SET n = 1 WHERE id = 1",
                "UPDATE other..t SET n = 1 WHERE id = 1",
                "UPDATE t SET n = 1 OUTPUT deleted.n INTO @old WHERE id = 1",
                "INSERT INTO t (id) EXEC p",
                "SELECT * INTO u FROM t",
                "EXEC p 1",
                "p 1",
                "IF EXISTS (SELECT 1 FROM t) UPDATE t SET n = 1",
                "USE other",
                "TRUNCATE TABLE t",
                "SET IMPLICIT_TRANSACTIONS ON",
                "DELETE TOP (5) PERCENT FROM t",
                "UPDATE t SET n = 1 WHERE CURRENT OF c",
                "WITH x AS (SELECT * FROM t) UPDATE x SET n = 1",
            })
    void what_cannot_be_undone_is_refused(String sql) {
        assertThat(recognize(sql)).as(sql).isInstanceOf(Refused.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT a.x FROM a INNER MERGE JOIN b ON a.id = b.id OPTION (MERGE JOIN)",
                "SELECT TOP (5) [update] FROM [delete] WITH (NOLOCK) ORDER BY [set]",
                "SELECT t.[update] FROM t CROSS APPLY f(t.id) x",
                "WITH x AS (SELECT 1 AS i) SELECT * FROM x UNION ALL SELECT 2",
                "SELECT N'DELETE FROM t', NEXT VALUE FOR s",
            })
    void what_only_reads_passes(String sql) {
        assertThat(recognize(sql)).as(sql).isEqualTo(new PlainRead());
    }

    @Test
    void output_divides_an_update_into_what_stands_before_and_behind_it() {
        Update update = (Update) recognize("UPDATE TOP (?) s SET n = ? OUTPUT deleted.n AS old, ? FROM stock AS s"
                + " WHERE s.id = ? OPTION (MAXDOP 1)");
        assertThat(update.table().name()).isEqualTo("stock");
        assertThat(update.statement()).isEqualTo(new Fragment("UPDATE TOP (?) s SET n = ?", 1, 2));
        assertThat(update.returning()).isEqualTo(new Fragment("deleted.n AS old, ?", 3, 1));
        assertThat(update.behind()).isEqualTo(new Fragment("FROM stock AS s WHERE s.id = ? OPTION (MAXDOP 1)", 4, 1));
        assertThat(update.rows().where().sql()).isEqualTo("s.id = ?");
    }

    @Test
    void output_has_its_place_where_the_statement_has_none() {
        Delete delete = (Delete) recognize("DELETE s FROM stock s WHERE s.id = 1");
        assertThat(delete.statement().sql()).isEqualTo("DELETE s");
        assertThat(delete.behind().sql()).isEqualTo("FROM stock s WHERE s.id = 1");
        Insert insert = (Insert) recognize("INSERT TOP (3) INTO t WITH (TABLOCK) (a, b) SELECT a, b FROM u");
        assertThat(insert.statement().sql()).isEqualTo("INSERT TOP (3) INTO t WITH (TABLOCK) (a, b)");
        assertThat(insert.behind().sql()).isEqualTo("SELECT a, b FROM u");
        Insert own = (Insert) recognize("INSERT t (a) OUTPUT inserted.a VALUES (?)");
        assertThat(own.returning().sql()).isEqualTo("inserted.a");
        assertThat(own.behind()).isEqualTo(new Fragment("VALUES (?)", 1, 1));
        Merge merge = (Merge) recognize("MERGE t AS a USING u ON a.id = u.id WHEN MATCHED THEN DELETE"
                + " WHEN NOT MATCHED BY TARGET THEN INSERT (id) VALUES (u.id) OUTPUT $action OPTION (RECOMPILE);");
        assertThat(merge.returning().sql()).isEqualTo("$action");
        assertThat(merge.statement().sql()).endsWith("VALUES (u.id)");
        assertThat(merge.behind().sql()).isEqualTo("OPTION (RECOMPILE)");
    }

    @Test
    void semicolons_separate_statements() {
        Script script = (Script) recognize("UPDATE t SET n = 1 WHERE id = 1; DELETE FROM u WHERE id = 2;");
        assertThat(script.parts()).hasSize(2);
    }

    @Test
    void updlock_makes_a_locking_query() {
        LockingRead read = (LockingRead)
                recognize("SELECT TOP (1) id FROM dbo.t AS a WITH (UPDLOCK, READPAST) WHERE n = ? ORDER BY id");
        assertThat(read.tables()).extracting(TableReference::shortName).containsExactly("a");
        assertThat(read.whenHeld()).isEqualTo(WhenHeld.SKIP);
        assertThat(read.limited()).isTrue();
        assertThat(read.from().sql()).isEqualTo("FROM dbo.t AS a WITH (UPDLOCK, READPAST) WHERE n = ?");
        assertThat(recognize("SELECT * FROM t WITH (UPDLOCK) JOIN u ON t.id = u.id"))
                .isInstanceOf(Refused.class);
        assertThat(recognize("SELECT * FROM t WHERE id IN (SELECT id FROM u WITH (XLOCK))"))
                .isInstanceOf(Refused.class);
    }
}
