package io.entente.rm.sql;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a value: what is inserted into or assigned to a column. */
final class ValueShape {

    /** Words that stand by themselves in an expression and name no column. */
    private static final Set<String> CONSTANT_WORDS = Set.of(
            "NULL", "TRUE", "FALSE", "AND", "OR", "NOT", "IS", "IN", "AS", "CASE", "WHEN", "THEN", "ELSE", "END");

    /** Words that belong to the string behind them; without one they may be the name of a column or a function. */
    private static final Set<String> LITERAL_PREFIXES = Set.of("B", "DATE", "N", "TIME", "TIMESTAMP", "UUID", "X");

    /** What a value is cast to; elsewhere such a word may be the name of a column. */
    private static final Set<String> TYPES = Set.of(
            "BIGINT",
            "BINARY",
            "CHAR",
            "DATE",
            "DECIMAL",
            "INT",
            "INTEGER",
            "NUMERIC",
            "SIGNED",
            "SMALLINT",
            "UNSIGNED",
            "UUID",
            "VARBINARY",
            "VARCHAR");

    /** Functions whose result rests on their arguments alone. */
    private static final Set<String> PURE_FUNCTIONS = Set.of(
            "ABS",
            "CAST",
            "COALESCE",
            "CONCAT",
            "CONVERT",
            "LENGTH",
            "LOWER",
            "LPAD",
            "LTRIM",
            "MD5",
            "MOD",
            "NULLIF",
            "REPLACE",
            "ROUND",
            "RPAD",
            "RTRIM",
            "SUBSTRING",
            "TRIM",
            "UNHEX",
            "UPPER");

    /** Words that name no column: what they mean is another thing each time, or a query. */
    private static final Set<String> NOT_A_COLUMN = Set.of(
            "CURRENT_DATE",
            "CURRENT_ROLE",
            "CURRENT_TIME",
            "CURRENT_TIMESTAMP",
            "CURRENT_USER",
            "EXISTS",
            "LOCALTIME",
            "LOCALTIMESTAMP",
            "SELECT",
            "SESSION_USER",
            "TABLE",
            "USER",
            "UTC_DATE",
            "UTC_TIME",
            "UTC_TIMESTAMP",
            "WITH");

    private static final String SIGNS_OF_ARITHMETIC = "+-*/()";

    private ValueShape() {}

    static SqlValue read(SqlSyntax syntax, ScannedSql sql, int from, int to) {
        while (to - from > 2 && sql.is(from, "(") && sql.afterGroup(from) == to) {
            from++;
            to--;
        }
        Token first = sql.token(from);
        if (isNumber(sql, from, to)) {
            return new SqlValue.Literal(sql.text(from, to));
        }
        if (to - from > 1) {
            return expression(sql, from, to);
        }
        return switch (first.kind()) {
            case PARAMETER -> new SqlValue.Parameter(sql.parameterAt(from));
            case STRING, NUMBER -> new SqlValue.Literal(sql.text(from, to));
            case WORD ->
                switch (first.upper()) {
                    case "DEFAULT" -> new SqlValue.ColumnDefault();
                    case "NULL" -> new SqlValue.Null();
                    default -> expression(sql, from, to);
                };
            case QUOTED_NAME ->
                // Where it is a name after all, the server says so as soon as it is used as a value.
                syntax == SqlSyntax.MYSQL && sql.text(from, to).startsWith("\"")
                        ? new SqlValue.Literal(sql.text(from, to))
                        : expression(sql, from, to);
            case SYMBOL -> expression(sql, from, to);
        };
    }

    private static boolean isNumber(ScannedSql sql, int from, int to) {
        boolean signed = to - from == 2 && (sql.is(from, "-") || sql.is(from, "+"));
        return (signed || to - from == 1) && sql.token(to - 1).kind() == Token.Kind.NUMBER;
    }

    static SqlValue.Expression expression(ScannedSql sql, int from, int to) {
        SqlValue.DependsOn all = SqlValue.DependsOn.NOTHING;
        for (int i = from; i < to; i++) {
            SqlValue.DependsOn one = dependsOn(sql, i);
            all = one.compareTo(all) > 0 ? one : all;
        }
        return new SqlValue.Expression(sql.fragment(from, to), all);
    }

