package io.entente.tc.log.batch;

import io.entente.tc.log.LogFailedException;
import io.entente.tc.log.LogReplay;
import io.entente.tc.log.LogStatistics;
import io.entente.tc.log.LogUnusableException;
import io.entente.tc.log.Recovery;
import io.entente.tc.log.SnapshotWriter;
import io.entente.tc.log.ThreadEnd;
import io.entente.tc.log.TransactionLog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A log whose entries are stored in groups: one thread takes everything queued, has it stored at once, and runs the
 * callbacks; what is appended meanwhile forms the next group.
 */
public final class BatchedLog implements TransactionLog {

    private static final Logger LOGGER = LoggerFactory.getLogger(BatchedLog.class);

    private final EntryStore store;
    private final Consumer<? super LogFailedException> failureListener;
    private final CommitQueue queue;
    private final BackgroundSnapshots snapshots;
    private final AtomicBoolean recovered = new AtomicBoolean();
    private boolean released;
    private volatile boolean closed;
    private volatile @Nullable Thread committer;

    // Written by the log's thread only.
    private volatile LogStatistics statistics = new LogStatistics(0, 0, 0, 0, 0, 0);

    /**
     * A log over a store that nobody else writes to.
     *
     * @param store closed with the log
     * @param maxEntryBytes largest payload
     * @param maxPendingBytes entries waiting to be stored; beyond this, appending waits
     * @param failureListener told once when the store fails, on the log's thread
     */
    public BatchedLog(
            EntryStore store,
            int maxEntryBytes,
            int maxPendingBytes,
            Consumer<? super LogFailedException> failureListener) {
        this.store = store;
        this.failureListener = failureListener;
        this.queue = new CommitQueue(maxEntryBytes, maxPendingBytes);
        this.snapshots = new BackgroundSnapshots(store);
    }

    @Override
    public Recovery recover(LogReplay replay) {
        if (closed || !recovered.compareAndSet(false, true)) {
            throw new IllegalStateException(
                    "The log is recovered or closed already: open it again to recover it again.");
        }
        EntryStore.Found found;
        try {
            found = store.recover(replay);
        } catch (IOException e) {
            throw new LogUnusableException(
                    "The log in " + store.location() + " cannot be read or repaired: " + e
                            + ". Check the storage, its free space and the permissions.",
                    e);
        }
        Recovery report = found.report();
        Thread thread = new Thread(this::commitUntilClosed, "entente-log");
        thread.setDaemon(true);
        committer = thread;
        statistics = new LogStatistics(0, 0, 0, 0, 0, report.lastIndex());
        queue.open(report.lastIndex(), report.snapshotIndex(), found.bytesSinceSnapshot(), thread);
        thread.start();
        LOGGER.info(
                "Log {} is open: snapshot after entry {}, {} entries read, newest entry {}",
                store.location(),
                report.snapshotIndex(),
                report.entries(),
                report.lastIndex());
        return report;
    }

    @Override
    public long append(ByteBuffer payload, LongConsumer whenDurable) {
        return queue.append(payload, whenDurable);
    }

    @Override
    public void barrier(Runnable whenDurable) {
        queue.barrier(index -> whenDurable.run());
    }

    @Override
    public boolean leadsForSure() {
        return !store.leadMayMove();
    }

    @Override
    public long bytesSinceSnapshot() {
        return queue.bytesSinceSnapshot();
    }

    @Override
    public LogStatistics statistics() {
        LogStatistics now = statistics;
        return new LogStatistics(
                now.entries(), now.bytes(), now.syncs(), now.syncNanos(), snapshots.stored(), now.durableIndex());
    }

    private void commitUntilClosed() {
        try {
            for (Batch batch = queue.take(); batch != null; batch = queue.take()) {
                if (batch.entries() > 0) {
                    commit(batch);
                } else {
                    store.confirmLead();
                }
                batch.complete();
                batch.clear();
            }
        } catch (Throwable e) { // whatever it is, what was queued is not durable
            fail(e);
        } finally {
            if (closed) {
                release();
            }
        }
    }

    private void commit(Batch batch) throws IOException {
        LogStatistics before = statistics;
        long syncsBefore = store.syncs();
        int bytes = batch.bytes().position();
        long start = System.nanoTime();
        store.write(batch);
        statistics = new LogStatistics(
                before.entries() + batch.entries(),
                before.bytes() + bytes,
                before.syncs() + store.syncs() - syncsBefore,
                before.syncNanos() + System.nanoTime() - start,
                0,
                batch.lastIndex());
    }

    private void fail(Throwable cause) {
        LogFailedException failure = store.failure(cause, statistics.durableIndex());
        LOGGER.error("{}", failure.getMessage(), cause);
        queue.fail(failure);
        snapshots.fail(failure);
        try {
            failureListener.accept(failure);
        } catch (RuntimeException e) {
            LOGGER.error("The listener of the failure failed itself", e);
        }
    }

    @Override
    public CompletableFuture<Void> snapshot(long index, SnapshotWriter state) {
        return snapshots.store(index, state, queue);
    }

    @Override
    public void close() {
        closed = true;
        snapshots.abandon();
        queue.close();
        Thread thread = committer;
        if (thread != null) {
            if (Thread.currentThread().equals(thread)) {
                return; // closed by a callback: the thread releases everything when it ends
            }
            ThreadEnd.await(thread);
        }
        release();
    }

    /** Synchronized, so that whoever closes the log finds the storage free afterwards. */
    private synchronized void release() {
        if (released) {
            return;
        }
        released = true;
        try (EntryStore lastToClose = store) {
            snapshots.close();
        } catch (IOException e) {
            LOGGER.warn(
                    "The log in {} could not be closed properly. Everything acknowledged is safe.",
                    store.location(),
                    e);
        }
    }
}
