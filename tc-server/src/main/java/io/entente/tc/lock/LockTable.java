package io.entente.tc.lock;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
    private final Map<TableKey, Map<Long, Integer>> rowsByTable = new HashMap<>();
    private final Releases releases = new Releases();
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

    /** What was let go of lately. */
    public Releases releases() {
        return releases;
    }

    /** The transactions that have rows of a table, in no particular order. */
    public Set<Long> holdersIn(TableKey table) {
        return Set.copyOf(rowsByTable.getOrDefault(table, Map.of()).keySet());
    }

    /** In the table of each of these rows, so many more or fewer are held by the transaction. */
    private void count(long transactionId, List<RowClaim> claims, int each) {
        int i = 0;
        while (i < claims.size()) {
            TableKey table = TableKey.of(claims.get(i).row());
            int rows = 0;
            while (i < claims.size() && table.equals(TableKey.of(claims.get(i).row()))) {
                rows += each;
                i++;
            }
            Map<Long, Integer> held = rowsByTable.computeIfAbsent(table, any -> new HashMap<>(2));
            if (held.merge(transactionId, rows, Integer::sum) == 0) {
                held.remove(transactionId);
            }
            if (held.isEmpty()) {
                rowsByTable.remove(table);
            }
        }
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
        List<RowClaim> all = List.of(held);
        count(transactionId, all, 1);
        return all;
    }

    /** Lets go of the rows of a branch whose changes are not there any more. */
    public void releaseUndone(long transactionId, List<RowClaim> claims) {
        release(transactionId, claims);
        if (!claims.isEmpty()) {
            Set<Object> keys = new LinkedHashSet<>();
            for (RowClaim claim : claims) {
                keys.add(claim.row());
                keys.add(TableKey.of(claim.row()));
            }
            releases.add(keys);
        }
    }

    /**
     * Lets go of all rows of a transaction, whose changes stay.
     *
     * @param branches the rows of each
     */
    public void releaseCommitted(long transactionId, List<List<RowClaim>> branches) {
        Set<Object> inParts = branches.size() == 1 ? Set.of() : inParts(branches);
        for (List<RowClaim> rows : branches) {
            release(transactionId, rows);
        }
        if (!inParts.isEmpty()) {
            releases.add(inParts);
        }
    }

    /** The tables, and the rows, of which a reader may have seen what one branch did, and not yet what another did. */
    private static Set<Object> inParts(List<List<RowClaim>> branches) {
        Map<String, Integer> branchesOf = new HashMap<>();
        Set<RowKey> once = new HashSet<>();
        Set<Object> parts = new LinkedHashSet<>();
        for (List<RowClaim> rows : branches) {
            Set<String> resources = new HashSet<>();
            for (RowClaim claim : rows) {
                resources.add(claim.row().resource());
                if (!once.add(claim.row())) {
                    parts.add(claim.row());
                }
            }
            resources.forEach(resource -> branchesOf.merge(resource, 1, Integer::sum));
        }
        for (RowKey row : once) {
            if (branchesOf.getOrDefault(row.resource(), 0) > 1) {
                parts.add(TableKey.of(row));
            }
        }
        return parts;
    }

    private void release(long transactionId, List<RowClaim> claims) {
        count(transactionId, claims, -1);
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
