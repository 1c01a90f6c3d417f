package io.entente.protocol;

import java.util.Arrays;

/**
 * Why a branch cannot get to its end by itself, for machines. Names and numbers stay as they are; new ones may come.
 *
 * <p>A resource manager of ours tells it as a last line of the message in which it gives up, behind what it tells people. A
 * coordinator of Seata's has one more line in its log; a message of Seata's clients has no such line.
 */
public enum AttentionReason {
    /** The resource manager has given up and did not say in which of these words. */
    RESOURCE_MANAGER_GAVE_UP(1),
    /** Rows are in the way of the undo: somebody else has changed them, or the database forbids the old ones. */
    CONFLICT(2),
    /** The resource manager has answered with failures for as long as {@code entente.tc.retry-budget}. */
    RETRY_BUDGET_USED_UP(3),
    /** The undo row cannot be read: it is damaged, or of a version that the resource manager does not know. */
    UNDO_UNREADABLE(4),
    /** The fence of a TCC branch says otherwise than the decision, or its arguments are lost. */
    FENCE_VIOLATED(5),
    /** The database has ended an XA branch by itself, and otherwise than decided, at least in part. */
    HEURISTIC_OUTCOME(6),
    /** A step of a saga cannot be compensated. */
    COMPENSATION_IMPOSSIBLE(7),
    /** A saga cannot go on behind its pivot. */
    SAGA_CANNOT_GO_ON(8);

    /** What it needs at the end of a message; the rest has to leave so much room. */
    public static final int MOST_CHARS = 60;

    private static final String SEPARATOR = "\nentente.reason=";

    private final int code;

    AttentionReason(int code) {
        this.code = code;
    }

    /** Its number where it is stored. */
    public int code() {
        return code;
    }

    /** @throws IllegalArgumentException there is none with this number */
    public static AttentionReason fromCode(int code) {
        return Arrays.stream(values())
                .filter(reason -> reason.code == code)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no reason with the number " + code));
    }

    /** The message that tells this reason to machines and {@code message} to people. */
    public String addedTo(String message) {
        return message + SEPARATOR + name();
    }

    /** What a message tells; RESOURCE_MANAGER_GAVE_UP when it tells nothing, or what only later versions know. */
    public static AttentionReason in(String message) {
        int at = message.lastIndexOf(SEPARATOR);
        String name = at < 0 ? "" : message.substring(at + SEPARATOR.length());
        return Arrays.stream(values())
                .filter(reason -> reason.name().equals(name))
                .findFirst()
                .orElse(RESOURCE_MANAGER_GAVE_UP);
    }

    /** The message without its line for machines. */
    public static String without(String message) {
        int at = message.lastIndexOf(SEPARATOR);
        boolean last = at >= 0 && message.indexOf('\n', at + 1) < 0;
        return last ? message.substring(0, at) : message;
    }
}
