package io.entente.rm.sql;

/** How a database's texts differ before grammar begins: strings, comments and operators. */
public enum SqlSyntax {
    H2,
    MYSQL,
    POSTGRESQL;

    /** A backslash in a string escapes the next character. */
    boolean backslashEscapes() {
        return this == MYSQL;
    }

    /** A double dash begins a comment only before white space, and a hash does too. */
    boolean mysqlComments() {
        return this == MYSQL;
    }

    boolean nestedComments() {
        return this != MYSQL;
    }

    boolean dollarQuotes() {
        return this != MYSQL;
    }

    /** pgjdbc's way to write an operator that contains a question mark. */
    boolean doubledQuestionMarkIsOperator() {
        return this == POSTGRESQL;
    }
}
