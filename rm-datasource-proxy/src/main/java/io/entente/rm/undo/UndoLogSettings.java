package io.entente.rm.undo;

/**
 * How undo rows are written.
 *
 * @param compressFrom size in bytes from which the images are compressed
 * @param maxBytes largest undo row, in bytes after compression; a branch that needs more is refused in phase one
 */
public record UndoLogSettings(int compressFrom, int maxBytes) {

    private static final int DEFAULT_COMPRESS_FROM = 4 * 1024;
    private static final int DEFAULT_MAX_BYTES = 64 * 1024 * 1024;

    public UndoLogSettings {
        if (compressFrom < 0 || maxBytes < 1) {
            throw new IllegalArgumentException("compressFrom is " + compressFrom + " and maxBytes is " + maxBytes
                    + "; the first must not be negative, the second must be positive");
        }
    }

    /** Compressed from 4 KiB, at most 64 MiB. */
    public static UndoLogSettings defaults() {
        return new UndoLogSettings(DEFAULT_COMPRESS_FROM, DEFAULT_MAX_BYTES);
    }
}
