package io.entente.tc.lock;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who waits for which rows: a queue for each row, first come, first served. Whoever wants several rows stands in all of
 * their queues at once and gets all of them or none.
 */
public final class LockQueues {
    private final Map<RowKey, ArrayDeque<Waiter>> byRow = new HashMap<>();
    private final Map<Long, List<Waiter>> byTransaction = new HashMap<>();
    private int size;

    /**
     * Somebody who waits.
     *
     * @param ticket counts up: whoever came later has the higher one
     * @param transactionId on whose behalf; below zero for a reader outside of global transactions
     * @param claims what is wanted, each row once
     * @param holders who has to be decided, each with a row of it; whoever waits for them stands in no queue
     */
    public record Waiter(long ticket, long transactionId, List<RowClaim> claims, Map<Long, RowKey> holders) {}

    /** How many wait. */
    public int size() {
        return size;
    }

    /** How many wait for this row. */
    public int waitingFor(RowKey row) {
        ArrayDeque<Waiter> queue = byRow.get(row);
        return queue == null ? 0 : queue.size();
    }

    /** Those who wait for this row, in order; the caller may change the queue meanwhile. */
    public List<Waiter> of(RowKey row) {
        ArrayDeque<Waiter> queue = byRow.get(row);
        return queue == null ? List.of() : List.copyOf(queue);
    }

    /** Those who wait on behalf of this transaction, in no particular order. */
    public List<Waiter> ofTransaction(long transactionId) {
        List<Waiter> waiters = byTransaction.get(transactionId);
        return waiters == null ? List.of() : List.copyOf(waiters);
    }

    /** The rows among these that somebody waits for. */
    public List<RowKey> wanted(Collection<RowClaim> claims) {
        if (byRow.isEmpty()) {
            return List.of();
        }
        return claims.stream().map(RowClaim::row).filter(byRow::containsKey).toList();
    }

    /**
     * Who stands next before a ticket in the queue of a row, on behalf of another transaction; null when nobody does.
     *
     * @param ticket of somebody in the queue, or a higher one
     */
    public @Nullable Waiter ahead(RowKey row, long transactionId, long ticket) {
        ArrayDeque<Waiter> queue = byRow.get(row);
        if (queue == null) {
            return null;
        }
        Iterator<Waiter> fromTheEnd = queue.descendingIterator();
        while (fromTheEnd.hasNext()) {
            Waiter waiter = fromTheEnd.next();
            if (waiter.ticket < ticket && waiter.transactionId != transactionId) {
                return waiter;
            }
        }
        return null;
    }

    /** Puts somebody at the end of the queues of all rows that are wanted. */
    public void add(Waiter waiter) {
        for (RowClaim claim : waiter.claims) {
            byRow.computeIfAbsent(claim.row(), any -> new ArrayDeque<>()).addLast(waiter);
        }
        byTransaction
                .computeIfAbsent(waiter.transactionId, any -> new ArrayList<>())
                .add(waiter);
        size++;
    }

    /** Takes somebody out of all queues. */
    public void remove(Waiter waiter) {
        for (RowClaim claim : waiter.claims) {
            RowKey row = claim.row();
            ArrayDeque<Waiter> queue = byRow.get(row);
            if (queue == null || !queue.remove(waiter)) {
                throw new IllegalStateException(waiter + " does not wait for " + row);
            }
            if (queue.isEmpty()) {
                byRow.remove(row);
            }
        }
        List<Waiter> own = byTransaction.get(waiter.transactionId);
        if (own == null || !own.remove(waiter)) {
            throw new IllegalStateException(waiter + " does not wait");
        }
        if (own.isEmpty()) {
            byTransaction.remove(waiter.transactionId);
        }
        size--;
    }
}
