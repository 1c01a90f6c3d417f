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

    /** Whether it does is a setting of the session: NO_BACKSLASH_ESCAPES, standard_conforming_strings. */
    boolean backslashesVary() {
        return this == MYSQL || this == POSTGRESQL;
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

    /** {@code order#}, and on SQL Server {@code name@x}: more signs inside of names than letters and digits. */
    boolean inNames(char c) {
        return (c == '#' && (this == ORACLE || this == SQLSERVER)) || (c == '@' && this == SQLSERVER);
    }

    /** Oracle's driver takes parameters by name too; nobody could bind those again. */
    boolean namedParameters() {
        return this == ORACLE;
    }

    /** {@code OUTPUT deleted.n} stands in the middle of a statement, and OPTION at its end. */
    boolean output() {
        return this == SQLSERVER;
    }

    /** Statements may follow each other without a semicolon. */
    boolean semicolonsAreOptional() {
        return this == SQLSERVER;
    }

    /** Beside a bare star there is no other column in a select list. */
    boolean starStandsAlone() {
        return this == ORACLE;
    }

    /** The assigned column may be written with its table; elsewhere what looks so is a field of the column. */
    boolean qualifiesAssignedColumns() {
        return this != POSTGRESQL;
    }
}
