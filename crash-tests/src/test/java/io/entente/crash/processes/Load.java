package io.entente.crash.processes;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Clients of the bank, who ask for one payment after the other, whatever comes of it. */
final class Load implements AutoCloseable {
    private static final int CLIENTS = 6;
    private static final Duration LONGEST_CALL = Duration.ofSeconds(90);
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private final Landscape landscape;
    private final long seed;
    private final Map<String, Payment> asked = new ConcurrentHashMap<>();
    private final Map<Told.Outcome, AtomicLong> counts = new EnumMap<>(Told.Outcome.class);
    private final AtomicLong unanswered = new AtomicLong();
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final List<Future<?>> clients = new ArrayList<>();
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    Load(Landscape landscape, long seed) {
        this.landscape = landscape;
        this.seed = seed;
        for (Told.Outcome outcome : Told.Outcome.values()) {
            counts.put(outcome, new AtomicLong());
        }
    }

    void start() {
        ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
        for (int i = 0; i < CLIENTS; i++) {
            String client = "client" + i;
            Random chance = new Random(seed * CLIENTS + i);
            clients.add(threads.submit(() -> {
                pay(client, chance);
                return null;
            }));
        }
        threads.shutdown();
    }

    private void pay(String client, Random chance) throws IOException, InterruptedException {
        for (int i = 0; stopping.getCount() > 0; i++) {
            Payment payment = Payment.draw(client + "-" + i, landscape.services(), chance);
            asked.put(payment.id(), payment);
            String service = landscape.serviceAddress(payment.payer().service());
            try {
                String answer = http.send(
                                HttpRequest.newBuilder(URI.create("http://" + service + "/pay"))
                                        .timeout(LONGEST_CALL)
                                        .POST(HttpRequest.BodyPublishers.ofString(payment.toString()))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString())
                        .body();
                count(Told.Outcome.valueOf(answer)).incrementAndGet();
            } catch (IOException e) {
                unanswered.incrementAndGet();
                // Without a service there is nothing to do but to come again.
                var ended = stopping.await(100, TimeUnit.MILLISECONDS);
            }
        }
    }

    private AtomicLong count(Told.Outcome outcome) {
        return Objects.requireNonNull(counts.get(outcome));
    }

    /** Lets this much time pass. */
    void goOn(Duration time) throws InterruptedException {
        var ended = stopping.await(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Returns when payments are committed again; fails when they are not. */
    void awaitProgress() {
        long before = count(Told.Outcome.COMMITTED).get();
        await("payments to be committed again")
                .atMost(PATIENCE)
                .until(() -> count(Told.Outcome.COMMITTED).get() >= before + CLIENTS);
    }

    /** Returns when every client has its last answer. */
    void stop() throws Exception {
        stopping.countDown();
        for (Future<?> client : clients) {
            client.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    /** Lets nobody ask for more. */
    @Override
    public void close() {
        stopping.countDown();
    }

    /** All that was asked for. */
    Map<String, Payment> asked() {
        return Map.copyOf(asked);
    }

    @Override
    public String toString() {
        return asked.size() + " payments, " + counts + ", unanswered " + unanswered;
    }
}
