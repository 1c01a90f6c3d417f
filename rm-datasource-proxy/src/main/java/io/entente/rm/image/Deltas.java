package io.entente.rm.image;

import java.util.Set;

/**
 * What an UPDATE changes by adding.
 *
 * @param columns names of the numeric columns that it changes by adding or subtracting a number
 * @param sharing which rows other global transactions may add to at the same time
 */
public record Deltas(Set<String> columns, Sharing sharing) {

    public static final Deltas NONE = new Deltas(Set.of(), Sharing.NONE);

    public Deltas {
        columns = Set.copyOf(columns);
    }

    /**
     * Which rows of an UPDATE other global transactions may change in the same way before this one has ended: those whose
     * numbers it has only made smaller, or only larger, where nothing that it looked at could come out otherwise when the
     * others are undone.
     */
    public enum Sharing {
        NONE(false, false),
        /** Rows whose numbers it has made smaller. */
        LESS(true, false),
        /** Rows whose numbers it has made larger. */
        MORE(false, true),
        EITHER(true, true);

        private final boolean less;
        private final boolean more;

        Sharing(boolean less, boolean more) {
            this.less = less;
            this.more = more;
        }

        /** @param sign of what was added */
        boolean allows(int sign) {
            return sign < 0 ? less : more;
        }

        /** What both allow. */
        public Sharing and(Sharing other) {
            if (less && other.less) {
                return more && other.more ? EITHER : LESS;
            }
            return more && other.more ? MORE : NONE;
        }
    }
}
