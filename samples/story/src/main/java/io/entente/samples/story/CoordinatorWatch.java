package io.entente.samples.story;

import io.entente.samples.story.CoordinatorApi.OpenTransaction;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Looks into the coordinator again and again, and remembers each global transaction at its largest. */
final class CoordinatorWatch implements AutoCloseable {

    private static final long PAUSE_MILLIS = 20;

    private final CoordinatorApi coordinator;
    private final Map<String, OpenTransaction> seen = new LinkedHashMap<>();
    private final Thread thread;
    private volatile boolean closed;

    private CoordinatorWatch(CoordinatorApi coordinator) {
        this.coordinator = coordinator;
        this.thread = new Thread(this::look, "coordinator-watch");
        thread.setDaemon(true);
    }

    static CoordinatorWatch start(CoordinatorApi coordinator) {
        CoordinatorWatch watch = new CoordinatorWatch(coordinator);
        watch.thread.start();
        return watch;
    }

    /** @throws StoryException when no open transaction has so many branches in time */
    static void awaitTransaction(CoordinatorApi coordinator, int branches, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        try (CoordinatorWatch watch = start(coordinator)) {
            while (watch.seen().stream().noneMatch(transaction -> transaction.branches() >= branches)) {
                if (System.nanoTime() > deadline) {
                    throw new StoryException("No transaction had " + branches + " branches within "
                            + patience.toSeconds() + " s, but " + watch.seen());
                }
                Pause.millis(5);
            }
        }
    }

    private void look() {
        while (!closed) {
            try {
                remember(coordinator.transactions());
            } catch (IOException e) {
                // It is down at times; that is what the story is about.
            }
            Pause.millis(PAUSE_MILLIS);
        }
    }

    private synchronized void remember(List<OpenTransaction> transactions) {
        for (OpenTransaction transaction : transactions) {
            seen.merge(transaction.xid(), transaction, (old, now) -> now.branches() >= old.branches() ? now : old);
        }
    }

    /** All transactions seen so far, in the order of their appearance. */
    synchronized Collection<OpenTransaction> seen() {
        return List.copyOf(seen.values());
    }

    @Override
    public void close() {
        closed = true;
    }
}
