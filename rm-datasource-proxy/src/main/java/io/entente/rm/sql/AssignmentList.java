package io.entente.rm.sql;

import io.entente.rm.sql.RecognizedSql.Assignment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads {@code a = 1, t.b = ?, (c, d) = (…)}. */
final class AssignmentList {

    private AssignmentList() {}

    static List<Assignment> read(SqlSyntax syntax, ScannedSql sql, int from, int to) throws RefusalException {
        return read(syntax, sql, null, from, to);
    }

    /** @param table what the table is called whose columns are assigned without saying of which; null when it has no name */
    static List<Assignment> read(SqlSyntax syntax, ScannedSql sql, @Nullable String table, int from, int to)
            throws RefusalException {
        List<Assignment> assignments = new ArrayList<>();
        int start = from;
        for (int i = from; i <= to; i++) {
            if (i == to || (sql.is(i, ",") && sql.token(i).depth() == 0)) {
                if (i == start) {
                    throw unreadable(sql, start);
                }
                one(syntax, sql, table, start, i, assignments);
                start = i + 1;
            }
        }
        return assignments;
    }

    private static void one(
            SqlSyntax syntax, ScannedSql sql, @Nullable String table, int from, int to, List<Assignment> assignments)
            throws RefusalException {
        int equals = sql.find("=", from, to);
        // The sign in front belongs to a compound assignment, += for example.
        int nameEnd = equals > from + 1
                        && sql.token(equals - 1).kind() == Token.Kind.SYMBOL
                        && !sql.is(equals - 1, ")")
                        && !sql.is(equals - 1, "]")
                ? equals - 1
                : equals;
        if (equals <= from || equals + 1 >= to || sql.is(nameEnd, ":")) {
            throw unreadable(sql, from);
        }
        if (sql.is(from, "(")) {
            for (int i = from + 1; i < sql.afterGroup(from) - 1; i++) {
                if (sql.isName(i) && !sql.is(i + 1, ".")) {
                    assignments.add(new Assignment(null, sql.text(i, i + 1), other()));
                }
            }
            if (sql.afterGroup(from) != equals) {
                throw unreadable(sql, from);
            }
            return;
        }
        int name = syntax.qualifiesAssignedColumns() ? lastName(sql, from, nameEnd) : from;
        if (!sql.isName(name)) {
            throw unreadable(sql, from);
        }
        @Nullable String qualifier = name > from ? sql.text(name - 2, name - 1) : null;
        // A field or an element of the column: all of it changes as far as an image is concerned.
        boolean whole = name + 1 == nameEnd && nameEnd == equals;
        SqlValue value = whole
                ? ValueShape.assigned(
                        syntax, sql, sql.token(name), qualifier == null ? table : qualifier, equals + 1, to)
                : other();
        assignments.add(new Assignment(qualifier, sql.text(name, name + 1), value));
    }

    private static int lastName(ScannedSql sql, int from, int to) {
        int name = from;
        while (name + 2 < to && sql.is(name + 1, ".") && sql.isName(name + 2)) {
            name += 2;
        }
        return name;
    }

    /** What a part of a column, or one of several columns, gets cannot be told from the text alone. */
    private static SqlValue other() {
        return new SqlValue.Expression(Fragment.NONE, SqlValue.DependsOn.ANYTHING);
    }

    private static RefusalException unreadable(ScannedSql sql, int from) {
        return new RefusalException(
                "its assignment at '" + sql.excerpt(from) + "' cannot be read",
                "assign each column with column = value");
    }
}
