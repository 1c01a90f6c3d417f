package io.entente.rm.sql;

import io.entente.rm.sql.RecognizedSql.Insert;
import io.entente.rm.sql.RecognizedSql.OnConflict;
import io.entente.rm.sql.RecognizedSql.Source;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Oracle's {@code INSERT ALL INTO t (…) VALUES (…) INTO t (…) VALUES (…) SELECT … FROM dual}, into one table. */
final class InsertAllShape {

    private static final String REMEDY = "insert with INSERT INTO table (…) SELECT …, or row by row in a batch";

    private InsertAllShape() {}

    /** @param at index of the word ALL or FIRST */
    static Insert recognize(SqlSyntax syntax, ScannedSql sql, int at) throws RefusalException {
        if (syntax != SqlSyntax.ORACLE || !sql.is(at, "ALL") || !sql.is(at + 1, "INTO")) {
            throw new RefusalException("this form of INSERT " + sql.token(at).upper() + " is not supported", REMEDY);
        }
        @Nullable TableReference table = null;
        @Nullable List<String> columns = null;
        List<List<SqlValue>> rows = new ArrayList<>();
        int i = at + 1;
        while (sql.is(i, "INTO")) {
            TableShape next = TableShape.read(sql, i + 1);
            InsertShape.Head head = InsertShape.head(sql, next.next());
            boolean same = table == null
                    || (table.equals(next.reference()) && java.util.Objects.equals(columns, head.columns()));
            if (!same || !sql.is(head.next(), "VALUES") || !sql.is(head.next() + 1, "(")) {
                throw new RefusalException(
                        "INSERT ALL into several tables or lists of columns is not supported", REMEDY);
            }
            table = next.reference();
            columns = head.columns();
            int end = sql.afterGroup(head.next() + 1);
            rows.addAll(((Source.Values) InsertShape.source(syntax, sql, head.next(), end, null)).rows());
            i = end;
        }
        boolean once = sql.is(i, "SELECT") && sql.find("DUAL", i) == sql.size() - 1 && sql.is(sql.size() - 2, "FROM");
        if (table == null || !once) {
            throw new RefusalException("INSERT ALL from another query than one of DUAL is not supported", REMEDY);
        }
        return new Insert(
                table,
                columns,
                new Source.Values(rows),
                new OnConflict.Fail(),
                sql.fragment(0, sql.size()),
                Fragment.NONE,
                Fragment.NONE);
    }
}
