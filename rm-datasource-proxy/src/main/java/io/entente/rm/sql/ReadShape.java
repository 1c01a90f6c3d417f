package io.entente.rm.sql;

import io.entente.rm.sql.RecognizedSql.LockingRead;
import io.entente.rm.sql.RecognizedSql.PlainRead;
import io.entente.rm.sql.RecognizedSql.WhenHeld;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Queries. A query can write in three ways only, INTO, a nested statement and functions; the tokens show the first two,
 * so that plain queries need no parser and none is refused because the parser does not know its syntax. Functions that
 * write cannot be seen by anybody; the documentation says so.
 */
final class ReadShape {

    private static final Set<String> NOT_LOCKABLE = Set.of(
            "UNION", "INTERSECT", "EXCEPT", "MINUS", "WINDOW", "QUALIFY", "CONNECT", "PIVOT", "UNPIVOT", "MODEL");

    private static final Set<String> AGGREGATES = Set.of(
            "COUNT",
            "SUM",
            "MIN",
            "MAX",
            "AVG",
            "GROUP_CONCAT",
            "STRING_AGG",
            "LISTAGG",
            "ARRAY_AGG",
            "JSON_ARRAYAGG",
            "JSON_OBJECTAGG",
            "BIT_AND",
            "BIT_OR",
            "BIT_XOR",
            "BOOL_AND",
            "BOOL_OR",
            "EVERY",
            "ANY_VALUE",
            "STD",
            "STDDEV",
            "STDDEV_POP",
            "STDDEV_SAMP",
            "VARIANCE",
            "VAR_POP",
            "VAR_SAMP",
            "MEDIAN");

    private static final String LOCK_REMEDY = "lock the rows of one table with a SELECT … FOR UPDATE of its own";

    private ReadShape() {}

    static RecognizedSql recognize(SqlSyntax syntax, ScannedSql sql) throws RefusalException {
        if (DeltaTableShape.fits(syntax, sql)) {
            return DeltaTableShape.recognize(syntax, sql);
        }
        Conditions.requireNoNestedWrite(sql, 0, sql.size());
        requireNoInto(sql);
        if (HintedReadShape.locks(syntax, sql)) {
            return HintedReadShape.recognize(sql);
        }
        int locking = locking(sql);
        return locking < 0 ? new PlainRead() : lockingRead(syntax, sql, locking);
    }

    private static void requireNoInto(ScannedSql sql) throws RefusalException {
        for (Token token : sql.tokens()) {
            if (token.is("INTO")) {
                throw new RefusalException(
                        "SELECT … INTO writes", "create the table outside and fill it with INSERT … SELECT");
            }
        }
    }

    /** Index where the locking clause begins, -1 when the query locks nothing. */
    private static int locking(ScannedSql sql) throws RefusalException {
        int found = -1;
        for (int i = 1; i < sql.size(); i++) {
            boolean locks = sql.are(i, "FOR", "UPDATE")
                    || sql.are(i, "FOR", "NO", "KEY", "UPDATE")
                    || sql.are(i, "FOR", "SHARE")
                    || sql.are(i, "FOR", "KEY", "SHARE")
                    || sql.are(i, "LOCK", "IN", "SHARE", "MODE");
            if (!locks) {
                continue;
            }
            if (found >= 0 || sql.token(i).depth() != 0 || !sql.is(0, "SELECT")) {
                throw new RefusalException(
                        "a locking clause inside a larger query, or a second one, is not supported", LOCK_REMEDY);
            }
            found = i;
        }
        return found;
    }

