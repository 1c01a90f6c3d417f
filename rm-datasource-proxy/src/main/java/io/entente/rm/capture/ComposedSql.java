package io.entente.rm.capture;

import io.entente.rm.call.Bindings;
import io.entente.rm.sql.Fragment;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * A statement put together from pieces of the application's and of our own.
 *
 * @param sql its text
 * @param parameters for each parameter in it the number of the application's one that it takes; 0 for one of our own
 */
record ComposedSql(String sql, List<Integer> parameters) {

    private static final int OURS = 0;

    ComposedSql {
        parameters = List.copyOf(parameters);
    }

    /** Sets the application's parameters; ours are left to the caller. */
    void bind(PreparedStatement statement, Bindings bindings) throws SQLException {
        for (int i = 0; i < parameters.size(); i++) {
            if (parameters.get(i) != OURS) {
                bindings.get(parameters.get(i)).setter().set(statement, i + 1);
            }
        }
    }

    /** 1-based place of the first parameter of our own. */
    int firstOfOurs() {
        return parameters.indexOf(OURS) + 1;
    }

    static Builder builder() {
        return new Builder();
    }

    /** Adds piece by piece; puts a space between them. */
    static final class Builder {

        private final StringBuilder sql = new StringBuilder();
        private final List<Integer> parameters = new ArrayList<>();

        /** Our own words, without parameters. */
        Builder add(String text) {
            if (!text.isEmpty()) {
                if (!sql.isEmpty()) {
                    sql.append(' ');
                }
                sql.append(text);
            }
            return this;
        }

        /** A piece of the application's statement. */
        Builder add(Fragment fragment) {
            add(fragment.sql());
            for (int i = 0; i < fragment.parameters(); i++) {
                parameters.add(fragment.firstParameter() + i);
            }
            return this;
        }

        /** All of another one. */
        Builder addAll(ComposedSql other) {
            add(other.sql());
            parameters.addAll(other.parameters());
            return this;
        }

        /** Our own words in front of a piece, when there is such a piece. */
        Builder addIfAny(String words, Fragment fragment) {
            return fragment.isEmpty() ? this : add(words).add(fragment);
        }

        /** Our own words with parameters of our own. */
        Builder addOurs(String text, int count) {
            add(text);
            for (int i = 0; i < count; i++) {
                parameters.add(OURS);
            }
            return this;
        }

        ComposedSql build() {
            return new ComposedSql(sql.toString(), parameters);
        }
    }
}
