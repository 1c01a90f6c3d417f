package io.entente.rm.sql;

import io.entente.rm.sql.RecognizedSql.Delete;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code [WITH …] DELETE FROM t [[AS] a] [USING …] [WHERE …] [ORDER BY …] [LIMIT …] [RETURNING …]}, MySQL's
 * {@code DELETE a, b FROM a JOIN b …} and {@code DELETE FROM a, b USING …}, and SQL Server's {@code DELETE a FROM t a JOIN …}.
 */
final class DeleteShape {

    private DeleteShape() {}

    /**
     * @param at index of the word DELETE
     * @param with what stands before it
     */
    static Delete recognize(SqlSyntax syntax, ScannedSql sql, int at, Fragment with) throws RefusalException {
        Conditions.requireNoNestedWrite(sql, at, sql.size());
        int first = at + 1;
        while (sql.is(first, "LOW_PRIORITY") || sql.is(first, "QUICK") || sql.is(first, "IGNORE")) {
            first++;
        }
        String verb = sql.text(at, first);
        Fragment top = Fragment.NONE;
        if (sql.is(first, "TOP")) {
            int end = Clauses.afterTop(sql, first);
            top = sql.fragment(first, end);
            first = end;
        }
        boolean fromFirst = sql.is(first, "FROM");
        int names = fromFirst ? first + 1 : first;
        if (!sql.isName(names)) {
            throw new RefusalException("this form of DELETE is not supported", "write DELETE FROM table WHERE …");
        }
        List<String> targets = new ArrayList<>();
        int afterNames = targets(sql, names, targets);
        boolean multi = syntax == SqlSyntax.MYSQL && sql.is(afterNames, fromFirst ? "USING" : "FROM");
        Delete delete = multi
                ? ofNamed(syntax, sql, with, verb, targets, afterNames)
                : ofOne(syntax, sql, with, verb, names, top);
        ParsedSql.agreeOn(delete, sql, at);
        return delete;
    }

    /** Reads {@code a, s.b, c.*}. */
    private static int targets(ScannedSql sql, int from, List<String> targets) {
        int i = from;
        while (sql.isName(i)) {
            int name = i;
            while (sql.is(i + 1, ".") && (sql.isName(i + 2) || sql.is(i + 2, "*"))) {
                i += 2;
            }
            targets.add(sql.is(i, "*") ? sql.text(name, i - 1) : sql.text(name, i + 1));
            i++;
            if (!sql.is(i, ",")) {
                break;
            }
            i++;
        }
        return i;
    }

    private static Delete ofNamed(
            SqlSyntax syntax, ScannedSql sql, Fragment with, String verb, List<String> targets, int beforeTables)
            throws RefusalException {
        Clauses clauses = Clauses.read(syntax, sql, beforeTables);
        TableList tables = TableList.read(sql, clauses.tablesFrom(), clauses.tablesTo());
        if (tables.tables().isEmpty()) {
            throw new RefusalException("this form of DELETE names no table", "write DELETE FROM table WHERE …");
        }
        return new Delete(
                with,
                verb,
                targets,
                tables.tables(),
                sql.fragment(clauses.tablesFrom(), clauses.tablesTo()),
                Fragment.NONE,
                clauses.rows(),
                true,
                sql.fragment(0, clauses.statementTo()),
                clauses.returning(),
                sql.fragment(clauses.behindFrom(), sql.size()));
    }

    private static Delete ofOne(SqlSyntax syntax, ScannedSql sql, Fragment with, String verb, int names, Fragment top)
            throws RefusalException {
        TableShape table = TableShape.read(sql, names);
        Clauses clauses = Clauses.read(syntax, sql, table.next()).top(top);
        if (clauses.valuesTo() != table.next()) {
            // Of SQL Server's hints WITH (…), and Oracle's PARTITION (…).
            boolean more = sql.is(table.next(), "PARTITION") || (syntax.output() && sql.is(table.next(), "WITH"));
            if (!more || sql.afterGroup(table.next() + 1) != clauses.valuesTo()) {
                throw new RefusalException(
                        "this form of DELETE is not supported, at '" + sql.excerpt(table.next()) + "'",
                        "write DELETE FROM table WHERE …");
            }
        }
        TableList read = TableList.read(sql, clauses.tablesFrom(), clauses.tablesTo());
        List<TableReference> all = new ArrayList<>();
        @Nullable
        TableReference aliased =
                syntax == SqlSyntax.SQLSERVER && table.reference().schema() == null
                        ? read.called(table.reference().name())
                        : null;
        all.add(aliased == null ? table.reference() : aliased);
        all.addAll(read.tables());
        return new Delete(
                with,
                verb,
                List.of(),
                all.stream().distinct().toList(),
                sql.fragment(names, clauses.valuesTo()),
                sql.fragment(clauses.tablesFrom(), clauses.tablesTo()),
                clauses.rows(),
                clauses.tablesTo() > clauses.tablesFrom(),
                sql.fragment(0, clauses.statementTo()),
                clauses.returning(),
                sql.fragment(clauses.behindFrom(), sql.size()));
    }
}
