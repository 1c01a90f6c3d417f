package io.entente.rm.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code [ONLY] [schema.]table [[AS] alias]}.
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
            "STRAIGHT_JOIN",
            "OUTER",
            "LATERAL",
            "ORDER",
            "GROUP",
            "HAVING",
            "LIMIT",
            "OFFSET",
            "FETCH",
            "RETURNING",
            "OUTPUT",
            "OPTION",
            "PARTITION",
            "TABLESAMPLE",
            "FOR",
            "USE",
            "FORCE",
            "IGNORE",
            "WITH",
            "UNION",
            "INTERSECT",
            "EXCEPT",
            "MINUS",
            "VALUES",
            "VALUE",
            "SELECT",
            "DIRECT",
            "SORTED",
            "TABLE",
            "DEFAULT",
            "OVERRIDING",
            "KEY",
            "ON",
            "WHEN",
            "LOCK",
            "WINDOW",
            "CONNECT",
            "START");

    static TableShape read(ScannedSql sql, int from) throws RefusalException {
        int start = sql.is(from, "ONLY") && sql.isName(from + 1) ? from + 1 : from;
        List<String> parts = new ArrayList<>();
        int i = start;
        while (sql.isName(i)) {
            parts.add(sql.text(i, i + 1));
            i++;
            if (!sql.is(i, ".")) {
                break;
            }
            i++;
        }
        if (sql.is(i, "@")) {
            throw new RefusalException(
                    "the table is in another database, at '" + sql.excerpt(from) + "'",
                    "write to it through a data source of its own");
        }
        if (parts.isEmpty() || parts.size() > 2 || sql.is(i - 1, ".")) {
            throw new RefusalException(
                    "the table cannot be read at '" + sql.excerpt(from) + "'",
                    "name one table, at most with its schema");
        }
        @Nullable String alias = null;
        if (sql.is(i, "AS") && sql.isName(i + 1)) {
            alias = sql.text(i + 1, i + 2);
            i += 2;
        } else if (sql.isName(i) && !NOT_AN_ALIAS.contains(sql.token(i).upper())) {
            alias = sql.text(i, i + 1);
            i++;
        }
        @Nullable String schema = parts.size() == 2 ? parts.get(0) : null;
        String name = parts.get(parts.size() - 1);
        return new TableShape(new TableReference(schema, name, alias, sql.text(from, i)), i);
    }
}
