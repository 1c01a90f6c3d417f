package io.entente.tc.lock;

import static org.assertj.core.api.Assertions.assertThat;

import io.entente.tc.lock.Deadlock.Link;
import io.entente.tc.lock.LockQueues.Waiter;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Who waits for whom. */
class DeadlockTest {
    private final LockTable locks = new LockTable();
    private final LockQueues queues = new LockQueues();
    private long ticket;

    private static RowKey row(String key) {
        return new RowKey("db", "t", key);
    }

    /** What stands behind a point is the mode. */
    private static List<RowClaim> rows(String... keys) {
        return Arrays.stream(keys)
                .map(key -> key.contains(".")
                        ? new RowClaim(row(key.substring(0, key.indexOf('.'))), key.substring(key.indexOf('.')))
                        : RowClaim.exclusive(row(key)))
                .toList();
    }

    private void holds(long transaction, String... keys) {
        locks.acquire(transaction, rows(keys));
    }

    private Waiter waits(long transaction, String... keys) {
        Waiter waiter = new Waiter(++ticket, transaction, rows(keys), Map.of());
        queues.add(waiter);
        return waiter;
    }

    private List<Link> through(long transaction) {
        return Deadlock.through(transaction, locks, queues);
    }

    @Test
    void who_waits_for_somebody_who_works_is_in_no_circle() {
        holds(1, "a");
        waits(2, "a");
        waits(3, "a");
        assertThat(through(2)).isEmpty();
        assertThat(through(3)).isEmpty();
    }

    @Test
    void two_that_hold_what_the_other_wants() {
        holds(1, "a");
        holds(2, "b");
        waits(1, "b");
        assertThat(through(1)).isEmpty();
        waits(2, "a");
        assertThat(through(2)).containsExactly(new Link(2, row("a"), 1), new Link(1, row("b"), 2));
        assertThat(through(1)).containsExactly(new Link(1, row("b"), 2), new Link(2, row("a"), 1));
    }

    @Test
    void a_long_circle() {
        holds(1, "a");
        holds(2, "b");
        holds(3, "c");
        waits(1, "x", "b");
        waits(2, "c");
        waits(3, "y", "a");
        assertThat(through(3)).extracting(Link::transactionId).containsExactly(3L, 1L, 2L);
        assertThat(through(4)).isEmpty();
    }

    /** 2 is first in the queue for a, and wants b, which 3 holds; 3 wants a, and stands behind 2. */
    @Test
    void the_place_in_a_queue_blocks_as_a_lock_does() {
        holds(1, "a");
        holds(3, "b");
        waits(2, "a", "b");
        waits(3, "a");
        assertThat(through(3)).containsExactly(new Link(3, row("a"), 2), new Link(2, row("b"), 3));
    }

    @Test
    void whoever_has_a_row_is_not_blocked_by_those_who_wait_for_it() {
        holds(1, "a");
        waits(2, "a");
        holds(2, "b");
        waits(1, "a", "c");
        assertThat(through(1)).isEmpty();
    }

    @Test
    void those_who_have_a_row_together_block_whoever_wants_it_alone() {
        holds(1, "a.n-");
        holds(2, "a.n-");
        waits(1, "a");
        assertThat(through(1)).isEmpty();
        waits(2, "a");
        assertThat(through(2)).containsExactly(new Link(2, row("a"), 1), new Link(1, row("a"), 2));
    }

    @Test
    void who_could_join_the_holders_waits_only_for_those_ahead() {
        holds(1, "a.n-");
        holds(3, "b");
        waits(2, "a", "b");
        waits(3, "a.n-");
        assertThat(through(3)).containsExactly(new Link(3, row("a"), 2), new Link(2, row("b"), 3));
        assertThat(through(1)).isEmpty();
    }

    @Test
    void whoever_has_gone_blocks_nobody() {
        holds(1, "a");
        holds(2, "b");
        Waiter one = waits(1, "b");
        waits(2, "a");
        queues.remove(one);
        assertThat(through(2)).isEmpty();
        assertThat(queues.size()).isEqualTo(1);
        assertThat(queues.waitingFor(row("b"))).isZero();
    }
}
