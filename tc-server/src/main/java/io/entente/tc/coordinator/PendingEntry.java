package io.entente.tc.coordinator;

import io.entente.tc.log.TransactionLog;
import io.entente.tc.transaction.Fact;
import io.entente.tc.transaction.FactCodec;
import io.entente.tc.transaction.TransactionState;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The facts that go to the log with the next entry, and what may leave this process once they are durable. Belongs to the
 * coordinator's thread.
 */
final class PendingEntry {
    private static final Logger log = LoggerFactory.getLogger(PendingEntry.class);
    /** The log refuses entries of 64 MiB, and one command more, of up to 8 MiB, may come on top of this. */
    private static final int MOST_BYTES = 16 * 1024 * 1024;

    private final TransactionLog transactionLog;
    private final Admission admission;
    private final long snapshotBytes;
    private final ByteBuf entry = Unpooled.buffer(1 << 16);
    private List<Runnable> outgoing = new ArrayList<>();
    private long appendedIndex;
    private long lastSnapshotBytes;
    private volatile long durableIndex;

    PendingEntry(TransactionLog transactionLog, Admission admission, long snapshotBytes) {
        this.transactionLog = transactionLog;
        this.admission = admission;
        this.snapshotBytes = snapshotBytes;
    }

    /** The log ends with this entry, which is durable. */
    void recovered(long lastIndex) {
        appendedIndex = lastIndex;
        durableIndex = lastIndex;
    }

    void add(Fact fact) {
        FactCodec.write(entry, fact);
    }

    /** For when all that is decided until now is durable. */
    void letOut(Runnable effect) {
        admission.entered(0);
        outgoing.add(effect);
    }

    boolean hasRoom() {
        return entry.readableBytes() < MOST_BYTES;
    }

    /** Sends the facts to the log, and what rests on them out behind them. */
    void release() {
        if (!entry.isReadable() && outgoing.isEmpty()) {
            return;
        }
        List<Runnable> effects = outgoing;
        outgoing = new ArrayList<>(Math.max(16, effects.size()));
        if (entry.isReadable()) {
            ByteBuffer payload = entry.nioBuffer();
            appendedIndex = transactionLog.append(payload, index -> {
                durableIndex = index;
                runAll(effects);
            });
            entry.clear();
        } else if (durableIndex == appendedIndex && transactionLog.leadsForSure()) {
            runAll(effects);
        } else {
            transactionLog.barrier(() -> runAll(effects));
        }
    }

    private void runAll(List<Runnable> effects) {
        admission.left(effects.size(), 0);
        for (Runnable effect : effects) {
            try {
                effect.run();
            } catch (RuntimeException e) {
                log.error("An answer could not be sent", e);
            }
        }
    }

    /** Has the state stored when the log has grown by enough since it was last. */
    void snapshotIfDue(TransactionState state) {
        // A large state is not worth writing again for a small gain.
        if (transactionLog.bytesSinceSnapshot() < Math.max(snapshotBytes, 2 * lastSnapshotBytes)
                || appendedIndex == 0) {
            return;
        }
        ByteBuf bytes = Unpooled.buffer(1 << 20);
        state.describe(fact -> FactCodec.write(bytes, fact));
        lastSnapshotBytes = bytes.readableBytes();
        var unused = transactionLog
                .snapshot(appendedIndex, out -> bytes.getBytes(0, out, bytes.readableBytes()))
                .whenComplete((done, problem) -> {
                    if (problem != null) {
                        log.warn("No snapshot could be stored; the log goes on growing until the next one", problem);
                    }
                });
    }
}
