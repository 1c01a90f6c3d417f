package io.entente.rm.sql;

import io.entente.rm.sql.RecognizedSql.TableReference;
import io.entente.rm.sql.RecognizedSql.Update;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import net.sf.jsqlparser.schema.Column;
import net.sf.jsqlparser.schema.Table;
import net.sf.jsqlparser.statement.update.UpdateSet;

/** {@code UPDATE t [[AS] a] SET … [WHERE …]} and nothing more. */
final class UpdateShape {

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

    private UpdateShape() {}

    static RecognizedSql recognize(ScannedSql sql) throws RefusalException {
        requireNoModifier(sql);
        Conditions.requireNoNestedWrite(sql);
        TableShape table = TableShape.read(sql, 1);
        int set = table.next();
        if (!sql.is(set, "SET")) {
            throw new RefusalException("an UPDATE of several tables is not supported", Remedies.BY_KEY);
        }
        int where = sql.find("WHERE", set);
        int end = where < 0 ? sql.size() : where;
        Conditions.requireNone(sql, set + 1, end, TOO_MUCH, "UPDATE");
        Conditions.requireNone(sql, end + 1, sql.size(), TOO_MUCH, "UPDATE");
        Conditions.requireRepeatable(sql, end, sql.size());
        var parsed = ParsedSql.parse(sql, net.sf.jsqlparser.statement.update.Update.class);
        requirePlain(parsed, where >= 0);
        ParsedSql.requireSameTable(table.reference(), parsed.getTable());
        return new Update(table.reference(), columns(parsed, table.reference()), sql.fragment(end, sql.size()));
    }

    private static void requireNoModifier(ScannedSql sql) throws RefusalException {
        if (sql.is(1, "IGNORE")) {
            throw new RefusalException("UPDATE IGNORE changes some rows and silently not others", "leave IGNORE out");
        }
        if (sql.is(1, "ONLY") || sql.is(1, "LOW_PRIORITY")) {
            String modifier = sql.token(1).upper();
            throw new RefusalException("UPDATE " + modifier + " is not supported", "leave " + modifier + " out");
        }
    }

    private static void requirePlain(net.sf.jsqlparser.statement.update.Update parsed, boolean where)
            throws RefusalException {
        boolean oneTable = parsed.getFromItem() == null
                && (parsed.getJoins() == null || parsed.getJoins().isEmpty())
                && (parsed.getStartJoins() == null || parsed.getStartJoins().isEmpty());
        ParsedSql.require(oneTable, "an UPDATE of several tables is not supported", Remedies.BY_KEY);
        boolean nothingElse = parsed.getOrderByElements() == null
                && parsed.getLimit() == null
                && parsed.getReturningClause() == null
                && parsed.getOutputClause() == null
                && parsed.getOption() == null
                && parsed.getWithItemsList() == null
                && parsed.getModifierPriority() == null
                && !parsed.isModifierIgnore();
        ParsedSql.require(nothingElse, "this form of UPDATE is not supported", Remedies.REWRITE);
        ParsedSql.require(
                (parsed.getWhere() != null) == where, "the condition of the UPDATE is ambiguous", Remedies.REWRITE);
    }

    private static List<String> columns(net.sf.jsqlparser.statement.update.Update parsed, TableReference table)
            throws RefusalException {
        List<String> columns = new ArrayList<>();
        for (UpdateSet set : parsed.getUpdateSets()) {
            for (Column column : set.getColumns()) {
                requireOwnColumn(column, parsed.getTable(), table);
                columns.add(column.getColumnName());
            }
        }
        return columns;
    }

    private static void requireOwnColumn(Column column, Table parsedTable, TableReference table)
            throws RefusalException {
        Table qualifier = column.getTable();
        if (qualifier == null || qualifier.getName() == null) {
            return;
        }
        boolean alias = parsedTable.getAlias() != null
                && qualifier.getName().equalsIgnoreCase(parsedTable.getAlias().getName());
        if (!alias && !qualifier.getName().equalsIgnoreCase(table.name())) {
            // PostgreSQL: a field of a composite column looks like a column of another table.
            throw new RefusalException(
                    "it assigns " + column + ", which is not a column of " + table.name(),
                    "assign whole columns of the updated table");
        }
    }
}
