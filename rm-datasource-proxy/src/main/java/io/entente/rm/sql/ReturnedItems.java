package io.entente.rm.sql;

import io.entente.rm.sql.RecognizedSql.ReturnedItem;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads {@code RETURNING [WITH (OLD AS o, NEW AS n)] a, b + 1 AS c, *}. */
final class ReturnedItems {

    private ReturnedItems() {}

    /** The items of the statement's RETURNING; empty without one. */
    static List<ReturnedItem> read(ScannedSql sql) {
        List<ReturnedItem> items = new ArrayList<>();
        int returning = sql.find("RETURNING", 1);
        if (returning < 0) {
            return items;
        }
        int start = returning + 1;
        if (sql.is(start, "WITH") && sql.is(start + 1, "(")) {
            start = sql.afterGroup(start + 1);
        }
        for (int i = start; i <= sql.size(); i++) {
            if (i == sql.size() || (sql.is(i, ",") && sql.token(i).depth() == 0)) {
                if (i > start) {
                    items.add(item(sql, start, i));
                }
                start = i + 1;
            }
        }
        return items;
    }

    private static ReturnedItem item(ScannedSql sql, int from, int to) {
        if (sql.is(to - 1, "*") && (to == from + 1 || (to == from + 3 && sql.is(from + 1, ".")))) {
            return new ReturnedItem(sql.fragment(from, to), null, true);
        }
        boolean alias = to - from > 1 && sql.isName(to - 1) && !sql.is(to - 2, ".");
        if (alias && sql.is(to - 2, "AS")) {
            return new ReturnedItem(sql.fragment(from, to - 2), sql.text(to - 1, to), false);
        }
        if (alias && endsOperand(sql.token(to - 2))) {
            return new ReturnedItem(sql.fragment(from, to - 1), sql.text(to - 1, to), false);
        }
        boolean column = sql.isName(to - 1) && (to == from + 1 || (to == from + 3 && sql.is(from + 1, ".")));
        @Nullable String name = column ? sql.text(to - 1, to) : null;
        return new ReturnedItem(sql.fragment(from, to), name, false);
    }

    /** Two operands never stand side by side, so the second one is an alias. */
    private static boolean endsOperand(Token token) {
        return token.is(")")
                || token.kind() == Token.Kind.NUMBER
                || token.kind() == Token.Kind.STRING
                || token.kind() == Token.Kind.QUOTED_NAME
                || (token.isWord() && !token.is("NOT") && !token.is("AND") && !token.is("OR"));
    }
}
