package io.entente.rm.sql;

/** How a database's texts differ before grammar begins: strings, comments and operators. */
public enum SqlSyntax {
    H2,
    MYSQL,
    POSTGRESQL,
    ORACLE,
    SQLSERVER;

    /** A backslash in a string escapes the next character. */
    boolean backslashEscapes() {
        return this == MYSQL;
    }

    /** A double dash begins a comment only before white space, and a hash does too. */
    boolean mysqlComments() {
        return this == MYSQL;
    }

    boolean nestedComments() {
        return this == H2 || this == POSTGRESQL || this == SQLSERVER;
    }

    boolean dollarQuotes() {
        return this == H2 || this == POSTGRESQL;
    }

    /** {@code q'[it's]'}. */
    boolean alternativeQuotes() {
        return this == ORACLE;
    }

    /** {@code [a name]}. */
    boolean bracketNames() {
        return this == SQLSERVER;
    }

    /** pgjdbc's way to write an operator that contains a question mark. */
    boolean doubledQuestionMarkIsOperator() {
        return this == POSTGRESQL;
    }

    /** The assigned column may be written with its table; elsewhere what looks so is a field of the column. */
    boolean qualifiesAssignedColumns() {
        return this != POSTGRESQL;
    }
}
