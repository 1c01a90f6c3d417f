package io.entente.rm.sql;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What an application says of one statement in a comment of it: <code>/&#42; entente:uncaptured &#42;/</code>. For those who know
 * what the statement does better than anybody can see from outside.
 */
public enum Directive {
    /** Runs as it is: nothing is locked, and a rollback does not undo it. */
    UNCAPTURED("uncaptured"),
    /** Is captured although triggers or foreign keys write what its images do not hold. */
    UNSEEN_EFFECTS("unseen-effects");

    private static final String PREFIX = "entente:";

    private final String word;

    Directive(String word) {
        this.word = word;
    }

    /** As it is written. */
    public String text() {
        return "/* " + PREFIX + word + " */";
    }

    /**
     * Reads a comment, its delimiters included.
     *
     * @return null when it is an ordinary comment
     */
    static @Nullable Directive of(String comment) throws UnreadableSqlException {
        String text = comment.replaceAll("^/\\*\\+?|\\*/$|^--|^#", "").strip();
        if (!text.startsWith(PREFIX)) {
            return null;
        }
        String word = text.substring(PREFIX.length()).strip();
        for (Directive directive : values()) {
            if (directive.word.equals(word)) {
                return directive;
            }
        }
        throw new UnreadableSqlException("the comment " + comment + " is no directive there is; there are "
                + Arrays.stream(values()).map(Directive::text).collect(Collectors.joining(" and ")));
    }
}
