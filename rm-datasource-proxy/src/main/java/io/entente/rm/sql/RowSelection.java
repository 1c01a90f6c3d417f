package io.entente.rm.sql;

import java.util.List;

/**
 * Which rows of its tables a statement works on.
 *
 * @param where the condition; empty when it is all of them
 * @param order from the words ORDER BY on; empty without them
 * @param limit from the word LIMIT or FETCH on, or {@code TOP (n)}; empty without it
 * @param fixedColumns columns that the condition surely holds to one value each, a parameter or a literal
 * @param repeatable whether it, and the tables it chooses from, surely mean the same when they are evaluated again
 */
public record RowSelection(
        Fragment where, Fragment order, Fragment limit, List<String> fixedColumns, boolean repeatable) {

    public RowSelection {
        fixedColumns = List.copyOf(fixedColumns);
    }

    /** The same of further tables, which mean the same when they are read again or do not. */
    RowSelection of(boolean tablesRepeatable) {
        return new RowSelection(where, order, limit, fixedColumns, repeatable && tablesRepeatable);
    }
}
