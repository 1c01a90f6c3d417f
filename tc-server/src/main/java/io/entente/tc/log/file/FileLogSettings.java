package io.entente.tc.log.file;

import java.nio.file.Path;
import java.util.Objects;

/**
 * Where and how a {@link FileLog} stores its entries.
 *
 * @param directory created if absent; used by one process at a time
 * @param segmentBytes preallocated size of a segment file; two exist at any time, the one in use and the next
 * @param maxEntryBytes largest payload; one that does not fit a segment gets a file of its own
 * @param maxPendingBytes entries waiting for the disk; beyond this, appending waits
 */
public record FileLogSettings(Path directory, int segmentBytes, int maxEntryBytes, int maxPendingBytes) {

    private static final int MIB = 1024 * 1024;
    private static final int SMALLEST_SEGMENT = 1024;
    private static final int LARGEST = 512 * MIB;

    public FileLogSettings {
        Objects.requireNonNull(directory, "directory");
        requireBetween("segmentBytes", segmentBytes, SMALLEST_SEGMENT);
        requireBetween("maxEntryBytes", maxEntryBytes, 1);
        requireBetween("maxPendingBytes", maxPendingBytes, 1);
    }

    /** Segments of 16 MiB, entries up to 64 MiB, at most 16 MiB waiting. */
    public static FileLogSettings in(Path directory) {
        return new FileLogSettings(directory, 16 * MIB, 64 * MIB, 16 * MIB);
    }

    public FileLogSettings withSegmentBytes(int bytes) {
        return new FileLogSettings(directory, bytes, maxEntryBytes, maxPendingBytes);
    }

    public FileLogSettings withMaxEntryBytes(int bytes) {
        return new FileLogSettings(directory, segmentBytes, bytes, maxPendingBytes);
    }

    public FileLogSettings withMaxPendingBytes(int bytes) {
        return new FileLogSettings(directory, segmentBytes, maxEntryBytes, bytes);
    }

    private static void requireBetween(String name, int value, int least) {
        if (value < least || value > LARGEST) {
            throw new IllegalArgumentException(
                    name + " is " + value + ", it must be between " + least + " and " + LARGEST + " bytes");
        }
    }
}
