package io.entente.rm.matrix;

import io.entente.testkit.database.TestDatabase.Kind;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A kind of statement, and how each database writes it.
 *
 * @param group what it is listed under
 * @param name as in the documentation
 * @param forms the statement and what becomes of it; a database that has no such statement is missing
 */
record StatementCase(String group, String name, Map<Kind, Form> forms) {

    /**
     * The statement on one database.
     *
     * @param sql what is executed; tables are those of {@link StatementMatrixTest}
     * @param refusal a part of the reason why it is refused; null when it is undone
     */
    record Form(String sql, @Nullable String refusal) {}

    static StatementCase of(String group, String name) {
        return new StatementCase(group, name, new EnumMap<>(Kind.class));
    }

    StatementCase on(Kind kind, String sql) {
        forms.put(kind, new Form(sql, null));
        return this;
    }

    StatementCase refusedOn(Kind kind, String sql, String reason) {
        forms.put(kind, new Form(sql, reason));
        return this;
    }

    StatementCase everywhere(String sql) {
        for (Kind kind : Kind.values()) {
            forms.putIfAbsent(kind, new Form(sql, null));
        }
        return this;
    }

    StatementCase refusedEverywhere(String sql, String reason) {
        for (Kind kind : Kind.values()) {
            forms.putIfAbsent(kind, new Form(sql, reason));
        }
        return this;
    }

    StatementCase h2(String sql) {
        return on(Kind.H2, sql);
    }

    StatementCase postgres(String sql) {
        return on(Kind.POSTGRESQL, sql);
    }

    StatementCase maria(String sql) {
        return on(Kind.MARIADB, sql);
    }
}
