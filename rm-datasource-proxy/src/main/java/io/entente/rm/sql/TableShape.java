package io.entente.rm.sql;

import io.entente.rm.sql.RecognizedSql.TableReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code [schema.]table [[AS] alias]}.
 *
 * @param reference the table
 * @param next index of the first token after it
 */
record TableShape(TableReference reference, int next) {

    private static final Set<String> NOT_AN_ALIAS = Set.of(
            "SET",
            "WHERE",
            "USING",
            "FROM",
            "JOIN",
            "INNER",
            "LEFT",
            "RIGHT",
            "FULL",
            "CROSS",
            "NATURAL",
            "ORDER",
            "GROUP",
            "HAVING",
            "LIMIT",
            "OFFSET",
            "FETCH",
            "RETURNING",
            "PARTITION",
            "FOR",
            "USE",
            "FORCE",
            "IGNORE",
            "WITH",
            "UNION",
            "VALUES",
            "VALUE",
            "SELECT",
            "DEFAULT",
            "OVERRIDING",
            "ON",
            "LOCK",
            "WINDOW");

    static TableShape read(ScannedSql sql, int from) throws RefusalException {
        List<String> parts = new ArrayList<>();
        int i = from;
        while (i < sql.size() && sql.token(i).isName()) {
            parts.add(sql.text(i, i + 1));
            i++;
            if (!sql.is(i, ".")) {
                break;
            }
            i++;
        }
        if (parts.isEmpty() || parts.size() > 2) {
            throw new RefusalException(
                    "the table cannot be read at '" + excerpt(sql, from) + "'",
                    "name one table, at most with its schema");
        }
        if (sql.is(i, "AS") && i + 1 < sql.size() && sql.token(i + 1).isName()) {
            i += 2;
        } else if (i < sql.size()
                && sql.token(i).isName()
                && !NOT_AN_ALIAS.contains(sql.token(i).upper())) {
            i++;
        }
        @Nullable String schema = parts.size() == 2 ? parts.get(0) : null;
        String name = parts.get(parts.size() - 1);
        return new TableShape(new TableReference(schema, name, sql.text(from, i)), i);
    }

    private static String excerpt(ScannedSql sql, int from) {
        return sql.text(from, Math.min(sql.size(), from + 4));
    }
}
