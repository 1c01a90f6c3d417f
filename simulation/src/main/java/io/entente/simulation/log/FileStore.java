package io.entente.simulation.log;

import io.entente.simulation.world.World;
import io.entente.tc.log.LogReplay;
import io.entente.tc.log.Recovery;
import io.entente.tc.log.file.SteppedFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The files of the one node's disk. What of an unfinished write is left, the disk decides; the next start finds it. */
public final class FileStore implements LogStore {
    private final World world;
    private final EntryHistory history;
    private final SteppedFiles files;
    private int onTheirWay;

    /** @param onDurable told of every entry, of one that a crash has left when the next start finds it */
    public FileStore(World world, Consumer<ByteBuffer> onDurable) {
        this.world = world;
        this.history = new EntryHistory(onDurable);
        this.files = new SteppedFiles(new Random(world.random().nextLong()));
    }

    @Override
    public List<ByteBuffer> history() {
        return history.all();
    }

    @Override
    public Recovery recover(LogReplay replay) throws IOException {
        long acknowledged = history.lastIndex();
        Recovery found = files.recover(new LogReplay() {
            @Override
            public void onSnapshot(long index, InputStream state) throws IOException {
                replay.onSnapshot(index, state);
            }

            @Override
            public void onEntry(long index, ByteBuffer payload) {
                if (index > history.lastIndex()) {
                    history.add(copy(payload));
                } else if (!payload.equals(history.entry(index))) {
                    throw new IllegalStateException("entry " + index + " is not what was written");
                }
                replay.onEntry(index, payload);
            }
        });
        if (found.lastIndex() < acknowledged) {
            throw new IllegalStateException(
                    "entry " + acknowledged + " was acknowledged, and the last one found is " + found.lastIndex());
        }
        if (onTheirWay > 0) {
            long kept = found.lastIndex() - acknowledged;
            world.trace().mark(kept == 0 ? "a tail was lost" : "some of a tail was kept");
            world.trace().add("found: " + kept + " of " + onTheirWay + " entries that were on their way");
        }
        if (found.discardedBytes() > 0) {
            world.trace().mark("a torn write was cut off");
        }
        onTheirWay = 0;
        return found;
    }

    private static ByteBuffer copy(ByteBuffer payload) {
        return ByteBuffer.allocate(payload.remaining()).put(payload.duplicate()).flip();
    }

    @Override
    public void write(List<ByteBuffer> entries) throws IOException {
        files.write(history.lastIndex() + 1, entries);
        entries.forEach(history::add);
    }

    @Override
    public void write(SteppedFiles.Snapshot snapshot) throws IOException {
        files.write(snapshot);
    }

    @Override
    public void end(List<ByteBuffer> entries, SteppedFiles.@Nullable Snapshot unwritten) {
        onTheirWay = entries.size();
        files.crash(history.lastIndex() + 1, entries, unwritten);
    }
}
