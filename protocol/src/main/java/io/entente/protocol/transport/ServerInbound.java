package io.entente.protocol.transport;

import io.entente.protocol.MalformedFrameException;
import io.entente.protocol.Message;
import io.entente.protocol.RegistrationRefusal;
import io.entente.protocol.codec.Frame;
import io.entente.protocol.security.TlsFailure;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.netty.handler.timeout.IdleStateEvent;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The last handler of a connection that was accepted: from frames to the listener. */
final class ServerInbound extends SimpleChannelInboundHandler<Frame> {
    private static final Logger log = LoggerFactory.getLogger(ServerInbound.class);

    private final ConnectionListener listener;
    private final Connection connection;
    private final boolean tls;
    private boolean handshaken;
    private boolean plainTextAtTlsPort;

    ServerInbound(ConnectionListener listener, Connection connection, boolean tls) {
        this.listener = listener;
        this.connection = connection;
        this.tls = tls;
    }

    void onPlainText() {
        plainTextAtTlsPort = true;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        if (!tls) {
            listener.opened(connection);
        }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, Frame frame) {
        Message message = frame.body();
        if (connection.isClosing()) {
            // What it had sent before it was turned away.
            return;
        }
        if (plainTextAtTlsPort) {
            refusePlainText(frame);
        } else if (frame.kind() == Frame.Kind.PING) {
            connection.send(Frame.pong(frame.requestId()));
        } else if (message instanceof Message.Unknown unknown) {
            log.warn(
                    "{} sent a message of type {}, which is unknown here; it is ignored",
                    connection,
                    unknown.typeCode());
        } else if (message != null) {
            listener.received(connection, frame, message);
        }
    }

    private void refusePlainText(Frame frame) {
        String why = "it speaks plain text, and this port speaks TLS: set entente.tls.bundle at the client; for Seata's"
                + " clients see docs/security.md";
        String version = RegistrationRefusal.version("this port speaks TLS: set entente.tls.bundle");
        Message message = frame.body();
        if (message instanceof Message.RegisterTmRequest) {
            connection.reject(
                    Rejection.PLAIN_TEXT,
                    why,
                    Frame.response(frame.requestId(), new Message.RegisterTmResponse(false, version)));
        } else if (message instanceof Message.RegisterRmRequest) {
            connection.reject(
                    Rejection.PLAIN_TEXT,
                    why,
                    Frame.response(frame.requestId(), new Message.RegisterRmResponse(false, version)));
        } else {
            connection.reject(Rejection.PLAIN_TEXT, why);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        listener.closed(connection);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof IdleStateEvent && tls && !handshaken && !plainTextAtTlsPort) {
            connection.reject(Rejection.TLS_TIMEOUT, "it did not end the TLS handshake in time");
        } else if (event instanceof IdleStateEvent) {
            if (connection.isReadingPaused()) {
                return;
            }
            connection.close("it sent nothing, not even a heartbeat, for too long");
        } else if (event instanceof SslHandshakeCompletionEvent handshake) {
            if (handshake.isSuccess()) {
                handshaken = true;
                listener.opened(connection);
            } else if (TlsFailure.isOne(handshake.cause())) {
                rejectTls(handshake.cause());
            }
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        Throwable root = cause instanceof DecoderException && cause.getCause() != null ? cause.getCause() : cause;
        if (TlsFailure.isOne(cause)) {
            rejectTls(root);
        } else if (root instanceof MalformedFrameException) {
            connection.reject(Rejection.MALFORMED, text(root));
        } else if (root instanceof IOException) {
            connection.close(text(root));
        } else {
            log.error("Unexpected failure on a connection", root);
            connection.close(root.toString());
        }
    }

    private void rejectTls(Throwable cause) {
        TlsFailure failure = TlsFailure.atServer(cause);
        Rejection reason = cause instanceof NotSslRecordException
                ? Rejection.PLAIN_TEXT
                : cause instanceof SslHandshakeTimeoutException ? Rejection.TLS_TIMEOUT : Rejection.TLS_HANDSHAKE;
        connection.reject(
                reason, failure.remedy().isEmpty() ? failure.what() : failure.what() + ". " + failure.remedy());
    }

    private static String text(Throwable root) {
        @Nullable String message = root.getMessage();
        return message == null ? root.toString() : message;
    }
}
