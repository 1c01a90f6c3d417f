package io.entente.tc.log.file;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.function.BooleanSupplier;
import java.util.zip.CRC32C;

/** The stream a state is written to: adds header, length and checksum. */
final class SnapshotOutput extends OutputStream {

    private static final int BUFFER_BYTES = 64 * 1024;

    /** The disk is given small pieces, so that the log's own syncs do not queue behind a large one. */
    private static final int STEP_BYTES = 1024 * 1024;

    private final DiskFile file;
    private final BooleanSupplier abandoned;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final CRC32C crc = new CRC32C();
    private long position;
    private long unsynced;
    private boolean finished;

    SnapshotOutput(DiskFile file, long index, BooleanSupplier abandoned) {
        this.file = file;
        this.abandoned = abandoned;
        FileKind.SNAPSHOT.putHeader(buffer, index);
    }

    @Override
    public void write(int value) throws IOException {
        requireUnfinished();
        if (!buffer.hasRemaining()) {
            drain();
        }
        buffer.put((byte) value);
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
        requireUnfinished();
        int from = offset;
        int left = length;
        while (left > 0) {
            if (!buffer.hasRemaining()) {
                drain();
            }
            int count = Math.min(left, buffer.remaining());
            buffer.put(source, from, count);
            from += count;
            left -= count;
        }
    }

    /** Completes the file; it is durable when this returns. */
    void finish() throws IOException {
        long stateBytes = position + buffer.position() - FileKind.HEADER_BYTES;
        if (buffer.remaining() < SnapshotFiles.TRAILER_BYTES) {
            drain();
        }
        buffer.putLong(stateBytes);
        crc.update(buffer.duplicate().flip());
        buffer.putInt((int) crc.getValue());
        file.write(buffer.flip(), position);
        file.sync();
        finished = true;
    }

    private void drain() throws IOException {
        if (abandoned.getAsBoolean()) {
            throw new IOException("The snapshot is abandoned, because the log is being closed.");
        }
        buffer.flip();
        int count = buffer.remaining();
        crc.update(buffer);
        file.write(buffer.rewind(), position);
        buffer.clear();
        position += count;
        unsynced += count;
        if (unsynced >= STEP_BYTES) {
            file.sync();
            unsynced = 0;
        }
    }

    private void requireUnfinished() throws IOException {
        if (finished) {
            throw new IOException("The snapshot is complete already: write only while writeTo runs.");
        }
    }
}
