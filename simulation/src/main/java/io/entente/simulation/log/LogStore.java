package io.entente.simulation.log;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What is stored for ever: on the disk of the one node, or on most of several. */
public final class LogStore {
    private final List<ByteBuffer> entries = new ArrayList<>();
    private final Consumer<ByteBuffer> onDurable;
    private @Nullable Snapshot snapshot;

    /** The state after an entry. */
    record Snapshot(long index, byte[] state) {}

    /** @param onDurable told of every entry */
    public LogStore(Consumer<ByteBuffer> onDurable) {
        this.onDurable = onDurable;
    }

    /** All entries from the first on, also those that a snapshot covers, for those who look on from outside. */
    public List<ByteBuffer> history() {
        return Collections.unmodifiableList(entries);
    }

    long lastIndex() {
        return entries.size();
    }

    ByteBuffer entry(long index) {
        return entries.get((int) index - 1).duplicate();
    }

    void add(ByteBuffer entry) {
        entries.add(entry);
        onDurable.accept(entry.duplicate());
    }

    @Nullable
    Snapshot snapshot() {
        return snapshot;
    }

    void store(Snapshot newer) {
        if (snapshot == null || snapshot.index < newer.index) {
            snapshot = newer;
        }
    }
}
