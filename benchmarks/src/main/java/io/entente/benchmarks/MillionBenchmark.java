package io.entente.benchmarks;

import io.entente.protocol.BranchType;
import io.entente.protocol.Message;
import io.entente.protocol.transport.ClientTransport;
import io.entente.protocol.transport.CoordinatorChannel;
import io.entente.protocol.transport.ServerAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * A coordinator with a million row locks on a heap of 512 MiB, and one with a million open branches: what they take of the heap
 * and of the disk, and how long it takes until they serve again after they were killed.
 */
public final class MillionBenchmark {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int MILLION = Integer.getInteger("million", 1_000_000);
    private static final int RESTARTS = 3;
    private static final int IN_FLIGHT = 256;
    private static final int TIMEOUT_MILLIS = 3_600_000;

    private static final List<Shape> SHAPES = List.of(
            new Shape("A million row locks", MILLION / 4, 2, 2, "512m", "400MB"),
            new Shape("A million branches", MILLION / 4, 4, 1, "1g", "800MB"));

    /**
     * What is open.
     *
     * @param branches of each transaction
     * @param rows that each branch locks
     * @param heap the most that the coordinator's may have
     * @param stateBytes entente.tc.limits.state-bytes, which is half of the heap by default
     */
    private record Shape(String name, int transactions, int branches, int rows, String heap, String stateBytes) {
        int locks() {
            return transactions * branches * rows;
        }
    }

    private final Shape shape;
    private final Semaphore slots = new Semaphore(IN_FLIGHT);
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    private MillionBenchmark(Shape shape) {
        this.shape = shape;
    }

    /** @param arguments the path of the server jar */
    public static void main(String[] arguments) throws Exception {
        Noise.print("before");
        System.out.printf(
                Locale.ROOT,
                "Java %s. Global transactions are begun and stay open; one coordinator, log in files.%n",
                System.getProperty("java.version"));
        for (Shape shape : SHAPES) {
            new MillionBenchmark(shape).run(Path.of(arguments[0]));
        }
        Noise.print("after");
        System.exit(0);
    }

    private void run(Path jar) throws Exception {
        System.out.printf(
                Locale.ROOT,
                "%s: %d transactions of %d branches with %d row locks each; -Xmx%s, entente.tc.limits.state-bytes=%s%n",
                shape.name,
                shape.transactions,
                shape.branches,
                shape.rows,
                shape.heap,
                shape.stateBytes);
        long start = System.nanoTime();
        try (ServerProcess server =
                ServerProcess.start(jar, shape.heap, List.of("entente.tc.limits.state-bytes=" + shape.stateBytes))) {
            System.out.printf(
                    Locale.ROOT,
                    "  Started empty: it listens after %.1f s, of which %.1f s of processor time.%n",
                    (System.nanoTime() - start) / 1e9,
                    server.cpu().toMillis() / 1e3);
            open(server);
            server.awaitHttp();
            printState(server);
            for (int i = 0; i < RESTARTS; i++) {
                restart(server);
            }
            printState(server);
        }
    }

    private void open(ServerProcess server) throws Exception {
        long start = System.nanoTime();
        try (ClientTransport transport = transport(server)) {
            CoordinatorChannel tm = transport.open(new BenchmarkRoles.Tm());
            CoordinatorChannel rm = transport.open(new BenchmarkRoles.Rm(branch -> {}));
            tm.awaitConnected(PATIENCE);
            rm.awaitConnected(PATIENCE);
            for (int i = 0; i < shape.transactions && failure.get() == null; i++) {
                slots.acquire();
                long firstRow = 7_000_000_000L + (long) i * shape.branches * shape.rows;
                var unused = tm.request(new Message.GlobalBeginRequest(TIMEOUT_MILLIS, "purchase"), PATIENCE)
                        .thenCompose(begun -> branches(rm, xidOf(begun), firstRow))
                        .whenComplete((done, failed) -> {
                            if (failed != null) {
                                failure.compareAndSet(null, failed);
                            }
                            slots.release();
                        });
            }
            slots.acquire(IN_FLIGHT);
        }
        Throwable failed = failure.get();
        if (failed != null) {
            throw new IllegalStateException("not all could be opened", failed);
        }
        System.out.printf(Locale.ROOT, "  Opened in %.1f s.%n", (System.nanoTime() - start) / 1e9);
    }

    private static String xidOf(Message.Response begun) {
        Message.GlobalBeginResponse answer = (Message.GlobalBeginResponse) begun;
        if (!answer.result().success()) {
            throw new CompletionException(
                    new IOException("not begun: " + answer.result().message()));
        }
        return answer.xid();
    }

    private CompletableFuture<Void> branches(CoordinatorChannel rm, String xid, long firstRow) {
        CompletableFuture<?>[] all = new CompletableFuture<?>[shape.branches];
        for (int i = 0; i < shape.branches; i++) {
            long first = firstRow + (long) i * shape.rows;
            String lockKey = LongStream.range(first, first + shape.rows)
                    .mapToObj(String::valueOf)
                    .collect(Collectors.joining(",", "stock_item:", ""));
            all[i] = rm.request(
                            new Message.BranchRegisterRequest(
                                    xid, BranchType.AT, BenchmarkRoles.STOCK, lockKey, "{\"autoCommit\":false}"),
                            PATIENCE)
                    .thenAccept(BenchmarkRoles::requireRegistered);
        }
        return CompletableFuture.allOf(all);
    }

    private static ClientTransport transport(ServerProcess server) {
        return new ClientTransport(List.of(new ServerAddress("127.0.0.1", server.port())), Duration.ofSeconds(10));
    }

    private static void printState(ServerProcess server) throws Exception {
        System.out.printf(
                Locale.ROOT,
                "  %.0f row locks of %.0f open transactions: %.0f MiB on the heap after a collection, of which the coordinator"
                        + " counts %.0f MiB as state; %d MiB of snapshot and %d MiB of log on disk.%n",
                server.metric("entente_locks "),
                server.metric("entente_transactions_open "),
                server.liveMebibytes(),
                server.metric("entente_state_bytes ") / (1 << 20),
                server.bytesOnDisk("snapshot") >> 20,
                (server.bytesOnDisk("") - server.bytesOnDisk("snapshot")) >> 20);
    }

    /** Kills it and starts it again; the time is that until a new transaction was begun. */
    private void restart(ServerProcess server) throws Exception {
        server.kill();
        long start = System.nanoTime();
        server.startAgain();
        server.awaitPort();
        double port = (System.nanoTime() - start) / 1e9;
        try (ClientTransport transport = transport(server)) {
            CoordinatorChannel tm = transport.open(new BenchmarkRoles.Tm());
            tm.awaitConnected(PATIENCE);
            String xid = xidOf(tm.request(new Message.GlobalBeginRequest(60_000, "after"), PATIENCE)
                    .join());
            double begun = (System.nanoTime() - start) / 1e9;
            double cpu = server.cpu().toMillis() / 1e3;
            var unused = tm.request(new Message.GlobalCommitRequest(xid, ""), PATIENCE)
                    .join();
            System.out.printf(
                    Locale.ROOT,
                    "  Killed and started again: it listens after %.1f s, and has begun a transaction after %.1f s, of"
                            + " which %.1f s of processor time.%n",
                    port,
                    begun,
                    cpu);
        }
        server.awaitHttp();
        long locks = Math.round(server.metric("entente_locks "));
        if (locks != shape.locks()) {
            throw new IllegalStateException(
                    "after the restart there are " + locks + " row locks instead of " + shape.locks());
        }
    }
}
