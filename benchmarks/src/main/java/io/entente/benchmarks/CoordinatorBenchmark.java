package io.entente.benchmarks;

import io.entente.protocol.BranchType;
import io.entente.protocol.GlobalStatus;
import io.entente.protocol.Message;
import io.entente.protocol.transport.ClientTransport;
import io.entente.protocol.transport.CoordinatorChannel;
import io.entente.protocol.transport.ServerAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The coordinator alone: begin, two branches with one row lock each, commit, over a real socket, with every
 * acknowledgement synced to disk. No database takes part; the resource manager answers phase two at once. One coordinator with
 * its log in files, a cluster of one, and a cluster of three take turns.
 *
 * <p>Prints throughput, latency and the processor time of the server processes at several numbers of transactions in
 * flight. Latency runs from begin to the answer of commit.
 */
public final class CoordinatorBenchmark {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int[] IN_FLIGHT = {1, 8, 32, 64, 256};
    private static final int ROUNDS = Integer.getInteger("rounds", 3);
    private static final int SECONDS = Integer.getInteger("seconds", 2);
    private static final int WARM_UP_SECONDS = 6;
    private static final long RETRY_MILLIS = 100;
    private static final String HEAP = "1g";

    private CoordinatorBenchmark() {}

    /** @param arguments the path of the server jar */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path jar = Path.of(arguments[0]);
        Noise.print("before");
        try (ServerProcess alone = ServerProcess.start(jar);
                ClusterProcesses one = ClusterProcesses.start(jar, 1, HEAP);
                ClusterProcesses three = ClusterProcesses.start(jar, 3, HEAP);
                Contestant files = new Contestant("one, log in files", List.of(alone));
                Contestant cluster = new Contestant("cluster of one", one.members());
                Contestant cluster3 = new Contestant("cluster of three", three.members())) {
            System.out.printf(
                    Locale.ROOT,
                    "Java %s. One global transaction = begin, 2 x register, commit, 2 x phase two. %d rounds of %d s each, by"
                            + " turns.%n",
                    System.getProperty("java.version"),
                    ROUNDS,
                    SECONDS);
            run(List.of(files, cluster, cluster3));
        }
        Noise.print("after");
        System.exit(0);
    }

    private static void run(List<Contestant> contestants) throws InterruptedException {
        for (Contestant each : contestants) {
            var unused = each.measure(64, WARM_UP_SECONDS);
        }
        System.out.printf(
                "%-18s %9s %10s %9s %9s %16s%n", "", "in flight", "tx/s", "p50 ms", "p99 ms", "server CPU us/tx");
        for (int inFlight : IN_FLIGHT) {
            List<List<Measured>> results = new ArrayList<>();
            contestants.forEach(each -> results.add(new ArrayList<>()));
            for (int round = 0; round < ROUNDS; round++) {
                for (int i = 0; i < contestants.size(); i++) {
                    results.get(i).add(contestants.get(i).measure(inFlight, SECONDS));
                }
            }
            for (int i = 0; i < contestants.size(); i++) {
                print(contestants.get(i).name, inFlight, results.get(i));
            }
        }
        for (Contestant each : contestants) {
            System.out.printf("%s: %d transactions failed.%n", each.name, each.failed.get());
        }
    }

    private static void print(String name, int inFlight, List<Measured> rounds) {
        List<Long> latencies =
                rounds.stream().flatMap(round -> round.latencies.stream()).toList();
        Percentiles percentiles = new Percentiles(latencies);
        long nanos = rounds.stream().mapToLong(Measured::nanos).sum();
        long cpu = rounds.stream().mapToLong(Measured::serverNanos).sum();
        System.out.printf(
                Locale.ROOT,
                "%-18s %9d %10.0f %9.2f %9.2f %16.1f%n",
                name,
                inFlight,
                latencies.size() * 1e9 / nanos,
                percentiles.millis(0.5),
                percentiles.millis(0.99),
                cpu / 1e3 / latencies.size());
    }

    /**
     * @param latencies nanoseconds of each transaction
     * @param nanos how long they took together
     * @param serverNanos processor time of all coordinators, phase two included
     */
    private record Measured(List<Long> latencies, long nanos, long serverNanos) {}

    /** Coordinators and a client of theirs. */
    private static final class Contestant implements AutoCloseable {
        private final String name;
        private final List<ServerProcess> servers;
        private final ClientTransport transport;
        private final CoordinatorChannel tm;
        private final CoordinatorChannel rm;
        private final AtomicLong rows = new AtomicLong();
        private final AtomicLong phaseTwoAnswers = new AtomicLong();
        private final AtomicLong failed = new AtomicLong();

        Contestant(String name, List<ServerProcess> servers) {
            this.name = name;
            this.servers = servers;
            this.transport = new ClientTransport(
                    servers.stream()
                            .map(server -> new ServerAddress("127.0.0.1", server.port()))
                            .toList(),
                    Duration.ofSeconds(10));
            this.tm = transport.open(new BenchmarkRoles.Tm());
            this.rm = transport.open(new BenchmarkRoles.Rm(asked -> phaseTwoAnswers.incrementAndGet()));
            tm.awaitConnected(PATIENCE);
            rm.awaitConnected(PATIENCE);
        }

        private long serverNanos() {
            return servers.stream().mapToLong(server -> server.cpu().toNanos()).sum();
        }

        Measured measure(int inFlight, int seconds) throws InterruptedException {
            Queue<Long> latencies = new ConcurrentLinkedQueue<>();
            AtomicInteger begun = new AtomicInteger();
            CountDownLatch slots = new CountDownLatch(inFlight);
            long cpuBefore = serverNanos();
            long answersBefore = phaseTwoAnswers.get();
            long start = System.nanoTime();
            long end = start + TimeUnit.SECONDS.toNanos(seconds);
            for (int i = 0; i < inFlight; i++) {
                runSlot(end, latencies, begun, slots);
            }
            slots.await();
            long elapsed = System.nanoTime() - start;
            // Phase two runs behind the answers; its cost belongs to these transactions.
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (phaseTwoAnswers.get() - answersBefore < 2L * begun.get()) {
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException("phase two fell behind: " + (phaseTwoAnswers.get() - answersBefore)
                            + " of " + 2L * begun.get() + " branches were committed");
                }
                TimeUnit.MILLISECONDS.sleep(1);
            }
            return new Measured(List.copyOf(latencies), elapsed, serverNanos() - cpuBefore);
        }

        private void runSlot(long end, Queue<Long> latencies, AtomicInteger begun, CountDownLatch slots) {
            long start = System.nanoTime();
            if (start >= end) {
                slots.countDown();
                return;
            }
            begun.incrementAndGet();
            transaction().whenComplete((status, failure) -> {
                if (failure != null || status != GlobalStatus.COMMITTED) {
                    // On a busy machine a cluster may elect in the middle. It is told, and the slot goes on.
                    begun.decrementAndGet();
                    failed.incrementAndGet();
                    CompletableFuture.delayedExecutor(RETRY_MILLIS, TimeUnit.MILLISECONDS)
                            .execute(() -> runSlot(end, latencies, begun, slots));
                    return;
                }
                latencies.add(System.nanoTime() - start);
                runSlot(end, latencies, begun, slots);
            });
        }

        private CompletableFuture<GlobalStatus> transaction() {
            long row = rows.incrementAndGet();
            return tm.request(new Message.GlobalBeginRequest(60_000, "benchmark"), PATIENCE)
                    .thenCompose(begun -> {
                        String xid = ((Message.GlobalBeginResponse) begun).xid();
                        return register(xid, BenchmarkRoles.STOCK, "stock:" + row)
                                .thenCompose(branch -> register(xid, BenchmarkRoles.ACCOUNT, "account:" + row))
                                .thenCompose(branch -> tm.request(new Message.GlobalCommitRequest(xid, ""), PATIENCE))
                                .thenApply(committed -> ((Message.GlobalCommitResponse) committed).status());
                    });
        }

        private CompletableFuture<Long> register(String xid, String resource, String lockKey) {
            return rm.request(new Message.BranchRegisterRequest(xid, BranchType.AT, resource, lockKey, ""), PATIENCE)
                    .thenApply(BenchmarkRoles::requireRegistered);
        }

        @Override
        public void close() {
            transport.close();
        }
    }
}
