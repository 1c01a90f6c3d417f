package io.entente.tc.coordinator;

import io.entente.tc.log.LogReplay;
import io.entente.tc.log.LogStatistics;
import io.entente.tc.log.Recovery;
import io.entente.tc.log.SnapshotWriter;
import io.entente.tc.log.TransactionLog;
import io.entente.tc.log.file.FileLog;
import io.entente.tc.log.file.FileLogSettings;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;

/** A log whose disk takes as long as a test wants: nothing is told to be durable before {@link #letGo}. */
final class HeldLog implements TransactionLog {
    private final TransactionLog log;
    private final List<Runnable> held = new ArrayList<>();
    private final AtomicInteger largestEntry = new AtomicInteger();
    private boolean holding = true;
    private volatile boolean contested;

    HeldLog(Path directory) {
        this.log = FileLog.open(FileLogSettings.in(directory), failure -> {});
    }

    private synchronized void pass(Runnable whenDurable) {
        if (holding) {
            held.add(whenDurable);
        } else {
            whenDurable.run();
        }
    }

    /** From now on, nothing is told to be durable. */
    synchronized void hold() {
        holding = true;
    }

    /** From now on another process could lead, so that every answer needs its barrier, and none passes before {@link #letGo}. */
    synchronized void contest() {
        contested = true;
        holding = true;
    }

    /** From now on, what is on the disk counts as such. */
    synchronized void letGo() {
        holding = false;
        held.forEach(Runnable::run);
        held.clear();
    }

    /** Bytes of the largest entry so far. */
    int largestEntry() {
        return largestEntry.get();
    }

    @Override
    public Recovery recover(LogReplay replay) {
        return log.recover(replay);
    }

    @Override
    public long append(ByteBuffer payload, LongConsumer whenDurable) {
        largestEntry.accumulateAndGet(payload.remaining(), Math::max);
        return log.append(payload, index -> pass(() -> whenDurable.accept(index)));
    }

    @Override
    public void barrier(Runnable whenDurable) {
        log.barrier(() -> pass(whenDurable));
    }

    @Override
    public boolean leadsForSure() {
        return !contested;
    }

    @Override
    public long bytesSinceSnapshot() {
        return log.bytesSinceSnapshot();
    }

    @Override
    public CompletableFuture<Void> snapshot(long index, SnapshotWriter state) {
        return log.snapshot(index, state);
    }

    @Override
    public LogStatistics statistics() {
        return log.statistics();
    }

    @Override
    public void close() {
        log.close();
    }
}
