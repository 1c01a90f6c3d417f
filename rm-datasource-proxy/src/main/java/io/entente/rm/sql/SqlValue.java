package io.entente.rm.sql;

/** A value in a statement, as far as it can be known without the database. */
public sealed interface SqlValue {

    /** A parameter and nothing else; {@code number} counts from 1. */
    record Parameter(int number) implements SqlValue {}

    /** A number or a plain string as written. */
    record Literal(String text) implements SqlValue {}

    /** NULL. */
    record Null() implements SqlValue {}

    /** DEFAULT: the database finds the value. */
    record ColumnDefault() implements SqlValue {}

    /**
     * The column's own value with a number added or subtracted: {@code n - ?}.
     *
     * @param negative whether it is subtracted
     * @param number a parameter or a literal; an {@link Expression} when it is more than that
     */
    record Delta(boolean negative, SqlValue number) implements SqlValue {}

    /**
     * Anything else.
     *
     * @param constant whether it surely names no column and yields the same whenever it is evaluated
     */
    record Expression(Fragment text, boolean constant) implements SqlValue {}
}
