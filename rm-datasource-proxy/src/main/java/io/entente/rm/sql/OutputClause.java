package io.entente.rm.sql;

import java.util.Set;

/** SQL Server's {@code OUTPUT inserted.id, deleted.n}, which stands in front of what the rows come from. */
final class OutputClause {

    private static final Set<String> BEGINS_ROWS = Set.of("VALUES", "SELECT", "WITH", "DEFAULT", "EXEC", "EXECUTE");

    private OutputClause() {}

    /**
     * What stands behind the word OUTPUT.
     *
     * @param from index of that word
     */
    static Fragment list(ScannedSql sql, int from, int to) throws RefusalException {
        if (sql.find("INTO", from, to) >= 0) {
            throw new RefusalException(
                    "OUTPUT … INTO writes into another table or a variable",
                    "leave INTO out: the statement then returns the rows");
        }
        return sql.fragment(from + 1, to);
    }

    /** Index behind an OUTPUT of an INSERT; the index given when there is none. */
    static int endOfInserts(ScannedSql sql, int at) {
        if (!sql.is(at, "OUTPUT")) {
            return at;
        }
        int end = at + 1;
        while (end < sql.size()
                && !(sql.token(end).depth() == 0
                        && BEGINS_ROWS.contains(sql.token(end).upper()))) {
            end++;
        }
        return end;
    }
}
