package io.entente.tc.log.file;

import io.entente.tc.log.LogFailedException;
import io.entente.tc.log.LogReplay;
import io.entente.tc.log.SnapshotWriter;
import io.entente.tc.log.TransactionLog;
import io.entente.tc.log.batch.BackgroundWorker;
import io.entente.tc.log.batch.Batch;
import io.entente.tc.log.batch.BatchedLog;
import io.entente.tc.log.batch.EntryStore;
import java.io.IOException;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The embedded engine: a log in one directory of a local disk, used by one process at a time. Each batch is written at once
 * and synced once. See the package description for the files.
 */
public final class FileLog implements EntryStore {

    private final Disk disk;
    private final int segmentBytes;
    private final NavigableSet<Long> segments = new ConcurrentSkipListSet<>();
    private final SnapshotFiles snapshots;
    private final BackgroundWorker preparer = new BackgroundWorker("entente-log-segments");
    private @Nullable SpareSegments spares;
    private @Nullable SegmentWriter writer;

    private FileLog(Disk disk, int segmentBytes) {
        this.disk = disk;
        this.segmentBytes = segmentBytes;
        this.snapshots = new SnapshotFiles(disk);
    }

    /**
     * Takes possession of the directory.
     *
     * @param failureListener told once when the disk fails, on the log's thread; has to see to it that the process stops
     * @throws io.entente.tc.log.LogUnusableException when the directory cannot be used, or another process uses it
     */
    public static TransactionLog open(FileLogSettings settings, Consumer<? super LogFailedException> failureListener) {
        return open(LocalDisk.lock(settings.directory()), settings, failureListener);
    }

    static TransactionLog open(
            Disk disk, FileLogSettings settings, Consumer<? super LogFailedException> failureListener) {
        return new BatchedLog(
                new FileLog(disk, settings.segmentBytes()),
                settings.maxEntryBytes(),
                settings.maxPendingBytes(),
                failureListener);
    }

    @Override
    public Found recover(LogReplay replay) throws IOException {
        DirectoryRecovery.Result found = new DirectoryRecovery(disk, replay).run();
        segments.addAll(found.segments());
        SpareSegments next = new SpareSegments(disk, segmentBytes, preparer);
        spares = next;
        writer = segments.isEmpty()
                ? SegmentWriter.startFirst(disk, next, segments)
                : SegmentWriter.resume(disk, next, segments, found.endPosition());
        return new Found(found.report(), found.bytesSinceSnapshot());
    }

    @Override
    public void write(Batch batch) throws IOException {
        Objects.requireNonNull(writer).write(batch);
    }

    @Override
    public long syncs() {
        return Objects.requireNonNull(writer).syncs();
    }

    @Override
    public void writeSnapshot(long index, SnapshotWriter state, BooleanSupplier abandoned) throws IOException {
        snapshots.write(index, state, abandoned);
    }

    @Override
    public void deleteCovered(long snapshotIndex) throws IOException {
        ObsoleteFiles.delete(disk, segments, snapshotIndex);
    }

    @Override
    public String location() {
        return disk.locate("");
    }

    @Override
    public LogFailedException failure(Throwable cause, long durableIndex) {
        return new LogFailedException(
                "The log in " + disk.locate("") + " has failed: " + cause + ". Nothing after entry " + durableIndex
                        + " is acknowledged. Check the disk and its free space, then start the coordinator again: it"
                        + " recovers by itself.",
                cause);
    }

    @Override
    public void close() throws IOException {
        try (Disk lastToClose = disk) {
            preparer.close();
            if (spares != null) {
                spares.close();
            }
            if (writer != null) {
                writer.close();
            }
        }
    }
}
