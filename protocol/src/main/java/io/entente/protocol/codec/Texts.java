package io.entente.protocol.codec;

import io.entente.protocol.MalformedFrameException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;

/** Texts as the wire has them: a byte length of 16 or 32 bits, then UTF-8. */
final class Texts {
    private static final char REPLACEMENT = '\uFFFD';
    private static final byte[] ENCODED_REPLACEMENT = {(byte) 0xEF, (byte) 0xBF, (byte) 0xBD};

    private Texts() {}

    static String read16(ByteBuf in, String field) {
        return read(in, readLength(in, 2, field), field);
    }

    static String read32(ByteBuf in, String field) {
        return read(in, readLength(in, 4, field), field);
    }

    static void write16(ByteBuf out, String text, String field) {
        int length = ByteBufUtil.utf8Bytes(text);
        if (length > Short.MAX_VALUE) {
            throw new IllegalArgumentException(field + " has " + length + " bytes in UTF-8; the protocol allows "
                    + Short.MAX_VALUE + ". Text begins: " + text.substring(0, 80));
        }
        out.writeShort(length);
        ByteBufUtil.reserveAndWriteUtf8(out, text, length);
    }

    /** For texts that only people read: what does not fit is left out. */
    static void write16Truncated(ByteBuf out, String text) {
        String fitting = text;
        // Three bytes are the most one char takes, so most texts are known to fit without counting.
        if (text.length() > Short.MAX_VALUE / 3) {
            int end = Math.min(text.length(), Short.MAX_VALUE / 3);
            fitting = text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end);
        }
        write16(out, fitting, "message");
    }

    static void write32(ByteBuf out, String text) {
        int length = ByteBufUtil.utf8Bytes(text);
        out.writeInt(length);
        ByteBufUtil.reserveAndWriteUtf8(out, text, length);
    }

    private static int readLength(ByteBuf in, int width, String field) {
        if (in.readableBytes() < width) {
            throw new MalformedFrameException("body ends inside the length of " + field);
        }
        return width == 2 ? in.readShort() : in.readInt();
    }

    private static String read(ByteBuf in, int length, String field) {
        if (length < 0 || length > in.readableBytes()) {
            throw new MalformedFrameException(
                    field + " announces " + length + " bytes, but " + in.readableBytes() + " are left in the body");
        }
        String text = in.toString(in.readerIndex(), length, StandardCharsets.UTF_8);
        if (text.indexOf(REPLACEMENT) >= 0 && !holdsEncodedReplacement(in, length)) {
            throw new MalformedFrameException(field + " is not valid UTF-8");
        }
        in.skipBytes(length);
        return text;
    }

    /** A replacement character that was really sent is no sign of bad bytes; one that nobody sent is. */
    private static boolean holdsEncodedReplacement(ByteBuf in, int length) {
        byte[] bytes = new byte[length];
        in.getBytes(in.readerIndex(), bytes);
        String text = new String(bytes, StandardCharsets.UTF_8);
        int sent = 0;
        for (int i = 0; i + ENCODED_REPLACEMENT.length <= length; i++) {
            if (bytes[i] == ENCODED_REPLACEMENT[0]
                    && bytes[i + 1] == ENCODED_REPLACEMENT[1]
                    && bytes[i + 2] == ENCODED_REPLACEMENT[2]) {
                sent++;
            }
        }
        return sent == text.chars().filter(c -> c == REPLACEMENT).count();
    }
}
