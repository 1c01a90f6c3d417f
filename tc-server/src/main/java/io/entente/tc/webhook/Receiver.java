package io.entente.tc.webhook;

import io.entente.tc.coordinator.AttentionNotice;
import io.entente.tc.coordinator.BackOff;
import io.entente.tc.coordinator.Coordinator;
import io.entente.tc.transaction.Command;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One address that is told of what needs attention, by a thread of its own, which may wait for it as long as it likes. */
final class Receiver {
    private static final Logger log = LoggerFactory.getLogger(Receiver.class);
    private static final long LONGEST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int ANSWER_SECONDS = 10;
    /** A receiver compares the time of a signature with its own clock. */
    private static final InstantSource WALL_CLOCK = InstantSource.system();

    private final URI url;
    private final String name;
    private final WebhookSettings settings;
    private final Webhook.Counts counts;
    private final HttpClient http;
    private final BackOff backOff;
    private final PendingNotices pending;
    private final Supplier<@Nullable Coordinator> leading;
    /** The one that was asked last; of this thread. */
    private @Nullable Coordinator coordinator;

    private final Thread thread;
    private volatile boolean stopping;
    /** Failures since the receiver has last taken anything. */
    private int failures;

    private long silentUntilNanos = System.nanoTime();

    Receiver(
            URI url,
            int number,
            WebhookSettings settings,
            Webhook.Counts counts,
            HttpClient http,
            Supplier<@Nullable Coordinator> leading) {
        this.url = url;
        this.name = Signature.nameOf(url.toString());
        this.settings = settings;
        this.counts = counts;
        this.http = http;
        this.backOff = new BackOff(
                settings.retryFirst().toMillis(), settings.retryMost().toMillis(), new Random());
        this.leading = leading;
        this.pending = new PendingNotices(settings.queue());
        this.thread = new Thread(this::run, "entente-webhook-" + number);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    void offer(AttentionNotice notice) {
        if (!pending.offer(notice, System.nanoTime())) {
            counts.dropped();
            log.warn(
                    "{} is not told that {} no longer needs attention: {} notices wait for it already",
                    url.getHost(),
                    notice.xid(),
                    settings.queue());
        }
    }

    int pending() {
        return pending.size();
    }

    private void run() {
        while (!stopping) {
            try {
                followTheLead();
                lookUpWhatIsMissing();
                long known = pending.offered();
                long now = System.nanoTime();
                AttentionNotice notice = silentUntilNanos - now > 0 ? null : pending.next(now);
                if (notice == null) {
                    long until = pending.untilNextNanos(now, LONGEST_WAIT_NANOS);
                    pending.await(known, Math.max(until, silentUntilNanos - now));
                } else {
                    tell(notice);
                }
            } catch (InterruptedException e) {
                // Only close() does that.
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException e) {
                log.error("Telling {} has failed unexpectedly; it goes on", url.getHost(), e);
                silentUntilNanos = System.nanoTime() + settings.retryMost().toNanos();
            }
        }
    }

    /** What needs attention is told by whoever leads, and is to be found in the state of each new leader. */
    private void followTheLead() {
        Coordinator now = leading.get();
        if (now != coordinator) {
            coordinator = now;
            pending.forgetWhatBegan();
        }
    }

    private void lookUpWhatIsMissing() throws InterruptedException {
        int room = pending.missing();
        if (room == 0 || coordinator == null) {
            return;
        }
        try {
            List<AttentionNotice> found = coordinator
                    .ask(view -> AttentionNotice.unconfirmed(view, name, room))
                    .get(ANSWER_SECONDS, TimeUnit.SECONDS);
            pending.lookedUp(found.size() < room);
            for (AttentionNotice notice : found) {
                offer(notice);
            }
        } catch (ExecutionException | TimeoutException | CancellationException e) {
            // A coordinator that is busy, or ends.
            silentUntilNanos = System.nanoTime() + settings.retryFirst().toNanos();
        }
    }

    private void tell(AttentionNotice notice) throws InterruptedException {
        String problem;
        boolean receiverIsAway = true;
        try {
            int status = http.send(request(notice), HttpResponse.BodyHandlers.discarding())
                    .statusCode();
            if (status >= 200 && status < 300) {
                taken(notice);
                return;
            }
            problem = "it answered with status " + status;
            receiverIsAway = status >= 500 || status == 429;
        } catch (IOException e) {
            problem = e.toString();
        }
        failed(notice, problem, receiverIsAway);
    }

    private void taken(AttentionNotice notice) {
        pending.remove(notice);
        counts.delivered();
        if (failures > 0) {
            log.info("{} takes notices again, after {} failures", url.getHost(), failures);
        }
        failures = 0;
        AttentionNotice.Stuck stuck = notice.stuck();
        if (stuck != null && coordinator != null) {
            coordinator.submit(new Command.ConfirmNotice(
                    notice.transactionId(), stuck.branch().id(), notice.at(), name));
        }
    }

    private void failed(AttentionNotice notice, String problem, boolean receiverIsAway) {
        counts.failed();
        failures++;
        long now = System.nanoTime();
        int ofThisOne = pending.failed(notice);
        pending.putOff(notice, now + TimeUnit.MILLISECONDS.toNanos(backOff.pauseMillis(ofThisOne)));
        if (receiverIsAway) {
            silentUntilNanos = now + TimeUnit.MILLISECONDS.toNanos(backOff.pauseMillis(failures));
        }
        // Less and less often: what is away for a day shall not fill the disk of the log.
        if (Integer.bitCount(failures) == 1) {
            log.warn(
                    "{} could not be told of {} ({}), {} failures by now; it is tried again: {}",
                    url.getHost(),
                    notice.xid(),
                    NoticeBody.event(notice),
                    failures,
                    problem);
        }
    }

    private HttpRequest request(AttentionNotice notice) {
        byte[] body = NoticeBody.of(notice);
        HttpRequest.Builder request = HttpRequest.newBuilder(url)
                .timeout(settings.timeout())
                .header("Content-Type", "application/json")
                .header("Entente-Event", NoticeBody.event(notice))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        if (!settings.secret().isEmpty()) {
            request.header(
                    "Entente-Signature",
                    Signature.of(settings.secret(), WALL_CLOCK.instant().getEpochSecond(), body));
        }
        return request.build();
    }

    void close() {
        stopping = true;
        thread.interrupt();
    }
}
