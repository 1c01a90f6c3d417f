package io.entente.tc.lock;

import io.entente.tc.lock.LockQueues.Waiter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Global transactions that wait for each other in a circle, so that none would ever get on.
 *
 * <p>A transaction waits for the holder of each row that it wants, and for whoever stands before it in the row's queue.
 * Only a transaction that begins to wait can close a circle, so that is when it is looked for.
 */
public final class Deadlock {
    private Deadlock() {}

    /**
     * One link of the circle.
     *
     * @param row what the transaction wants
     * @param blocker who holds it, or wants it too and came first
     */
    public record Link(long transactionId, RowKey row, long blocker) {}

    /** The circle through a transaction, which begins with it; empty when there is none. */
    public static List<Link> through(long transactionId, LockTable locks, LockQueues queues) {
        Map<Long, Link> reachedBy = new HashMap<>();
        Deque<Long> toVisit = new ArrayDeque<>();
        toVisit.push(transactionId);
        while (!toVisit.isEmpty()) {
            long visited = toVisit.pop();
            for (Link link : links(visited, locks, queues)) {
                if (link.blocker == transactionId) {
                    return circle(link, transactionId, reachedBy);
                }
                if (reachedBy.putIfAbsent(link.blocker, link) == null) {
                    toVisit.push(link.blocker);
                }
            }
        }
        return List.of();
    }

    private static List<Link> circle(Link last, long transactionId, Map<Long, Link> reachedBy) {
        List<Link> circle = new ArrayList<>();
        @Nullable Link link = last;
        while (link != null) {
            circle.add(link);
            link = link.transactionId == transactionId ? null : reachedBy.get(link.transactionId);
        }
        Collections.reverse(circle);
        return circle;
    }

    private static List<Link> links(long transactionId, LockTable locks, LockQueues queues) {
        List<Link> links = new ArrayList<>();
        for (Waiter waiter : queues.ofTransaction(transactionId)) {
            waiter.holders().forEach((holder, row) -> links.add(new Link(transactionId, row, holder)));
            for (RowClaim claim : waiter.claims()) {
                RowKey row = claim.row();
                for (long holder : locks.inTheWayOf(transactionId, claim)) {
                    links.add(new Link(transactionId, row, holder));
                }
                RowLock lock = locks.lock(row);
                if (lock != null && lock.isHeldBy(transactionId)) {
                    continue;
                }
                Waiter ahead = queues.ahead(row, transactionId, waiter.ticket());
                while (ahead != null) {
                    links.add(new Link(transactionId, row, ahead.transactionId()));
                    boolean overtakes = lock != null && lock.isHeldBy(ahead.transactionId());
                    // Whoever stands further ahead is reached through this one, unless it does not wait for them.
                    ahead = overtakes ? queues.ahead(row, transactionId, ahead.ticket()) : null;
                }
            }
        }
        return links;
    }
}
