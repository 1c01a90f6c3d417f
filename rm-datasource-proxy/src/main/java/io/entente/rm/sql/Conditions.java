package io.entente.rm.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What must hold for a text that is executed twice: once by the application's statement, once to read the images. */
final class Conditions {

    private static final Set<String> DIFFERENT_EACH_TIME = Set.of(
            "RAND",
            "RANDOM",
            "SETSEED",
            "UUID",
            "RANDOM_UUID",
            "GEN_RANDOM_UUID",
            "DBMS_RANDOM",
            "UUID_GENERATE_V4",
            "UUIDV4",
            "UUIDV7",
            "NEXTVAL",
            "NEWID",
            "SYSDATE",
            "SYSTIMESTAMP",
            "SYS_GUID",
            "UUID_SHORT",
            "RANDOM_NORMAL",
            "CLOCK_TIMESTAMP",
            "STATEMENT_TIMESTAMP",
            "TIMEOFDAY",
            "SECURE_RAND",
            "LAST_INSERT_ID",
            "ROWNUM",
            "ROW_COUNT",
            "FOUND_ROWS");

    private static final Set<String> STATEMENT_STARTS =
            Set.of("INSERT", "UPDATE", "DELETE", "MERGE", "REPLACE", "TRUNCATE", "CALL");

    /** With one of these, what stands between two ANDs need not hold by itself. */
    private static final Set<String> NO_CONJUNCTION =
            Set.of("OR", "XOR", "NOT", "BETWEEN", "CASE", "|", "&", "!", "IS", "LIKE", "ESCAPE");

    private Conditions() {}

    /** Whether the text surely means the same when it is evaluated again. */
    static boolean isRepeatable(ScannedSql sql, int from, int to) {
        for (int i = from; i < to; i++) {
            Token token = sql.token(i);
            if (token.isWord() && DIFFERENT_EACH_TIME.contains(token.upper())) {
                return false;
            }
            // NEXT VALUE FOR a sequence
            if (token.is("NEXT") && sql.is(i + 1, "VALUE")) {
                return false;
            }
            if (token.is(":") && sql.is(i + 1, "=") && sql.token(i + 1).start() == token.end()) {
                return false;
            }
        }
        return true;
    }

    /** What is said of a part of a conjunction. */
    private interface Part {
        void at(int from, int to);
    }

    /** Visits the parts of a conjunction, without the parentheses around each; false when it is none. */
    private static boolean eachPart(ScannedSql sql, int from, int to, Part visitor) {
        while (to - from > 2 && sql.is(from, "(") && sql.afterGroup(from) == to) {
            from++;
            to--;
        }
        if (from >= to) {
            return true;
        }
        int depth = sql.token(from).depth();
        for (int i = from; i < to; i++) {
            if (sql.token(i).depth() == depth
                    && NO_CONJUNCTION.contains(sql.token(i).upper())) {
                return false;
            }
        }
        int start = from;
        for (int i = from; i <= to; i++) {
            if (i == to || (sql.token(i).depth() == depth && sql.is(i, "AND"))) {
                part(sql, start, i, visitor);
                start = i + 1;
            }
        }
        return true;
    }

    private static void part(ScannedSql sql, int from, int to, Part visitor) {
        while (to - from > 2 && sql.is(from, "(") && sql.afterGroup(from) == to) {
            from++;
            to--;
        }
        visitor.at(from, to);
    }

    /** The columns that a conjunction holds to a parameter or a literal. */
    static List<RowSelection.Fixed> fixed(ScannedSql sql, int from, int to) {
        List<RowSelection.Fixed> fixed = new ArrayList<>();
        boolean conjunction = eachPart(sql, from, to, (first, end) -> {
            RowSelection.Fixed column = fixedColumn(sql, first, end);
            if (column != null) {
                fixed.add(column);
            }
        });
        return conjunction ? fixed : List.of();
    }

