package io.entente.protocol.transport;

import io.entente.protocol.codec.Frame;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.EncoderException;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's connection, seen from the server. Safe for use by any thread.
 *
 * <p>Frames go into an outbox that the connection's own I/O thread empties with a single flush, so that a burst of
 * answers costs one hand-over and one system call, not one each.
 */
public final class Connection {
    private static final Logger log = LoggerFactory.getLogger(Connection.class);

    /** A peer that lets this many frames wait for it does not read any more, and must not cost memory for ever. */
    private static final int MAX_WAITING_FRAMES = 100_000;

    private static final long PAUSE_MILLIS = 10;

    private final long id;
    private final Channel channel;
    private final InetSocketAddress remoteAddress;
    /** The same in bytes, for large frames. */
    private final long maxWaitingBytes;

    private final Queue<Frame> outbox = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicBoolean drainScheduled = new AtomicBoolean();
    private final AtomicBoolean closing = new AtomicBoolean();
    private final ConnectionListener listener;
    private volatile @Nullable Object attachment;
    private volatile boolean readingPaused;

    Connection(long id, Channel channel, long maxWaitingBytes, ConnectionListener listener) {
        this.maxWaitingBytes = maxWaitingBytes;
        this.id = id;
        this.channel = channel;
        this.listener = listener;
        this.remoteAddress = (InetSocketAddress) channel.remoteAddress();
    }

    /** Unique among all connections of this server's life. */
    public long id() {
        return id;
    }

    public InetSocketAddress remoteAddress() {
        return remoteAddress;
    }

    public boolean isOpen() {
        return channel.isActive();
    }

    /** What the listener remembers about this client. */
    public @Nullable Object attachment() {
        return attachment;
    }

    public void attach(Object value) {
        attachment = value;
    }

    /** Sends {@code frame} soon; it is lost when the connection breaks before that. */
    public void send(Frame frame) {
        if (closing.get()) {
            return;
        }
        if (waiting.incrementAndGet() > MAX_WAITING_FRAMES) {
            close("it has not read the last " + MAX_WAITING_FRAMES + " frames sent to it");
            return;
        }
        outbox.add(frame);
        if (drainScheduled.compareAndSet(false, true)) {
            channel.eventLoop().execute(this::drain);
        }
    }

    private void drain() {
        drainScheduled.set(false);
        for (Frame frame = outbox.poll(); frame != null; frame = outbox.poll()) {
            if (closing.get()) {
                outbox.clear();
                return;
            }
            channel.write(frame).addListener(done -> {
                waiting.decrementAndGet();
                if (done.cause() instanceof EncoderException unwritable) {
                    // Who waits for it in vain shall know, and ask again.
                    close("a frame for it could not be written: " + unwritable.getCause());
                }
            });
            closeWhenUnread();
        }
        channel.flush();
    }

    /** Looked at after each frame, as a hundred thousand of them may be written without the peer reading one. */
    private void closeWhenUnread() {
        if (channel.bytesBeforeWritable() <= maxWaitingBytes) {
            return;
        }
        channel.flush();
        if (channel.bytesBeforeWritable() > maxWaitingBytes) {
            close("it has not read the last " + maxWaitingBytes + " bytes sent to it");
        }
    }

    /**
     * Reads nothing more from the peer while this is so. What it sends meanwhile stays in its own memory, or in that of the
     * network.
     *
     * @param reason asked every few milliseconds, on an I/O thread
     */
    public void pauseReadingWhile(BooleanSupplier reason) {
        if (readingPaused) {
            return;
        }
        readingPaused = true;
        channel.config().setAutoRead(false);
        readAgain(reason);
    }

    private void readAgain(BooleanSupplier reason) {
        if (channel.isActive() && reason.getAsBoolean()) {
            var unused = channel.eventLoop().schedule(() -> readAgain(reason), PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        } else {
            readingPaused = false;
            channel.config().setAutoRead(true);
        }
    }

    /** While it is so, the silence of the peer is none. */
    boolean isReadingPaused() {
        return readingPaused;
    }

    /** Ends the connection; {@code reason} goes to the log, completing "closing the connection of …: ". */
    public void close(String reason) {
        beginsToClose(reason);
        // Also when the last word to a client that was turned away still waits for that client to read.
        channel.close();
    }

    /**
     * Ends the connection as one of many, of which the caller tells in one line; this one is not logged.
     *
     * @return false when it was ending already
     */
    public boolean cutOff() {
        if (!channel.isOpen() || !closing.compareAndSet(false, true)) {
            return false;
        }
        channel.close();
        return true;
    }

    /**
     * Ends the connection of a client that may not have one.
     *
     * @param why goes to the log, completing "closing the connection of …: "
     */
    public void reject(Rejection reason, String why) {
        if (beginsToClose(why)) {
            channel.close();
            listener.rejected(this, reason);
        }
    }

    /** As {@link #reject(Rejection, String)}, with a last word to the client. */
    public void reject(Rejection reason, String why, Frame answer) {
        if (beginsToClose(why)) {
            channel.writeAndFlush(answer).addListener(ChannelFutureListener.CLOSE);
            listener.rejected(this, reason);
        }
    }

    /** False when that had begun before; then {@code reason} is not logged. */
    private boolean beginsToClose(String reason) {
        if (!channel.isOpen() || !closing.compareAndSet(false, true)) {
            return false;
        }
        log.warn("Closing the connection of {}: {}", remoteAddress, reason);
        return true;
    }

    /** True from the moment on at which this side decided to close: nothing from the client counts any more. */
    boolean isClosing() {
        return closing.get();
    }

    /** Runs {@code task} on this connection's thread in {@code delay}, if the connection is open then. */
    public void after(Duration delay, Runnable task) {
        channel.eventLoop()
                .schedule(
                        () -> {
                            if (channel.isActive() && !closing.get()) {
                                task.run();
                            }
                        },
                        delay.toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    /** The subject of the certificate that the client has shown, which is verified; null when it has shown none. */
    public @Nullable String certificateSubject() {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls == null) {
            return null;
        }
        try {
            return tls.engine().getSession().getPeerPrincipal().getName();
        } catch (SSLPeerUnverifiedException e) {
            return null;
        }
    }

    @Override
    public String toString() {
        return "connection " + id + " of " + remoteAddress;
    }
}
