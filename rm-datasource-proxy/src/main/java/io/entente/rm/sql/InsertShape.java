package io.entente.rm.sql;

import io.entente.rm.sql.RecognizedSql.Assignment;
import io.entente.rm.sql.RecognizedSql.ConflictTarget;
import io.entente.rm.sql.RecognizedSql.Insert;
import io.entente.rm.sql.RecognizedSql.OnConflict;
import io.entente.rm.sql.RecognizedSql.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code [WITH …] INSERT [IGNORE] INTO t [(…)] {VALUES … | SELECT … | SET …} [ON …] [RETURNING …]} and REPLACE. */
final class InsertShape {

    private static final Set<String> PRIORITIES = Set.of("LOW_PRIORITY", "DELAYED", "HIGH_PRIORITY");

    private InsertShape() {}

    /** @param at index of the word INSERT or REPLACE */
    static Insert recognize(SqlSyntax syntax, ScannedSql sql, int at) throws RefusalException {
        Conditions.requireNoNestedWrite(sql, at, sql.size());
        boolean replace = sql.is(at, "REPLACE");
        boolean ignore = false;
        int i = at + 1;
        while (i < sql.size() && (PRIORITIES.contains(sql.token(i).upper()) || sql.is(i, "IGNORE"))) {
            ignore |= sql.is(i, "IGNORE");
            i++;
        }
        if (sql.is(i, "ALL") || sql.is(i, "FIRST")) {
            return InsertAllShape.recognize(syntax, sql, i);
        }
        if (syntax.output() && sql.is(i, "TOP")) {
            i = Clauses.afterTop(sql, i);
        }
        if (sql.is(i, "INTO")) {
            i++;
        } else if (syntax != SqlSyntax.MYSQL && syntax != SqlSyntax.SQLSERVER) {
            throw new RefusalException(
                    "this form of INSERT is not supported", "write INSERT INTO table (…) VALUES (…)");
        }
        TableShape table = TableShape.read(sql, i);
        int end = tail(sql, table.next());
        int returning = syntax.output() ? -1 : sql.find("RETURNING", table.next());
        if (returning >= 0 && syntax == SqlSyntax.ORACLE) {
            throw new RefusalException("RETURNING … INTO gives its values to variables", "use getGeneratedKeys()");
        }
        int statementTo = returning < 0 ? sql.size() : returning;
        boolean hinted = syntax.output() && sql.is(table.next(), "WITH") && sql.is(table.next() + 1, "(");
        Head head = head(sql, hinted ? sql.afterGroup(table.next() + 1) : table.next());
        int output = head.next();
        Fragment outputs = Fragment.NONE;
        if (syntax.output() && sql.is(output, "OUTPUT")) {
            head = new Head(head.columns(), OutputClause.endOfInserts(sql, output));
            outputs = OutputClause.list(sql, output, head.next());
        }
        OnConflict onConflict = replace
                ? new OnConflict.Replace()
                : onConflict(syntax, sql, Math.min(end, statementTo), statementTo, ignore);
        Insert insert = new Insert(
                table.reference(),
                head.columns(),
                source(syntax, sql, head.next(), Math.min(end, statementTo), head),
                onConflict,
                sql.fragment(0, syntax.output() ? output : statementTo),
                returning < 0 ? outputs : sql.fragment(returning + 1, sql.size()),
                syntax.output() ? sql.fragment(head.next(), sql.size()) : Fragment.NONE);
        insert = withSetColumns(syntax, sql, insert, head.next(), Math.min(end, statementTo));
        requireFullRows(insert);
        ParsedSql.agreeOn(insert, sql, at);
        return insert;
    }

    /** What stands between the table and the rows; {@code columns} is null without a list. */
    record Head(@Nullable List<String> columns, int next) {}

