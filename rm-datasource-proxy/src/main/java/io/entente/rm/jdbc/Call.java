package io.entente.rm.jdbc;

import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/**
 * One execution the application asked for.
 *
 * @param form which of the execute methods
 * @param sql the statement
 * @param bindings its parameters; null for a statement that is not prepared
 * @param keys the generated keys the application wants
 * @param statement the driver's statement
 * @param kept where results go that the driver's statement will not hold
 * @param plain executes the driver's statement
 * @param ofCount the answer of this execute method for an update count
 */
record Call<T>(
        Form form,
        String sql,
        @Nullable Bindings bindings,
        KeyRequest keys,
        Statement statement,
        KeptOutcome kept,
        SqlAction<T> plain,
        CountAnswer<T> ofCount) {

    /** The execute methods by what they return. */
    enum Form {
        ANY,
        QUERY,
        UPDATE
    }

    @FunctionalInterface
    interface CountAnswer<T> {
        T of(long count);
    }

    /** Whether it can be executed again after a rollback. */
    boolean repeatable() {
        return bindings == null || bindings.repeatable();
    }
}
