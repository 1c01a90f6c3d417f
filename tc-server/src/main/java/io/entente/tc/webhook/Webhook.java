package io.entente.tc.webhook;

import io.entente.tc.coordinator.AttentionNotice;
import io.entente.tc.coordinator.Coordinator;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the receivers that are configured when transactions begin to need attention, and when that ends.
 *
 * <p>Of what needs attention each receiver is told at least once: what it has not confirmed with a status of 2xx is tried
 * again with growing pauses, and after a restart once more, as the confirmations are in the log. That a transaction no
 * longer needs attention is told as long as this process lives.
 *
 * <p>Nothing in here holds up the coordinator: notices are put into bounded queues, and each receiver has a thread.
 */
public final class Webhook implements Consumer<AttentionNotice>, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Webhook.class);

    private final WebhookSettings settings;
    private final Counts counts = new Counts();
    private volatile List<Receiver> receivers = List.of();

    public Webhook(WebhookSettings settings) {
        this.settings = settings;
    }

    /**
     * What became of notices since the start.
     *
     * @param delivered taken by a receiver
     * @param failed tries that failed
     * @param dropped notices that an end has come which nobody was told, as too many waited
     * @param pending notices that wait
     */
    public record Statistics(long delivered, long failed, long dropped, int pending) {}

    static final class Counts {
        private final AtomicLong delivered = new AtomicLong();
        private final AtomicLong failed = new AtomicLong();
        private final AtomicLong dropped = new AtomicLong();

        void delivered() {
            delivered.incrementAndGet();
        }

        void failed() {
            failed.incrementAndGet();
        }

        void dropped() {
            dropped.incrementAndGet();
        }
    }

    /**
     * Begins to tell, with what needs attention already.
     *
     * @param leading the coordinator of this process; gives null while another process leads, which tells then
     */
    public void start(Supplier<@Nullable Coordinator> leading) {
        if (settings.urls().isEmpty()) {
            return;
        }
        HttpClient http =
                HttpClient.newBuilder().connectTimeout(settings.timeout()).build();
        List<Receiver> started = new ArrayList<>();
        for (URI url : settings.urls()) {
            started.add(new Receiver(url, started.size() + 1, settings, counts, http, leading));
        }
        receivers = List.copyOf(started);
        receivers.forEach(Receiver::start);
        log.info(
                "{} are told of transactions that need attention{}",
                settings.urls().stream().map(URI::getHost).toList(),
                settings.secret().isEmpty() ? "; without a signature, as there is no entente.tc.webhook.secret" : "");
    }

    @Override
    public void accept(AttentionNotice notice) {
        receivers.forEach(receiver -> receiver.offer(notice));
    }

    public Statistics statistics() {
        return new Statistics(
                counts.delivered.get(),
                counts.failed.get(),
                counts.dropped.get(),
                receivers.stream().mapToInt(Receiver::pending).sum());
    }

    /** What waits is not told any more by this process. */
    @Override
    public void close() {
        receivers.forEach(Receiver::close);
    }
}