    static Head head(ScannedSql sql, int from) throws RefusalException {
        int i = from;
        if (sql.is(i, "PARTITION") && sql.is(i + 1, "(")) {
            i = sql.afterGroup(i + 1);
        }
        List<String> columns = null;
        boolean query = sql.is(i + 1, "SELECT") || sql.is(i + 1, "WITH") || sql.is(i + 1, "(");
        if (sql.is(i, "(") && !query) {
            columns = new ArrayList<>();
            int end = sql.afterGroup(i);
            for (int name = i + 1; name < end - 1; name++) {
                boolean last = sql.isName(name) && !sql.is(name + 1, ".");
                if (last) {
                    columns.add(sql.text(name, name + 1));
                } else if (!sql.isName(name) && !sql.is(name, ",") && !sql.is(name, ".")) {
                    throw new RefusalException(
                            "its list of columns cannot be read at '" + sql.excerpt(name) + "'",
                            "name the columns, and nothing more, in the list");
                }
            }
            i = end;
        }
        if (sql.is(i, "OVERRIDING")) {
            i += 3;
        }
        if (sql.is(i, "DIRECT") || sql.is(i, "SORTED")) {
            i++;
        }
        return new Head(columns, i);
    }

    /** Index of {@code ON DUPLICATE} or {@code ON CONFLICT}, the end without them. */
    private static int tail(ScannedSql sql, int from) {
        for (int on = sql.find("ON", from); on >= 0; on = sql.find("ON", on + 1)) {
            if (sql.is(on + 1, "DUPLICATE") || sql.is(on + 1, "CONFLICT")) {
                return on;
            }
        }
        return sql.size();
    }

    static Source source(SqlSyntax syntax, ScannedSql sql, int from, int to, @Nullable Head head)
            throws RefusalException {
        if (sql.are(from, "DEFAULT", "VALUES") && to == from + 2) {
            return new Source.AllDefaults();
        }
        if (sql.is(from, "VALUES") || sql.is(from, "VALUE")) {
            return new Source.Values(rows(syntax, sql, from + 1, to));
        }
        if (sql.is(from, "SET") && head != null) {
            return new Source.Values(List.of(List.of()));
        }
        if (sql.is(from, "SELECT") || sql.is(from, "WITH") || sql.is(from, "TABLE") || sql.is(from, "(")) {
            return new Source.Query(sql.fragment(from, to));
        }
        throw new RefusalException(
                "this form of INSERT is not supported, at '" + sql.excerpt(from) + "'",
                "write INSERT INTO table (…) VALUES (…)");
    }

    /** MySQL's {@code INSERT INTO t SET a = 1} is one row of values. */
    private static Insert withSetColumns(SqlSyntax syntax, ScannedSql sql, Insert insert, int from, int to)
            throws RefusalException {
        if (!sql.is(from, "SET")) {
            return insert;
        }
        int end = aliasOfNewRow(sql, from, to);
        List<Assignment> assignments = AssignmentList.read(syntax, sql, from + 1, end);
        return new Insert(
                insert.table(),
                assignments.stream().map(Assignment::column).toList(),
                new Source.Values(List.of(assignments.stream()
                        .map(assignment -> absolute(assignment.value()))
                        .toList())),
                insert.onConflict(),
                insert.statement(),
                insert.returning(),
                insert.behind());
    }

    /** {@code id = id}, or {@code id = LAST_INSERT_ID(id)}, by which MySQL is made to tell the id of a row that was there. */
    private static boolean isItself(Assignment assignment) {
        if (!(assignment.value() instanceof SqlValue.Expression expression)) {
            return false;
        }
        String text = expression.text().sql().replaceAll("\\s", "");
        String column = assignment.column();
        return text.equalsIgnoreCase(column) || text.equalsIgnoreCase("LAST_INSERT_ID(" + column + ")");
    }

    /** A new row has no value of its own yet that could be changed by a number. */
    private static SqlValue absolute(SqlValue value) {
        return value instanceof SqlValue.Delta
                ? new SqlValue.Expression(Fragment.NONE, SqlValue.DependsOn.ANYTHING)
                : value;
    }

    private static int aliasOfNewRow(ScannedSql sql, int from, int to) {
        int as = sql.find("AS", from, to);
        return as < 0 ? to : as;
    }

