package io.entente.samples.story;

import io.entente.samples.story.Answer.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Clients that ask without end, in several threads, and remember what they were told. For tests. */
public final class Load {

    private static final int CLIENTS = 4;
    private static final int MOST_REQUESTS = 20_000;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Client client;
    private final AtomicInteger requests = new AtomicInteger();
    private final Map<Integer, Answer> done = new ConcurrentHashMap<>();
    private final Queue<Integer> notDone = new ConcurrentLinkedQueue<>();
    private final AtomicInteger unknown = new AtomicInteger();
    private final CountDownLatch end = new CountDownLatch(1);
    private final List<Thread> threads = new ArrayList<>();

    private Load(Client client) {
        this.client = client;
    }

    /** What one client does again and again. */
    public interface Client {

        /** @param number another one for each request, from 1, so that what came of it can be found again */
        Answer ask(int number, Random random);
    }

    /** @param seed the same one leads to the same requests, as far as that is up to the clients */
    public static Load start(Client client, long seed) {
        Load load = new Load(client);
        for (int i = 0; i < CLIENTS; i++) {
            Random random = new Random(seed + i);
            Thread thread = new Thread(() -> load.askAgainAndAgain(random), "client-" + i);
            load.threads.add(thread);
            thread.start();
        }
        return load;
    }

    private void askAgainAndAgain(Random random) {
        try {
            boolean ended = false;
            while (!ended && requests.get() < MOST_REQUESTS) {
                // After a failure a client waits a little, as a person would.
                int pause = ask(random) == Outcome.DONE ? 10 : 100;
                ended = end.await(random.nextInt(pause), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Outcome ask(Random random) {
        int number = requests.incrementAndGet();
        Answer answer = client.ask(number, random);
        switch (answer.outcome()) {
            case DONE -> done.put(number, answer);
            case NOT_DONE -> notDone.add(number);
            case UNKNOWN -> unknown.incrementAndGet();
        }
        return answer.outcome();
    }

    /**
     * Waits until so many more requests have been answered with success.
     *
     * @throws StoryException when that takes too long
     */
    public void awaitDone(int more) {
        int enough = done.size() + more;
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (done.size() < enough) {
            if (System.nanoTime() > deadline) {
                throw new StoryException("No " + more + " requests were answered with success within "
                        + PATIENCE.toSeconds() + " s: " + outcomes());
            }
            Pause.millis(10);
        }
    }

    /** Lets the load run for a while. */
    public void goOnFor(long millis) throws InterruptedException {
        end.await(millis, TimeUnit.MILLISECONDS);
    }

    /** Returns when every client has its last answer. */
    public void end() throws InterruptedException {
        end.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
    }

    /** The requests that were answered with success, with that answer. */
    public Map<Integer, Answer> done() {
        return Map.copyOf(done);
    }

    /** The requests that were answered with a failure which says that nothing came of them. */
    public List<Integer> notDone() {
        return List.copyOf(notDone);
    }

    /** How many requests ended how, for a person. */
    public String outcomes() {
        return "{done=" + done.size() + ", not done=" + notDone.size() + ", unknown to the client=" + unknown + "}";
    }
}
