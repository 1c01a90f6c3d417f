package io.entente.rm.sql;

import io.entente.rm.sql.RecognizedSql.LockingRead;
import io.entente.rm.sql.RecognizedSql.WhenHeld;
import java.util.List;
import java.util.Set;

/** SQL Server's {@code SELECT … FROM t WITH (UPDLOCK) WHERE …}, which locks the rows of a table as FOR UPDATE does elsewhere. */
final class HintedReadShape {

    private static final Set<String> LOCKS = Set.of("UPDLOCK", "XLOCK");

    private static final Set<String> LARGER = Set.of("UNION", "INTERSECT", "EXCEPT", "PIVOT", "UNPIVOT", "FOR");

    private static final String REMEDY = "lock the rows of one table with a SELECT … WITH (UPDLOCK) of its own";

    private HintedReadShape() {}

    static boolean locks(SqlSyntax syntax, ScannedSql sql) {
        return syntax == SqlSyntax.SQLSERVER
                && sql.tokens().stream().anyMatch(token -> LOCKS.contains(token.upper()) && token.isWord());
    }

    static LockingRead recognize(ScannedSql sql) throws RefusalException {
        int from = sql.find("FROM", 1);
        if (!sql.is(0, "SELECT") || from < 0) {
            throw new RefusalException("a query with UPDLOCK that is no plain SELECT is not supported", REMEDY);
        }
        for (String word : LARGER) {
            if (sql.find(word, from) >= 0) {
                throw new RefusalException("a query with UPDLOCK and " + word + " is not supported", REMEDY);
            }
        }
        int end = sql.size();
        int where = ReadShape.first(sql, from, end, "WHERE");
        int group = ReadShape.first(sql, from, end, "GROUP", "HAVING");
        int order = ReadShape.first(sql, from, end, "ORDER", "OPTION");
        int tablesTo = Math.min(Math.min(where, group), order);
        requireNoOtherHint(sql, from, tablesTo);
        TableList list = TableList.read(sql, from + 1, tablesTo);
        if (list.tables().size() != 1 || list.derived()) {
            throw new RefusalException("a query with UPDLOCK of several tables is not supported", REMEDY);
        }
        boolean aggregates = group < end || sql.is(1, "DISTINCT") || ReadShape.aggregates(sql, from);
        boolean limited = sql.is(1, "TOP") || sql.find("OFFSET", from) >= 0;
        if (aggregates && limited) {
            throw new RefusalException("a locking query that both counts and limits its rows is not supported", REMEDY);
        }
        return new LockingRead(
                sql.fragment(0, from),
                sql.fragment(from, end),
                sql.fragment(from, Math.min(group, order)),
                sql.fragment(order, end),
                Fragment.NONE,
                List.copyOf(list.tables()),
                aggregates,
                limited,
                whenHeld(sql));
    }

    private static void requireNoOtherHint(ScannedSql sql, int from, int tablesTo) throws RefusalException {
        for (int i = 1; i < sql.size(); i++) {
            if (LOCKS.contains(sql.token(i).upper()) && (i < from || i > tablesTo)) {
                throw new RefusalException("UPDLOCK inside a sub-select is not supported", REMEDY);
            }
        }
    }

    private static WhenHeld whenHeld(ScannedSql sql) {
        boolean skips = sql.tokens().stream().anyMatch(token -> token.is("READPAST"));
        boolean fails = sql.tokens().stream().anyMatch(token -> token.is("NOWAIT"));
        return fails ? WhenHeld.FAIL : skips ? WhenHeld.SKIP : WhenHeld.WAIT;
    }
}
