package io.entente.rm.capture;

import io.entente.rm.call.Binding;
import io.entente.rm.call.Bindings;
import io.entente.rm.dialect.Dialect;
import io.entente.rm.sql.SqlValue;
import io.entente.rm.table.Column;
import java.math.BigDecimal;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** What one row of an INSERT gives a column, as far as it is known before the database has it. */
sealed interface GivenValue {

    /**
     * A value that a query can be given too.
     *
     * @param sql as the query has it, a parameter or a text
     * @param setter sets the parameter; null for a text
     * @param text the value where it is a text, whatever the column's type, in its quotes when it stands in the
     *     statement; null for others
     */
    record Known(
            String sql,
            Binding.@Nullable Setter setter,
            @Nullable String text) implements GivenValue {

        /** How many characters it has at most; 0 when it is no text. */
        int longest() {
            if (text == null) {
                return 0;
            }
            return text.codePointCount(0, text.length()) - (setter == null ? 2 : 0);
        }

        /** Whether it may be a number, or a text that reads as one. */
        boolean isNumeric() {
            if (text == null && setter != null) {
                return true;
            }
            String bare = text == null ? sql : setter == null ? text.substring(1, text.length() - 1) : text;
            return bare.matches("\\s*[+-]?[0-9.]+\\s*");
        }

        /** As the query compares it with the column. */
        String stored(Column column, Dialect dialect) {
            return dialect.asStored(column, text != null ? dialect.ofText(column, sql) : sql);
        }
    }

    /** NULL. */
    record Missing() implements GivenValue {}

    /** Found by the database: a default or a generated number. */
    record LeftToDatabase() implements GivenValue {}

    /** The result of an expression. */
    record Computed() implements GivenValue {}

    /**
     * What is given.
     *
     * @param value null when the statement names the column in no row
     * @param zeroGenerates whether a zero in an auto-increment column is replaced by a generated number
     */
    static GivenValue of(Column column, @Nullable SqlValue value, @Nullable Bindings bindings, boolean zeroGenerates)
            throws SQLException {
        boolean generates = zeroGenerates && column.autoIncrement();
        if (value == null || value instanceof SqlValue.ColumnDefault) {
            return new LeftToDatabase();
        }
        if (value instanceof SqlValue.Null) {
            return column.autoIncrement() ? new LeftToDatabase() : new Missing();
        }
        if (value instanceof SqlValue.Literal literal) {
            return generates && isZero(literal.text())
                    ? new LeftToDatabase()
                    : new Known(
                            literal.text(),
                            null,
                            literal.text().startsWith("'") || literal.text().startsWith("\"") ? literal.text() : null);
        }
        if (value instanceof SqlValue.Parameter parameter && bindings != null) {
            Binding binding = bindings.get(parameter.number());
            if (binding.value() == null) {
                return column.autoIncrement() ? new LeftToDatabase() : new Missing();
            }
            return generates && isZero(binding.value().toString())
                    ? new LeftToDatabase()
                    : new Known("?", binding.setter(), binding.value() instanceof String text ? text : null);
        }
        if (value instanceof SqlValue.Expression expression
                && expression.on() == SqlValue.DependsOn.NOTHING
                && expression.text().parameters() == 0) {
            return new Known("(" + expression.text().sql() + ")", null, null);
        }
        return new Computed();
    }

    private static boolean isZero(String number) {
        try {
            return new BigDecimal(number.strip()).signum() == 0;
        } catch (NumberFormatException e) {
            return false;
        }
    }
}
