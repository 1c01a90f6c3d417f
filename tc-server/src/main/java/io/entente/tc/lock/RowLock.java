package io.entente.tc.lock;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Who has a row. Immutable; the same claims, in whatever order they came, are the same lock. */
public sealed interface RowLock {

    /** Those who have it, at least one. */
    List<Long> holders();

    boolean isHeldBy(long transactionId);

    /** Those of the holders who must let go before the transaction may have the row in this mode; not itself. */
    List<Long> inTheWayOf(long transactionId, String mode);

    /** In which mode several may have it; {@link RowClaim#EXCLUSIVE} when only one may. */
    String mode();

    /** With one more claim, which nobody is in the way of. */
    RowLock with(long transactionId, String mode);

    /**
     * Without one of its claims; null when it was the last.
     *
     * @throws IllegalStateException there is no such claim
     */
    @Nullable
    RowLock without(long transactionId, String mode);

    /** The first claim on a row. */
    static RowLock first(long transactionId, String mode) {
        return mode.isEmpty()
                ? new Exclusive(transactionId, 1)
                : new Claims(new TreeMap<>(Map.of(transactionId, new TreeMap<>(Map.of(mode, 1)))));
    }

    /** The usual lock, of one transaction. Small, because there may be a million of them. */
    record Exclusive(long transactionId, int branches) implements RowLock {

        @Override
        public List<Long> holders() {
            return List.of(transactionId);
        }

        @Override
        public boolean isHeldBy(long id) {
            return id == transactionId;
        }

        @Override
        public List<Long> inTheWayOf(long id, String mode) {
            return id == transactionId ? List.of() : holders();
        }

        @Override
        public String mode() {
            return RowClaim.EXCLUSIVE;
        }

        @Override
        public RowLock with(long id, String mode) {
            if (mode.isEmpty() && id == transactionId) {
                return new Exclusive(transactionId, branches + 1);
            }
            return new Claims(new TreeMap<>(Map.of(transactionId, new TreeMap<>(Map.of(RowClaim.EXCLUSIVE, branches)))))
                    .with(id, mode);
        }

        @Override
        public @Nullable RowLock without(long id, String mode) {
            if (!mode.isEmpty() || id != transactionId) {
                throw new IllegalStateException("transaction " + id + " has no claim '" + mode + "' among " + this);
            }
            return branches == 1 ? null : new Exclusive(transactionId, branches - 1);
        }
    }

    /** @param counts how often each transaction claims the row in each mode */
    record Claims(SortedMap<Long, SortedMap<String, Integer>> counts) implements RowLock {

        @Override
        public List<Long> holders() {
            return List.copyOf(counts.keySet());
        }

        @Override
        public boolean isHeldBy(long transactionId) {
            return counts.containsKey(transactionId);
        }

        @Override
        public List<Long> inTheWayOf(long transactionId, String mode) {
            if (!mode.isEmpty() && mode.equals(mode())) {
                return List.of();
            }
            List<Long> others = new ArrayList<>(counts.keySet());
            others.remove(transactionId);
            return others;
        }

        /** Several transactions all have the same; one may have claims of several modes, and then is alone. */
        @Override
        public String mode() {
            SortedMap<String, Integer> any = counts.get(counts.firstKey());
            return any != null && any.size() == 1 ? any.firstKey() : RowClaim.EXCLUSIVE;
        }

        @Override
        public RowLock with(long transactionId, String mode) {
            if (!inTheWayOf(transactionId, mode).isEmpty()) {
                throw new IllegalStateException(
                        "claim '" + mode + "' of transaction " + transactionId + " does not go with " + this);
            }
            SortedMap<Long, SortedMap<String, Integer>> more = copy();
            more.computeIfAbsent(transactionId, any -> new TreeMap<>()).merge(mode, 1, Integer::sum);
            return new Claims(more);
        }

        @Override
        public @Nullable RowLock without(long transactionId, String mode) {
            SortedMap<Long, SortedMap<String, Integer>> left = copy();
            SortedMap<String, Integer> its = left.get(transactionId);
            if (its == null || !its.containsKey(mode)) {
                throw new IllegalStateException(
                        "transaction " + transactionId + " has no claim '" + mode + "' among " + this);
            }
            its.computeIfPresent(mode, (any, count) -> count == 1 ? null : count - 1);
            if (its.isEmpty()) {
                left.remove(transactionId);
            }
            if (left.isEmpty()) {
                return null;
            }
            Integer exclusive = its.get(RowClaim.EXCLUSIVE);
            return its.size() == 1 && exclusive != null ? new Exclusive(transactionId, exclusive) : new Claims(left);
        }

        private SortedMap<Long, SortedMap<String, Integer>> copy() {
            SortedMap<Long, SortedMap<String, Integer>> copy = new TreeMap<>();
            counts.forEach((id, modes) -> copy.put(id, new TreeMap<>(modes)));
            return copy;
        }
    }
}
