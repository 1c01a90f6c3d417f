package io.entente.tc.log.raft;

import com.alipay.remoting.ExtendedNettyChannelHandler;
import com.alipay.remoting.config.BoltClientOption;
import com.alipay.remoting.config.BoltServerOption;
import io.entente.protocol.security.ClientAuth;
import io.entente.protocol.security.Tls;
import io.entente.protocol.security.TlsFailure;
import io.entente.protocol.transport.Rejection;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Mutual TLS between the members. Both sides show a certificate of a trusted CA: who is connected to, one for the host that
 * was connected to; who connects, one for the host of a member. The second is what keeps a client out that has a
 * certificate of the same CA.
 *
 * <p>The library lets handlers be put before its own; its TLS by key stores and system properties is not used, as it checks
 * no names.
 */
final class RaftTls {
    private static final Logger log = LoggerFactory.getLogger(RaftTls.class);
    private static final Duration HANDSHAKE_PATIENCE = Duration.ofSeconds(10);

    private final Tls tls;
    private final Predicate<String> isHostOfMember;
    private final Consumer<Rejection> onRejected;

    /** @param isHostOfMember asked on I/O threads, for each name in the certificate of who connects */
    RaftTls(Tls tls, Predicate<String> isHostOfMember, Consumer<Rejection> onRejected) {
        this.tls = tls;
        this.isHostOfMember = isHostOfMember;
        this.onRejected = onRejected;
    }

    void protect(com.alipay.remoting.rpc.RpcServer server) {
        server.option(
                BoltServerOption.EXTENDED_NETTY_CHANNEL_HANDLER,
                new InFront(() -> List.of(
                        tls.serverHandler(ClientAuth.NEED, HANDSHAKE_PATIENCE),
                        new MemberGate(isHostOfMember, onRejected))));
    }

    void protect(com.alipay.remoting.rpc.RpcClient client) {
        client.option(BoltClientOption.EXTENDED_NETTY_CHANNEL_HANDLER, new InFront(() -> List.of(new Connecting())));
    }

    /** Asked for each connection. */
    private record InFront(Supplier<List<ChannelHandler>> handlers) implements ExtendedNettyChannelHandler {
        @Override
        public List<ChannelHandler> frontChannelHandlers() {
            return handlers.get();
        }

        @Override
        public List<ChannelHandler> backChannelHandlers() {
            return List.of();
        }
    }

    /** Puts TLS in its own place as soon as it is known to whom the connection goes. */
    private final class Connecting extends ChannelOutboundHandlerAdapter {
        @Override
        public void connect(
                ChannelHandlerContext context, SocketAddress remote, SocketAddress local, ChannelPromise promise)
                throws Exception {
            InetSocketAddress member = (InetSocketAddress) remote;
            SslHandler handler = tls.clientHandler(member.getHostString(), member.getPort(), true, HANDSHAKE_PATIENCE);
            context.pipeline().addAfter(context.name(), "tls", handler);
            handler.handshakeFuture().addListener(shaken -> {
                if (!shaken.isSuccess() && TlsFailure.isOne(shaken.cause())) {
                    log.warn(
                            "No connection to the member at {}:{}: {}. {}",
                            member.getHostString(),
                            member.getPort(),
                            TlsFailure.atClient(shaken.cause()).what(),
                            MemberGate.REMEDY);
                }
            });
            super.connect(context, remote, local, promise);
        }
    }
}