    private static List<List<SqlValue>> rows(SqlSyntax syntax, ScannedSql sql, int from, int to)
            throws RefusalException {
        List<List<SqlValue>> rows = new ArrayList<>();
        int i = from;
        while (true) {
            if (sql.is(i, "ROW")) {
                i++;
            }
            if (!sql.is(i, "(")) {
                throw new RefusalException(
                        "its values cannot be read at '" + sql.excerpt(i) + "'", "write VALUES (…), (…)");
            }
            int end = sql.afterGroup(i);
            rows.add(row(syntax, sql, i + 1, end - 1));
            i = end;
            if (i >= to || !sql.is(i, ",")) {
                break;
            }
            i++;
        }
        // MySQL's name for the new row, AS new or AS new (a, b), for ON DUPLICATE KEY UPDATE.
        boolean alias = syntax == SqlSyntax.MYSQL && sql.is(i, "AS");
        if (i < to && !alias) {
            throw new RefusalException("INSERT with '" + sql.excerpt(i) + "' is not supported", Remedies.REWRITE);
        }
        return rows;
    }

    private static List<SqlValue> row(SqlSyntax syntax, ScannedSql sql, int from, int to) throws RefusalException {
        List<SqlValue> values = new ArrayList<>();
        if (from == to) {
            return values;
        }
        int depth = sql.token(from - 1).depth() + 1;
        int start = from;
        for (int i = from; i <= to; i++) {
            if (i == to || (sql.is(i, ",") && sql.token(i).depth() == depth)) {
                if (start == i) {
                    throw new RefusalException("a row of the INSERT lacks a value", "give each column one value");
                }
                values.add(ValueShape.read(syntax, sql, start, i));
                start = i + 1;
            }
        }
        return values;
    }

    private static OnConflict onConflict(SqlSyntax syntax, ScannedSql sql, int from, int to, boolean ignore)
            throws RefusalException {
        if (from >= to) {
            return ignore ? new OnConflict.Ignore() : new OnConflict.Fail();
        }
        int update = sql.find("UPDATE", from, to);
        if (sql.is(from + 1, "CONFLICT") && update < 0) {
            if (!sql.are(to - 2, "DO", "NOTHING")) {
                throw new RefusalException(
                        "its ON CONFLICT cannot be read at '" + sql.excerpt(from) + "'",
                        "write ON CONFLICT … DO NOTHING");
            }
            return new OnConflict.Ignore();
        }
        int assignments = sql.is(update + 1, "SET") ? update + 2 : update + 1;
        int where = sql.find("WHERE", assignments, to);
        List<String> columns = AssignmentList.read(syntax, sql, assignments, where < 0 ? to : where).stream()
                .filter(assignment -> syntax != SqlSyntax.MYSQL || !isItself(assignment))
                .map(Assignment::column)
                .toList();
        return new OnConflict.Update(
                columns,
                sql.is(from + 1, "CONFLICT") ? target(sql, from + 2, update - 1) : new ConflictTarget.AnyKey());
    }

    private static ConflictTarget target(ScannedSql sql, int from, int to) {
        if (sql.are(from, "ON", "CONSTRAINT") && to == from + 3) {
            return new ConflictTarget.Constraint(sql.text(from + 2, to));
        }
        List<String> names = new ArrayList<>();
        for (int i = from; i < to; i += 2) {
            boolean afterOpeningOrComma = sql.is(i, i == from ? "(" : ",");
            if (!afterOpeningOrComma || !sql.isName(i + 1)) {
                break;
            }
            names.add(sql.text(i + 1, i + 2));
        }
        boolean namesOnly = !names.isEmpty() && to == from + 2 * names.size() + 1 && sql.is(to - 1, ")");
        return namesOnly ? new ConflictTarget.Columns(names) : new ConflictTarget.Expression();
    }

    private static void requireFullRows(Insert insert) throws RefusalException {
        if (!(insert.source() instanceof Source.Values values) || insert.columns() == null) {
            return;
        }
        for (List<SqlValue> row : values.rows()) {
            boolean nothingGiven = row.isEmpty() && insert.columns().isEmpty();
            if (row.size() != insert.columns().size() && !nothingGiven) {
                throw new RefusalException(
                        "the INSERT names " + insert.columns().size() + " columns and has a row of " + row.size()
                                + " values",
                        "give each column one value");
            }
        }
    }
}
