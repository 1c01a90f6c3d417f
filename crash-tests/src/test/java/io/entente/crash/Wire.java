package io.entente.crash;

import io.entente.protocol.Message;
import io.entente.protocol.codec.Frame;
import io.entente.protocol.codec.FrameDecoder;
import io.entente.protocol.codec.FrameEncoder;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The line between one process and the coordinator: each message passes a {@link Watcher}, and all can be cut off. */
final class Wire implements AutoCloseable {

    /** Sees every message of a transaction on its way. */
    interface Watcher {
        /**
         * @param toCoordinator the direction
         * @param deliver sends it on its way, if the line is up; may be called any number of times, at any time
         */
        void onMessage(Wire wire, Message message, boolean toCoordinator, Runnable deliver);
    }

    private final String name;
    private final EventLoopGroup group;
    private final int coordinatorPort;
    private final Watcher watcher;
    private final Set<Channel> open = ConcurrentHashMap.newKeySet();
    private final Channel server;
    private volatile boolean cut;

    Wire(String name, EventLoopGroup group, int coordinatorPort, Watcher watcher) {
        this.name = name;
        this.group = group;
        this.coordinatorPort = coordinatorPort;
        this.watcher = watcher;
        this.server = new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel client) {
                        client.config().setAutoRead(false);
                        connect(client);
                    }
                })
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .syncUninterruptibly()
                .channel();
    }

    String name() {
        return name;
    }

    String address() {
        return "127.0.0.1:" + ((InetSocketAddress) server.localAddress()).getPort();
    }

    private void connect(Channel client) {
        if (cut) {
            client.close();
            return;
        }
        open.add(client);
        new Bootstrap()
                .group(client.eventLoop())
                .channel(NioSocketChannel.class)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel coordinator) {
                        open.add(coordinator);
                        coordinator.pipeline().addLast(decoder(), new FrameEncoder(), new Relay(client, false));
                        client.pipeline().addLast(decoder(), new FrameEncoder(), new Relay(coordinator, true));
                    }
                })
                .connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), coordinatorPort))
                .addListener(connected -> {
                    if (connected.isSuccess() && !cut) {
                        client.config().setAutoRead(true);
                    } else {
                        client.close();
                    }
                });
    }

    private static FrameDecoder decoder() {
        return new FrameDecoder(FrameDecoder.MAX_FRAME_LENGTH);
    }

    /** Nothing passes any more, in either direction, and nobody can connect. */
    void cut() {
        cut = true;
        open.forEach(Channel::close);
    }

    @Override
    public void close() {
        cut();
        server.close().syncUninterruptibly();
    }

    private final class Relay extends ChannelInboundHandlerAdapter {

        private final Channel other;
        private final boolean toCoordinator;

        Relay(Channel other, boolean toCoordinator) {
            this.other = other;
            this.toCoordinator = toCoordinator;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object read) {
            Frame frame = (Frame) read;
            Message message = frame.body();
            Runnable deliver = () -> {
                if (!cut) {
                    other.writeAndFlush(frame);
                }
            };
            if (isNoise(message)) {
                deliver.run();
            } else if (!cut && message != null) {
                watcher.onMessage(Wire.this, message, toCoordinator, deliver);
            }
        }

        private boolean isNoise(@Nullable Message message) {
            return message == null
                    || message instanceof Message.RegisterRmRequest
                    || message instanceof Message.RegisterRmResponse
                    || message instanceof Message.RegisterTmRequest
                    || message instanceof Message.RegisterTmResponse
                    || message instanceof Message.BranchesAtWork
                    || message instanceof Message.GlobalStatusRequest
                    || message instanceof Message.GlobalStatusResponse;
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            open.remove(context.channel());
            other.close();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}
