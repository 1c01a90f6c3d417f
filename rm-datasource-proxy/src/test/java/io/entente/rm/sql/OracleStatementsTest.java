package io.entente.rm.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.entente.rm.sql.RecognizedSql.Insert;
import io.entente.rm.sql.RecognizedSql.LockingRead;
import io.entente.rm.sql.RecognizedSql.Merge;
import io.entente.rm.sql.RecognizedSql.PlainRead;
import io.entente.rm.sql.RecognizedSql.Refused;
import io.entente.rm.sql.RecognizedSql.Update;
import io.entente.rm.sql.RecognizedSql.WhenHeld;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What only Oracle writes so. */
class OracleStatementsTest {

    private static RecognizedSql recognize(String sql) {
        return new SqlRecognizer(SqlSyntax.ORACLE).recognize(sql).statement();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE t SET n = 1 WHERE id = 1 RETURNING n INTO ?",
                "DELETE FROM t WHERE id = 1 RETURN n INTO ?",
                "INSERT INTO t (id) VALUES (1) RETURNING id INTO ?",
                "UPDATE (SELECT * FROM t) SET n = 1",
                "UPDATE t@remote SET n = 1 WHERE id = 1",
                "UPDATE a.b.t SET n = 1 WHERE id = 1",
                "UPDATE t SET n = :n WHERE id = 1",
                "INSERT FIRST WHEN 1 = 1 THEN INTO t (id) VALUES (1) SELECT 1 FROM DUAL",
                "INSERT ALL INTO t (id) VALUES (1) INTO u (id) VALUES (2) SELECT 1 FROM DUAL",
                "DELETE FROM t WHERE id = 1 LOG ERRORS",
                "MERGE INTO t USING s ON (t.id = s.id) WHEN NOT MATCHED THEN INSERT (id) VALUES (s.id) LOG ERRORS",
                "BEGIN UPDATE t SET n = 1; END;",
                "DECLARE x NUMBER; BEGIN NULL; END;",
                "CALL p()",
                "ALTER SESSION SET CURRENT_SCHEMA = app",
                "LOCK TABLE t IN EXCLUSIVE MODE",
            })
    void what_cannot_be_undone_is_refused(String sql) {
        assertThat(recognize(sql)).as(sql).isInstanceOf(Refused.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT a.x, b.y FROM a, b WHERE a.id = b.id (+)",
                "SELECT seq.NEXTVAL FROM DUAL",
                "SELECT * FROM t AS OF TIMESTAMP SYSTIMESTAMP WHERE id = 1",
                "SELECT /*+ FIRST_ROWS(10) */ * FROM t WHERE name = q'[it's; so]'",
                "SELECT * FROM t START WITH id = 1 CONNECT BY PRIOR id = parent",
            })
    void what_only_reads_passes(String sql) {
        assertThat(recognize(sql)).as(sql).isEqualTo(new PlainRead());
    }

    @Test
    void a_name_may_have_a_hash_in_it() {
        Update update = (Update) recognize("UPDATE order# SET item#1 = 2 WHERE no# = ?");
        assertThat(update.table().name()).isEqualTo("order#");
        assertThat(update.assignments().get(0).column()).isEqualTo("item#1");
        assertThat(update.rows().fixedColumns()).containsExactly("no#");
    }

    @Test
    void a_merge_is_divided_into_its_actions() {
        Merge merge = (Merge) recognize("MERGE INTO t a USING (SELECT ? AS id FROM DUAL) s ON (a.id = s.id)"
                + " WHEN MATCHED THEN UPDATE SET a.n = ? WHERE a.n < 5"
                + " WHEN NOT MATCHED THEN INSERT (a.id, n) VALUES (s.id, NVL(?, 1)) WHERE s.id > 0");
        assertThat(merge.actions().matched())
                .isEqualTo(new Fragment("WHEN MATCHED THEN UPDATE SET a.n = ? WHERE a.n < 5", 2, 1));
        assertThat(merge.actions().columns()).containsExactly("id", "n");
        assertThat(merge.actions().values())
                .containsExactly(new Fragment("s.id", 3, 0), new Fragment("NVL(?, 1)", 3, 1));
        assertThat(merge.actions().condition().sql()).isEqualTo("s.id > 0");
        assertThat(merge.updated()).containsExactly("n");
    }

    @Test
    void a_locking_query_names_a_column_and_says_how_long_it_waits() {
        LockingRead read = (LockingRead) recognize("SELECT id FROM stock s WHERE id = ? FOR UPDATE OF amount WAIT 5");
        assertThat(read.tables()).extracting(TableReference::name).containsExactly("stock");
        assertThat(read.whenHeld()).isEqualTo(WhenHeld.WAIT);
        assertThat(((LockingRead) recognize("SELECT id FROM t FOR UPDATE SKIP LOCKED")).whenHeld())
                .isEqualTo(WhenHeld.SKIP);
        assertThat(((LockingRead) recognize("SELECT * FROM t FOR UPDATE")).aggregates())
                .isTrue();
        assertThat(((LockingRead) recognize("SELECT t.* FROM t FOR UPDATE")).aggregates())
                .isFalse();
    }

    @Test
    void insert_all_into_one_table_is_an_insert_of_its_rows() {
        Insert insert = (Insert) recognize("INSERT ALL INTO t (a) VALUES (1) INTO t (a) VALUES (?) SELECT 1 FROM DUAL");
        assertThat(((RecognizedSql.Source.Values) insert.source()).rows()).hasSize(2);
    }
}
