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

    /** Anything else; {@code on} is what its value depends on besides its parameters. */
    record Expression(Fragment text, DependsOn on) implements SqlValue {}

    /** What an expression's value depends on besides its parameters. */
    enum DependsOn {
        /** It names no column and yields the same whenever it is evaluated. */
        NOTHING,
        /** It yields the same for the same row. */
        ROW,
        /** It may yield something else each time, as far as can be told. */
        ANYTHING
    }
}
