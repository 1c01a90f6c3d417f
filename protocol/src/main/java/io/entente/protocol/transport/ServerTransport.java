package io.entente.protocol.transport;

import io.entente.protocol.codec.FrameDecoder;
import io.entente.protocol.codec.FrameEncoder;
import io.entente.protocol.security.ServerTls;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Listens on a port, cuts the bytes into messages, answers heartbeats, and closes connections that fall silent or
 * talk nonsense.
 */
public final class ServerTransport implements AutoCloseable {
    private static final FrameEncoder ENCODER = new FrameEncoder();

    private final EventLoopGroup acceptLoop;
    private final EventLoopGroup ioLoops;
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final AtomicLong connectionIds = new AtomicLong();
    private final Channel serverChannel;

    private ServerTransport(Settings settings, IntFunction<? extends ConnectionListener> listenerOfPort)
            throws IOException {
        this.acceptLoop = new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory("entente-accept", true), NioIoHandler.newFactory());
        this.ioLoops = new MultiThreadIoEventLoopGroup(
                settings.ioThreads, new DefaultThreadFactory("entente-io", true), NioIoHandler.newFactory());
        try {
            this.serverChannel = bind(settings, listenerOfPort);
        } catch (IOException | RuntimeException e) {
            shutDownLoops();
            throw e;
        }
    }

    /**
     * How to listen.
     *
     * @param host address to listen on
     * @param port port to listen on; 0 lets the system choose a free one
     * @param ioThreads threads that read and write all connections
     * @param maxFrameLength longest frame accepted, in bytes
     * @param silenceSeconds a connection that sends nothing, not even a heartbeat, for this long is closed; so is one whose
     *     TLS handshake takes longer
     * @param unreadBytes a connection whose peer has not read the last so many bytes is closed
     * @param tls null for plain text
     */
    public record Settings(
            String host,
            int port,
            int ioThreads,
            int maxFrameLength,
            int silenceSeconds,
            long unreadBytes,
            @Nullable ServerTls tls) {
        private static final long UNREAD_BYTES = 16L * 1024 * 1024;

        /** With the limits that Seata's clients expect, and plain text. */
        public static Settings on(String host, int port, int ioThreads) {
            return new Settings(host, port, ioThreads, FrameDecoder.MAX_FRAME_LENGTH, 15, UNREAD_BYTES, null);
        }

        public Settings withUnreadBytes(long most) {
            return new Settings(host, port, ioThreads, maxFrameLength, silenceSeconds, most, tls);
        }

        public Settings withTls(@Nullable ServerTls newTls) {
            return new Settings(host, port, ioThreads, maxFrameLength, silenceSeconds, unreadBytes, newTls);
        }
    }

    /**
     * Starts to listen.
     *
     * @throws IOException when the port cannot be had; the message names it
     */
    public static ServerTransport start(Settings settings, ConnectionListener listener) throws IOException {
        return start(settings, port -> listener);
    }

    /**
     * As {@link #start(Settings, ConnectionListener)}, for a listener that has to know the port.
     *
     * @param listenerOfPort asked once, after the port is known and before the first connection is accepted
     */
    public static ServerTransport start(Settings settings, IntFunction<? extends ConnectionListener> listenerOfPort)
            throws IOException {
        return new ServerTransport(settings, listenerOfPort);
    }

    private Channel bind(Settings settings, IntFunction<? extends ConnectionListener> listenerOfPort)
            throws IOException {
        AtomicReference<@Nullable ConnectionListener> listener = new AtomicReference<>();
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(acceptLoop, ioLoops)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, 1024)
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        accept(channel, settings, Objects.requireNonNull(listener.get()));
                    }
                });
        var bound = bootstrap
                .bind(new InetSocketAddress(settings.host, settings.port))
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(
                    "cannot listen on " + settings.host + ":" + settings.port + ": "
                            + bound.cause().getMessage() + ". Is another coordinator running? Choose another port.",
                    bound.cause());
        }
        Channel channel = bound.channel();
        listener.set(listenerOfPort.apply(((InetSocketAddress) channel.localAddress()).getPort()));
        channel.config().setAutoRead(true);
        return channel;
    }

    private void accept(SocketChannel channel, Settings settings, ConnectionListener listener) {
        connections.add(channel);
        ServerTls tls = settings.tls;
        ServerInbound inbound = new ServerInbound(
                listener,
                new Connection(connectionIds.incrementAndGet(), channel, settings.unreadBytes, listener),
                tls != null);
        channel.pipeline().addLast(new IdleStateHandler(settings.silenceSeconds, 0, 0));
        if (tls != null) {
            Duration patience = Duration.ofSeconds(settings.silenceSeconds);
            channel.pipeline()
                    .addLast(new PlainTextDetection(
                            () -> tls.tls().serverHandler(tls.clientAuth(), patience), inbound::onPlainText));
        }
        channel.pipeline()
                .addLast(new FrameDecoder(settings.maxFrameLength))
                .addLast(ENCODER)
                .addLast(inbound);
    }

    /** The port listened on. */
    public int port() {
        return ((InetSocketAddress) serverChannel.localAddress()).getPort();
    }

    /** Number of open connections. */
    public int connectionCount() {
        return connections.size();
    }

    /** Stops listening and closes every connection. Frames already handed to {@link Connection#send} are flushed. */
    @Override
    public void close() {
        serverChannel.close().awaitUninterruptibly(2, TimeUnit.SECONDS);
        connections.flush();
        connections.close().awaitUninterruptibly(2, TimeUnit.SECONDS);
        shutDownLoops();
    }

    private void shutDownLoops() {
        var accept = acceptLoop.shutdownGracefully(0, 2, TimeUnit.SECONDS);
        var io = ioLoops.shutdownGracefully(0, 2, TimeUnit.SECONDS);
        accept.awaitUninterruptibly(3, TimeUnit.SECONDS);
        io.awaitUninterruptibly(3, TimeUnit.SECONDS);
    }
}
