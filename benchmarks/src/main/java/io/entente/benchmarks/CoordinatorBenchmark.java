package io.entente.benchmarks;

import io.entente.protocol.BranchStatus;
import io.entente.protocol.BranchType;
import io.entente.protocol.GlobalStatus;
import io.entente.protocol.Message;
import io.entente.protocol.Message.Result;
import io.entente.protocol.transport.ClientTransport;
import io.entente.protocol.transport.CoordinatorChannel;
import io.entente.protocol.transport.ServerAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The coordinator alone: begin, two branches with one row lock each, commit, over a real socket, with every
 * acknowledgement synced to disk. No database takes part; the resource manager answers phase two at once.
 *
 * <p>Prints throughput, latency and the processor time of the server process at several numbers of transactions in
 * flight. Latency runs from begin to the answer of commit.
 */
public final class CoordinatorBenchmark {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int[] IN_FLIGHT = {1, 8, 32, 64};
    private static final int WARM_UP_SECONDS = 8;
    private static final int SECONDS = 8;

    private final CoordinatorChannel tm;
    private final CoordinatorChannel rm;
    private final AtomicLong rows = new AtomicLong();
    private final AtomicLong phaseTwoAnswers;

    private CoordinatorBenchmark(CoordinatorChannel tm, CoordinatorChannel rm, AtomicLong phaseTwoAnswers) {
        this.tm = tm;
        this.rm = rm;
        this.phaseTwoAnswers = phaseTwoAnswers;
    }

    /** @param arguments the path of the server jar */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        AtomicLong phaseTwoAnswers = new AtomicLong();
        try (ServerProcess server = ServerProcess.start(Path.of(arguments[0]));
                ClientTransport transport = new ClientTransport(
                        List.of(new ServerAddress("127.0.0.1", server.port())), Duration.ofSeconds(10))) {
            CoordinatorChannel tm = transport.open(new Tm());
            CoordinatorChannel rm = transport.open(new Rm(phaseTwoAnswers));
            tm.awaitConnected(PATIENCE);
            rm.awaitConnected(PATIENCE);
            CoordinatorBenchmark benchmark = new CoordinatorBenchmark(tm, rm, phaseTwoAnswers);
            System.out.printf(
                    Locale.ROOT,
                    "Java %s, %d processors. One global transaction = begin, 2 x register, commit, 2 x phase two.%n",
                    System.getProperty("java.version"),
                    Runtime.getRuntime().availableProcessors());
            benchmark.measure(server, 64, WARM_UP_SECONDS);
            System.out.printf("%9s %10s %9s %9s %16s%n", "in flight", "tx/s", "p50 ms", "p99 ms", "server CPU us/tx");
            for (int inFlight : IN_FLIGHT) {
                Measured measured = benchmark.measure(server, inFlight, SECONDS);
                System.out.printf(
                        Locale.ROOT,
                        "%9d %10.0f %9.2f %9.2f %16.1f%n",
                        inFlight,
                        measured.perSecond,
                        measured.p50Millis,
                        measured.p99Millis,
                        measured.serverMicrosPerTransaction);
            }
        }
    }

    private record Measured(double perSecond, double p50Millis, double p99Millis, double serverMicrosPerTransaction) {}

    private Measured measure(ServerProcess server, int inFlight, int seconds) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        long[] latencies = new long[40_000 * seconds];
        AtomicInteger done = new AtomicInteger();
        CountDownLatch slots = new CountDownLatch(inFlight);
        Duration cpuBefore = server.cpu();
        long answersBefore = phaseTwoAnswers.get();
        long start = System.nanoTime();
        for (int i = 0; i < inFlight; i++) {
            runSlot(end, latencies, done, slots);
        }
        slots.await();
        int count = Math.min(done.get(), latencies.length);
        long elapsed = System.nanoTime() - start;
        // Phase two runs behind the answers; its cost belongs to these transactions.
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (phaseTwoAnswers.get() - answersBefore < 2L * done.get()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("phase two fell behind: " + (phaseTwoAnswers.get() - answersBefore)
                        + " of " + 2L * done.get() + " branches were committed");
            }
            Thread.onSpinWait();
        }
        Duration cpu = server.cpu().minus(cpuBefore);
        Arrays.sort(latencies, 0, count);
        return new Measured(
                done.get() * 1e9 / elapsed,
                latencies[count / 2] / 1e6,
                latencies[(int) (count * 0.99)] / 1e6,
                cpu.toNanos() / 1e3 / done.get());
    }

    private void runSlot(long end, long[] latencies, AtomicInteger done, CountDownLatch slots) {
        long start = System.nanoTime();
        if (start >= end) {
            slots.countDown();
            return;
        }
        transaction().whenComplete((status, failure) -> {
            if (failure != null || status != GlobalStatus.COMMITTED) {
                System.err.println("A transaction failed: " + status + ", " + failure);
                slots.countDown();
                return;
            }
            int index = done.getAndIncrement();
            if (index < latencies.length) {
                latencies[index] = System.nanoTime() - start;
            }
            runSlot(end, latencies, done, slots);
        });
    }

    private CompletableFuture<GlobalStatus> transaction() {
        long row = rows.incrementAndGet();
        return tm.request(new Message.GlobalBeginRequest(60_000, "benchmark"), PATIENCE)
                .thenCompose(begun -> {
                    String xid = ((Message.GlobalBeginResponse) begun).xid();
                    return register(xid, "jdbc:h2:mem:stock", "stock:" + row)
                            .thenCompose(branch -> register(xid, "jdbc:h2:mem:account", "account:" + row))
                            .thenCompose(branch -> tm.request(new Message.GlobalCommitRequest(xid, ""), PATIENCE))
                            .thenApply(committed -> ((Message.GlobalCommitResponse) committed).status());
                });
    }

    private CompletableFuture<Long> register(String xid, String resource, String lockKey) {
        return rm.request(new Message.BranchRegisterRequest(xid, BranchType.AT, resource, lockKey, ""), PATIENCE)
                .thenApply(answer -> {
                    Message.BranchRegisterResponse registered = (Message.BranchRegisterResponse) answer;
                    if (!registered.result().success()) {
                        throw new IllegalStateException(registered.result().message());
                    }
                    return registered.branchId();
                });
    }

    private static final class Tm implements CoordinatorChannel.Role {
        @Override
        public Message.Request registration() {
            return new Message.RegisterTmRequest("2.6.0", "benchmark", "group", "");
        }

        @Override
        public void received(Message message, CoordinatorChannel.Answer answer) {
            throw new IllegalStateException("a TM is not asked for anything: " + message);
        }

        @Override
        public String toString() {
            return "TM";
        }
    }

    private static final class Rm implements CoordinatorChannel.Role {
        private final AtomicLong answers;

        Rm(AtomicLong answers) {
            this.answers = answers;
        }

        @Override
        public Message.Request registration() {
            return new Message.RegisterRmRequest(
                    "2.6.0", "benchmark", "group", "", List.of("jdbc:h2:mem:stock", "jdbc:h2:mem:account"));
        }

        @Override
        public void received(Message message, CoordinatorChannel.Answer answer) {
            Message.BranchCommitRequest request = (Message.BranchCommitRequest) message;
            answers.incrementAndGet();
            answer.send(new Message.BranchCommitResponse(
                    Result.OK, request.xid(), request.branchId(), BranchStatus.PHASE_TWO_COMMITTED));
        }

        @Override
        public String toString() {
            return "RM";
        }
    }
}
