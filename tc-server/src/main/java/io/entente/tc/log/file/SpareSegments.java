package io.entente.tc.log.file;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one zero-filled file ready, so that the log never waits for a segment to be prepared. Why zeros are written: a
 * sync of a file whose size and blocks stay as they are costs half, and its slowest percent a tenth.
 */
final class SpareSegments implements Closeable {

    private static final Logger LOGGER = LoggerFactory.getLogger(SpareSegments.class);

    /** The disk is given small pieces, so that the log's own syncs do not queue behind a large one. */
    private static final int STEP_BYTES = 1024 * 1024;

    private final Disk disk;
    private final int segmentBytes;
    private final ByteBuffer zeros;
    private final Executor preparer;
    private CompletableFuture<DiskFile> next;
    private long created;

    /** @param preparer prepares files; has finished what it was given when this is closed */
    SpareSegments(Disk disk, int segmentBytes, Executor preparer) {
        this.disk = disk;
        this.segmentBytes = segmentBytes;
        this.preparer = preparer;
        this.zeros = ByteBuffer.allocateDirect(Math.min(segmentBytes, STEP_BYTES));
        this.next = prepareNext();
    }

    /** An unnamed file with room for an entry of this size. Called by one thread at a time. */
    DiskFile take(int entryBytes) throws IOException {
        int needed = FileKind.HEADER_BYTES + entryBytes;
        if (needed > segmentBytes) {
            return prepare(needed);
        }
        DiskFile ready;
        try {
            ready = next.join();
        } catch (CompletionException e) {
            // The log holds nothing in this file yet, so trying once more risks nothing; room may have been made
            // meanwhile.
            ready = prepare(segmentBytes);
        }
        next = prepareNext();
        return ready;
    }

    private CompletableFuture<DiskFile> prepareNext() {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return prepare(segmentBytes);
                    } catch (IOException e) {
                        LOGGER.warn(
                                "The next log segment of {} bytes cannot be prepared. The coordinator goes on until the"
                                        + " current one is full and stops then: make room on the disk of {}",
                                segmentBytes,
                                disk.locate(""),
                                e);
                        throw new CompletionException(e);
                    }
                },
                preparer);
    }

    private synchronized DiskFile prepare(int bytes) throws IOException {
        DiskFile file = disk.create(FileKind.SEGMENT.unfinishedName(++created));
        try {
            for (int position = 0; position < bytes; position += zeros.capacity()) {
                file.write(zeros.clear().limit(Math.min(zeros.capacity(), bytes - position)), position);
                file.sync();
            }
            return file;
        } catch (IOException | RuntimeException e) {
            discard(file);
            throw e;
        }
    }

    private void discard(DiskFile file) {
        try {
            file.close();
            disk.delete(file.name());
        } catch (IOException e) {
            LOGGER.warn("{} is left over; it is deleted at the next start", disk.locate(file.name()), e);
        }
    }

    @Override
    public void close() {
        if (!next.isCompletedExceptionally()) {
            discard(next.join());
        }
    }
}
