package io.entente.tc.log.file;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** How an entry lies in a buffer and in a segment; see the package description. */
final class EntryFormat {

    static final int HEADER_BYTES = 20;

    private static final int LENGTH = 4;
    private static final int INDEX = 8;
    private static final int PLACE = 16;

    private final CRC32C crc = new CRC32C();

    /** Appends an entry to the buffer, still without its place and checksum: those are the log thread's to fill in. */
    static void put(ByteBuffer buffer, long index, ByteBuffer payload) {
        int start = buffer.position();
        int length = payload.remaining();
        buffer.putInt(start + LENGTH, length);
        buffer.putLong(start + INDEX, index);
        buffer.put(start + HEADER_BYTES, payload, payload.position(), length);
        buffer.position(start + HEADER_BYTES + length);
    }

    static int bytesAt(ByteBuffer buffer, int position) {
        return HEADER_BYTES + buffer.getInt(position + LENGTH);
    }

    static long indexAt(ByteBuffer buffer, int position) {
        return buffer.getLong(position + INDEX);
    }

    /** Index of the first entry that was written together with this one. */
    static long firstOfWriteAt(ByteBuffer buffer, int position) {
        return indexAt(buffer, position) - buffer.getInt(position + PLACE);
    }

    /** Completes an entry with its place in the write and its checksum. */
    void seal(ByteBuffer buffer, int position, int place) {
        buffer.putInt(position + PLACE, place);
        buffer.putInt(position, checksum(buffer, position));
    }

    /** What is wrong with the entry that should be here; empty when it is intact. */
    String faultAt(ByteBuffer buffer, int position, long index) {
        if (buffer.limit() - position < HEADER_BYTES) {
            return "the file ends inside the entry's header";
        }
        int length = buffer.getInt(position + LENGTH);
        if (length <= 0 || length > buffer.limit() - position - HEADER_BYTES) {
            return "a payload of " + length + " bytes is impossible here";
        }
        if (indexAt(buffer, position) != index) {
            return "found index " + indexAt(buffer, position);
        }
        int stored = buffer.getInt(position);
        int computed = checksum(buffer, position);
        return stored == computed
                ? ""
                : String.format("the checksum is %08x but the content gives %08x", stored, computed);
    }

    private int checksum(ByteBuffer buffer, int position) {
        int end = position + bytesAt(buffer, position);
        int oldPosition = buffer.position();
        int oldLimit = buffer.limit();
        crc.reset();
        crc.update(buffer.limit(end).position(position + LENGTH));
        buffer.limit(oldLimit).position(oldPosition);
        return (int) crc.getValue();
    }
}
