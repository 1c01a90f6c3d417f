package io.entente.tc.lock;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The rows that are locked, each by one global transaction, which may hold it through several of its branches.
 *
 * <p>Takes about 130 bytes of heap for a row with a short key.
 */
public final class LockTable {
    private final Map<RowKey, RowLock> locks = new HashMap<>();
    private final SharedTexts names = new SharedTexts();

    /**
     * The hold of a global transaction on a row.
     *
     * @param transactionId the holder
     * @param branches how many of its branches hold the row; the last one to let go frees it
     */
    public record RowLock(long transactionId, int branches) {}

    /**
     * A row that is wanted and held by another.
     *
     * @param holder id of the holding global transaction
     */
    public record Conflict(RowKey row, long holder) {}

    /** The first of {@code rows} that another global transaction holds, null when all are free or its own. */
    public @Nullable Conflict conflict(long transactionId, List<RowKey> rows) {
        for (RowKey row : rows) {
            RowLock lock = locks.get(row);
            if (lock != null && lock.transactionId != transactionId) {
                return new Conflict(row, lock.transactionId);
            }
        }
        return null;
    }

    /** Who holds a row, null when nobody does. */
    public @Nullable RowLock lock(RowKey row) {
        return locks.get(row);
    }

    /**
     * Locks {@code rows}, all of which are free or the transaction's own.
     *
     * @return the same rows, sharing their names with all others in this table: keep these
     */
    public List<RowKey> acquire(long transactionId, List<RowKey> rows) {
        RowLock first = new RowLock(transactionId, 1);
        RowKey[] held = new RowKey[rows.size()];
        for (int i = 0; i < held.length; i++) {
            RowKey row = rows.get(i);
            held[i] = new RowKey(names.share(row.resource()), names.share(row.table()), row.key());
            RowLock before = locks.putIfAbsent(held[i], first);
            if (before != null) {
                if (before.transactionId != transactionId) {
                    throw new IllegalStateException(row + " is locked by transaction " + before.transactionId
                            + "; it must not be given to " + transactionId);
                }
                locks.put(held[i], new RowLock(transactionId, before.branches + 1));
            }
        }
        return List.of(held);
    }

    /** Lets go of {@code rows} once for each; a row held through further branches stays locked. */
    public void release(long transactionId, List<RowKey> rows) {
        for (RowKey row : rows) {
            RowLock lock = locks.get(row);
            if (lock == null || lock.transactionId != transactionId) {
                throw new IllegalStateException(
                        row + " is not locked by transaction " + transactionId + " but by " + lock);
            }
            if (lock.branches == 1) {
                locks.remove(row);
            } else {
                locks.put(row, new RowLock(transactionId, lock.branches - 1));
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
