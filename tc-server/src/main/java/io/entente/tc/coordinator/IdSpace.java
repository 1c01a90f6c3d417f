package io.entente.tc.coordinator;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * The numbers that one group of coordinators gives to transactions and branches. No two groups of a cluster may give the same:
 * an undo row is found by the number of its branch alone, and an XID says by its number which group knows the transaction.
 *
 * <p>A group begins at a number that follows from the time, and never catches up with the time: a group that is founded anew,
 * without its log, gives none of its old numbers again.
 */
public final class IdSpace {
    /** The group of everybody who is in no other; the only one of a coordinator by itself. */
    public static final String DEFAULT_GROUP = "default";

    private static final long EPOCH_MILLIS = 1_577_836_800_000L;
    private static final long IDS_PER_MILLI = 1L << 20;
    /** Above all numbers of the default group until the year 2159. */
    private static final long NAMED = 1L << 62;

    private static final int NUMBERS_OF_GROUPS = 1 << 14;
    private static final int IDS_BITS = 48;
    private static final int IDS_PER_SECOND_BITS = 16;

    private final boolean named;
    private final long start;

    private IdSpace(boolean named, long start) {
        this.named = named;
        this.start = start;
    }

    /** Of the group of this name; it follows from the name alone. */
    public static IdSpace of(String group) {
        if (group.equals(DEFAULT_GROUP)) {
            return new IdSpace(false, 0);
        }
        CRC32C hash = new CRC32C();
        hash.update(group.getBytes(StandardCharsets.UTF_8));
        return new IdSpace(true, NAMED | (hash.getValue() % NUMBERS_OF_GROUPS) << IDS_BITS);
    }

    /** The first number of a group that is founded at {@code millis}, in ms since 1970. */
    long first(long millis) {
        long age = millis - EPOCH_MILLIS;
        return named ? start + (Math.max(0, age / 1_000) << IDS_PER_SECOND_BITS) : age * IDS_PER_MILLI;
    }

    /** Whether {@code id} is one of these numbers. */
    public boolean contains(long id) {
        return named ? id >>> IDS_BITS == start >>> IDS_BITS : id >= 0 && id < NAMED;
    }

    /** Whether another group of the same cluster would give the same numbers. */
    public boolean overlaps(IdSpace other) {
        return named == other.named && start == other.start;
    }
}
