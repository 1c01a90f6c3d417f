package io.entente.tc.log.batch;

import io.entente.tc.log.LeadershipLostException;
import io.entente.tc.log.LogFailedException;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Where appenders meet the log's thread: they fill one batch while it writes the other, then the two are swapped. The
 * lock is held for a copy of one payload only.
 */
final class CommitQueue {

    private enum State {
        NOT_RECOVERED,
        OPEN,
        CLOSED,
        FAILED
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition filled = lock.newCondition();
    private final Condition swapped = lock.newCondition();
    private final int maxEntryBytes;
    private final int maxPendingBytes;

    private State state = State.NOT_RECOVERED;
    private @Nullable LogFailedException failure;
    private @Nullable Thread consumer;
    private boolean consumerWaits;
    private Batch filling = new Batch();
    private Batch spare = new Batch();
    private long lastIndex;
    private long bytesSinceSnapshot;
    private long snapshotIndex;

    CommitQueue(int maxEntryBytes, int maxPendingBytes) {
        this.maxEntryBytes = maxEntryBytes;
        this.maxPendingBytes = maxPendingBytes;
    }

    void open(long lastIndex, long snapshotIndex, long bytesSinceSnapshot, Thread consumer) {
        lock.lock();
        try {
            this.lastIndex = lastIndex;
            this.snapshotIndex = snapshotIndex;
            this.bytesSinceSnapshot = bytesSinceSnapshot;
            this.consumer = consumer;
            state = State.OPEN;
        } finally {
            lock.unlock();
        }
    }

    long append(ByteBuffer payload, LongConsumer whenDurable) {
        int length = payload.remaining();
        if (length == 0 || length > maxEntryBytes) {
            throw new IllegalArgumentException("An entry of " + length + " bytes cannot be stored: it must have 1 to "
                    + maxEntryBytes + " bytes. Append its records as several entries.");
        }
        int bytes = EntryFormat.HEADER_BYTES + length;
        lock.lock();
        try {
            awaitSpace(bytes);
            requireOpen();
            long index = lastIndex + 1;
            filling.addEntry(index, payload, whenDurable);
            lastIndex = index;
            bytesSinceSnapshot += bytes;
            wakeConsumer();
            return index;
        } finally {
            lock.unlock();
        }
    }

    /** Runs the callback, with the index of the newest entry, after everything appended so far. */
    void barrier(LongConsumer whenDurable) {
        lock.lock();
        try {
            requireOpen();
            filling.addCallback(lastIndex, whenDurable);
            wakeConsumer();
        } finally {
            lock.unlock();
        }
    }

    /** A barrier for a snapshot, from which the bytes to recover are counted anew. */
    void beginSnapshot(long index, LongConsumer whenDurable) {
        lock.lock();
        try {
            requireOpen();
            if (index <= snapshotIndex || index > lastIndex) {
                throw new IllegalArgumentException("There can be no snapshot after entry " + index
                        + ": the newest entry is " + lastIndex + ", and there is a snapshot after entry "
                        + snapshotIndex
                        + " already.");
            }
            filling.addCallback(lastIndex, whenDurable);
            snapshotIndex = index;
            bytesSinceSnapshot = 0;
            wakeConsumer();
        } finally {
            lock.unlock();
        }
    }

    long bytesSinceSnapshot() {
        lock.lock();
        try {
            return bytesSinceSnapshot;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for a batch with at least one callback; null when the queue is closed and nothing is left. */
    @Nullable
    Batch take() {
        lock.lock();
        try {
            while (filling.isEmpty()) {
                if (state != State.OPEN) {
                    return null;
                }
                consumerWaits = true;
                filled.awaitUninterruptibly();
                consumerWaits = false;
            }
            Batch full = filling;
            filling = spare;
            spare = full;
            swapped.signalAll();
            return full;
        } finally {
            lock.unlock();
        }
    }

    /** Accepts nothing more; what is queued can still be taken. */
    void close() {
        lock.lock();
        try {
            if (state != State.FAILED) {
                state = State.CLOSED;
            }
            filled.signalAll();
            swapped.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Accepts nothing more; what is queued will never be acknowledged. */
    void fail(LogFailedException cause) {
        lock.lock();
        try {
            state = State.FAILED;
            failure = cause;
            swapped.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Does not wait in a callback, which would wait for its own thread for ever. */
    private void awaitSpace(int bytes) {
        boolean inCallback = Thread.currentThread().equals(consumer);
        while (state == State.OPEN
                && !inCallback
                && !filling.isEmpty()
                && filling.bytes().position() + bytes > maxPendingBytes) {
            swapped.awaitUninterruptibly();
        }
    }

    private void requireOpen() {
        switch (state) {
            case OPEN -> {}
            case NOT_RECOVERED -> throw new IllegalStateException("The log is not recovered yet: call recover first.");
            case CLOSED -> throw new IllegalStateException("The log is closed.");
            case FAILED -> {
                String message = "The log has stopped and accepts no entry any more; the cause tells what failed.";
                throw failure instanceof LeadershipLostException
                        ? new LeadershipLostException(message, failure)
                        : new LogFailedException(message, failure);
            }
        }
    }

    private void wakeConsumer() {
        if (consumerWaits) {
            consumerWaits = false;
            filled.signal();
        }
    }
}
