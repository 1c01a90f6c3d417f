package io.entente.tc.log.file;

import io.entente.tc.log.LogFailedException;
import io.entente.tc.log.LogReplay;
import io.entente.tc.log.LogStatistics;
import io.entente.tc.log.LogUnusableException;
import io.entente.tc.log.Recovery;
import io.entente.tc.log.SnapshotWriter;
import io.entente.tc.log.TransactionLog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.NavigableSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The embedded engine: a log in one directory of a local disk, used by one process at a time.
 *
 * <p>One thread commits in groups: it takes everything queued, writes it at once, syncs once, and runs the callbacks; what
 * is appended meanwhile forms the next group. See the package description for the files.
 */
public final class FileLog implements TransactionLog {

    private static final Logger LOGGER = LoggerFactory.getLogger(FileLog.class);

    private final Disk disk;
    private final FileLogSettings settings;
    private final Consumer<? super LogFailedException> failureListener;
    private final CommitQueue queue;
    private final NavigableSet<Long> segments = new ConcurrentSkipListSet<>();
    private final BackgroundSnapshots snapshots;
    private final AtomicBoolean recovered = new AtomicBoolean();
    private boolean released;
    private volatile boolean closed;
    private volatile @Nullable Running running;

    // Written by the log's thread only.
    private volatile LogStatistics statistics = new LogStatistics(0, 0, 0, 0, 0, 0);

    private record Running(Thread committer, SegmentWriter writer, SpareSegments spares) {}

    private FileLog(Disk disk, FileLogSettings settings, Consumer<? super LogFailedException> failureListener) {
        this.disk = disk;
        this.settings = settings;
        this.failureListener = failureListener;
        this.queue = new CommitQueue(settings.maxEntryBytes(), settings.maxPendingBytes());
        this.snapshots = new BackgroundSnapshots(disk, segments);
    }

    /**
     * Takes possession of the directory.
     *
     * @param failureListener told once when the disk fails, on the log's thread; has to see to it that the process stops
     * @throws LogUnusableException when the directory cannot be used, or another process uses it
     */
    public static FileLog open(FileLogSettings settings, Consumer<? super LogFailedException> failureListener) {
        return open(LocalDisk.lock(settings.directory()), settings, failureListener);
    }

    static FileLog open(Disk disk, FileLogSettings settings, Consumer<? super LogFailedException> failureListener) {
        return new FileLog(disk, settings, failureListener);
    }

    @Override
    public Recovery recover(LogReplay replay) {
        if (closed || !recovered.compareAndSet(false, true)) {
            throw new IllegalStateException(
                    "The log is recovered or closed already: open it again to recover it again.");
        }
        try {
            return start(new DirectoryRecovery(disk, replay).run());
        } catch (IOException e) {
            throw new LogUnusableException(
                    "The log in " + disk.locate("") + " cannot be read or repaired: " + e
                            + ". Check the disk, its free space and the permissions of these files.",
                    e);
        }
    }

    private Recovery start(DirectoryRecovery.Result found) throws IOException {
        Recovery report = found.report();
        segments.addAll(found.segments());
        SpareSegments spares = new SpareSegments(disk, settings.segmentBytes());
        SegmentWriter writer;
        try {
            writer = segments.isEmpty()
                    ? SegmentWriter.startFirst(disk, spares, segments)
                    : SegmentWriter.resume(disk, spares, segments, found.endPosition());
        } catch (IOException | RuntimeException e) {
            spares.close();
            throw e;
        }
        Thread committer = new Thread(() -> commitUntilClosed(writer), "entente-log");
        committer.setDaemon(true);
        running = new Running(committer, writer, spares);
        statistics = new LogStatistics(0, 0, 0, 0, 0, report.lastIndex());
        queue.open(report.lastIndex(), report.snapshotIndex(), found.bytesSinceSnapshot(), committer);
        committer.start();
        LOGGER.info(
                "Log {} is open: snapshot after entry {}, {} entries read, newest entry {}",
                disk.locate(""),
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
    public long bytesSinceSnapshot() {
        return queue.bytesSinceSnapshot();
    }

    @Override
    public LogStatistics statistics() {
        LogStatistics now = statistics;
        return new LogStatistics(
                now.entries(), now.bytes(), now.syncs(), now.syncNanos(), snapshots.stored(), now.durableIndex());
    }

    private void commitUntilClosed(SegmentWriter writer) {
        try {
            for (Batch batch = queue.take(); batch != null; batch = queue.take()) {
                if (batch.entries() > 0) {
                    commit(writer, batch);
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

    private void commit(SegmentWriter writer, Batch batch) throws IOException {
        LogStatistics before = statistics;
        long syncsBefore = writer.syncs();
        int bytes = batch.bytes().position();
        long start = System.nanoTime();
        writer.write(batch);
        statistics = new LogStatistics(
                before.entries() + batch.entries(),
                before.bytes() + bytes,
                before.syncs() + writer.syncs() - syncsBefore,
                before.syncNanos() + System.nanoTime() - start,
                0,
                batch.lastIndex());
    }

    private void fail(Throwable cause) {
        LogFailedException failure = new LogFailedException(
                "The log in " + disk.locate("") + " has failed: " + cause + ". Nothing after entry "
                        + statistics.durableIndex()
                        + " is acknowledged. Check the disk and its free space, then start the coordinator again: it"
                        + " recovers by itself.",
                cause);
        LOGGER.error("{}", failure.getMessage(), cause);
        queue.fail(failure);
        snapshots.fail(failure);
        try {
            failureListener.accept(failure);
        } catch (RuntimeException e) {
            LOGGER.error("The listener that was to stop the coordinator failed itself", e);
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
        Running parts = running;
        if (parts != null) {
            if (Thread.currentThread().equals(parts.committer())) {
                return; // closed by a callback: the thread releases everything when it ends
            }
            joinUninterruptibly(parts.committer());
        }
        release();
    }

    /** Synchronized, so that whoever closes the log finds the directory free afterwards. */
    private synchronized void release() {
        if (released) {
            return;
        }
        released = true;
        Running parts = running;
        try (Disk lastToClose = disk) {
            snapshots.close();
            if (parts != null) {
                parts.spares().close();
                parts.writer().close();
            }
        } catch (IOException e) {
            LOGGER.warn(
                    "The log in {} could not be closed properly. Everything acknowledged is safe.", disk.locate(""), e);
        }
    }

    private static void joinUninterruptibly(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
