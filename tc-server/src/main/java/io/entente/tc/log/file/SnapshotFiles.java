package io.entente.tc.log.file;

import io.entente.tc.log.LogReplay;
import io.entente.tc.log.LogUnusableException;
import io.entente.tc.log.SnapshotWriter;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.function.BooleanSupplier;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Stores a state in a file of its own, and reads it back. */
final class SnapshotFiles {

    private static final Logger LOGGER = LoggerFactory.getLogger(SnapshotFiles.class);

    static final int TRAILER_BYTES = Long.BYTES + Integer.BYTES;
    private static final int BUFFER_BYTES = 64 * 1024;

    private final Disk disk;

    SnapshotFiles(Disk disk) {
        this.disk = disk;
    }

    /** Returns when the snapshot is durable under its name; before that, no file of that name is there. */
    void write(long index, SnapshotWriter state, BooleanSupplier abandoned) throws IOException {
        String unfinished = FileKind.SNAPSHOT.unfinishedName(index);
        try {
            try (DiskFile file = disk.create(unfinished);
                    SnapshotOutput output = new SnapshotOutput(file, index, abandoned)) {
                state.writeTo(output);
                output.finish();
            }
            disk.rename(unfinished, FileKind.SNAPSHOT.fileName(index));
            disk.syncDirectory();
        } catch (IOException | RuntimeException e) {
            try {
                disk.delete(unfinished);
            } catch (IOException suppressed) {
                e.addSuppressed(suppressed);
            }
            throw e;
        }
        LOGGER.debug("Stored {}", disk.locate(FileKind.SNAPSHOT.fileName(index)));
    }

    /** Checks the whole file before a byte of it is handed over. */
    void read(long index, LogReplay replay) throws IOException {
        String name = FileKind.SNAPSHOT.fileName(index);
        try (DiskFile file = disk.open(name)) {
            long stateBytes = verify(file, disk.locate(name), index);
            try (InputStream state = new BufferedInputStream(new StateInput(file, stateBytes), BUFFER_BYTES)) {
                replay.onSnapshot(index, state);
            }
        }
    }

    private static long verify(DiskFile file, String location, long index) throws IOException {
        long size = file.size();
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
        buffer.limit(file.read(buffer.limit(FileKind.HEADER_BYTES), 0)).position(0);
        FileKind.SNAPSHOT.requireHeader(buffer, location, index);
        long stateBytes = size - FileKind.HEADER_BYTES - TRAILER_BYTES;
        if (stateBytes < 0) {
            throw FileKind.damaged(location, "it has only " + size + " bytes");
        }
        CRC32C crc = new CRC32C();
        long checked = size - Integer.BYTES;
        for (long position = 0; position < checked; position += buffer.limit()) {
            buffer.clear().limit((int) Math.min(buffer.capacity(), checked - position));
            requireFull(file.read(buffer, position), buffer, location);
            crc.update(buffer.flip());
        }
        buffer.clear().limit(TRAILER_BYTES);
        requireFull(file.read(buffer, size - TRAILER_BYTES), buffer, location);
        if (buffer.getLong(0) != stateBytes) {
            throw FileKind.damaged(
                    location, "it should hold a state of " + buffer.getLong(0) + " bytes and holds " + stateBytes);
        }
        if (buffer.getInt(Long.BYTES) != (int) crc.getValue()) {
            throw FileKind.damaged(location, "its checksum is wrong");
        }
        return stateBytes;
    }

    private static void requireFull(int count, ByteBuffer buffer, String location) {
        if (count < buffer.limit()) {
            throw new LogUnusableException(location + " became shorter while it was read. Does another process work in"
                    + " this directory? Leave it to one coordinator.");
        }
    }

    /** The part of a file between header and trailer. */
    private static final class StateInput extends InputStream {

        private final DiskFile file;
        private final long end;
        private long position = FileKind.HEADER_BYTES;

        StateInput(DiskFile file, long stateBytes) {
            this.file = file;
            this.end = FileKind.HEADER_BYTES + stateBytes;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            int wanted = (int) Math.min(length, end - position);
            if (wanted <= 0) {
                return -1;
            }
            int count = file.read(ByteBuffer.wrap(target, offset, wanted), position);
            if (count <= 0) {
                return -1;
            }
            position += count;
            return count;
        }
    }
}