    private static SqlValue.DependsOn dependsOn(ScannedSql sql, int at) {
        Token token = sql.token(at);
        return switch (token.kind()) {
            case STRING, NUMBER, PARAMETER -> SqlValue.DependsOn.NOTHING;
            // @variables; on some databases := assigns to them.
            case SYMBOL -> token.is("@") || token.is(":") ? SqlValue.DependsOn.ANYTHING : SqlValue.DependsOn.NOTHING;
            case WORD -> word(sql, at);
            case QUOTED_NAME -> sql.is(at + 1, "(") ? SqlValue.DependsOn.ANYTHING : SqlValue.DependsOn.ROW;
        };
    }

    private static SqlValue.DependsOn word(ScannedSql sql, int at) {
        String word = sql.token(at).upper();
        boolean beforeString = at + 1 < sql.size() && sql.token(at + 1).kind() == Token.Kind.STRING;
        boolean constant = CONSTANT_WORDS.contains(word)
                || (sql.is(at + 1, "(") && PURE_FUNCTIONS.contains(word))
                || (beforeString && LITERAL_PREFIXES.contains(word))
                || (sql.is(at - 1, "AS") && TYPES.contains(word));
        if (constant) {
            return SqlValue.DependsOn.NOTHING;
        }
        boolean call = sql.is(at + 1, "(");
        boolean column =
                !call && sql.isName(at) && Conditions.isRepeatable(sql, at, at + 1) && !NOT_A_COLUMN.contains(word);
        return column ? SqlValue.DependsOn.ROW : SqlValue.DependsOn.ANYTHING;
    }

    /**
     * Reads what is assigned to a column, where that may be its own value and a number.
     *
     * @param column the column's own token
     * @param qualifier what its table is called in the statement; null when nothing surely means it
     */
    static SqlValue assigned(
            SqlSyntax syntax, ScannedSql sql, Token column, @Nullable String qualifier, int from, int to) {
        SqlValue value = read(syntax, sql, from, to);
        if (!(value instanceof SqlValue.Expression)) {
            return value;
        }
        int start = from;
        int end = to;
        while (end - start > 2 && sql.is(start, "(") && sql.afterGroup(start) == end) {
            start++;
            end--;
        }
        int afterColumn = afterOwnName(sql, column, qualifier, start, end);
        if (afterColumn > 0
                && afterColumn < end - 1
                && isSign(sql, afterColumn)
                && isArithmetic(sql, afterColumn, end)) {
            return new SqlValue.Delta(sql.is(afterColumn, "-"), operand(syntax, sql, afterColumn + 1, end));
        }
        int ownName = end - 1;
        int beforeColumn = sql.is(ownName - 1, ".") ? ownName - 2 : ownName;
        if (beforeColumn - 1 > start
                && sql.is(beforeColumn - 1, "+")
                && afterOwnName(sql, column, qualifier, beforeColumn, end) == end
                && isArithmetic(sql, start, beforeColumn)) {
            return new SqlValue.Delta(false, operand(syntax, sql, start, beforeColumn - 1));
        }
        return value;
    }

    private static boolean isSign(ScannedSql sql, int at) {
        return (sql.is(at, "+") || sql.is(at, "-"))
                && sql.token(at).depth() == sql.token(at - 1).depth();
    }

    private static SqlValue operand(SqlSyntax syntax, ScannedSql sql, int from, int to) {
        SqlValue operand = read(syntax, sql, from, to);
        return operand instanceof SqlValue.Parameter || operand instanceof SqlValue.Literal
                ? operand
                : new SqlValue.Expression(sql.fragment(from, to), SqlValue.DependsOn.NOTHING);
    }

    /**
     * Index after {@code column} or {@code table.column}, 0 when something else stands there, which may be a column of the
     * same name of another table.
     */
    private static int afterOwnName(ScannedSql sql, Token column, @Nullable String qualifier, int from, int end) {
        boolean qualified = sql.isName(from) && sql.is(from + 1, ".");
        int name = qualified ? from + 2 : from;
        if (name >= end
                || !sql.isName(name)
                || (qualified && !sql.text(from, from + 1).equals(qualifier))) {
            return 0;
        }
        String own = sql.sql().substring(column.start(), column.end());
        return sql.text(name, name + 1).equalsIgnoreCase(own) ? name + 1 : 0;
    }

    private static boolean isArithmetic(ScannedSql sql, int from, int to) {
        for (int i = from; i < to; i++) {
            Token token = sql.token(i);
            boolean sign = token.kind() == Token.Kind.SYMBOL && SIGNS_OF_ARITHMETIC.contains(token.upper());
            if (!sign && token.kind() != Token.Kind.NUMBER && token.kind() != Token.Kind.PARAMETER) {
                return false;
            }
        }
        return true;
    }
}
