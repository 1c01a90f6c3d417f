package io.entente.tc.log.file;

import io.entente.tc.log.LogReplay;
import io.entente.tc.log.LogUnusableException;
import io.entente.tc.log.Recovery;
import io.entente.tc.log.batch.EntryFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.NavigableSet;
import java.util.OptionalLong;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads a log directory once, from the newest snapshot to the last entry, and repairs what a crash left unfinished. */
final class DirectoryRecovery {

    private static final Logger LOGGER = LoggerFactory.getLogger(DirectoryRecovery.class);

    private final Disk disk;
    private final LogReplay replay;
    private final EntryFormat format = new EntryFormat();
    private ByteBuffer content = ByteBuffer.allocate(0);

    private long snapshotIndex;
    private long lastIndex;
    private long entries;
    private long bytes;
    private long discardedBytes;
    private int endPosition;

    DirectoryRecovery(Disk disk, LogReplay replay) {
        this.disk = disk;
        this.replay = replay;
    }

    /**
     * @param segments first indexes of the segments that are still needed
     * @param bytesSinceSnapshot size of the entries behind the snapshot
     * @param endPosition where the next entry goes in the newest segment
     */
    record Result(Recovery report, NavigableSet<Long> segments, long bytesSinceSnapshot, int endPosition) {}

    Result run() throws IOException {
        List<String> names = disk.list();
        NavigableSet<Long> snapshots = indexes(names, FileKind.SNAPSHOT);
        NavigableSet<Long> segments = indexes(names, FileKind.SEGMENT);
        if (!snapshots.isEmpty()) {
            snapshotIndex = snapshots.last();
            new SnapshotFiles(disk).read(snapshotIndex, replay);
        }
        if (!segments.isEmpty() || !snapshots.isEmpty()) {
            replaySegments(needed(segments));
        }
        ObsoleteFiles.delete(disk, segments, snapshotIndex);
        for (String name : names) {
            if (name.endsWith(FileKind.UNFINISHED_SUFFIX)) {
                disk.delete(name);
            }
        }
        disk.syncDirectory();
        Recovery report = new Recovery(snapshotIndex, lastIndex, entries, discardedBytes);
        return new Result(report, segments, bytes, endPosition);
    }

    private static NavigableSet<Long> indexes(List<String> names, FileKind kind) {
        NavigableSet<Long> indexes = new TreeSet<>();
        for (String name : names) {
            kind.indexOf(name).ifPresent(indexes::add);
        }
        return indexes;
    }

    /** The segments from the one that holds, or would hold, the first entry behind the snapshot. */
    private NavigableSet<Long> needed(NavigableSet<Long> segments) {
        Long first = segments.floor(snapshotIndex + 1);
        if (first == null) {
            String found = segments.isEmpty()
                    ? "there is no segment file at all"
                    : "the first segment file is " + FileKind.SEGMENT.fileName(segments.first());
            throw new LogUnusableException("The log in " + disk.locate("") + " is incomplete: entries from "
                    + (snapshotIndex + 1) + " on are needed and " + found + ". " + FileKind.REMEDY);
        }
        return segments.tailSet(first, true);
    }

    private void replaySegments(NavigableSet<Long> segments) throws IOException {
        lastIndex = segments.first() - 1;
        for (long first : segments) {
            String location = disk.locate(FileKind.SEGMENT.fileName(first));
            Long following = segments.higher(first);
            try (DiskFile file = disk.open(FileKind.SEGMENT.fileName(first))) {
                load(file, location);
                FileKind.SEGMENT.requireHeader(content, location, first);
                endPosition = replayEntries();
                if (following == null) {
                    repairEnd(file, location);
                } else if (lastIndex != following - 1) {
                    throw gap(location, following);
                }
            }
        }
        if (lastIndex < snapshotIndex) {
            throw FileKind.damaged(
                    disk.locate(FileKind.SEGMENT.fileName(segments.last())),
                    "at offset " + endPosition + " its last entry is " + lastIndex
                            + ", but the snapshot rests on entry " + snapshotIndex
                            + ", which had been stored before it");
        }
    }

