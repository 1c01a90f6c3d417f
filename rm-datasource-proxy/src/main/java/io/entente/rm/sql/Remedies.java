package io.entente.rm.sql;

import org.jspecify.annotations.Nullable;

/** Remedies that several refusals share. */
final class Remedies {

    static final String OUTSIDE =
            "run it outside the global transaction (TransactionContext.suspend()), or, when nobody has"
                    + " to undo it, write " + Directive.UNCAPTURED.text() + " into it";
    static final String REWRITE = "write it as a plain INSERT, UPDATE or DELETE of one table, or " + OUTSIDE;
    static final String BY_KEY = "select the keys first and name them in WHERE";

    private Remedies() {}

    static String or(@Nullable String remedy) {
        return remedy == null ? REWRITE : remedy;
    }
}
