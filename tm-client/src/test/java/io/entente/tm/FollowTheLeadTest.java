package io.entente.tm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.entente.protocol.BranchType;
import io.entente.tc.ClusterSettings;
import io.entente.tc.CoordinatorSettings;
import io.entente.tc.TransactionCoordinator;
import io.entente.tc.coordinator.CoordinatorObserver;
import io.entente.tc.log.ClusterMember;
import io.entente.tm.branch.BranchException;
import io.entente.tm.branch.BranchRegistration;
import io.entente.tm.branch.BranchResource;
import io.entente.tm.branch.PhaseTwoAnswer;
import io.entente.tm.branch.PhaseTwoBranch;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The client and a cluster of coordinators: the application notices nothing when the lead is passed on. */
class FollowTheLeadTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int THREADS = 4;
    /** Long, so that nobody is elected because a busy machine keeps the leader silent: here the lead is passed on. */
    private static final int ELECTION_TIMEOUT_MILLIS = 3_000;

    @TempDir
    Path directory;

    private final Map<ClusterMember, TransactionCoordinator> running = new HashMap<>();
    private final AtomicInteger followed = new AtomicInteger();
    private final AtomicInteger committed = new AtomicInteger();
    private final Queue<Exception> failures = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean stopping = new AtomicBoolean();
    private List<ClusterMember> members;
    private EntenteClient client;

    @BeforeEach
    void start() throws IOException {
        members = addresses();
        members.forEach(this::start);
        client = EntenteClient.connect(
                ClientSettings.of(members.stream().map(ClusterMember::address).collect(Collectors.joining(","))));
        client.branches().serve(new Stock());
        client.branches().awaitConnected(PATIENCE);
    }

    @AfterEach
    void stop() {
        client.close();
        running.values().forEach(TransactionCoordinator::close);
    }

    static List<ClusterMember> addresses() throws IOException {
        List<ServerSocket> held = new ArrayList<>();
        try {
            List<ClusterMember> found = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                for (int port = 0; port < 3; port++) {
                    held.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
                }
                found.add(new ClusterMember(
                        "127.0.0.1",
                        held.get(3 * i).getLocalPort(),
                        held.get(3 * i + 1).getLocalPort(),
                        held.get(3 * i + 2).getLocalPort()));
            }
            return found;
        } finally {
            for (ServerSocket socket : held) {
                socket.close();
            }
        }
    }

    private void start(ClusterMember member) {
        running.put(
                member,
                TransactionCoordinator.start(
                        CoordinatorSettings.in(directory.resolve(String.valueOf(member.port())))
                                .withPort(member.port()),
                        new ClusterSettings(member, members, ELECTION_TIMEOUT_MILLIS),
                        InstantSource.system(),
                        new CoordinatorObserver() {},
                        failure -> failures.add(new IllegalStateException(failure))));
    }

    private final class Stock implements BranchResource {
        @Override
        public BranchType type() {
            return BranchType.AT;
        }

        @Override
        public String id() {
            return "stock";
        }

        @Override
        public void phaseTwo(PhaseTwoBranch branch, PhaseTwoAnswer answer) {
            followed.incrementAndGet();
            answer.done();
        }
    }

    private void shop(int thread) {
        for (int i = 0; !stopping.get(); i++) {
            String rows = "item:" + thread + "_" + i;
            try {
                client.transactions().execute("purchase", () -> {
                    try {
                        return client.branches()
                                .register(new BranchRegistration(
                                        TransactionContext.xid(), BranchType.AT, "stock", rows, ""));
                    } catch (BranchException e) {
                        throw new IllegalStateException(e);
                    }
                });
                committed.incrementAndGet();
            } catch (RuntimeException e) {
                failures.add(e);
            }
        }
    }

    @Test
    void every_member_is_restarted_under_load_and_no_transaction_fails() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<?>> work = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                int thread = i;
                work.add(threads.submit(() -> shop(thread)));
            }
            for (ClusterMember member : members) {
                awaitMore(50);
                running.remove(member).close();
                awaitMore(50);
                start(member);
                await().atMost(PATIENCE)
                        .until(() -> running.get(member).cluster().lastLead() != null);
            }
            awaitMore(50);
            stopping.set(true);
            for (Future<?> each : work) {
                each.get(60, TimeUnit.SECONDS);
            }
        } finally {
            stopping.set(true);
            threads.shutdownNow();
        }
        assertThat(failures).isEmpty();
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(followed.get()).isGreaterThanOrEqualTo(committed.get()));
    }

    private void awaitMore(int transactions) {
        int target = committed.get() + transactions;
        await().atMost(PATIENCE).until(() -> committed.get() >= target || !failures.isEmpty());
    }
}
