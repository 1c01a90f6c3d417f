package io.entente.tc.log.batch;

import io.entente.tc.log.SnapshotWriter;
import java.io.Closeable;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Stores snapshots on a thread of their own, one after the other, and deletes what each of them replaces. */
final class BackgroundSnapshots implements Closeable {

    private static final Logger LOGGER = LoggerFactory.getLogger(BackgroundSnapshots.class);

    private final EntryStore store;
    private final BackgroundWorker worker = new BackgroundWorker("entente-log-snapshots");
    private final Set<Pending> pending = ConcurrentHashMap.newKeySet();
    private final AtomicLong stored = new AtomicLong();
    private volatile boolean abandoned;

    BackgroundSnapshots(EntryStore store) {
        this.store = store;
    }

    private static final class Pending {

        private final long index;
        private final SnapshotWriter state;
        private final CompletableFuture<Void> future = new CompletableFuture<>();

        Pending(long index, SnapshotWriter state) {
            this.index = index;
            this.state = state;
        }
    }

    /** Begins once the queue says that the entry is durable: a snapshot must not know more than the entries. */
    CompletableFuture<Void> store(long index, SnapshotWriter state, CommitQueue queue) {
        Pending snapshot = new Pending(index, state);
        pending.add(snapshot); // first, so that a failure of the log at any moment finds it
        try {
            queue.beginSnapshot(index, durable -> execute(snapshot));
        } catch (RuntimeException e) {
            pending.remove(snapshot);
            throw e;
        }
        return snapshot.future;
    }

    private void execute(Pending snapshot) {
        try {
            worker.execute(() -> store(snapshot));
        } catch (RejectedExecutionException e) {
            finish(snapshot, abandoned());
        }
    }

    private void store(Pending snapshot) {
        try {
            if (abandoned) {
                throw abandoned();
            }
            store.writeSnapshot(snapshot.index, snapshot.state, () -> abandoned);
        } catch (Throwable e) { // an Error, too, must reach whoever waits for the future
            if (!abandoned) {
                LOGGER.warn(
                        "The snapshot after entry {} could not be stored. Nothing is lost; the log keeps its entries and a"
                                + " restart reads them.",
                        snapshot.index,
                        e);
            }
            finish(snapshot, e);
            return;
        }
        stored.incrementAndGet();
        try {
            store.deleteCovered(snapshot.index);
        } catch (IOException e) {
            LOGGER.warn("Old entries are left over in {}; the next snapshot deletes them", store.location(), e);
        }
        pending.remove(snapshot);
        snapshot.future.complete(null);
    }

    private void finish(Pending snapshot, Throwable failure) {
        pending.remove(snapshot);
        snapshot.future.completeExceptionally(failure);
    }

    private static IOException abandoned() {
        return new IOException("The snapshot is abandoned, because the log is being closed.");
    }

    /** How many snapshots became durable. */
    long stored() {
        return stored.get();
    }

    /** Snapshots that wait for entries which will never be durable fail. */
    void fail(Throwable cause) {
        pending.forEach(snapshot -> finish(snapshot, cause));
    }

    /** Lets the one that is being written end early. */
    void abandon() {
        abandoned = true;
    }

    @Override
    public void close() {
        abandon();
        worker.close();
        fail(abandoned());
    }
}
