package io.entente.rm.sql;

import io.entente.rm.sql.RecognizedSql.Assignment;
import io.entente.rm.sql.RecognizedSql.KeyedMerge;
import io.entente.rm.sql.RecognizedSql.Merge;
import io.entente.rm.sql.RecognizedSql.MergeActions;
import io.entente.rm.sql.RecognizedSql.Write;
import java.util.ArrayList;
import java.util.List;

/** {@code MERGE INTO t USING s ON … WHEN …}, and H2's {@code MERGE INTO t [(…)] [KEY (…)] VALUES …}. */
final class MergeShape {

    private MergeShape() {}

    /** @param at index of the word MERGE */
    static Write recognize(SqlSyntax syntax, ScannedSql sql, int at) throws RefusalException {
        Conditions.requireNoNestedWrite(sql, at, sql.size());
        int i = sql.is(at + 1, "TOP") ? Clauses.afterTop(sql, at + 1) : at + 1;
        if (sql.is(i, "INTO")) {
            i++;
        }
        TableShape table = TableShape.read(sql, i);
        if (syntax.output() && sql.is(table.next(), "WITH") && sql.is(table.next() + 1, "(")) {
            // The alias stands behind the hints; nothing of ours needs it.
            table = new TableShape(table.reference(), sql.afterGroup(table.next() + 1));
        }
        int using = sql.find("USING", table.next());
        if (using < 0) {
            return keyed(syntax, sql, table);
        }
        int on = sql.find("ON", using);
        int when = whenFrom(sql, on);
        if (on < 0 || when < 0) {
            throw new RefusalException(
                    "this form of MERGE is not supported", "write MERGE INTO table USING … ON … WHEN …");
        }
        int option = syntax.output() ? sql.find("OPTION", when) : -1;
        int end = option < 0 ? sql.size() : option;
        int returning = sql.find(syntax.output() ? "OUTPUT" : "RETURNING", when);
        int statementTo = returning < 0 ? end : returning;
        Fragment returned = Fragment.NONE;
        if (returning >= 0) {
            returned = syntax.output() ? OutputClause.list(sql, returning, end) : sql.fragment(returning + 1, end);
        }
        return new Merge(
                table.reference(),
                sql.fragment(using + 1, on),
                sql.fragment(on + 1, when),
                sql.find("INSERT", when) >= 0,
                updated(syntax, sql, when, statementTo),
                bySource(sql, when),
                syntax == SqlSyntax.ORACLE
                        ? MergeActionsShape.read(sql, using, when)
                        : MergeActions.together(Conditions.isRepeatable(sql, using, when)),
                sql.fragment(0, statementTo),
                returned,
                sql.fragment(end, sql.size()));
    }

    /** Index of the first {@code WHEN [NOT] MATCHED}; the WHEN of a CASE is no such. */
    static int whenFrom(ScannedSql sql, int from) {
        if (from < 0) {
            return -1;
        }
        for (int when = sql.find("WHEN", from); when >= 0; when = sql.find("WHEN", when + 1)) {
            if (sql.is(when + 1, "MATCHED") || sql.are(when + 1, "NOT", "MATCHED")) {
                return when;
            }
        }
        return -1;
    }

    private static boolean bySource(ScannedSql sql, int from) {
        for (int by = sql.find("BY", from); by >= 0; by = sql.find("BY", by + 1)) {
            if (sql.is(by + 1, "SOURCE")) {
                return true;
            }
        }
        return false;
    }

    private static List<String> updated(SqlSyntax syntax, ScannedSql sql, int from, int to) throws RefusalException {
        List<String> columns = new ArrayList<>();
        for (int set = sql.find("SET", from, to); set >= 0; set = sql.find("SET", set + 1, to)) {
            int end = to;
            for (String next : List.of("WHERE", "DELETE")) {
                int found = sql.find(next, set, end);
                end = found < 0 ? end : found;
            }
            int when = whenFrom(sql, set);
            end = when < 0 ? end : Math.min(end, when);
            AssignmentList.read(syntax, sql, set + 1, end).stream()
                    .map(Assignment::column)
                    .forEach(columns::add);
        }
        return columns;
    }

    private static KeyedMerge keyed(SqlSyntax syntax, ScannedSql sql, TableShape table) throws RefusalException {
        if (syntax != SqlSyntax.H2) {
            throw new RefusalException(
                    "this form of MERGE is not supported", "write MERGE INTO table USING … ON … WHEN …");
        }
        InsertShape.Head head = InsertShape.head(sql, table.next());
        int i = head.next();
        List<String> keys = null;
        if (sql.is(i, "KEY") && sql.is(i + 1, "(")) {
            InsertShape.Head list = InsertShape.head(sql, i + 1);
            keys = list.columns();
            i = list.next();
        }
        return new KeyedMerge(
                table.reference(),
                head.columns(),
                keys,
                InsertShape.source(syntax, sql, i, sql.size(), null),
                sql.fragment(0, sql.size()),
                Fragment.NONE);
    }
}
