package io.entente.tc.log.raft;

import io.entente.tc.log.LogReplay;
import io.entente.tc.log.RecordedReplay;
import io.entente.tc.log.StateReplica;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A state that is the list of its entries. */
final class ListedEntries implements StateReplica {
    private final List<byte[]> entries = new ArrayList<>();

    @Override
    public synchronized void apply(ByteBuffer payload) {
        byte[] bytes = new byte[payload.remaining()];
        payload.get(bytes);
        entries.add(bytes);
    }

    @Override
    public synchronized void writeTo(OutputStream out) throws IOException {
        DataOutputStream data = new DataOutputStream(out);
        for (byte[] entry : entries) {
            data.writeInt(entry.length);
            data.write(entry);
        }
    }

    @Override
    public synchronized void reset(InputStream in) throws IOException {
        entries.clear();
        entries.addAll(read(in));
    }

    static List<byte[]> read(InputStream in) throws IOException {
        List<byte[]> found = new ArrayList<>();
        DataInputStream data = new DataInputStream(in);
        while (true) {
            int length;
            try {
                length = data.readInt();
            } catch (EOFException e) {
                return found;
            }
            found.add(data.readNBytes(length));
        }
    }

    synchronized List<String> texts() {
        return entries.stream()
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                .toList();
    }

    /** Tells of a handed-over state as of the entries that it is made of. */
    static LogReplay asEntries(RecordedReplay recorded) {
        return new LogReplay() {
            @Override
            public void onSnapshot(long index, InputStream state) throws IOException {
                long next = 1;
                for (byte[] entry : read(state)) {
                    recorded.onEntry(next++, ByteBuffer.wrap(entry));
                }
            }

            @Override
            public void onEntry(long index, ByteBuffer payload) {
                recorded.onEntry(index, payload);
            }
        };
    }
}
