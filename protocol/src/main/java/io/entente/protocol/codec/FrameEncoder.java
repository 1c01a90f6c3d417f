package io.entente.protocol.codec;

import io.entente.protocol.Message;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.MessageToByteEncoder;

/** Writes frames in the v1 form, codec {@code seata}, uncompressed. */
@ChannelHandler.Sharable
public final class FrameEncoder extends MessageToByteEncoder<Frame> {

    public FrameEncoder() {
        super(Frame.class);
    }

    @Override
    protected void encode(ChannelHandlerContext context, Frame frame, ByteBuf out) {
        encode(frame, out);
    }

    /** Appends {@code frame} to {@code out}. */
    public static void encode(Frame frame, ByteBuf out) {
        int start = out.writerIndex();
        out.writeShort(FrameDecoder.MAGIC);
        out.writeByte(FrameDecoder.VERSION);
        out.writeInt(0);
        out.writeShort(FrameDecoder.HEADER_LENGTH);
        out.writeByte(frame.kind().code());
        out.writeByte(FrameDecoder.CODEC_SEATA);
        out.writeByte(FrameDecoder.COMPRESSOR_NONE);
        out.writeInt(frame.requestId());
        if (!frame.head().isEmpty()) {
            frame.head().forEach((key, value) -> {
                writeHeadText(out, key);
                writeHeadText(out, value);
            });
            out.setShort(start + FrameDecoder.HEAD_LENGTH_OFFSET, out.writerIndex() - start);
        }
        Message body = frame.body();
        if (body != null) {
            MessageCodec.write(out, body);
        }
        out.setInt(start + FrameDecoder.FULL_LENGTH_OFFSET, out.writerIndex() - start);
    }

    private static void writeHeadText(ByteBuf out, String text) {
        out.writeShort(ByteBufUtil.utf8Bytes(text));
        ByteBufUtil.writeUtf8(out, text);
    }
}
