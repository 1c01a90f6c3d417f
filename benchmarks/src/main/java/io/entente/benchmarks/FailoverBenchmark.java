package io.entente.benchmarks;

import io.entente.protocol.BranchType;
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
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How long an application waits when the leader of three coordinators dies: the leader is killed under load, again and again,
 * and a client with its default settings tells when its next transaction was committed that had begun after the kill. At the
 * end every commit that was acknowledged has to have reached its resource manager.
 */
public final class FailoverBenchmark {
    private static final int KILLS = Integer.getInteger("kills", 20);
    private static final int CLIENTS = 8;
    private static final int BETWEEN_KILLS = 2_000;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** On a slow machine fewer kills have to do. */
    private static final Duration LONGEST = Duration.ofMinutes(3);

    private static final String RESOURCE = BenchmarkRoles.STOCK;

    private final EntenteClient client;
    private final Queue<String> committed = new ConcurrentLinkedQueue<>();
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();
    private volatile String newestXid = "";
    private volatile Kill lastKill = new Kill(System.nanoTime());
    private volatile boolean stopping;

    private FailoverBenchmark(EntenteClient client) {
        this.client = client;
    }

    /** Who has committed since, of transactions that began since. */
    private static final class Kill {
        private final long atNanos;
        private final Queue<Long> waits = new ConcurrentLinkedQueue<>();
        private final Set<Integer> clients = ConcurrentHashMap.newKeySet();
        private final CountDownLatch all = new CountDownLatch(CLIENTS);

        Kill(long atNanos) {
            this.atNanos = atNanos;
        }

        void committed(int clientNumber, long begunNanos) {
            if (begunNanos - atNanos > 0 && clients.add(clientNumber)) {
                waits.add(System.nanoTime() - atNanos);
                all.countDown();
            }
        }
    }

    /** @param arguments the path of the server jar */
    public static void main(String[] arguments) throws Exception {
        Noise.print("before");
        System.out.printf(
                Locale.ROOT,
                "Java %s. Three coordinators, election timeout of 1 s as by default; %d clients in one application, each"
                        + " begin, 1 x register, commit; the leader is killed up to %d times (kill -9) and started again.%n",
                System.getProperty("java.version"),
                CLIENTS,
                KILLS);
        Set<String> told = ConcurrentHashMap.newKeySet();
        try (ClusterProcesses cluster = ClusterProcesses.start(Path.of(arguments[0]), 3, "512m");
                EntenteClient client = EntenteClient.connect(
                        ClientSettings.of(cluster.addresses()).withApplicationId("failover"))) {
            client.branches().serve(new RememberingResource(RESOURCE, told));
            client.branches().awaitConnected(PATIENCE);
            new FailoverBenchmark(client).run(cluster, told);
        }
        Noise.print("after");
        System.exit(0);
    }

    private void run(ClusterProcesses cluster, Set<String> told) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
        for (int i = 0; i < CLIENTS; i++) {
            int number = i;
            threads.execute(() -> commitUntilStopped(number));
        }
        List<Long> first = new ArrayList<>();
        List<Long> each = new ArrayList<>();
        long begin = System.nanoTime();
        for (int kill = 0; kill < KILLS && System.nanoTime() - begin < LONGEST.toNanos(); kill++) {
            awaitCommits(count.get() + BETWEEN_KILLS);
            ServerProcess leader = cluster.memberOf(newestXid);
            Kill now = new Kill(System.nanoTime());
            lastKill = now;
            leader.kill();
            if (!now.all.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("kill " + (kill + 1) + ": after " + PATIENCE.toSeconds() + " s only "
                        + now.clients.size() + " of " + CLIENTS + " clients have committed again");
            }
            Percentiles waits = new Percentiles(now.waits);
            System.out.printf(
                    Locale.ROOT,
                    "Kill %d: the first client goes on after %.0f ms, the last one after %.0f ms.%n",
                    kill + 1,
                    now.waits.element() / 1e6,
                    waits.millis(1));
            first.add(now.waits.element());
            each.addAll(now.waits);
            leader.startAgain();
            leader.awaitPort();
            cluster.awaitWhole();
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        stopping = true;
        threads.shutdown();
        if (!threads.awaitTermination(PATIENCE.toSeconds() * 2, TimeUnit.SECONDS)) {
            throw new IllegalStateException("a client does not come to an end");
        }
        requireTold(told);
        print("first commit of any", new Percentiles(first));
        print("next commit of each", new Percentiles(each));
        System.out.printf(
                Locale.ROOT,
                "%d transactions were committed in %.0f s, and all of them reached their branches; %d failed, which were"
                        + " just being begun when a leader died.%n",
                count.get(),
                seconds,
                failed.get());
    }

    private static void print(String what, Percentiles waits) {
        System.out.printf(
                Locale.ROOT,
                "From the kill to the %s client: p50 %.0f ms, p90 %.0f ms, p99 %.0f ms, most %.0f ms (of %d).%n",
                what,
                waits.millis(0.5),
                waits.millis(0.9),
                waits.millis(0.99),
                waits.millis(1),
                waits.count());
    }

    private void commitUntilStopped(int number) {
        for (long i = 0; !stopping; i++) {
            String row = "item:" + number + "_" + i;
            long begun = System.nanoTime();
            try {
                String branch = client.transactions().execute("purchase", () -> register(row));
                committed.add(branch);
                count.incrementAndGet();
                lastKill.committed(number, begun);
            } catch (RuntimeException e) {
                failed.incrementAndGet();
            }
        }
    }

    private String register(String row) {
        String xid = String.valueOf(TransactionContext.xid());
        newestXid = xid;
        try {
            return xid + "/"
                    + client.branches().register(new BranchRegistration(xid, BranchType.AT, RESOURCE, row, ""));
        } catch (BranchException e) {
            throw new IllegalStateException(e);
        }
    }

    private void awaitCommits(int target) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (count.get() < target) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("only " + count.get() + " of " + target + " commits");
            }
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    /** Nothing that was acknowledged is lost: phase two of the last leader may still be under way. */
    private void requireTold(Set<String> told) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        for (String each : committed) {
            while (!told.contains(each)) {
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException("the acknowledged commit of " + each + " is lost");
                }
                TimeUnit.MILLISECONDS.sleep(5);
            }
        }
    }
}
