package io.entente.rm.capture;

import io.entente.rm.call.Bindings;
import io.entente.rm.dialect.Dialect;
import io.entente.rm.dialect.ValueKind;
import io.entente.rm.image.Row;
import io.entente.rm.image.RowImage;
import io.entente.rm.sql.RecognizedSql.Assignment;
import io.entente.rm.sql.SqlValue;
import io.entente.rm.table.Column;
import io.entente.rm.table.TableDefinition;
import io.entente.rm.table.Trigger;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Knows the rows after an UPDATE without reading them, where what it assigns is certain: a value or a number added, of
 * exactly the column's type, in a table in which nothing else happens. Should the database do otherwise all the same, the
 * undo of the row stops as a conflict; nothing is overwritten.
 *
 * @param values the assigned value of each image column; null for one that is not assigned
 */
record Derivation(List<Column> columns, List<@Nullable SqlValue> values, Dialect dialect) {

    /** Null: the rows have to be read. */
    static @Nullable Derivation of(
            TableDefinition definition, List<Column> columns, List<Assignment> assignments, Dialect dialect)
            throws SQLException {
        if (definition.triggers().stream().anyMatch(Trigger::onUpdate)) {
            return null;
        }
        Map<Column, SqlValue> assigned = new HashMap<>();
        for (Assignment assignment : assignments) {
            Column column = definition.table().column(assignment.column());
            if (column == null || assigned.put(column, assignment.value()) != null) {
                return null;
            }
        }
        List<@Nullable SqlValue> values = new ArrayList<>();
        for (Column column : columns) {
            SqlValue value = assigned.get(column);
            boolean certain = value == null ? !column.autoUpdated() : isCertain(column, value, dialect);
            if (!certain) {
                return null;
            }
            values.add(value);
        }
        return new Derivation(columns, values, dialect);
    }

    private static boolean isCertain(Column column, SqlValue value, Dialect dialect) throws SQLException {
        ValueKind kind = dialect.access(column).kind();
        if (value instanceof SqlValue.Null) {
            return column.nullable();
        }
        if (value instanceof SqlValue.Delta delta) {
            return kind.isExactNumber() && isCertain(column, delta.number(), dialect);
        }
        if (value instanceof SqlValue.Literal literal) {
            return kind.isExactNumber() && number(column, literal(literal.text()), dialect) != null;
        }
        return value instanceof SqlValue.Parameter
                && (kind.isExactNumber() || kind == ValueKind.BOOLEAN || dialect.storesTextAsIs(column));
    }

    private static @Nullable Object literal(String text) {
        if (text.indexOf('e') >= 0 || text.indexOf('E') >= 0) {
            // Some databases calculate with it as with a double.
            return null;
        }
        try {
            return new BigDecimal(text.replace(" ", ""));
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** The rows after; null when a parameter makes them uncertain. */
    @Nullable
    RowImage after(RowImage before, @Nullable Bindings bindings) throws SQLException {
        List<Row> rows = new ArrayList<>(before.rows().size());
        for (Row row : before.rows()) {
            Row after = after(row, bindings);
            if (after == null) {
                return null;
            }
            rows.add(after);
        }
        return before.with(rows);
    }

    private @Nullable Row after(Row before, @Nullable Bindings bindings) throws SQLException {
        List<@Nullable Object> after = new ArrayList<>(values.size());
        for (int i = 0; i < values.size(); i++) {
            SqlValue value = values.get(i);
            Object old = before.values().get(i);
            if (value == null) {
                after.add(old);
            } else if (value instanceof SqlValue.Null) {
                after.add(null);
            } else if (value instanceof SqlValue.Delta && old == null) {
                after.add(null);
            } else {
                Object now = value(columns.get(i), value, old, bindings);
                if (now == null) {
                    // NULL as a parameter; or uncertain.
                    if (!isNullParameter(value, columns.get(i), bindings)) {
                        return null;
                    }
                }
                after.add(now);
            }
        }
        return new Row(after);
    }

    private static boolean isNullParameter(SqlValue value, Column column, @Nullable Bindings bindings)
            throws SQLException {
        return value instanceof SqlValue.Parameter parameter
                && bindings != null
                && column.nullable()
                && bindings.get(parameter.number()).value() == null;
    }

    private @Nullable Object value(Column column, SqlValue value, @Nullable Object old, @Nullable Bindings bindings)
            throws SQLException {
        if (value instanceof SqlValue.Delta delta) {
            BigDecimal amount = exact(given(delta.number(), bindings));
            BigDecimal before = exact(old);
            // A number that the column could not hold may be rounded before it is added.
            if (amount == null || before == null || number(column, amount, dialect) == null) {
                return null;
            }
            return number(column, delta.negative() ? before.subtract(amount) : before.add(amount), dialect);
        }
        Object given = given(value, bindings);
        ValueKind kind = dialect.access(column).kind();
        if (kind.isExactNumber()) {
            return number(column, given, dialect);
        }
        if (kind == ValueKind.BOOLEAN) {
            return given instanceof Boolean ? given : null;
        }
        return given instanceof String text && dialect.storesText(column, text) ? text : null;
    }

    /** What a column surely takes a parameter or literal for; null when that is uncertain. Only of exact numbers. */
    static @Nullable Object certain(Column column, SqlValue value, @Nullable Bindings bindings, Dialect dialect)
            throws SQLException {
        return number(column, given(value, bindings), dialect);
    }

    /** A parameter's value, or the exact number that a literal is; null for anything else. */
    static @Nullable Object given(SqlValue value, @Nullable Bindings bindings) throws SQLException {
        if (value instanceof SqlValue.Literal literal) {
            return literal(literal.text());
        }
        return value instanceof SqlValue.Parameter parameter && bindings != null
                ? bindings.get(parameter.number()).value()
                : null;
    }

    /** The number as the column holds it; null when it is none, or would be rounded, or does not surely fit. */
    private static @Nullable Object number(Column column, @Nullable Object given, Dialect dialect) throws SQLException {
        BigDecimal exact = exact(given);
        if (exact == null) {
            return null;
        }
        boolean integer = dialect.access(column).kind() == ValueKind.INTEGER;
        if (integer && (given instanceof Long || given instanceof Integer)) {
            return dialect.holds(column, exact) ? (Object) ((Number) given).longValue() : null;
        }
        int scale = integer ? 0 : column.size().scale();
        boolean exactly = exact.scale() <= scale || exact.stripTrailingZeros().scale() <= scale;
        if (!exactly || !dialect.holds(column, exact)) {
            return null;
        }
        return integer ? (Object) exact.longValueExact() : exact.setScale(scale);
    }

    /** The value as an exact number; null when it is none. */
    static @Nullable BigDecimal exact(@Nullable Object given) {
        if (given instanceof BigDecimal decimal) {
            return decimal;
        } else if (given instanceof BigInteger integer) {
            return new BigDecimal(integer);
        } else if (given instanceof Integer
                || given instanceof Long
                || given instanceof Short
                || given instanceof Byte) {
            return BigDecimal.valueOf(((Number) given).longValue());
        }
        return null;
    }
}
