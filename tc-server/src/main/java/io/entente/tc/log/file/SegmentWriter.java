package io.entente.tc.log.file;

import io.entente.tc.log.batch.Batch;
import io.entente.tc.log.batch.EntryFormat;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.NavigableSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes batches to the newest segment and moves on to a new one when it is full. Used by the log's thread only. */
final class SegmentWriter implements Closeable {

    private static final Logger LOGGER = LoggerFactory.getLogger(SegmentWriter.class);

    private final Disk disk;
    private final SpareSegments spares;
    private final NavigableSet<Long> segments;
    private final EntryFormat format = new EntryFormat();

    private DiskFile file;
    private long fileBytes;
    private long position;
    private long syncs;

    private SegmentWriter(
            Disk disk,
            SpareSegments spares,
            NavigableSet<Long> segments,
            DiskFile file,
            long fileBytes,
            long position) {
        this.disk = disk;
        this.spares = spares;
        this.segments = segments;
        this.file = file;
        this.fileBytes = fileBytes;
        this.position = position;
    }

    /** Begins the first segment of an empty log. */
    static SegmentWriter startFirst(Disk disk, SpareSegments spares, NavigableSet<Long> segments) throws IOException {
        DiskFile file = spares.take(0);
        begin(disk, file, 1);
        segments.add(1L);
        return new SegmentWriter(disk, spares, segments, file, file.size(), FileKind.HEADER_BYTES);
    }

    /**
     * Goes on in the newest segment.
     *
     * @param segments first indexes of all segments; a new one is added here, whoever deletes one removes it
     * @param position where the next entry goes
     */
    static SegmentWriter resume(Disk disk, SpareSegments spares, NavigableSet<Long> segments, long position)
            throws IOException {
        DiskFile file = disk.open(FileKind.SEGMENT.fileName(segments.last()));
        return new SegmentWriter(disk, spares, segments, file, file.size(), position);
    }

    /** Returns when every entry of the batch is on stable storage. */
    void write(Batch batch) throws IOException {
        ByteBuffer bytes = batch.bytes();
        int end = bytes.position();
        int start = 0;
        int place = 0;
        int next = 0;
        bytes.limit(end);
        while (next < end) {
            int entryBytes = EntryFormat.bytesAt(bytes, next);
            if (position + (next - start) + entryBytes > fileBytes) {
                writeAndSync(bytes, start, next);
                start = next;
                place = 0;
                moveOn(EntryFormat.indexAt(bytes, next), entryBytes);
            }
            format.seal(bytes, next, place++);
            next += entryBytes;
        }
        writeAndSync(bytes, start, end);
    }

    long syncs() {
        return syncs;
    }

    private void writeAndSync(ByteBuffer bytes, int start, int end) throws IOException {
        if (start == end) {
            return;
        }
        file.write(bytes.limit(end).position(start), position);
        bytes.limit(bytes.capacity());
        file.sync();
        syncs++;
        position += end - start;
    }

    private void moveOn(long firstIndex, int entryBytes) throws IOException {
        file.close();
        file = spares.take(entryBytes);
        begin(disk, file, firstIndex);
        syncs++;
        fileBytes = file.size();
        position = FileKind.HEADER_BYTES;
        segments.add(firstIndex); // may be there: an entry too large for a still empty segment replaces it
        LOGGER.debug("Entries from {} on go to {}", firstIndex, disk.locate(FileKind.SEGMENT.fileName(firstIndex)));
    }

    /**
     * Makes a spare file a segment. Its name appears only when its header is durable, and only after everything in the
     * segment before is: so the name of a segment proves that the one before it is complete.
     */
    private static void begin(Disk disk, DiskFile file, long firstIndex) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(FileKind.HEADER_BYTES);
        FileKind.SEGMENT.putHeader(header, firstIndex);
        file.write(header.flip(), 0);
        file.sync();
        disk.rename(file.name(), FileKind.SEGMENT.fileName(firstIndex));
        disk.syncDirectory();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
