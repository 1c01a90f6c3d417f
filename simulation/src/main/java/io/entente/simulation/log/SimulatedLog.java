package io.entente.simulation.log;

import io.entente.simulation.world.World;
import io.entente.tc.log.LogFailedException;
import io.entente.tc.log.LogReplay;
import io.entente.tc.log.LogStatistics;
import io.entente.tc.log.Recovery;
import io.entente.tc.log.SnapshotWriter;
import io.entente.tc.log.TransactionLog;
import io.entente.tc.log.file.SteppedFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A log as one leader has it. It commits in groups, as the engines do. When its time is over, by a crash or by another
 * leader, what was on its way is lost but for as much of its beginning as the store has got, and the leader need not know.
 */
public final class SimulatedLog implements TransactionLog {
    private final World world;
    private final LogStore store;
    private final boolean leadsForSure;
    private final Consumer<Throwable> onFailure;
    private final List<ByteBuffer> appended = new ArrayList<>();
    private final List<PendingSnapshot> snapshots = new ArrayList<>();
    private List<Waiting> queue = new ArrayList<>();
    private List<Waiting> inSync = List.of();
    private long lastIndex;
    private long durableIndex;
    private long snapshotIndex;
    private long bytesSinceSnapshot;
    private boolean recovered;
    private boolean over;
    private @Nullable LogFailedException failure;

    /** @param entry null for a barrier */
    private record Waiting(@Nullable ByteBuffer entry, long index, LongConsumer whenDurable) {}

    private static final class PendingSnapshot {
        private final SteppedFiles.Snapshot snapshot;
        private final CompletableFuture<Void> stored;
        private boolean isBeingWritten;

        PendingSnapshot(SteppedFiles.Snapshot snapshot, CompletableFuture<Void> stored) {
            this.snapshot = snapshot;
            this.stored = stored;
        }
    }

    /**
     * @param leadsForSure whether nobody else can lead meanwhile
     * @param onFailure told when the storage fails
     */
    public SimulatedLog(World world, LogStore store, boolean leadsForSure, Consumer<Throwable> onFailure) {
        this.world = world;
        this.store = store;
        this.leadsForSure = leadsForSure;
        this.onFailure = onFailure;
    }

    /** All that was appended to this log, durable or not. */
    public List<ByteBuffer> appended() {
        return Collections.unmodifiableList(appended);
    }

    /** Whether all that was appended is durable. */
    public boolean isIdle() {
        return queue.isEmpty() && inSync.isEmpty();
    }

    @Override
    public Recovery recover(LogReplay replay) {
        if (recovered) {
            throw new IllegalStateException("recovered already");
        }
        recovered = true;
        Recovery found;
        try {
            found = store.recover(new LogReplay() {
                @Override
                public void onSnapshot(long index, InputStream state) throws IOException {
                    world.trace().mark("recovered from a snapshot");
                    replay.onSnapshot(index, state);
                }

                @Override
                public void onEntry(long index, ByteBuffer payload) {
                    bytesSinceSnapshot += payload.remaining();
                    replay.onEntry(index, payload);
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        snapshotIndex = found.snapshotIndex();
        lastIndex = found.lastIndex();
        durableIndex = lastIndex;
        return found;
    }

    private void requireUsable() {
        if (!recovered) {
            throw new IllegalStateException("not recovered yet");
        }
        if (failure != null) {
            throw new LogFailedException("the simulated log has stopped", failure);
        }
    }

    @Override
    public long append(ByteBuffer payload, LongConsumer whenDurable) {
        requireUsable();
        if (!payload.hasRemaining()) {
            throw new IllegalArgumentException("an entry has at least one byte");
        }
        ByteBuffer entry = ByteBuffer.allocate(payload.remaining())
                .put(payload.duplicate())
                .flip();
        lastIndex++;
        bytesSinceSnapshot += entry.remaining();
        appended.add(entry);
        enqueue(new Waiting(entry, lastIndex, whenDurable));
        return lastIndex;
    }

    @Override
    public void barrier(Runnable whenDurable) {
        requireUsable();
        enqueue(new Waiting(null, lastIndex, index -> whenDurable.run()));
    }

    @Override
    public boolean leadsForSure() {
        return leadsForSure;
    }

    private void enqueue(Waiting waiting) {
        queue.add(waiting);
        if (inSync.isEmpty()) {
            sync();
        }
    }

    private void sync() {
        if (queue.isEmpty() || over) {
            return;
        }
        inSync = queue;
        queue = new ArrayList<>();
        boolean writes = inSync.stream().anyMatch(each -> each.entry != null);
        world.schedule().in(writes ? world.weather().syncTime() : 1, this::synced);
    }

    private void synced() {
        if (over) {
            return;
        }
        if (world.weather().failsSync()) {
            world.trace().add("the log's storage fails");
            world.trace().mark("the log has failed");
            failure = new LogFailedException("the simulated storage has failed", null);
            end();
            onFailure.accept(failure);
            return;
        }
        List<Waiting> done = inSync;
        inSync = List.of();
        try {
            List<ByteBuffer> entries = entries(done);
            if (!entries.isEmpty()) {
                store.write(entries);
                durableIndex += entries.size();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (Waiting each : done) {
            each.whenDurable.accept(each.index);
        }
        writeSnapshots();
        sync();
    }

    /** Nothing becomes durable here any more, and no callback runs. What this log's owner does with it is in vain. */
    public void end() {
        if (over) {
            return;
        }
        over = true;
        List<Waiting> unacknowledged = new ArrayList<>(inSync);
        unacknowledged.addAll(queue);
        List<ByteBuffer> entries = entries(unacknowledged);
        SteppedFiles.@Nullable Snapshot unwritten = null;
        for (PendingSnapshot pending : snapshots) {
            if (pending.snapshot.index() <= durableIndex) {
                unwritten = pending.snapshot;
            }
        }
        store.end(entries, unwritten);
    }

    private static List<ByteBuffer> entries(List<Waiting> waiting) {
        List<ByteBuffer> entries = new ArrayList<>();
        for (Waiting each : waiting) {
            if (each.entry != null) {
                entries.add(each.entry);
            }
        }
        return entries;
    }

    @Override
    public CompletableFuture<Void> snapshot(long index, SnapshotWriter state) {
        requireUsable();
        if (index <= snapshotIndex || index > lastIndex) {
            throw new IllegalArgumentException("no snapshot after entry " + index + ": the newest is " + lastIndex
                    + ", and there is a snapshot after " + snapshotIndex);
        }
        snapshotIndex = index;
        bytesSinceSnapshot = 0;
        PendingSnapshot pending =
                new PendingSnapshot(new SteppedFiles.Snapshot(index, state), new CompletableFuture<>());
        snapshots.add(pending);
        barrier(() -> {});
        return pending.stored;
    }

    private void writeSnapshots() {
        for (PendingSnapshot pending : snapshots) {
            if (!pending.isBeingWritten && pending.snapshot.index() <= durableIndex) {
                pending.isBeingWritten = true;
                world.schedule().in(world.weather().syncTime(), () -> write(pending));
            }
        }
    }

    private void write(PendingSnapshot pending) {
        if (over) {
            return;
        }
        try {
            store.write(pending.snapshot);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        snapshots.remove(pending);
        world.trace().add("snapshot after entry " + pending.snapshot.index());
        pending.stored.complete(null);
    }

    @Override
    public long bytesSinceSnapshot() {
        return bytesSinceSnapshot;
    }

    @Override
    public LogStatistics statistics() {
        return new LogStatistics(appended.size(), 0, 0, 0, 0, durableIndex);
    }

    @Override
    public void close() {
        end();
    }
}
