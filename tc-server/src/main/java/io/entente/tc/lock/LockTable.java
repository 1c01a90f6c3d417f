package io.entente.tc.lock;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The rows that are locked. Mostly by one global transaction each, which may hold a row through several of its branches;
 * several have a row at the same time when all of them did the same to it ({@link RowClaim#mode}).
 *
 * <p>Takes about 150 bytes of heap for a row with a short key.
 */
public final class LockTable {
    private final Map<RowKey, RowLock> locks = new HashMap<>();
    private final SharedTexts names = new SharedTexts();

    /**
     * A row that is wanted and held by another.
     *
     * @param holder id of the holding global transaction
     */
    public record Conflict(RowKey row, long holder) {}

    /** The first of the rows that another global transaction does not leave to this one; null when all can be had. */
    public @Nullable Conflict conflict(long transactionId, List<RowClaim> claims) {
        for (RowClaim claim : claims) {
            List<Long> inTheWay = inTheWayOf(transactionId, claim);
            if (!inTheWay.isEmpty()) {
                return new Conflict(claim.row(), inTheWay.get(0));
            }
        }
        return null;
    }

    /** The holders that must let go of a row before the transaction may have it; empty when it can have it now. */
    public List<Long> inTheWayOf(long transactionId, RowClaim claim) {
        RowLock lock = locks.get(claim.row());
        return lock == null ? List.of() : lock.inTheWayOf(transactionId, claim.mode());
    }

    /** Who holds a row, null when nobody does. */
    public @Nullable RowLock lock(RowKey row) {
        return locks.get(row);
    }

    /**
     * Locks rows that nobody is in the way of.
     *
     * @return the same, sharing their names with all others in this table: keep these
     */
    public List<RowClaim> acquire(long transactionId, List<RowClaim> claims) {
        // One object for all rows of a branch.
        RowLock first = RowLock.first(transactionId, RowClaim.EXCLUSIVE);
        RowClaim[] held = new RowClaim[claims.size()];
        for (int i = 0; i < held.length; i++) {
            RowClaim claim = claims.get(i);
            RowKey row = claim.row();
            RowKey kept = new RowKey(names.share(row.resource()), names.share(row.table()), row.key());
            held[i] = new RowClaim(kept, claim.isExclusive() ? RowClaim.EXCLUSIVE : names.share(claim.mode()));
            RowLock before = locks.get(kept);
            if (before == null) {
                locks.put(kept, claim.isExclusive() ? first : RowLock.first(transactionId, claim.mode()));
            } else if (before.inTheWayOf(transactionId, claim.mode()).isEmpty()) {
                locks.put(kept, before.with(transactionId, claim.mode()));
            } else {
                throw new IllegalStateException(claim + " is locked by transactions " + before.holders()
                        + "; it must not be given to " + transactionId);
            }
        }
        return List.of(held);
    }

    /** Lets go of rows once for each; a row held through further branches stays locked. */
    public void release(long transactionId, List<RowClaim> claims) {
        for (RowClaim claim : claims) {
            RowLock lock = locks.get(claim.row());
            if (lock == null || !lock.isHeldBy(transactionId)) {
                throw new IllegalStateException(
                        claim + " is not locked by transaction " + transactionId + " but by " + lock);
            }
            RowLock left = lock.without(transactionId, claim.mode());
            if (left == null) {
                locks.remove(claim.row());
            } else {
                locks.put(claim.row(), left);
            }
        }
    }

    public int size() {
        return locks.size();
    }

    /** Visits every lock, in no particular order. */
    public void forEach(BiConsumer<RowKey, RowLock> visitor) {
        locks.forEach(visitor);
    }
}
