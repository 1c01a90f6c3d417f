package io.entente.rm.sql;

import java.util.Set;

/**
 * The clauses behind the assignments of an UPDATE or the table of a DELETE. Indexes are of tokens.
 *
 * @param valuesTo where the first of them begins
 * @param tablesFrom begin of the tables behind FROM or USING
 * @param tablesTo their end; the same as their begin when there are none
 * @param returning without the word RETURNING
 * @param statementTo end of the statement without RETURNING, or of its part in front of OUTPUT
 * @param behindFrom begin of its part behind OUTPUT
 */
record Clauses(
        int valuesTo,
        int tablesFrom,
        int tablesTo,
        RowSelection rows,
        Fragment returning,
        int statementTo,
        int behindFrom) {

    private static final Set<String> BEGINS =
            Set.of("FROM", "USING", "WHERE", "ORDER", "LIMIT", "OFFSET", "FETCH", "RETURNING");

    private static final Set<String> BEGINS_WITH_OUTPUT = Set.of("FROM", "WHERE", "OUTPUT", "OPTION", "RETURNING");

    private static final Set<String> UNKNOWN = Set.of("OPTION", "PREFERRING", "LOG", "RETURN");

    static Clauses read(SqlSyntax syntax, ScannedSql sql, int from) throws RefusalException {
        Set<String> begins = syntax.output() ? BEGINS_WITH_OUTPUT : BEGINS;
        int valuesTo = next(begins, sql, from);
        int at = valuesTo;
        Fragment output = Fragment.NONE;
        if (syntax.output() && sql.is(at, "OUTPUT")) {
            at = next(begins, sql, valuesTo + 1);
            output = OutputClause.list(sql, valuesTo, at);
        }
        int behindFrom = at;
        int tablesFrom = at;
        int tablesTo = at;
        if (sql.is(at, "FROM") || sql.is(at, "USING")) {
            tablesFrom = at + 1;
            at = endOfTables(begins, sql, tablesFrom);
            tablesTo = at;
        }
        int whereFrom = at;
        int whereTo = at;
        if (sql.is(at, "WHERE")) {
            whereFrom = at + 1;
            at = next(begins, sql, whereFrom);
            whereTo = at;
            if (sql.are(whereFrom, "CURRENT", "OF")) {
                throw new RefusalException("WHERE CURRENT OF means a row that only a cursor knows", Remedies.BY_KEY);
            }
            if (whereTo == whereFrom) {
                throw new RefusalException("the condition behind WHERE is missing", "write the condition, or no WHERE");
            }
        }
        int orderFrom = at;
        if (sql.is(at, "ORDER")) {
            at = next(begins, sql, at + 1);
        }
        int orderTo = at;
        while (sql.is(at, "LIMIT") || sql.is(at, "OFFSET") || sql.is(at, "FETCH")) {
            at = next(begins, sql, at + 1);
        }
        int limitTo = at;
        if (syntax.output() && sql.is(at, "OPTION")) {
            at = sql.size();
        }
        boolean returns = sql.is(at, "RETURNING");
        if (at < sql.size() && !returns) {
            throw new RefusalException("its clause at '" + sql.excerpt(at) + "' is not supported", Remedies.REWRITE);
        }
        if (returns && (syntax.output() || syntax == SqlSyntax.ORACLE || sql.find("INTO", at) > 0)) {
            throw new RefusalException("RETURNING … INTO gives its values to variables", "use getGeneratedKeys()");
        }
        return new Clauses(
                valuesTo,
                tablesFrom,
                tablesTo,
                new RowSelection(
                        sql.fragment(whereFrom, whereTo),
                        sql.fragment(orderFrom, orderTo),
                        sql.fragment(orderTo, limitTo),
                        Conditions.fixed(sql, whereFrom, whereTo),
                        Conditions.bounds(sql, whereFrom, whereTo),
                        Conditions.isRepeatable(sql, tablesFrom, tablesTo)
                                && Conditions.isRepeatable(sql, whereFrom, limitTo)),
                returns ? sql.fragment(at + 1, sql.size()) : output,
                syntax.output() ? valuesTo : at,
                syntax.output() ? behindFrom : sql.size());
    }

    /** The same, of only so many rows as SQL Server's TOP in front of the table says. */
    Clauses top(Fragment top) {
        return top.isEmpty()
                ? this
                : new Clauses(valuesTo, tablesFrom, tablesTo, rows.limitedBy(top), returning, statementTo, behindFrom);
    }

    /** Index of the next clause's first word. */
    private static int next(Set<String> begins, ScannedSql sql, int from) throws RefusalException {
        for (int i = from; i < sql.size(); i++) {
            Token token = sql.token(i);
            if (token.depth() != 0 || !token.isWord() || sql.is(i - 1, ".")) {
                continue;
            }
            if (UNKNOWN.contains(token.upper())
                    && !begins.contains(token.upper())
                    && i > from
                    && !sql.is(i + 1, "=")
                    && !sql.is(i + 1, "(")) {
                throw new RefusalException("its clause at '" + sql.excerpt(i) + "' is not supported", Remedies.REWRITE);
            }
            boolean comparison = token.is("FROM") && sql.is(i - 1, "DISTINCT");
            if (begins.contains(token.upper()) && !comparison) {
                return i;
            }
        }
        return sql.size();
    }

    /** Joins have USING of their own. */
    private static int endOfTables(Set<String> begins, ScannedSql sql, int from) throws RefusalException {
        int end = next(begins, sql, from);
        while (sql.is(end, "USING")) {
            end = next(begins, sql, end + 1);
        }
        return end;
    }

    /** Index behind {@code TOP (n)} or {@code TOP n}. */
    static int afterTop(ScannedSql sql, int top) throws RefusalException {
        int end = sql.is(top + 1, "(") ? sql.afterGroup(top + 1) : top + 2;
        if (sql.is(end, "PERCENT")) {
            throw new RefusalException("TOP with PERCENT is not supported", Remedies.BY_KEY);
        }
        return end;
    }
}