    /** The bounds that a conjunction sets; null when a part of it neither is one nor holds a column to a value. */
    static @Nullable List<RowSelection.Bound> bounds(ScannedSql sql, int from, int to) {
        List<RowSelection.Bound> bounds = new ArrayList<>();
        boolean[] others = {false};
        boolean conjunction = eachPart(sql, from, to, (first, end) -> {
            boolean fixed = fixedColumn(sql, first, end) != null;
            RowSelection.Bound bound = fixed ? null : bound(sql, first, end);
            if (bound != null) {
                bounds.add(bound);
            }
            others[0] |= !fixed && bound == null;
        });
        return conjunction && !others[0] ? bounds : null;
    }

    /** {@code n >= ?} or {@code 5 < n}. */
    private static RowSelection.@Nullable Bound bound(ScannedSql sql, int from, int to) {
        boolean valueFirst = from < to && isValue(sql.token(from));
        int column = valueFirst ? -1 : columnEnd(sql, from);
        int sign = valueFirst ? from + 1 : column;
        if (sign < 0 || !(sql.is(sign, "<") || sql.is(sign, ">"))) {
            return null;
        }
        boolean adjacent = sql.is(sign + 1, "=")
                && sql.token(sign + 1).start() == sql.token(sign).end();
        int behind = adjacent ? sign + 2 : sign + 1;
        boolean greater = sql.is(sign, ">");
        if (valueFirst) {
            return columnEnd(sql, behind) == to ? new RowSelection.Bound(sql.text(to - 1, to), !greater) : null;
        }
        return behind + 1 == to && isValue(sql.token(behind))
                ? new RowSelection.Bound(sql.text(column - 1, column), greater)
                : null;
    }

    /** Index behind a column's name, with or without a qualifier; −1 when there is none. */
    private static int columnEnd(ScannedSql sql, int at) {
        if (!sql.isName(at)) {
            return -1;
        }
        return sql.is(at + 1, ".") && sql.isName(at + 2) ? at + 3 : at + 1;
    }

    private static RowSelection.@Nullable Fixed fixedColumn(ScannedSql sql, int from, int to) {
        int name = sql.isName(from) && sql.is(from + 1, ".") ? from + 2 : from;
        if (to == name + 3 && sql.isName(name) && sql.is(name + 1, "=") && isValue(sql.token(name + 2))) {
            return new RowSelection.Fixed(sql.text(name, name + 1), value(sql, name + 2));
        }
        if (to - from >= 3 && sql.is(from + 1, "=") && isValue(sql.token(from))) {
            int right = sql.is(from + 3, ".") ? from + 4 : from + 2;
            if (to == right + 1 && sql.isName(right)) {
                return new RowSelection.Fixed(sql.text(right, to), value(sql, from));
            }
        }
        return null;
    }

    private static SqlValue value(ScannedSql sql, int at) {
        return sql.token(at).kind() == Token.Kind.PARAMETER
                ? new SqlValue.Parameter(sql.parameterAt(at))
                : new SqlValue.Literal(sql.text(at, at + 1));
    }

    private static boolean isValue(Token token) {
        return token.kind() == Token.Kind.PARAMETER
                || token.kind() == Token.Kind.NUMBER
                || token.kind() == Token.Kind.STRING;
    }

    /** @throws RefusalException a statement that writes begins inside parentheses */
    static void requireNoNestedWrite(ScannedSql sql, int from, int to) throws RefusalException {
        for (int i = Math.max(1, from); i < to; i++) {
            Token token = sql.token(i);
            if (!sql.is(i - 1, "(") || !token.isWord() || !STATEMENT_STARTS.contains(token.upper())) {
                continue;
            }
            // REPLACE(text, …) is a function where the statement has INTO or a table's name; so is INSERT(…) on MySQL.
            boolean function = sql.is(i + 1, "(");
            // OPTION (MERGE JOIN)
            boolean hint = token.is("MERGE") && (sql.is(i + 1, "JOIN") || sql.is(i + 1, "UNION"));
            // A column of that name.
            boolean column = sql.is(i + 1, ",") || sql.is(i + 1, ")") || sql.is(i + 1, "=") || sql.is(i + 1, ".");
            if (!function && !hint && !column) {
                throw new RefusalException(
                        "a nested " + token.upper() + " writes", "execute it as a statement of its own");
            }
        }
    }

    static boolean startsWrite(ScannedSql sql, int at) {
        return at < sql.size()
                && sql.token(at).isWord()
                && STATEMENT_STARTS.contains(sql.token(at).upper());
    }
}
