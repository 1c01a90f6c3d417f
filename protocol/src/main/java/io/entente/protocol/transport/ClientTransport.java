package io.entente.protocol.transport;

import io.entente.protocol.codec.Frame;
import io.entente.protocol.codec.FrameDecoder;
import io.entente.protocol.codec.FrameEncoder;
import io.entente.protocol.security.ClientSecurity;
import io.entente.protocol.security.ClientTls;
import io.entente.protocol.security.TlsFailure;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.timeout.IdleState;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The I/O thread of one client process, and the channels it serves. */
public final class ClientTransport implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ClientTransport.class);
    private static final FrameEncoder ENCODER = new FrameEncoder();
    private static final int HEARTBEAT_SECONDS = 5;
    private static final int SILENCE_SECONDS = 15;

    private final EventLoopGroup ioLoop = new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("entente-client", true), NioIoHandler.newFactory());
    private final Set<CoordinatorChannel> channels = ConcurrentHashMap.newKeySet();
    private final Candidates candidates;
    private final Duration connectPatience;
    private final ClientSecurity security;

    /** Plain text and no token, for a coordinator on this host. */
    public ClientTransport(List<ServerAddress> servers, Duration connectPatience) {
        this(servers, connectPatience, ClientSecurity.none());
    }

    /** As the next one, with coordinators that are always the same. */
    public ClientTransport(List<ServerAddress> servers, Duration connectPatience, ClientSecurity security) {
        this(CoordinatorDiscovery.of(servers), connectPatience, security);
    }

    /**
     * @param discovery where coordinators listen
     * @param connectPatience how long one attempt to connect may take, and as long the TLS handshake and the registration
     *     after it, and the question where coordinators listen
     */
    public ClientTransport(CoordinatorDiscovery discovery, Duration connectPatience, ClientSecurity security) {
        this(discovery, NameLookup.ofTheJvm(), connectPatience, security);
    }

    ClientTransport(
            CoordinatorDiscovery discovery, NameLookup names, Duration connectPatience, ClientSecurity security) {
        this.candidates = new Candidates(discovery, names, connectPatience);
        this.connectPatience = connectPatience;
        this.security = security;
    }

    /**
     * Whether a coordinator is, or was, known by this address: by what was configured or discovered, or because another one
     * has named it as leader.
     *
     * @param address {@code host:port}, or any other text
     */
    public boolean hasHeardOf(String address) {
        ServerAddress coordinator = ServerAddress.orNull(address);
        return coordinator != null && candidates.named().contains(coordinator);
    }

    /** Opens a channel for {@code role}; it connects in the background, at once and whenever the line breaks. */
    public CoordinatorChannel open(CoordinatorChannel.Role role) {
        CoordinatorChannel channel = new CoordinatorChannel(this, candidates, role);
        channels.add(channel);
        ioLoop.execute(channel::connect);
        return channel;
    }

    Duration registrationPatience() {
        return connectPatience;
    }

    ClientSecurity security() {
        return security;
    }

    /** With TLS, the channel is there only when the handshake has succeeded. */
    Future<Channel> connect(Candidate candidate, CoordinatorChannel owner) {
        ServerAddress server = candidate.server();
        Promise<Channel> result = ioLoop.next().newPromise();
        AtomicReference<@Nullable SslHandler> handshake = new AtomicReference<>();
        Bootstrap bootstrap = new Bootstrap()
                .group(ioLoop)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, Math.toIntExact(connectPatience.toMillis()))
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        ClientTls tls = security.tls();
                        if (tls != null) {
                            SslHandler handler = tls.tls()
                                    .clientHandler(server.host(), server.port(), tls.verifyHostName(), connectPatience);
                            handshake.set(handler);
                            channel.pipeline().addLast(handler);
                        }
                        channel.pipeline()
                                // Requests sent while answers are being read leave in one system call.
                                .addLast(new FlushConsolidationHandler(256, true))
                                .addLast(new IdleStateHandler(SILENCE_SECONDS, HEARTBEAT_SECONDS, 0))
                                .addLast(new FrameDecoder(FrameDecoder.MAX_FRAME_LENGTH))
                                .addLast(ENCODER)
                                .addLast(new Inbound(owner));
                    }
                });
        ChannelFuture attempt = bootstrap.connect(candidate.socketAddress());
        attempt.addListener(done -> {
            SslHandler tls = handshake.get();
            if (!done.isSuccess()) {
                result.setFailure(done.cause());
            } else if (tls == null) {
                result.setSuccess(attempt.channel());
            } else {
                tls.handshakeFuture().addListener(shaken -> {
                    if (shaken.isSuccess()) {
                        result.setSuccess(attempt.channel());
                    } else {
                        attempt.channel().close();
                        result.setFailure(
                                TlsFailure.isOne(shaken.cause())
                                        ? shaken.cause()
                                        : new ClosedDuringHandshakeException(shaken.cause()));
                    }
                });
            }
        });
        return result;
    }

    void schedule(Runnable task, long delayMillis) {
        if (!ioLoop.isShuttingDown()) {
            ioLoop.schedule(task, delayMillis, TimeUnit.MILLISECONDS);
        }
    }

    /** Tells what has come of {@code question} on the I/O thread. */
    <T> void whenDone(CompletableFuture<T> question, BiConsumer<@Nullable T, @Nullable Throwable> told) {
        question.whenComplete((answer, failure) -> schedule(() -> told.accept(answer, failure), 0));
    }

    void forget(CoordinatorChannel channel) {
        channels.remove(channel);
    }

    /** Closes all channels and ends the I/O thread. */
    @Override
    public void close() {
        List.copyOf(channels).forEach(CoordinatorChannel::close);
        candidates.close();
        ioLoop.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(3, TimeUnit.SECONDS);
    }

    private static final class Inbound extends SimpleChannelInboundHandler<Frame> {
        private final CoordinatorChannel owner;

        Inbound(CoordinatorChannel owner) {
            this.owner = owner;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, Frame frame) {
            owner.received(context.channel(), frame);
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            owner.lost(context.channel());
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof IdleStateEvent idle) {
                if (idle.state() == IdleState.WRITER_IDLE) {
                    context.writeAndFlush(Frame.ping(0));
                } else {
                    log.warn(
                            "The coordinator at {} has been silent for {} s; connecting anew",
                            context.channel().remoteAddress(),
                            SILENCE_SECONDS);
                    context.close();
                }
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            owner.broke(context.channel(), cause);
            context.close();
        }
    }
}
