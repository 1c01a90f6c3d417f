package io.entente.protocol.codec;

import io.entente.protocol.MalformedFrameException;
import io.entente.protocol.Message;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Cuts frames out of a byte stream.
 *
 * <p>The header is judged as soon as it is there, so that a peer that is no peer, or one that announces a frame beyond
 * the limit, is refused before a byte of the body is kept. After a malformed frame the place of the next one is
 * unknown: the connection has to be closed.
 */
public final class FrameDecoder extends ByteToMessageDecoder {
    static final int MAGIC = 0xDADA;
    static final byte VERSION = 1;
    static final byte CODEC_SEATA = 1;
    static final byte COMPRESSOR_NONE = 0;
    static final int FULL_LENGTH_OFFSET = 3;
    static final int HEAD_LENGTH_OFFSET = 7;
    static final int HEADER_LENGTH = 16;

    /** What Seata's peers accept, in bytes. */
    public static final int MAX_FRAME_LENGTH = 8 * 1024 * 1024;

    private final int maxFrameLength;
    private boolean broken;

    public FrameDecoder(int maxFrameLength) {
        this.maxFrameLength = maxFrameLength;
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        if (broken) {
            in.skipBytes(in.readableBytes());
            return;
        }
        try {
            Frame frame = decode(in, maxFrameLength);
            if (frame != null) {
                out.add(frame);
            }
        } catch (MalformedFrameException e) {
            broken = true;
            in.skipBytes(in.readableBytes());
            throw e;
        }
    }

    /**
     * Takes one frame from {@code in}, or nothing when it is not there as a whole yet.
     *
     * @throws MalformedFrameException when the bytes cannot become a frame
     */
    public static @Nullable Frame decode(ByteBuf in, int maxFrameLength) {
        int start = in.readerIndex();
        checkStart(in, start);
        if (in.readableBytes() < HEADER_LENGTH) {
            return null;
        }
        int fullLength = in.getInt(start + FULL_LENGTH_OFFSET);
        if (fullLength < HEADER_LENGTH || fullLength > maxFrameLength) {
            throw new MalformedFrameException(
                    "frame announces " + fullLength + " bytes; allowed are " + HEADER_LENGTH + " to " + maxFrameLength);
        }
        int headLength = in.getUnsignedShort(start + HEAD_LENGTH_OFFSET);
        if (headLength < HEADER_LENGTH || headLength > fullLength) {
            throw new MalformedFrameException(
                    "frame announces a head of " + headLength + " bytes in a frame of " + fullLength);
        }
        if (in.readableBytes() < fullLength) {
            return null;
        }
        ByteBuf frame = in.readSlice(fullLength);
        frame.skipBytes(HEAD_LENGTH_OFFSET + 2);
        Frame.Kind kind = Frame.Kind.fromCode(frame.readByte());
        int codec = frame.readByte();
        int compressor = frame.readByte();
        int requestId = frame.readInt();
        Map<String, String> head = headLength == HEADER_LENGTH ? Map.of() : readHead(frame, headLength);
        if (kind == Frame.Kind.PING || kind == Frame.Kind.PONG) {
            return new Frame(kind, requestId, head, null);
        }
        return new Frame(kind, requestId, head, readBody(frame, codec, compressor));
    }

    private static void checkStart(ByteBuf in, int start) {
        int readable = in.readableBytes();
        if (readable >= 2 && isTls(in.getUnsignedShort(start))) {
            throw new MalformedFrameException("it speaks TLS, and this side does not. Give TLS to both sides, with"
                    + " entente.tls.bundle and entente.tc.tls.bundle, or to none");
        }
        if (readable >= 2 && in.getUnsignedShort(start) != MAGIC) {
            throw new MalformedFrameException("stream begins with 0x" + Integer.toHexString(in.getUnsignedShort(start))
                    + " where 0xdada is expected:"
                    + " this port speaks the Seata protocol, is the peer an HTTP client?");
        }
        if (readable >= 3 && in.getByte(start + 2) != VERSION) {
            throw new MalformedFrameException("frame version " + in.getByte(start + 2) + " is not supported, only "
                    + VERSION + " is: clients before 0.8 have to be updated");
        }
    }

    /** A record of a handshake or an alert, of any version since SSL 3. */
    private static boolean isTls(int firstTwoBytes) {
        return firstTwoBytes == 0x1603 || firstTwoBytes == 0x1503;
    }

    /** Whether a stream that begins with {@code firstTwoBytes} may be one of frames. */
    public static boolean isStartOfFrame(int firstTwoBytes) {
        return firstTwoBytes == MAGIC;
    }

    private static Message readBody(ByteBuf frame, int codec, int compressor) {
        if (codec != CODEC_SEATA) {
            throw new MalformedFrameException("codec " + codec
                    + " is not supported, only 1 (seata) is: set transport.serialization=seata at the client");
        }
        if (compressor != COMPRESSOR_NONE) {
            throw new MalformedFrameException("compressor " + compressor
                    + " is not supported, only 0 (none) is: set transport.compressor=none at the client");
        }
        return MessageCodec.read(frame);
    }

    private static Map<String, String> readHead(ByteBuf frame, int headLength) {
        ByteBuf head = frame.readSlice(headLength - HEADER_LENGTH);
        Map<String, String> pairs = new LinkedHashMap<>();
        while (head.isReadable()) {
            String key = readHeadText(head);
            String value = readHeadText(head);
            pairs.put(key, value);
        }
        return pairs;
    }

    /** In the head a length of −1 means null, which says no more than an empty text here. */
    private static String readHeadText(ByteBuf head) {
        if (head.readableBytes() >= 2 && head.getShort(head.readerIndex()) == -1) {
            head.skipBytes(2);
            return "";
        }
        return Texts.read16(head, "head entry");
    }
}
