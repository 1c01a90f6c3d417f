package io.entente.rm.sql;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a statement does, as far as a global transaction needs to know. Names and pieces are as the application wrote them. */
public sealed interface RecognizedSql {

    /** A statement that changes rows of tables it names. */
    sealed interface Write extends RecognizedSql {

        /** The table that is written; the first of several. */
        TableReference table();

        /** All of it but RETURNING; on SQL Server what stands in front of OUTPUT, or where it would stand. */
        Fragment statement();

        /** What stands behind the word RETURNING or OUTPUT; empty without one. */
        Fragment returning();

        /** On SQL Server what stands behind OUTPUT, or where it would stand; else empty. */
        default Fragment behind() {
            return Fragment.NONE;
        }
    }

    /**
     * {@code INSERT INTO t (…) VALUES (…), (…)} and its relatives.
     *
     * @param columns null when the statement has no column list
     * @param onConflict what happens to a row whose key is there already
     */
    record Insert(
            TableReference table,
            @Nullable List<String> columns,
            Source source,
            OnConflict onConflict,
            Fragment statement,
            Fragment returning,
            Fragment behind)
            implements Write {
        public Insert {
            columns = columns == null ? null : List.copyOf(columns);
        }
    }

    /** Where the rows of an INSERT come from. */
    sealed interface Source {

        /** @param rows the values of each row, in the order of the columns */
        record Values(List<List<SqlValue>> rows) implements Source {
            public Values {
                rows = rows.stream().map(List::copyOf).toList();
            }
        }

        /** @param query a whole query */
        record Query(Fragment query) implements Source {}

        /** {@code DEFAULT VALUES}: one row in which the database finds every value. */
        record AllDefaults() implements Source {}
    }

    /** What an INSERT does with a row whose key is there already. */
    sealed interface OnConflict {

        /** It fails. */
        record Fail() implements OnConflict {}

        /** It leaves the row out: {@code INSERT IGNORE}, {@code ON CONFLICT DO NOTHING}. */
        record Ignore() implements OnConflict {}

        /**
         * It updates the row that is there: {@code ON DUPLICATE KEY UPDATE}, {@code ON CONFLICT DO UPDATE}.
         *
         * @param columns the assigned columns
         * @param target which row that is
         */
        record Update(List<String> columns, ConflictTarget target) implements OnConflict {
            public Update {
                columns = List.copyOf(columns);
            }
        }

        /** It deletes the rows that are there: {@code REPLACE}. */
        record Replace() implements OnConflict {}
    }

    /** By which unique key an INSERT meets the row that it updates. */
    sealed interface ConflictTarget {

        /** By any: {@code ON DUPLICATE KEY}. */
        record AnyKey() implements ConflictTarget {}

        /** {@code ON CONFLICT (a, b)}. */
        record Columns(List<String> names) implements ConflictTarget {
            public Columns {
                names = List.copyOf(names);
            }
        }

        /** {@code ON CONFLICT ON CONSTRAINT c}. */
        record Constraint(String name) implements ConflictTarget {}

        /** By an index over expressions, of some rows, or with a collation of its own. */
        record Expression() implements ConflictTarget {}
    }

    /**
     * {@code UPDATE t SET … WHERE …}, with all that databases allow around it.
     *
     * @param with a WITH clause that only reads; empty without one
     * @param verb the word UPDATE with what modifies it
     * @param tables the base tables named between UPDATE and SET and behind FROM, the updated one first
     * @param tablesText between UPDATE and SET; where it names the updated table by its alias in FROM, what stands there
     * @param from behind the word FROM, when the statement has tables that it only reads there; else empty
     * @param several whether more than one table is named, or a derived one
     */
    record Update(
            Fragment with,
            String verb,
            List<TableReference> tables,
            Fragment tablesText,
            List<Assignment> assignments,
            Fragment assignmentsText,
            Fragment from,
            RowSelection rows,
            boolean several,
            Fragment statement,
            Fragment returning,
            Fragment behind)
            implements Write {
        public Update {
            tables = List.copyOf(tables);
            assignments = List.copyOf(assignments);
        }

        /** The first table that is named: the only one that can be updated, but on MySQL and MariaDB. */
        @Override
        public TableReference table() {
            return tables.get(0);
        }

        /** Whether it leaves out a row that breaks a rule instead of failing: {@code UPDATE IGNORE}. */
        public boolean leavesRowsOut() {
            return verb.toUpperCase(Locale.ROOT).contains("IGNORE");
        }
    }

    /**
     * One assignment of an UPDATE.
     *
     * @param qualifier the table or alias before the column; null without one
     * @param column the column
     * @param value what is assigned; {@link SqlValue.Expression} where several columns are assigned together
     */
    record Assignment(@Nullable String qualifier, String column, SqlValue value) {}

    /**
     * {@code DELETE FROM t WHERE …}, with all that databases allow around it.
     *
     * @param with a WITH clause that only reads; empty without one
     * @param verb the word DELETE with what modifies it
     * @param targets the tables or aliases that rows are deleted from, where a statement with several tables names them;
     *     else empty: then it is the first of {@code tables}
     * @param tables the base tables named, the one deleted from first
     * @param tablesText the tables; where the rows are deleted from one table and others are only read, that one table
     * @param using the tables that are only read, where the statement names them apart; else empty
     * @param several whether more than one table is named, or a derived one
     */
    record Delete(
            Fragment with,
            String verb,
            List<String> targets,
            List<TableReference> tables,
            Fragment tablesText,
            Fragment using,
            RowSelection rows,
            boolean several,
            Fragment statement,
            Fragment returning,
            Fragment behind)
            implements Write {
        public Delete {
            targets = List.copyOf(targets);
            tables = List.copyOf(tables);
        }

        /** The first table that is named: the only one that rows are deleted from, but on MySQL and MariaDB. */
        @Override
        public TableReference table() {
            return tables.get(0);
        }
    }

