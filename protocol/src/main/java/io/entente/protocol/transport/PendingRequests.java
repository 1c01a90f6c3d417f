package io.entente.protocol.transport;

import io.entente.protocol.Message;
import io.entente.protocol.codec.Frame;
import io.netty.channel.Channel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Requests of one client to which no answer has come yet. Thread-safe. */
final class PendingRequests {

    private static final Logger log = LoggerFactory.getLogger(PendingRequests.class);

    private final AtomicInteger ids = new AtomicInteger();
    private final Map<Integer, Pending> byId = new ConcurrentHashMap<>();

    private record Pending(Channel channel, CompletableFuture<Message.Response> future, ScheduledFuture<?> timeout) {}

    /**
     * A request that was sent, or could not be.
     *
     * @param channel null when it could not
     */
    record Sent(@Nullable Channel channel, int id, CompletableFuture<Message.Response> answer) {

        static Sent failed(CoordinatorUnreachableException why) {
            return new Sent(null, 0, CompletableFuture.failedFuture(why));
        }

        /** Waits for the answer, but not longer than until {@code withdrawn}; true when it was interrupted before. */
        boolean awaitUntil(CompletableFuture<?> withdrawn) {
            try {
                var unused = CompletableFuture.anyOf(answer, withdrawn).get();
                return false;
            } catch (ExecutionException e) {
                // The answer tells which failure it is.
                return false;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return true;
            }
        }
    }

    Sent send(Channel channel, Message.Request request, Map<String, String> head, Duration patience) {
        int id = ids.incrementAndGet();
        CompletableFuture<Message.Response> future = new CompletableFuture<>();
        ScheduledFuture<?> timeout = channel.eventLoop()
                .schedule(
                        () -> fail(
                                id,
                                request.type() + " got no answer from " + channel.remoteAddress() + " within "
                                        + patience.toMillis() + " ms; whether it took effect is unknown"),
                        patience.toMillis(),
                        TimeUnit.MILLISECONDS);
        byId.put(id, new Pending(channel, future, timeout));
        channel.writeAndFlush(Frame.request(id, request, head)).addListener(written -> {
            if (!written.isSuccess()) {
                fail(id, request.type() + " could not be sent to " + channel.remoteAddress() + ": " + written.cause());
            }
        });
        // The line may have broken before the request was listed as pending, and nobody else would ever fail it.
        if (!channel.isActive()) {
            fail(id, "the connection to " + channel.remoteAddress() + " broke while sending " + request.type());
        }
        return new Sent(channel, id, future);
    }

    /** Sends what nobody answers. */
    void tell(Channel channel, Message message) {
        channel.writeAndFlush(Frame.oneWay(ids.incrementAndGet(), message)).addListener(written -> {
            if (!written.isSuccess()) {
                log.debug("{} could not be sent to {}", message.type(), channel.remoteAddress(), written.cause());
            }
        });
    }

    void answered(int id, Message.Response response) {
        Pending answered = byId.remove(id);
        if (answered == null) {
            log.debug("Late answer dropped: {}", response);
            return;
        }
        answered.timeout.cancel(false);
        answered.future.complete(response);
    }

    private void fail(int id, String reason) {
        Pending lost = byId.remove(id);
        if (lost != null) {
            lost.timeout.cancel(false);
            lost.future.completeExceptionally(new CoordinatorUnreachableException(reason, false));
        }
    }

    /** No answer comes over this connection any more. */
    void lost(Channel channel) {
        byId.forEach((id, waiting) -> {
            if (waiting.channel.equals(channel)) {
                fail(id, "the connection to the coordinator broke; whether the request took effect is unknown");
            }
        });
    }

    /** No answer comes at all any more. */
    void close() {
        for (Integer id : List.copyOf(byId.keySet())) {
            fail(id, "the client was closed; whether the request took effect is unknown");
        }
    }
}
