package io.entente.benchmarks;

import io.entente.protocol.BranchType;
import io.entente.protocol.RowLockWait;
import io.entente.tm.ClientSettings;
import io.entente.tm.EntenteClient;
import io.entente.tm.TransactionContext;
import io.entente.tm.branch.BranchException;
import io.entente.tm.branch.BranchRegistration;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * How long a row lock takes from one global transaction to the next that waits for it, as their clients see it: all want the
 * same row, and each keeps it for a moment. The holder's commit ends the lock; the time runs from its answer to the answer that
 * grants the row to the waiter, and, for who does not believe the first figure, from the request to commit. No database takes
 * part, each acknowledgement is synced to disk.
 */
public final class HandOffBenchmark {
    private static final int[] CLIENTS = {2, 8, 16, 32};
    private static final int SECONDS = Integer.getInteger("seconds", 8);
    private static final int WARM_UP_SECONDS = 5;
    private static final long HELD_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final EntenteClient client;
    private volatile Release last = new Release(System.nanoTime(), new CompletableFuture<>());

    /**
     * The end of a lock.
     *
     * @param askedNanos when the commit was asked for
     * @param answered when its answer was there
     */
    private record Release(long askedNanos, CompletableFuture<Long> answered) {}

    /** What was measured with one number of clients; nanoseconds. */
    private record Measured(ConcurrentLinkedQueue<Long> fromAnswer, ConcurrentLinkedQueue<Long> fromRequest) {}

    private HandOffBenchmark(EntenteClient client) {
        this.client = client;
    }

    /** @param arguments the path of the server jar */
    public static void main(String[] arguments) throws Exception {
        Noise.print("before");
        System.out.printf(
                Locale.ROOT,
                "Java %s. All clients want the same row and keep it for %d ms, then commit. Milliseconds until the one who waits"
                        + " has it.%n",
                System.getProperty("java.version"),
                TimeUnit.NANOSECONDS.toMillis(HELD_NANOS));
        try (ServerProcess server = ServerProcess.start(Path.of(arguments[0]));
                EntenteClient client = EntenteClient.connect(
                        ClientSettings.of("127.0.0.1:" + server.port()).withApplicationId("hand-off"))) {
            client.branches().serve(new RememberingResource(BenchmarkRoles.STOCK, ConcurrentHashMap.newKeySet()));
            client.branches().awaitConnected(PATIENCE);
            HandOffBenchmark benchmark = new HandOffBenchmark(client);
            var unused = benchmark.measure(8, WARM_UP_SECONDS);
            System.out.printf(
                    "%8s %10s %8s %8s %22s %8s%n",
                    "clients", "hand-offs", "p50", "p99", "from the request: p50", "p99");
            for (int clients : CLIENTS) {
                print(clients, benchmark.measure(clients, SECONDS));
            }
        }
        Noise.print("after");
        System.exit(0);
    }

    private static void print(int clients, Measured measured) {
        Percentiles fromAnswer = new Percentiles(measured.fromAnswer);
        Percentiles fromRequest = new Percentiles(measured.fromRequest);
        System.out.printf(
                Locale.ROOT,
                "%8d %10d %8.2f %8.2f %22.2f %8.2f%n",
                clients,
                fromAnswer.count(),
                fromAnswer.millis(0.5),
                fromAnswer.millis(0.99),
                fromRequest.millis(0.5),
                fromRequest.millis(0.99));
    }

    private Measured measure(int clients, int seconds) throws Exception {
        Measured measured = new Measured(new ConcurrentLinkedQueue<>(), new ConcurrentLinkedQueue<>());
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        ExecutorService pool = Executors.newFixedThreadPool(clients);
        List<Future<?>> futures = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            futures.add(pool.submit(() -> {
                while (System.nanoTime() < end) {
                    takeTurn(measured);
                }
            }));
        }
        for (Future<?> future : futures) {
            future.get();
        }
        pool.shutdown();
        return measured;
    }

    private void takeTurn(Measured measured) {
        Release mine = client.transactions().execute("turn", () -> {
            long askedNanos = System.nanoTime();
            register();
            long grantedNanos = System.nanoTime();
            Release before = last;
            if (before.askedNanos - askedNanos > 0) { // it waited
                measured.fromRequest.add(grantedNanos - before.askedNanos);
                var unused = before.answered.thenAccept(
                        answered -> measured.fromAnswer.add(Math.max(0, grantedNanos - answered)));
            }
            LockSupport.parkNanos(HELD_NANOS);
            Release release = new Release(System.nanoTime(), new CompletableFuture<>());
            last = release;
            return release;
        });
        mine.answered.complete(System.nanoTime());
    }

    private void register() {
        String xid = String.valueOf(TransactionContext.xid());
        RowLockWait wait = RowLockWait.holdingNothing(PATIENCE);
        try {
            long branch = client.branches()
                    .register(
                            new BranchRegistration(xid, BranchType.AT, BenchmarkRoles.STOCK, "stock:1", wait.text()),
                            PATIENCE,
                            new CompletableFuture<>()); // nobody calls it off
            if (branch == 0) {
                throw new IllegalStateException("no branch");
            }
        } catch (BranchException e) {
            throw new IllegalStateException(e);
        }
    }
}
