package io.entente.tc.webhook;

import io.entente.tc.coordinator.AttentionNotice;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one receiver is still to be told, in order; of one transaction nothing overtakes. Bounded: that a transaction needs
 * attention is in the coordinator's state too, so it is found there again when it had no room here.
 */
final class PendingNotices {
    private final int most;
    private final List<Pending> pending = new ArrayList<>();
    private long offered;
    /** Not all of what needs attention may be here. */
    private boolean incomplete = true;

    private static final class Pending {
        private final AttentionNotice notice;
        private int failures;
        private long dueNanos;

        Pending(AttentionNotice notice, long dueNanos) {
            this.notice = notice;
            this.dueNanos = dueNanos;
        }
    }

    PendingNotices(int most) {
        this.most = most;
    }

    /** False when there is no room, and nobody else remembers this notice. */
    synchronized boolean offer(AttentionNotice notice, long nowNanos) {
        if (pending.stream().anyMatch(each -> each.notice.id().equals(notice.id()))) {
            return true;
        }
        if (pending.size() >= most) {
            incomplete |= notice.stuck() != null;
            return notice.stuck() != null;
        }
        pending.add(new Pending(notice, nowNanos));
        offered++;
        notifyAll();
        return true;
    }

    /** Another state has to tell from now on what needs attention. */
    synchronized void forgetWhatBegan() {
        pending.removeIf(each -> each.notice.stuck() != null);
        incomplete = true;
    }

    /** How many more can be looked up in the state now; 0 when all is here. */
    synchronized int missing() {
        return incomplete && pending.size() <= most / 2 ? most - pending.size() : 0;
    }

    /** All is here that was in the state, or more of it has to be looked up later. */
    synchronized void lookedUp(boolean all) {
        incomplete = !all;
    }

    /** The first that is due and behind nothing else of its transaction; null when there is none. */
    synchronized @Nullable AttentionNotice next(long nowNanos) {
        Set<Long> earlier = new HashSet<>();
        for (Pending each : pending) {
            boolean first = earlier.add(each.notice.transactionId());
            if (first && each.dueNanos - nowNanos <= 0) {
                return each.notice;
            }
        }
        return null;
    }

    /** How many were ever offered and taken in. */
    synchronized long offered() {
        return offered;
    }

    /** Waits until more were {@link #offered} than these, or for so long. */
    synchronized void await(long known, long nanos) throws InterruptedException {
        if (offered == known) {
            wait(Math.max(1, nanos / 1_000_000));
        }
    }

    /** Until the next one is due; at most {@code mostNanos}. */
    synchronized long untilNextNanos(long nowNanos, long mostNanos) {
        long until = mostNanos;
        for (Pending each : pending) {
            until = Math.min(until, each.dueNanos - nowNanos);
        }
        return Math.max(0, until);
    }

    synchronized void remove(AttentionNotice notice) {
        pending.removeIf(each -> each.notice.id().equals(notice.id()));
    }

    /** How often this one has failed by now. */
    synchronized int failed(AttentionNotice notice) {
        for (Pending each : pending) {
            if (each.notice.id().equals(notice.id())) {
                return ++each.failures;
            }
        }
        return 1;
    }

    synchronized void putOff(AttentionNotice notice, long dueNanos) {
        for (Pending each : pending) {
            if (each.notice.id().equals(notice.id())) {
                each.dueNanos = dueNanos;
            }
        }
    }

    synchronized int size() {
        return pending.size();
    }
}
