package io.entente.simulation.log;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;

/** All entries that were ever durable. */
final class EntryHistory {
    private final List<ByteBuffer> entries = new ArrayList<>();
    private final Consumer<ByteBuffer> onDurable;

    /** @param onDurable told of every entry */
    EntryHistory(Consumer<ByteBuffer> onDurable) {
        this.onDurable = onDurable;
    }

    List<ByteBuffer> all() {
        return Collections.unmodifiableList(entries);
    }

    long lastIndex() {
        return entries.size();
    }

    ByteBuffer entry(long index) {
        return entries.get((int) index - 1).asReadOnlyBuffer();
    }

    void add(ByteBuffer entry) {
        entries.add(entry);
        onDurable.accept(entry.duplicate());
    }
}
