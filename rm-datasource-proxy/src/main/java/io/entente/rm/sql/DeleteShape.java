package io.entente.rm.sql;

import io.entente.rm.sql.RecognizedSql.Delete;
import java.util.Set;

/** {@code DELETE FROM t [[AS] a] [WHERE …]} and nothing more. */
final class DeleteShape {

    private static final Set<String> TOO_MUCH = Set.of(
            "FROM",
            "JOIN",
            "USING",
            "ORDER",
            "LIMIT",
            "OFFSET",
            "FETCH",
            "RETURNING",
            "OUTPUT",
            "OPTION",
            "PREFERRING",
            "FOR",
            "WHERE",
            "CURRENT");

    private DeleteShape() {}

    static RecognizedSql recognize(ScannedSql sql) throws RefusalException {
        if (!sql.is(1, "FROM") || sql.is(2, "ONLY")) {
            throw new RefusalException("this form of DELETE is not supported", "write DELETE FROM table WHERE …");
        }
        Conditions.requireNoNestedWrite(sql);
        TableShape table = TableShape.read(sql, 2);
        int where = table.next();
        if (where < sql.size() && !sql.is(where, "WHERE")) {
            Conditions.requireNone(sql, where, sql.size(), TOO_MUCH, "DELETE");
            throw new RefusalException("a DELETE from several tables is not supported", Remedies.BY_KEY);
        }
        Conditions.requireNone(sql, where + 1, sql.size(), TOO_MUCH, "DELETE");
        Conditions.requireRepeatable(sql, where, sql.size());
        var parsed = ParsedSql.parse(sql, net.sf.jsqlparser.statement.delete.Delete.class);
        boolean plain = (parsed.getTables() == null || parsed.getTables().isEmpty())
                && (parsed.getUsingFromItemList() == null
                        || parsed.getUsingFromItemList().isEmpty())
                && (parsed.getJoins() == null || parsed.getJoins().isEmpty())
                && parsed.getOrderByElements() == null
                && parsed.getLimit() == null
                && parsed.getReturningClause() == null
                && parsed.getOutputClause() == null
                && parsed.getWithItemsList() == null
                && parsed.getModifierPriority() == null
                && !parsed.isModifierIgnore()
                && !parsed.isModifierQuick();
        ParsedSql.require(plain, "this form of DELETE is not supported", Remedies.REWRITE);
        ParsedSql.require(
                (parsed.getWhere() != null) == (where < sql.size()),
                "the condition of the DELETE is ambiguous",
                Remedies.REWRITE);
        ParsedSql.requireSameTable(table.reference(), parsed.getTable());
        return new Delete(table.reference(), sql.fragment(where, sql.size()));
    }
}
