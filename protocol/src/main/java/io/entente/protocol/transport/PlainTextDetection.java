package io.entente.protocol.transport;

import io.entente.protocol.codec.FrameDecoder;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.SslHandler;
import java.util.List;
import java.util.function.Supplier;

/**
 * First handler of a port with TLS. A client that sends frames without it is read, so that it can be told why it is turned
 * away; everything else is left to TLS.
 */
final class PlainTextDetection extends ByteToMessageDecoder {
    private final Supplier<SslHandler> tls;
    private final Runnable onPlainText;

    /** @param onPlainText told when the client speaks frames without TLS, before the first of them is read */
    PlainTextDetection(Supplier<SslHandler> tls, Runnable onPlainText) {
        this.tls = tls;
        this.onPlainText = onPlainText;
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        if (in.readableBytes() < 2) {
            return;
        }
        if (FrameDecoder.isStartOfFrame(in.getUnsignedShort(in.readerIndex()))) {
            onPlainText.run();
        } else {
            context.pipeline().addAfter(context.name(), null, tls.get());
        }
        // What was read so far goes on to the next handler.
        context.pipeline().remove(this);
    }
}
