package io.entente.rm.sql;

import io.entente.rm.sql.RecognizedSql.DeltaTable;
import io.entente.rm.sql.RecognizedSql.Write;
import java.util.Set;

/** H2's {@code SELECT … FROM FINAL TABLE (INSERT …) [[AS] a]}. */
final class DeltaTableShape {

    private static final Set<String> KINDS = Set.of("OLD", "NEW", "FINAL");

    private DeltaTableShape() {}

    static boolean fits(SqlSyntax syntax, ScannedSql sql) {
        int from = sql.find("FROM", 1);
        return syntax == SqlSyntax.H2
                && sql.is(0, "SELECT")
                && from > 0
                && from + 3 < sql.size()
                && KINDS.contains(sql.token(from + 1).upper())
                && sql.is(from + 2, "TABLE")
                && sql.is(from + 3, "(");
    }

    static RecognizedSql recognize(SqlSyntax syntax, ScannedSql sql) throws RefusalException {
        int from = sql.find("FROM", 1);
        int end = sql.afterGroup(from + 3);
        int alias = sql.is(end, "AS") ? end + 1 : end;
        boolean nothingElse = end == sql.size() || (sql.isName(alias) && alias + 1 == sql.size());
        if (!nothingElse || sql.is(1, "DISTINCT") || sql.find("TABLE", end) >= 0) {
            throw new RefusalException(
                    "a query of " + sql.token(from + 1).upper() + " TABLE with more clauses is not supported",
                    "select from " + sql.token(from + 1).upper() + " TABLE (…) alone");
        }
        Conditions.requireNoNestedWrite(sql, 0, from);
        if (!(SqlRecognizer.statement(syntax, sql.part(from + 4, end - 1)) instanceof Write write)) {
            throw new RefusalException(
                    "the change inside the query is not supported", "execute it as a statement of its own");
        }
        return new DeltaTable(sql.fragment(1, from), sql.token(from + 1).upper(), write, sql.fragment(end, sql.size()));
    }
}
