package io.entente.protocol;

import java.util.regex.Pattern;

/**
 * In the lock key of one of our clients, what the branch did to rows, before the name of their table:
 *
 * <pre>
 * stock:1,2;%(n-)stock:7
 * </pre>
 *
 * <p>Branches of several global transactions may have a row at the same time when they name the same mode for it; without
 * one a row is had alone. What a mode means, the coordinator does not know. No name of a table begins so: names are
 * percent-escaped, and what follows a percent sign there is a digit. A coordinator of Seata is sent the text
 * {@linkplain #without without} modes, and so locks each row for one.
 */
public final class LockModeText {

    private static final String BEGIN = "%(";
    private static final char END = ')';
    private static final Pattern ANY = Pattern.compile("(?<=^|;)%\\([^;:)]*\\)");

    private LockModeText() {}

    /** What stands before the table; empty for the empty mode, which is to have the row alone. */
    public static String of(String mode) {
        return mode.isEmpty() ? "" : BEGIN + mode + END;
    }

    /**
     * Where the name of the table begins.
     *
     * @param start where the section of the lock key begins
     * @param end where it ends
     * @throws IllegalArgumentException a mode is begun and not ended, or empty
     */
    public static int end(String lockKey, int start, int end) {
        if (!lockKey.startsWith(BEGIN, start)) {
            return start;
        }
        int closed = lockKey.indexOf(END, start);
        if (closed < 0 || closed >= end || closed == start + BEGIN.length()) {
            throw new IllegalArgumentException(
                    "lock key '" + lockKey.substring(start, end) + "' is malformed; expected %(mode)table:key");
        }
        return closed + 1;
    }

    /** The mode in a section of a lock key, of which {@link #end} told where it ends; empty when there is none. */
    public static String in(String lockKey, int start, int end) {
        return end == start ? "" : lockKey.substring(start + BEGIN.length(), end - 1);
    }

    /** The lock key as a coordinator understands it that knows of no modes. */
    public static String without(String lockKey) {
        return lockKey.contains(BEGIN) ? ANY.matcher(lockKey).replaceAll("") : lockKey;
    }
}
