package io.entente.tc.log.file;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * A disk in memory whose power can fail: what was not synced is then there or not, sector by sector and name by name, as
 * chance decides. It can also start to fail at any of its writing operations.
 */
final class SimulatedDisk implements Disk {

    /** The operation at which the disk stopped working. */
    static final class StoppedException extends IOException {

        private static final long serialVersionUID = 1L;

        StoppedException() {
            super("the simulated disk has stopped");
        }
    }

    private static final int SECTOR = 512;

    private final Random random;
    private final Map<String, Content> names = new TreeMap<>();
    private final Map<String, Content> durableNames = new TreeMap<>();
    private final List<Runnable> unsyncedNameChanges = new ArrayList<>();
    private long operations;
    private long stopAt = Long.MAX_VALUE - 1;

    SimulatedDisk(Random random) {
        this.random = random;
    }

    /** Lets so many writing operations succeed; then one does half of its work, and all later ones fail. */
    synchronized void stopAfter(long count) {
        stopAt = operations + count;
    }

    synchronized boolean hasStopped() {
        return operations > stopAt;
    }

    /** What a machine finds when its power is back. */
    synchronized SimulatedDisk afterPowerFailure() {
        unsyncedNameChanges.stream().filter(change -> random.nextBoolean()).forEach(Runnable::run);
        return copyOf(durableNames, content -> content.afterPowerFailure(random));
    }

    /** What the next process finds when only this one was killed. */
    synchronized SimulatedDisk afterKill() {
        return copyOf(names, Content::copy);
    }

    private SimulatedDisk copyOf(Map<String, Content> files, UnaryOperator<Content> copy) {
        SimulatedDisk result = new SimulatedDisk(new Random(random.nextLong()));
        files.forEach((name, content) -> {
            Content copied = copy.apply(content);
            result.names.put(name, copied);
            result.durableNames.put(name, copied);
        });
        return result;
    }

    /** Returns false when the operation is the one at which the disk stops. */
    private boolean proceeds() throws IOException {
        operations++;
        if (operations > stopAt + 1) {
            throw new StoppedException();
        }
        return operations <= stopAt;
    }

    private void requireProceeding() throws IOException {
        if (!proceeds()) {
            throw new StoppedException();
        }
    }

    @Override
    public synchronized List<String> list() {
        return List.copyOf(names.keySet());
    }

    @Override
    public synchronized DiskFile create(String name) throws IOException {
        requireProceeding();
        Content content = new Content();
        names.put(name, content);
        unsyncedNameChanges.add(() -> durableNames.put(name, content));
        return new SimulatedFile(name, content);
    }

    @Override
    public synchronized DiskFile open(String name) throws IOException {
        Content content = names.get(name);
        if (content == null) {
            throw new FileNotFoundException(name);
        }
        return new SimulatedFile(name, content);
    }

    @Override
    public synchronized void rename(String from, String to) throws IOException {
        Content content = names.get(from);
        if (content == null) {
            throw new FileNotFoundException(from);
        }
        boolean proceeds = proceeds();
        if (proceeds || random.nextBoolean()) {
            names.remove(from);
            names.put(to, content);
            unsyncedNameChanges.add(() -> {
                durableNames.remove(from);
                durableNames.put(to, content);
            });
        }
        if (!proceeds) {
            throw new StoppedException();
        }
    }

    @Override
    public synchronized void delete(String name) throws IOException {
        requireProceeding();
        names.remove(name);
        unsyncedNameChanges.add(() -> durableNames.remove(name));
    }

    @Override
    public synchronized void syncDirectory() throws IOException {
        requireProceeding();
        unsyncedNameChanges.forEach(Runnable::run);
        unsyncedNameChanges.clear();
    }

    @Override
    public String locate(String name) {
        return "simulated/" + name;
    }

    @Override
    public void close() {}

    private static final class Content {

        private byte[] now = new byte[0];
        private byte[] durable = new byte[0];
        private final BitSet unsynced = new BitSet();

        void write(ByteBuffer source, int position) {
            int end = position + source.remaining();
            if (end > now.length) {
                now = Arrays.copyOf(now, end);
            }
            unsynced.set(position / SECTOR, (end + SECTOR - 1) / SECTOR);
            source.get(now, position, source.remaining());
        }

        void sync() {
            if (durable.length != now.length) {
                durable = now.clone();
            } else {
                for (int i = unsynced.nextSetBit(0); i >= 0; i = unsynced.nextSetBit(i + 1)) {
                    copySector(i, durable);
                }
            }
            unsynced.clear();
        }

        private void copySector(int sector, byte[] target) {
            int start = sector * SECTOR;
            int end = Math.min(Math.min(start + SECTOR, now.length), target.length);
            if (start < end) {
                System.arraycopy(now, start, target, start, end - start);
            }
        }

        Content afterPowerFailure(Random random) {
            Content after = new Content();
            after.now = Arrays.copyOf(durable, random.nextBoolean() ? durable.length : now.length);
            for (int i = unsynced.nextSetBit(0); i >= 0; i = unsynced.nextSetBit(i + 1)) {
                if (random.nextBoolean()) {
                    copySector(i, after.now);
                }
            }
            after.durable = after.now.clone();
            return after;
        }

        Content copy() {
            Content copy = new Content();
            copy.now = now.clone();
            copy.durable = durable.clone();
            copy.unsynced.or(unsynced);
            return copy;
        }
    }

    private final class SimulatedFile implements DiskFile {

        private final String name;
        private final Content content;

        SimulatedFile(String name, Content content) {
            this.name = name;
            this.content = content;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public long size() {
            synchronized (SimulatedDisk.this) {
                return content.now.length;
            }
        }

        @Override
        public int read(ByteBuffer target, long position) {
            synchronized (SimulatedDisk.this) {
                int count = Math.min(target.remaining(), content.now.length - (int) position);
                target.put(content.now, (int) position, count);
                return count;
            }
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            synchronized (SimulatedDisk.this) {
                boolean proceeds = proceeds();
                if (!proceeds) {
                    source.limit(source.position() + random.nextInt(source.remaining() + 1));
                }
                content.write(source, (int) position);
                if (!proceeds) {
                    throw new StoppedException();
                }
            }
        }

        @Override
        public void sync() throws IOException {
            synchronized (SimulatedDisk.this) {
                requireProceeding();
                content.sync();
            }
        }

        @Override
        public void close() {}
    }
}
