package io.entente.simulation.invariant;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the applications wanted, and what they were told: the other side of all that the coordinator and databases know. */
public final class Ledger {
    private final SortedMap<String, Entry> entries = new TreeMap<>();

    /** What somebody who began a transaction was told in the end. */
    public enum Told {
        COMMITTED,
        ROLLED_BACK,
        /** That nobody knows. */
        UNKNOWN
    }

    /** One global transaction. */
    public static final class Entry {
        private final SortedMap<String, Part> parts = new TreeMap<>();
        private boolean commitWanted;
        private @Nullable Told told;

        /** Something it does when it commits, under a name that nothing else has. */
        public void plan(String part, String database, String account, long delta) {
            parts.put(part, new Part(database, account, delta));
        }

        /** It is asked for its commit. */
        public void wantCommit() {
            commitWanted = true;
        }

        public void tell(Told outcome) {
            told = outcome;
        }

        boolean isCommitWanted() {
            return commitWanted;
        }

        @Nullable
        Told told() {
            return told;
        }

        Map<String, Part> parts() {
            return parts;
        }
    }

    record Part(String database, String account, long delta) {}

    /** The entry of a transaction that has begun. */
    public Entry entry(String xid) {
        return entries.computeIfAbsent(xid, any -> new Entry());
    }

    SortedMap<String, Entry> entries() {
        return entries;
    }

    /** How many were told that they are committed. */
    public long committed() {
        return entries.values().stream()
                .filter(each -> each.told() == Told.COMMITTED)
                .count();
    }
}
