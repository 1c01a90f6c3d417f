package io.entente.tc.log.file;

import io.entente.tc.log.LogReplay;
import io.entente.tc.log.Recovery;
import io.entente.tc.log.SnapshotWriter;
import io.entente.tc.log.batch.Batch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.NavigableSet;
import java.util.Random;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The files of the embedded engine on a simulated disk, read and written by the engine's own parts, each step when its owner
 * wants it. What is missing is what the engine has threads for.
 */
public final class SteppedFiles {
    /** Small, so that a run goes through several. */
    private static final int SEGMENT_BYTES = 8 * 1024;

    /** More than it takes to write what is on its way, so that a crash can also come when all is done. */
    private static final int OPERATIONS_OF_ENTRIES = 4;

    private static final int OPERATIONS_OF_SNAPSHOT = 12;

    private final Random random;
    private SimulatedDisk disk;
    private Batch batch = new Batch();
    private NavigableSet<Long> segments = new TreeSet<>();
    private @Nullable SegmentWriter writer;

    public SteppedFiles(Random random) {
        this.random = random;
        this.disk = new SimulatedDisk(random);
    }

    /** A snapshot that is to be written. */
    public record Snapshot(long index, SnapshotWriter state) {}

    /** Reads what is there, and gets ready to go on behind it. */
    public Recovery recover(LogReplay replay) throws IOException {
        DirectoryRecovery.Result found = new DirectoryRecovery(disk, replay).run();
        segments = new TreeSet<>(found.segments());
        SpareSegments spares = new SpareSegments(disk, SEGMENT_BYTES, Runnable::run);
        writer = segments.isEmpty()
                ? SegmentWriter.startFirst(disk, spares, segments)
                : SegmentWriter.resume(disk, spares, segments, found.endPosition());
        return found.report();
    }

    /** Returns when the entries are on stable storage. */
    public void write(long firstIndex, List<ByteBuffer> entries) throws IOException {
        SegmentWriter open = writer;
        if (open == null) {
            throw new IllegalStateException("not recovered yet");
        }
        long index = firstIndex;
        for (ByteBuffer entry : entries) {
            batch.addEntry(index++, entry.duplicate(), any -> {});
        }
        open.write(batch);
        batch.clear();
    }

    /** Returns when the snapshot is on stable storage, and what it covers is deleted. */
    public void write(Snapshot snapshot) throws IOException {
        new SnapshotFiles(disk).write(snapshot.index, snapshot.state, () -> false);
        ObsoleteFiles.delete(disk, segments, snapshot.index);
    }

    /**
     * The process dies, or its machine loses its power, at some operation while all this was to be written. What is on the disk
     * afterwards is what {@link #recover} finds.
     */
    public void crash(long firstIndex, List<ByteBuffer> entries, @Nullable Snapshot snapshot) {
        disk.stopAfter(random.nextInt(snapshot == null ? OPERATIONS_OF_ENTRIES : OPERATIONS_OF_SNAPSHOT));
        try {
            if (snapshot != null && random.nextBoolean()) {
                write(snapshot);
            }
            if (writer != null && !entries.isEmpty()) {
                write(firstIndex, entries);
            }
        } catch (IOException e) {
            // Nobody is there any more who could be told.
        }
        disk = random.nextBoolean() ? disk.afterPowerFailure() : disk.afterKill();
        batch = new Batch();
        writer = null;
    }
}
