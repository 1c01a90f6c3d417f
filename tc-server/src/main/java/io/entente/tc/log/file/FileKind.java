package io.entente.tc.log.file;

import io.entente.tc.log.LogUnusableException;
import java.nio.ByteBuffer;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/** The two kinds of files a log keeps, with their names and headers. */
enum FileKind {
    SEGMENT("segment", "log", 0x454e_5445_4e54_4c47L),
    SNAPSHOT("snapshot", "snapshot", 0x454e_5445_4e54_5350L);

    static final String UNFINISHED_SUFFIX = ".tmp";
    static final int HEADER_BYTES = 24;
    static final int FORMAT_VERSION = 1;

    private static final int CHECKED_HEADER_BYTES = 20;

    private final String prefix;
    private final String extension;
    private final long magic;
    private final Pattern pattern;

    FileKind(String prefix, String extension, long magic) {
        this.prefix = prefix;
        this.extension = extension;
        this.magic = magic;
        this.pattern = Pattern.compile(prefix + "-(\\d{19})\\." + extension);
    }

    /** Nineteen digits hold every positive index, so names sort as indexes do. */
    String fileName(long index) {
        return String.format("%s-%019d.%s", prefix, index, extension);
    }

    String unfinishedName(long number) {
        return prefix + "-" + number + UNFINISHED_SUFFIX;
    }

    /** The index in a file's name; empty for any other file. */
    OptionalLong indexOf(String fileName) {
        Matcher matcher = pattern.matcher(fileName);
        if (!matcher.matches()) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(Long.parseLong(matcher.group(1)));
        } catch (NumberFormatException e) {
            return OptionalLong.empty(); // nineteen digits beyond a long: not one of ours
        }
    }

    void putHeader(ByteBuffer target, long index) {
        int start = target.position();
        target.putLong(magic).putInt(FORMAT_VERSION).putLong(index);
        target.putInt(checksum(target, start));
    }

    /**
     * Checks that a file starts as it must.
     *
     * @param content the file from its first byte
     * @param location the file's path, for the message
     * @param index the index in the file's name
     */
    void requireHeader(ByteBuffer content, String location, long index) {
        if (content.limit() < HEADER_BYTES || content.getLong(0) != magic) {
            throw damaged(location, "it does not start as a " + prefix + " file does");
        }
        int version = content.getInt(8);
        if (version > FORMAT_VERSION) {
            throw new LogUnusableException(
                    location + " was written by a newer Entente: its format version is " + version
                            + ", this one reads versions up to " + FORMAT_VERSION
                            + ". Start the newer version on this data directory; nothing has been changed in it.");
        }
        if (content.getInt(CHECKED_HEADER_BYTES) != checksum(content, 0)) {
            throw damaged(location, "the checksum of its header is wrong");
        }
        if (content.getLong(12) != index) {
            throw damaged(
                    location,
                    "its header says index " + content.getLong(12) + ", its name " + index + "; was it renamed?");
        }
    }

    static LogUnusableException damaged(String location, String what) {
        return new LogUnusableException(location + " is damaged: " + what + ". " + REMEDY);
    }

    static final String REMEDY = "The log does not start, because entries that were acknowledged may be missing."
            + " Keep this directory, and restore it as a whole from a backup or a copy.";

    private static int checksum(ByteBuffer header, int start) {
        CRC32C crc = new CRC32C();
        crc.update(header.duplicate().limit(start + CHECKED_HEADER_BYTES).position(start));
        return (int) crc.getValue();
    }
}
