package io.entente.tc.log;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Remembers everything a log handed over, and insists on the promised order. */
public final class RecordedReplay implements LogReplay {

    private final SortedMap<Long, byte[]> entries = new TreeMap<>();
    private byte @Nullable [] snapshot;
    private long snapshotIndex;
    private long lastIndex;

    @Override
    public void onSnapshot(long index, InputStream state) throws IOException {
        if (lastIndex != 0) {
            throw new AssertionError("snapshot " + index + " after " + lastIndex);
        }
        snapshot = state.readAllBytes();
        snapshotIndex = index;
        lastIndex = index;
    }

    @Override
    public void onEntry(long index, ByteBuffer payload) {
        if (index != lastIndex + 1) {
            throw new AssertionError("entry " + index + " after " + lastIndex);
        }
        byte[] bytes = new byte[payload.remaining()];
        payload.get(bytes);
        entries.put(index, bytes);
        lastIndex = index;
    }

    public byte @Nullable [] snapshot() {
        return snapshot;
    }

    public long snapshotIndex() {
        return snapshotIndex;
    }

    public long lastIndex() {
        return lastIndex;
    }

    public List<byte[]> payloads() {
        return new ArrayList<>(entries.values());
    }
}
