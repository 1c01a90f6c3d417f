package io.entente.rm.sql;

import io.entente.rm.sql.RecognizedSql.Insert;
import io.entente.rm.sql.RecognizedSql.InsertValue;
import java.util.ArrayList;
import java.util.List;
import net.sf.jsqlparser.schema.Column;
import net.sf.jsqlparser.statement.select.Values;
import org.jspecify.annotations.Nullable;

/** {@code INSERT INTO t [(…)] VALUES (…)[, (…)]} and nothing more. */
final class InsertShape {

    private static final String UPSERT_REMEDY = "look the row up (SELECT … FOR UPDATE), then use INSERT or UPDATE";

    private InsertShape() {}

    static RecognizedSql recognize(ScannedSql sql) throws RefusalException {
        if (sql.is(1, "IGNORE")) {
            throw new RefusalException("INSERT IGNORE hides which rows it inserts", UPSERT_REMEDY);
        }
        if (!sql.is(1, "INTO")) {
            throw new RefusalException(
                    "this form of INSERT is not supported", "write INSERT INTO table (…) VALUES (…)");
        }
        Conditions.requireNoNestedWrite(sql);
        TableShape table = TableShape.read(sql, 2);
        int next = table.next();
        boolean columnList = sql.is(next, "(");
        if (columnList) {
            next = afterGroup(sql, next);
        }
        requireValues(sql, next);
        List<List<InsertValue>> rows = new ArrayList<>();
        int parameter = sql.parameters(0, next) + 1;
        do {
            next++;
            int close = afterGroup(sql, next);
            rows.add(row(sql, next + 1, close - 1, parameter));
            parameter += sql.parameters(next, close);
            next = close;
        } while (sql.is(next, ","));
        requireEnd(sql, next);
        var parsed = ParsedSql.parse(sql, net.sf.jsqlparser.statement.insert.Insert.class);
        requirePlain(parsed);
        ParsedSql.requireSameTable(table.reference(), parsed.getTable());
        return new Insert(table.reference(), columnList ? columns(parsed, rows) : null, rows);
    }

    private static void requireValues(ScannedSql sql, int next) throws RefusalException {
        if (sql.is(next, "VALUES") && sql.is(next + 1, "(")) {
            return;
        }
        if (sql.is(next, "SELECT") || sql.is(next, "WITH") || sql.is(next, "TABLE") || sql.is(next, "(")) {
            throw new RefusalException(
                    "INSERT … SELECT is not supported", "select the rows first and insert them with VALUES");
        }
        throw new RefusalException("this form of INSERT is not supported", "write INSERT INTO table (…) VALUES (…)");
    }

    private static void requireEnd(ScannedSql sql, int next) throws RefusalException {
        if (next >= sql.size()) {
            return;
        }
        if (sql.find("ON", next) >= 0) {
            throw new RefusalException("an INSERT that may update a row instead is not supported", UPSERT_REMEDY);
        }
        if (sql.is(next, "RETURNING")) {
            throw new RefusalException("INSERT … RETURNING is not supported", "use getGeneratedKeys()");
        }
        throw new RefusalException("INSERT with " + sql.text(next, next + 1) + " is not supported", Remedies.REWRITE);
    }

    private static void requirePlain(net.sf.jsqlparser.statement.insert.Insert parsed) throws RefusalException {
        boolean plain = parsed.getSelect() instanceof Values
                && parsed.getConflictAction() == null
                && parsed.getConflictTarget() == null
                && (parsed.getDuplicateUpdateSets() == null
                        || parsed.getDuplicateUpdateSets().isEmpty())
                && parsed.getReturningClause() == null
                && parsed.getOutputClause() == null
                && parsed.getWithItemsList() == null
                && parsed.getModifierPriority() == null
                && !parsed.isModifierIgnore()
                && !parsed.isOverwrite()
                && (parsed.getSetUpdateSets() == null
                        || parsed.getSetUpdateSets().isEmpty())
                && !parsed.isOnlyDefaultValues();
        ParsedSql.require(plain, "this form of INSERT is not supported", Remedies.REWRITE);
    }

    private static List<String> columns(net.sf.jsqlparser.statement.insert.Insert parsed, List<List<InsertValue>> rows)
            throws RefusalException {
        @Nullable List<Column> listed = parsed.getColumns();
        List<String> columns = listed == null
                ? List.of()
                : listed.stream().map(Column::getColumnName).toList();
        for (List<InsertValue> row : rows) {
            if (row.size() != columns.size()) {
                throw new RefusalException(
                        "the INSERT names " + columns.size() + " columns and has a row of " + row.size() + " values",
                        "give each column one value");
            }
        }
        return columns;
    }

    /** Index after the parenthesis that closes the one at {@code open}. */
    private static int afterGroup(ScannedSql sql, int open) throws RefusalException {
        if (!sql.is(open, "(")) {
            throw new RefusalException(
                    "this form of INSERT is not supported", "write INSERT INTO table (…) VALUES (…)");
        }
        for (int i = open + 1; i < sql.size(); i++) {
            if (sql.is(i, ")") && sql.token(i).depth() == sql.token(open).depth()) {
                return i + 1;
            }
        }
        throw new IllegalStateException("The scanner let an open parenthesis through: " + sql.sql());
    }

    private static List<InsertValue> row(ScannedSql sql, int from, int to, int firstParameter) throws RefusalException {
        List<InsertValue> values = new ArrayList<>();
        int parameter = firstParameter;
        int start = from;
        int depth = sql.token(from - 1).depth() + 1;
        for (int i = from; i <= to; i++) {
            if (i == to || (sql.is(i, ",") && sql.token(i).depth() == depth)) {
                if (start == i) {
                    throw new RefusalException(
                            "the INSERT has a row without values", "name the columns and their values");
                }
                values.add(value(sql, start, i, parameter));
                parameter += sql.parameters(start, i);
                start = i + 1;
            }
        }
        return values;
    }

    private static InsertValue value(ScannedSql sql, int from, int to, int parameter) {
        Token first = sql.token(from);
        int length = to - from;
        if (length == 2
                && (first.is("-") || first.is("+"))
                && sql.token(from + 1).kind() == Token.Kind.NUMBER) {
            return new InsertValue.Literal(sql.text(from, to));
        }
        if (length != 1) {
            return new InsertValue.Expression();
        }
        return switch (first.kind()) {
            case PARAMETER -> new InsertValue.Parameter(parameter);
            case STRING, NUMBER -> new InsertValue.Literal(sql.text(from, to));
            case WORD ->
                first.is("DEFAULT") || first.is("NULL")
                        ? new InsertValue.LeftToDatabase()
                        : new InsertValue.Expression();
            case QUOTED_NAME, SYMBOL -> new InsertValue.Expression();
        };
    }
}
