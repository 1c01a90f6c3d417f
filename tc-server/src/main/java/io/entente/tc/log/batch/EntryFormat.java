package io.entente.tc.log.batch;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * How an entry lies in a buffer and in the store, numbers big-endian:
 *
 * <pre>
 * CRC32C of all that follows (4) | payload length (4) | index (8) | place in its write (4) | payload
 * </pre>
 */
public final class EntryFormat {

    /** Size of what stands before the payload. */
    public static final int HEADER_BYTES = 20;

    private static final int LENGTH = 4;
    private static final int INDEX = 8;
    private static final int PLACE = 16;

    private final CRC32C crc = new CRC32C();

    /** Appends an entry to the buffer, still without its place and checksum: see {@link #seal}. */
    public static void put(ByteBuffer buffer, long index, ByteBuffer payload) {
        int start = buffer.position();
        int length = payload.remaining();
        buffer.putInt(start + LENGTH, length);
        buffer.putLong(start + INDEX, index);
        buffer.put(start + HEADER_BYTES, payload, payload.position(), length);
        buffer.position(start + HEADER_BYTES + length);
    }

    /** Size of the entry at a position, with its header. */
    public static int bytesAt(ByteBuffer buffer, int position) {
        return HEADER_BYTES + buffer.getInt(position + LENGTH);
    }

    /** Index of the entry at a position. */
    public static long indexAt(ByteBuffer buffer, int position) {
        return buffer.getLong(position + INDEX);
    }

    /** Index of the first entry that was written together with this one. */
    public static long firstOfWriteAt(ByteBuffer buffer, int position) {
        return indexAt(buffer, position) - buffer.getInt(position + PLACE);
    }

    /** Completes an entry with its place in the write and its checksum. */
    public void seal(ByteBuffer buffer, int position, int place) {
        buffer.putInt(position + PLACE, place);
        buffer.putInt(position, checksum(buffer, position));
    }

    /** What is wrong with the entry that should be here; empty when it is intact. */
    public String faultAt(ByteBuffer buffer, int position, long index) {
        if (buffer.limit() - position < HEADER_BYTES) {
            return "the content ends inside the entry's header";
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
