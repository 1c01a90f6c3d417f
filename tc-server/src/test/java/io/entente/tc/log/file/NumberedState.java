package io.entente.tc.log.file;

import io.entente.tc.log.LogReplay;
import io.entente.tc.log.SnapshotWriter;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Random;

/**
 * A state that knows what it must be: entry {@code n} has one possible content, and the state after it is a number that
 * depends on all entries before.
 */
final class NumberedState implements LogReplay {

    private long index;
    private long sum;

    static ByteBuffer entry(long index) {
        Random random = new Random(index);
        byte[] payload = new byte[1 + random.nextInt(random.nextInt(20) == 0 ? 3_000 : 300)];
        random.nextBytes(payload);
        return ByteBuffer.wrap(payload);
    }

    long index() {
        return index;
    }

    /** Applies the next entry as it must be. */
    ByteBuffer next() {
        ByteBuffer entry = entry(index + 1);
        apply(index + 1, entry);
        return entry;
    }

    /** The state as it is now, for a snapshot. */
    SnapshotWriter frozen() {
        long frozenIndex = index;
        long frozenSum = sum;
        return output -> {
            DataOutputStream data = new DataOutputStream(output);
            data.writeLong(frozenIndex);
            data.writeLong(frozenSum);
            data.flush();
        };
    }

    @Override
    public void onSnapshot(long snapshotIndex, InputStream state) throws IOException {
        DataInputStream data = new DataInputStream(state);
        index = data.readLong();
        sum = data.readLong();
        NumberedState expected = new NumberedState();
        while (expected.index < index) {
            expected.next();
        }
        if (index != snapshotIndex || sum != expected.sum) {
            throw new AssertionError("snapshot " + snapshotIndex + " holds state " + index + " " + sum);
        }
    }

    @Override
    public void onEntry(long entryIndex, ByteBuffer payload) {
        if (entryIndex != index + 1 || !payload.equals(entry(entryIndex))) {
            throw new AssertionError("entry " + entryIndex + " after " + index + " is wrong: " + payload);
        }
        apply(entryIndex, payload);
    }

    private void apply(long entryIndex, ByteBuffer payload) {
        index = entryIndex;
        sum = sum * 31 + payload.hashCode();
    }
}
