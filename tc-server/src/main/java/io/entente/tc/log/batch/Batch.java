package io.entente.tc.log.batch;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Entries and callbacks gathered while the batch before is written; kept and filled again, so that appending allocates
 * nothing. Not thread-safe: it belongs to whoever holds it, the appenders under the queue's lock or the log's thread.
 */
public final class Batch {

    private static final Logger LOGGER = LoggerFactory.getLogger(Batch.class);

    private static final int INITIAL_BYTES = 64 * 1024;
    private static final int MOST_KEPT_BYTES = 4 * 1024 * 1024;
    private static final int INITIAL_CALLBACKS = 64;
    private static final int MOST_KEPT_CALLBACKS = 64 * 1024;

    private ByteBuffer bytes = ByteBuffer.allocateDirect(INITIAL_BYTES);
    private @Nullable LongConsumer[] callbacks = new LongConsumer[INITIAL_CALLBACKS];
    private long[] callbackIndexes = new long[INITIAL_CALLBACKS];
    private int callbackCount;
    private int entries;
    private long lastIndex;

    /** @param whenDurable told by the log's own thread alone */
    public void addEntry(long index, ByteBuffer payload, LongConsumer whenDurable) {
        int needed = EntryFormat.HEADER_BYTES + payload.remaining();
        if (bytes.remaining() < needed) {
            growBytes(bytes.position() + needed);
        }
        addCallback(index, whenDurable);
        EntryFormat.put(bytes, index, payload);
        entries++;
        lastIndex = index;
    }

    void addCallback(long index, LongConsumer whenDurable) {
        if (callbackCount == callbacks.length) {
            callbacks = Arrays.copyOf(callbacks, callbackCount * 2);
            callbackIndexes = Arrays.copyOf(callbackIndexes, callbackCount * 2);
        }
        callbacks[callbackCount] = whenDurable;
        callbackIndexes[callbackCount] = index;
        callbackCount++;
    }

    boolean isEmpty() {
        return callbackCount == 0;
    }

    /** How many entries. */
    public int entries() {
        return entries;
    }

    /** Meaningless without entries. */
    public long lastIndex() {
        return lastIndex;
    }

    /** The entries as they will be stored, from 0 to the position, each to be sealed first. */
    public ByteBuffer bytes() {
        return bytes;
    }

    /** Runs the callbacks. One that throws is its owner's fault and must not cost the others their answer. */
    void complete() {
        for (int i = 0; i < callbackCount; i++) {
            LongConsumer callback = callbacks[i];
            if (callback != null) {
                complete(callback, callbackIndexes[i]);
            }
        }
    }

    private static void complete(LongConsumer callback, long index) {
        try {
            callback.accept(index);
        } catch (Throwable e) {
            LOGGER.error("Entry {} is durable, but the callback that was to be told failed", index, e);
        }
    }

    /** Makes the batch ready to be filled again; gives memory back that a rare burst had taken. */
    public void clear() {
        if (bytes.capacity() > MOST_KEPT_BYTES) {
            bytes = ByteBuffer.allocateDirect(INITIAL_BYTES);
        } else {
            bytes.clear();
        }
        if (callbacks.length > MOST_KEPT_CALLBACKS) {
            callbacks = new LongConsumer[INITIAL_CALLBACKS];
            callbackIndexes = new long[INITIAL_CALLBACKS];
        } else {
            Arrays.fill(callbacks, 0, callbackCount, null);
        }
        callbackCount = 0;
        entries = 0;
    }

    private void growBytes(int needed) {
        int capacity = Math.max(needed, (int) Math.min(bytes.capacity() * 2L, Integer.MAX_VALUE));
        ByteBuffer larger = ByteBuffer.allocateDirect(capacity);
        bytes = larger.put(bytes.flip());
    }
}
