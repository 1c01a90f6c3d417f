package io.entente.rm.sql;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the tables of a FROM clause: {@code a [x] JOIN b ON …, c}.
 *
 * @param tables the base tables, in order
 * @param derived whether there are sub-selects or functions among them
 */
record TableList(List<TableReference> tables, boolean derived) {

    TableList {
        tables = List.copyOf(tables);
    }

    static TableList read(ScannedSql sql, int from, int to) throws RefusalException {
        List<TableReference> tables = new ArrayList<>();
        boolean derived = false;
        boolean factor = true;
        for (int i = from; i < to; i++) {
            Token token = sql.token(i);
            if (factor) {
                if (isDerived(sql, i)) {
                    derived = true;
                } else {
                    TableShape table = TableShape.read(sql, i);
                    tables.add(table.reference());
                    i = table.next() - 1;
                }
                factor = false;
            } else if (token.depth() == 0) {
                boolean hint = sql.is(i - 1, "FOR");
                factor = token.is(",") || token.is("STRAIGHT_JOIN") || (token.is("JOIN") && !hint) || token.is("APPLY");
            }
        }
        return new TableList(tables, derived);
    }

    private static boolean isDerived(ScannedSql sql, int at) throws RefusalException {
        if (sql.is(at, "LATERAL")) {
            return true;
        }
        if (sql.is(at, "(")) {
            boolean query = sql.is(at + 1, "SELECT")
                    || sql.is(at + 1, "VALUES")
                    || sql.is(at + 1, "WITH")
                    || sql.is(at + 1, "TABLE")
                    || sql.is(at + 1, "(");
            if (!query) {
                throw new RefusalException(
                        "its tables stand in parentheses, at '" + sql.excerpt(at) + "'",
                        "write the joins without parentheses");
            }
            return true;
        }
        return sql.isName(at)
                && (sql.is(at + 1, "(") || (sql.is(at + 1, ".") && sql.isName(at + 2) && sql.is(at + 3, "(")));
    }

    /** The table that is called so; null when there is none. */
    @Nullable
    TableReference called(String name) {
        return TableReference.called(tables, name);
    }
}