    private void load(DiskFile file, String location) throws IOException {
        long size = file.size();
        if (size > Integer.MAX_VALUE - 64) {
            throw FileKind.damaged(location, "it has " + size + " bytes, more than any segment");
        }
        if (content.capacity() < size) {
            content = ByteBuffer.allocate((int) size);
        }
        content.clear().limit((int) size);
        file.read(content, 0);
        content.flip();
    }

    /** Hands over every intact entry from the start; returns the offset behind the last. */
    private int replayEntries() {
        ByteBuffer view = content.asReadOnlyBuffer();
        int position = FileKind.HEADER_BYTES;
        while (format.faultAt(content, position, lastIndex + 1).isEmpty()) {
            int end = position + EntryFormat.bytesAt(content, position);
            lastIndex++;
            if (lastIndex > snapshotIndex) {
                replay.onEntry(lastIndex, view.clear().limit(end).position(position + EntryFormat.HEADER_BYTES));
                entries++;
                bytes += end - position;
            }
            position = end;
        }
        return position;
    }

    private LogUnusableException gap(String location, long following) {
        return FileKind.damaged(
                location,
                "at offset " + endPosition + " entry " + (lastIndex + 1)
                        + " is expected, because the next segment file is "
                        + FileKind.SEGMENT.fileName(following) + ", but "
                        + format.faultAt(content, endPosition, lastIndex + 1));
    }

    /**
     * Cuts an unfinished write off. Then writes the whole segment once more: a process that was killed may have left
     * entries that were never synced, and after a failed sync the operating system may show data that the disk does not
     * hold. What was handed over has to be durable, as the coordinator acts on it.
     */
    private void repairEnd(DiskFile file, String location) throws IOException {
        int dirtyEnd = lastNonZero() + 1;
        if (dirtyEnd > endPosition) {
            String fault = format.faultAt(content, endPosition, lastIndex + 1);
            OptionalLong proof = entryOfLaterWrite();
            if (proof.isPresent()) {
                throw FileKind.damaged(
                        location,
                        "at offset " + endPosition + " entry " + (lastIndex + 1) + " is expected, but " + fault
                                + "; entry " + proof.getAsLong()
                                + " behind it is intact and was written later, so this is no interrupted write");
            }
            discardedBytes = (long) dirtyEnd - endPosition;
            LOGGER.warn(
                    "{}: cut off {} bytes at offset {}, behind entry {}: a write that was interrupted when the process or"
                            + " the machine stopped ({}). Nothing of it had been acknowledged.",
                    location,
                    discardedBytes,
                    endPosition,
                    lastIndex,
                    fault);
            for (int i = endPosition; i < dirtyEnd; i++) {
                content.put(i, (byte) 0);
            }
        }
        file.write(content.limit(Math.max(dirtyEnd, endPosition)).position(0), 0);
        file.sync();
    }

    private int lastNonZero() {
        int position = content.limit() - 1;
        while (position >= 0 && content.get(position) == 0) {
            position--;
        }
        return position;
    }

    /** Searches the rest of the segment for an entry of a write that began after the missing entry was synced. */
    private OptionalLong entryOfLaterWrite() {
        long missing = lastIndex + 1;
        int lastStart = content.limit() - EntryFormat.HEADER_BYTES;
        for (int position = endPosition + 1; position < lastStart; position++) {
            long index = EntryFormat.indexAt(content, position);
            // An entry has at least one byte, so no index further away fits in between.
            if (index > missing
                    && index - missing <= position - endPosition
                    && EntryFormat.firstOfWriteAt(content, position) > missing
                    && format.faultAt(content, position, index).isEmpty()) {
                return OptionalLong.of(index);
            }
        }
        return OptionalLong.empty();
    }
}
