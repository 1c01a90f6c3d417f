package io.entente.rm.sql;

import io.entente.rm.sql.RecognizedSql.PlainRead;
import io.entente.rm.sql.RecognizedSql.SelectForUpdate;
import java.util.Set;
import net.sf.jsqlparser.statement.select.PlainSelect;
import net.sf.jsqlparser.statement.select.Select;

/**
 * Queries. A query can write in three ways only, INTO, a nested statement and functions; the tokens show the first two,
 * so that plain queries need no parser and none is refused because the parser does not know its syntax. Functions that
 * write cannot be seen by anybody; the documentation says so.
 */
final class ReadShape {

    private static final Set<String> WRITES_AFTER_WITH =
            Set.of("INSERT", "UPDATE", "DELETE", "MERGE", "REPLACE", "TRUNCATE");

    private static final Set<String> TOO_MUCH_FOR_LOCKING = Set.of(
            "JOIN",
            "GROUP",
            "HAVING",
            "UNION",
            "INTERSECT",
            "EXCEPT",
            "MINUS",
            "LIMIT",
            "OFFSET",
            "FETCH",
            "WINDOW",
            "QUALIFY",
            "TOP");

    private ReadShape() {}

    static RecognizedSql recognize(ScannedSql sql) throws RefusalException {
        Conditions.requireNoNestedWrite(sql);
        requireNoInto(sql);
        int locking = locking(sql);
        if (sql.is(0, "WITH")) {
            requireNoWriteAfterWith(sql);
        }
        return locking < 0 ? new PlainRead() : selectForUpdate(sql, locking);
    }

    private static void requireNoInto(ScannedSql sql) throws RefusalException {
        for (Token token : sql.tokens()) {
            if (token.is("INTO")) {
                throw new RefusalException(
                        "SELECT … INTO writes", "create the table outside and fill it with INSERT … VALUES");
            }
        }
    }

    private static void requireNoWriteAfterWith(ScannedSql sql) throws RefusalException {
        for (int i = 1; i < sql.size(); i++) {
            Token token = sql.token(i);
            boolean write = token.depth() == 0
                    && token.kind() == Token.Kind.WORD
                    && WRITES_AFTER_WITH.contains(token.upper())
                    && !sql.is(i + 1, "(")
                    && !sql.is(i + 1, ".")
                    && !sql.is(i - 1, ".");
            boolean lockingClause = token.is("UPDATE") && (sql.is(i - 1, "FOR") || sql.is(i - 1, "KEY"));
            if (write && !lockingClause) {
                throw new RefusalException(
                        "WITH … " + token.upper() + " is not supported",
                        "select first and then use a plain " + token.upper());
            }
        }
    }

    /** Index of the FOR of a locking clause, -1 when the query locks nothing. */
    private static int locking(ScannedSql sql) throws RefusalException {
        int found = -1;
        for (int i = 1; i < sql.size(); i++) {
            if (sql.is(i, "LOCK") && sql.is(i + 1, "IN") && sql.is(i + 2, "SHARE")) {
                throw shared("LOCK IN SHARE MODE");
            }
            if (!sql.is(i, "FOR")) {
                continue;
            }
            boolean share = sql.is(i + 1, "SHARE") || (sql.is(i + 1, "KEY") && sql.is(i + 2, "SHARE"));
            if (share) {
                throw shared("FOR SHARE");
            }
            boolean update =
                    sql.is(i + 1, "UPDATE") || (sql.is(i + 1, "NO") && sql.is(i + 2, "KEY") && sql.is(i + 3, "UPDATE"));
            if (update && (found >= 0 || sql.token(i).depth() != 0 || !sql.is(0, "SELECT"))) {
                throw new RefusalException(
                        "FOR UPDATE inside a larger query is not supported",
                        "lock the rows of one table with a SELECT … FOR UPDATE of its own");
            }
            if (update) {
                found = i;
            }
        }
        return found;
    }

    private static RefusalException shared(String clause) {
        return new RefusalException(
                clause + " locks rows in a way that global row locks do not know",
                "use FOR UPDATE, or read without a lock");
    }

    private static RecognizedSql selectForUpdate(ScannedSql sql, int locking) throws RefusalException {
        int from = sql.find("FROM", 1);
        while (from > 0 && sql.is(from - 1, "DISTINCT")) {
            from = sql.find("FROM", from + 1);
        }
        if (from < 0 || from > locking) {
            throw new RefusalException("SELECT … FOR UPDATE without a table is not supported", "leave FOR UPDATE out");
        }
        TableShape table = TableShape.read(sql, from + 1);
        int next = table.next();
        if (!sql.is(next, "WHERE") && !sql.is(next, "ORDER") && next != locking) {
            throw new RefusalException(
                    "SELECT … FOR UPDATE with " + sql.text(next, next + 1) + " is not supported",
                    "lock the rows of one table with a SELECT … FOR UPDATE of its own");
        }
        Conditions.requireNone(sql, next, sql.size(), TOO_MUCH_FOR_LOCKING, "SELECT … FOR UPDATE");
        int order = sql.find("ORDER", next);
        int end = order >= 0 && order < locking ? order : locking;
        Conditions.requireRepeatable(sql, next, end);
        var parsed = ParsedSql.parse(sql, Select.class);
        ParsedSql.require(
                parsed instanceof PlainSelect select
                        && select.getFromItem() instanceof net.sf.jsqlparser.schema.Table
                        && (select.getJoins() == null || select.getJoins().isEmpty())
                        && (select.getWhere() != null) == sql.is(next, "WHERE")
                        && select.getForMode() != null,
                "this form of SELECT … FOR UPDATE is not supported",
                "lock the rows of one table with a SELECT … FOR UPDATE of its own");
        String lockingClause = sql.text(locking, sql.size());
        if (sql.parameters(locking, sql.size()) > 0) {
            throw new RefusalException("a parameter after FOR UPDATE is not supported", "write the number itself");
        }
        return new SelectForUpdate(table.reference(), sql.fragment(from, end), lockingClause);
    }
}