    /**
     * {@code MERGE INTO t USING s ON … WHEN …}.
     *
     * @param source the table or query behind USING, with its alias
     * @param on the condition behind ON
     * @param inserts whether it has an INSERT action
     * @param actions each action by itself, where they are to be executed one after the other; empty where the database
     *     tells what they did
     * @param updated the columns that its UPDATE actions assign
     * @param bySource whether it has an action for rows without a match in the source
     */
    record Merge(
            TableReference table,
            Fragment source,
            Fragment on,
            boolean inserts,
            List<String> updated,
            boolean bySource,
            MergeActions actions,
            Fragment statement,
            Fragment returning,
            Fragment behind)
            implements Write {
        public Merge {
            updated = List.copyOf(updated);
        }
    }

    /**
     * The parts of an Oracle MERGE.
     *
     * @param matched the action for rows with a match, from the word WHEN on; empty without one
     * @param unmatched the INSERT, from the word WHEN on; empty without one
     * @param columns of the INSERT; null without a list
     * @param values of the INSERT, in the order of the columns
     * @param condition behind the WHERE of the INSERT; empty without one
     * @param repeatable whether source, condition and values surely mean the same when they are evaluated again
     */
    record MergeActions(
            Fragment matched,
            Fragment unmatched,
            @Nullable List<String> columns,
            List<Fragment> values,
            Fragment condition,
            boolean repeatable) {

        /** Where the statement runs as it is written, and its parts need not be told apart. */
        static MergeActions together(boolean repeatable) {
            return new MergeActions(Fragment.NONE, Fragment.NONE, null, List.of(), Fragment.NONE, repeatable);
        }

        public MergeActions {
            columns = columns == null ? null : List.copyOf(columns);
            values = List.copyOf(values);
        }
    }

    /**
     * H2's {@code MERGE INTO t (…) KEY (…) VALUES (…)}: updates the row with this key, or inserts it.
     *
     * @param columns null when the statement has no column list
     * @param keys null when it names none: the primary key
     */
    record KeyedMerge(
            TableReference table,
            @Nullable List<String> columns,
            @Nullable List<String> keys,
            Source source,
            Fragment statement,
            Fragment returning)
            implements Write {
        public KeyedMerge {
            columns = columns == null ? null : List.copyOf(columns);
            keys = keys == null ? null : List.copyOf(keys);
        }
    }

    /**
     * PostgreSQL's {@code WITH a AS (DELETE … RETURNING …) …}: a query or a change around others.
     *
     * @param queries what WITH names
     * @param main the statement behind; without a name
     */
    record WritingWith(boolean recursive, List<CommonTable> queries, CommonTable main) implements RecognizedSql {
        public WritingWith {
            queries = List.copyOf(queries);
        }
    }

    /**
     * One query of a WITH clause.
     *
     * @param name as written
     * @param columns the list in parentheses behind the name, with them; empty without one
     * @param materialized the words between AS and the parenthesis; empty without them
     * @param write null when it is the query {@code text}
     * @param returned what the change returns
     */
    record CommonTable(
            String name,
            Fragment columns,
            String materialized,
            @Nullable Write write,
            List<ReturnedItem> returned,
            Fragment text) {
        public CommonTable {
            returned = List.copyOf(returned);
        }
    }

    /**
     * One item of a RETURNING clause.
     *
     * @param expression without its alias
     * @param name how its column is called; null when neither an alias nor a column's name says it
     * @param star whether it stands for all columns
     */
    record ReturnedItem(Fragment expression, @Nullable String name, boolean star) {}

    /**
     * H2's {@code SELECT … FROM FINAL TABLE (INSERT …)}.
     *
     * @param selectList between SELECT and FROM
     * @param kind OLD, NEW or FINAL
     * @param write the change
     * @param alias behind the parenthesis; empty without one
     */
    record DeltaTable(Fragment selectList, String kind, Write write, Fragment alias) implements RecognizedSql {}

    /**
     * {@code SELECT … FROM … FOR UPDATE} and its relatives.
     *
     * @param head all before the word FROM
     * @param tail from the word FROM to the end
     * @param from from the word FROM to the end of the condition
     * @param order from the words ORDER BY to before the locking clause; empty without them
     * @param locking the locking clause
     * @param tables whose rows are locked
     * @param aggregates whether it shows other rows than those it locks, so that nothing can be added to its select list
     * @param limited whether it locks only some of the rows for which the condition holds
     */
    record LockingRead(
            Fragment head,
            Fragment tail,
            Fragment from,
            Fragment order,
            Fragment locking,
            List<TableReference> tables,
            boolean aggregates,
            boolean limited,
            WhenHeld whenHeld)
            implements RecognizedSql {
        public LockingRead {
            tables = List.copyOf(tables);
        }
    }

    /** What a locking query does about a row that somebody else has locked. */
    enum WhenHeld {
        WAIT,
        FAIL,
        SKIP
    }

    /** Several statements in one text, in order. */
    record Script(List<Part> parts) implements RecognizedSql {
        public Script {
            parts = List.copyOf(parts);
        }

        /**
         * One of them.
         *
         * @param statement what it does, its parameters counted from 1
         * @param text without its semicolon; its parameters as those of the whole text
         */
        public record Part(RecognizedSql statement, Fragment text) {}
    }

    /** Writes no row and locks none: runs as it is. */
    record PlainRead() implements RecognizedSql {}

    /**
     * Runs as it is because the application says so, whatever it does.
     *
     * @param rowsOnly as for {@link Refused}
     */
    record Uncaptured(boolean rowsOnly) implements RecognizedSql {}

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
