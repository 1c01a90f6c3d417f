package io.entente.rm.sql;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which rows of its tables a statement works on.
 *
 * @param where the condition; empty when it is all of them
 * @param order from the words ORDER BY on; empty without them
 * @param limit from the word LIMIT or FETCH on, or {@code TOP (n)}; empty without it
 * @param fixed what the condition surely holds columns to
 * @param bounds the bounds that the condition sets beside these; null when it says anything else
 * @param repeatable whether it, and the tables it chooses from, surely mean the same when they are evaluated again
 */
public record RowSelection(
        Fragment where,
        Fragment order,
        Fragment limit,
        List<Fixed> fixed,
        @Nullable List<Bound> bounds,
        boolean repeatable) {

    /**
     * A column that has one value in all rows.
     *
     * @param value a parameter or a literal
     */
    public record Fixed(String column, SqlValue value) {}

    /**
     * A parameter or a number that a column must not pass.
     *
     * @param lower whether the column must be at least or above it; else at most or below it
     */
    public record Bound(String column, boolean lower) {}

    public RowSelection {
        fixed = List.copyOf(fixed);
        bounds = bounds == null ? null : List.copyOf(bounds);
    }

    /** The names of the columns that have one value in all rows. */
    public List<String> fixedColumns() {
        return fixed.stream().map(Fixed::column).toList();
    }

    /** The same of further tables, which mean the same when they are read again or do not. */
    RowSelection of(boolean tablesRepeatable) {
        return new RowSelection(where, order, limit, fixed, bounds, repeatable && tablesRepeatable);
    }

    /** The same with another limit. */
    RowSelection limitedBy(Fragment other) {
        return new RowSelection(where, order, other, fixed, bounds, repeatable);
    }
}