    private static RecognizedSql lockingRead(SqlSyntax syntax, ScannedSql sql, int locking) throws RefusalException {
        int from = sql.find("FROM", 1);
        while (from > 0 && sql.is(from - 1, "DISTINCT")) {
            from = sql.find("FROM", from + 1);
        }
        if (from < 0 || from > locking) {
            throw new RefusalException("a locking query without a table is not supported", "leave the lock out");
        }
        for (int i = from; i < locking; i++) {
            Token token = sql.token(i);
            if (token.depth() == 0 && token.isWord() && NOT_LOCKABLE.contains(token.upper())) {
                throw new RefusalException("a locking query with " + token.upper() + " is not supported", LOCK_REMEDY);
            }
        }
        if (sql.parameters(locking, sql.size()) > 0) {
            throw new RefusalException("a parameter in the locking clause is not supported", "write the number itself");
        }
        int group = first(sql, from, locking, "GROUP", "HAVING");
        int order = first(sql, from, locking, "ORDER");
        int limit = first(sql, from, locking, "LIMIT", "OFFSET", "FETCH");
        boolean aggregates = group < locking
                || sql.is(1, "DISTINCT")
                || aggregates(sql, from)
                || (syntax.starStandsAlone() && sql.find("*", 1, from) == 1);
        boolean limited = limit < locking || sql.is(1, "TOP");
        if (aggregates && limited) {
            throw new RefusalException(
                    "a locking query that both counts and limits its rows is not supported", LOCK_REMEDY);
        }
        int end = Math.min(Math.min(group, order), limit);
        TableList list = TableList.read(sql, from + 1, Math.min(end, first(sql, from, locking, "WHERE")));
        return new LockingRead(
                sql.fragment(0, from),
                sql.fragment(from, sql.size()),
                sql.fragment(from, end),
                sql.fragment(Math.min(order, limit), locking),
                sql.fragment(locking, sql.size()),
                locked(syntax, sql, list, locking),
                aggregates,
                limited,
                whenHeld(sql, locking));
    }

    /** Index of the first of these words at depth 0, {@code to} when there is none. */
    static int first(ScannedSql sql, int from, int to, String... words) {
        int first = to;
        for (String word : words) {
            int found = sql.find(word, from, first);
            first = found < 0 ? first : found;
        }
        return first;
    }

    static boolean aggregates(ScannedSql sql, int to) {
        for (int i = 1; i < to; i++) {
            boolean call =
                    sql.is(i + 1, "(") && AGGREGATES.contains(sql.token(i).upper());
            // One inside a sub-select counts as well: a second query is never wrong.
            if (call || sql.is(i, "OVER")) {
                return true;
            }
        }
        return false;
    }

    private static List<TableReference> locked(SqlSyntax syntax, ScannedSql sql, TableList list, int locking)
            throws RefusalException {
        int of = sql.find("OF", locking);
        if (of < 0) {
            if (list.derived()) {
                throw new RefusalException(
                        "a locking query with a sub-select or a function in FROM locks rows that cannot be told",
                        "name the tables to lock: FOR UPDATE OF table");
            }
            return list.tables();
        }
        List<TableReference> named = new ArrayList<>();
        for (int i = of + 1; sql.isName(i); i++) {
            int name = i;
            while (sql.is(i + 1, ".") && sql.isName(i + 2)) {
                i += 2;
            }
            // Oracle names columns, as table.column; the last name is then one of a column.
            TableReference table = list.called(sql.text(i, i + 1));
            if (table == null && i > name) {
                table = list.called(sql.text(i - 2, i - 1));
            }
            if (table == null
                    && i == name
                    && syntax == SqlSyntax.ORACLE
                    && list.tables().size() == 1) {
                table = list.tables().get(0);
            }
            if (table == null) {
                throw new RefusalException(
                        "it locks rows of " + sql.text(name, i + 1) + ", which is no table in its FROM", LOCK_REMEDY);
            }
            named.add(table);
            if (!sql.is(i + 1, ",")) {
                break;
            }
            i++;
        }
        return named;
    }

    private static WhenHeld whenHeld(ScannedSql sql, int locking) {
        if (sql.find("NOWAIT", locking) >= 0) {
            return WhenHeld.FAIL;
        }
        return sql.find("SKIP", locking) >= 0 ? WhenHeld.SKIP : WhenHeld.WAIT;
    }
}
