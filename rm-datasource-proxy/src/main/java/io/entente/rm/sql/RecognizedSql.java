package io.entente.rm.sql;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a statement does, as far as a global transaction needs to know. Names are as the application wrote them. */
public sealed interface RecognizedSql {

    /** A statement that names one table. */
    sealed interface OnTable extends RecognizedSql {
        TableReference table();
    }

    /**
     * The table a statement works on.
     *
     * @param schema as written, quotes included; null when the statement names none
     * @param name as written, quotes included
     * @param text name and alias, fit to follow FROM
     */
    record TableReference(@Nullable String schema, String name, String text) {}

    /**
     * {@code INSERT INTO t (…) VALUES (…), (…)}.
     *
     * @param columns as written; null when the statement has no column list
     * @param rows the values of each row, in the order of the columns
     */
    record Insert(TableReference table, @Nullable List<String> columns, List<List<InsertValue>> rows)
            implements OnTable {
        public Insert {
            columns = columns == null ? null : List.copyOf(columns);
            rows = rows.stream().map(List::copyOf).toList();
        }
    }

    /** One value of an INSERT. */
    sealed interface InsertValue {

        /** A parameter and nothing else; {@code number} counts from 1. */
        record Parameter(int number) implements InsertValue {}

        /** A number or a plain string as written. */
        record Literal(String text) implements InsertValue {}

        /** {@code DEFAULT} or {@code NULL}: in a key column, the database finds the value. */
        record LeftToDatabase() implements InsertValue {}

        /** Anything else: known only after the row is in. */
        record Expression() implements InsertValue {}
    }

    /**
     * {@code UPDATE t SET … WHERE …}.
     *
     * @param columns the assigned columns as written
     * @param where from the word WHERE on; empty when all rows are updated
     */
    record Update(TableReference table, List<String> columns, Fragment where) implements OnTable {
        public Update {
            columns = List.copyOf(columns);
        }
    }

    /** {@code DELETE FROM t WHERE …}; {@code where} as in {@link Update}. */
    record Delete(TableReference table, Fragment where) implements OnTable {}

    /**
     * {@code SELECT … FROM t WHERE … FOR UPDATE}.
     *
     * @param from from the word FROM to the end of the condition, ORDER BY left out
     * @param locking from the word FOR on
     */
    record SelectForUpdate(TableReference table, Fragment from, String locking) implements OnTable {}

    /** Writes no row and locks none: runs as it is. */
    record PlainRead() implements RecognizedSql {}

    /**
     * Cannot take part in a global transaction, so it must not run inside one.
     *
     * @param reason a sentence without its full stop
     * @param remedy what to write instead, without its full stop
     * @param rowsOnly whether it changes or locks rows at the most, so that it can run where nobody has to undo it
     */
    record Refused(String reason, String remedy, boolean rowsOnly) implements RecognizedSql {

        public Refused(String reason, String remedy) {
            this(reason, remedy, false);
        }
    }
}
