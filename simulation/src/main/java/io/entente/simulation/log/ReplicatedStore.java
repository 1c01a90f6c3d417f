package io.entente.simulation.log;

import io.entente.simulation.world.World;
import io.entente.tc.log.LogReplay;
import io.entente.tc.log.Recovery;
import io.entente.tc.log.file.SteppedFiles;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What most nodes of a group have. Entries on their way may have got to most of them, from the first on. */
public final class ReplicatedStore implements LogStore {
    private final World world;
    private final EntryHistory history;
    private long snapshotIndex;
    private byte[] snapshot = new byte[0];

    /** @param onDurable told of every entry */
    public ReplicatedStore(World world, Consumer<ByteBuffer> onDurable) {
        this.world = world;
        this.history = new EntryHistory(onDurable);
    }

    @Override
    public List<ByteBuffer> history() {
        return history.all();
    }

    @Override
    public Recovery recover(LogReplay replay) throws IOException {
        if (snapshotIndex > 0) {
            replay.onSnapshot(snapshotIndex, new ByteArrayInputStream(snapshot));
        }
        for (long index = snapshotIndex + 1; index <= history.lastIndex(); index++) {
            replay.onEntry(index, history.entry(index));
        }
        return new Recovery(snapshotIndex, history.lastIndex(), history.lastIndex() - snapshotIndex, 0);
    }

    @Override
    public void write(List<ByteBuffer> entries) {
        entries.forEach(history::add);
    }

    @Override
    public void write(SteppedFiles.Snapshot newer) throws IOException {
        if (newer.index() > snapshotIndex) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            newer.state().writeTo(bytes);
            snapshotIndex = newer.index();
            snapshot = bytes.toByteArray();
        }
    }

    @Override
    public void end(List<ByteBuffer> entries, SteppedFiles.@Nullable Snapshot unwritten) {
        int kept = world.random().nextInt(entries.size() + 1);
        if (!entries.isEmpty()) {
            world.trace().mark(kept == 0 ? "a tail was lost" : "some of a tail was kept");
            world.trace().add("the leader's end: " + kept + " of " + entries.size() + " entries on their way are kept");
        }
        write(entries.subList(0, kept));
    }
}
