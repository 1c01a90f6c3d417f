package io.entente.rm.sql;

import java.util.regex.Pattern;

/**
 * A piece of a statement as the application wrote it. Comments between its tokens are part of it.
 *
 * @param sql the text, empty when the statement has no such piece
 * @param firstParameter JDBC number (from 1) of the first parameter in it; meaningless when there is none
 * @param parameters how many parameters it has; their numbers are consecutive
 */
public record Fragment(String sql, int firstParameter, int parameters) {

    /** No such piece. */
    public static final Fragment NONE = new Fragment("", 1, 0);

    private static final Pattern SUB_SELECT = Pattern.compile("\\b(SELECT|TABLE)\\b", Pattern.CASE_INSENSITIVE);

    /** Whether the statement has no such piece. */
    public boolean isEmpty() {
        return sql.isEmpty();
    }

    /**
     * Whether it may hold a sub-select: what that finds can change from one execution to the next. A text that only
     * looks like one counts too.
     */
    public boolean mayHaveSubSelect() {
        return SUB_SELECT.matcher(sql).find();
    }
}
