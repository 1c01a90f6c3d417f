package io.entente.tm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.entente.protocol.BranchType;
import io.entente.tc.cluster.MemberProcess;
import io.entente.tc.log.ClusterMember;
import io.entente.tm.branch.BranchException;
import io.entente.tm.branch.BranchRegistration;
import io.entente.tm.branch.BranchResource;
import io.entente.tm.branch.PhaseTwoAnswer;
import io.entente.tm.branch.PhaseTwoBranch;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The client and real processes, of which the one that leads is killed: only what was just being begun may fail. */
class KilledLeaderTest {
    private static final int ELECTION_TIMEOUT_MILLIS = 500;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int THREADS = 4;
    private static final int KILLS = 3;

    @TempDir
    Path directory;

    private final Set<String> committed = ConcurrentHashMap.newKeySet();
    private final Set<String> followed = ConcurrentHashMap.newKeySet();
    private final Queue<Exception> failures = new ConcurrentLinkedQueue<>();
    private final AtomicReference<String> newest = new AtomicReference<>("");
    private final AtomicBoolean stopping = new AtomicBoolean();

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
            if (branch.decision() == PhaseTwoBranch.Decision.COMMIT) {
                followed.add(branch.xid() + "/" + branch.branchId());
            }
            answer.done();
        }
    }

    private void shop(EntenteClient client, int thread) {
        for (int i = 0; !stopping.get(); i++) {
            String rows = "item:" + thread + "_" + i;
            try {
                String branch = client.transactions().execute("purchase", () -> {
                    String xid = String.valueOf(TransactionContext.xid());
                    newest.set(xid);
                    try {
                        return xid + "/"
                                + client.branches()
                                        .register(new BranchRegistration(xid, BranchType.AT, "stock", rows, ""));
                    } catch (BranchException e) {
                        throw new IllegalStateException(e);
                    }
                });
                committed.add(branch);
            } catch (RuntimeException e) {
                failures.add(e);
            }
        }
    }

    @Test
    void what_was_begun_is_committed_although_the_leader_is_killed() throws Exception {
        List<ClusterMember> members = FollowTheLeadTest.addresses();
        Map<ClusterMember, MemberProcess> running = new HashMap<>();
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            for (ClusterMember member : members) {
                running.put(member, MemberProcess.start(member, members, ELECTION_TIMEOUT_MILLIS, directory));
            }
            try (EntenteClient client = EntenteClient.connect(ClientSettings.of(
                    members.stream().map(ClusterMember::address).collect(Collectors.joining(","))))) {
                client.branches().serve(new Stock());
                client.branches().awaitConnected(PATIENCE);
                List<Future<?>> work = new ArrayList<>();
                for (int i = 0; i < THREADS; i++) {
                    int thread = i;
                    work.add(threads.submit(() -> shop(client, thread)));
                }
                for (int kill = 0; kill < KILLS; kill++) {
                    awaitMore(100);
                    ClusterMember leader = members.stream()
                            .filter(member -> newest.get().startsWith(member.address() + ":"))
                            .findFirst()
                            .orElseThrow();
                    running.get(leader).close();
                    awaitMore(100);
                    running.put(leader, MemberProcess.start(leader, members, ELECTION_TIMEOUT_MILLIS, directory));
                }
                stopping.set(true);
                for (Future<?> each : work) {
                    each.get(60, TimeUnit.SECONDS);
                }
                assertThat(failures)
                        .hasSizeLessThanOrEqualTo(KILLS * THREADS)
                        .allSatisfy(failure -> assertThat(failure).isInstanceOf(CoordinatorUnavailableException.class));
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(followed).containsAll(committed));
            }
        } finally {
            stopping.set(true);
            threads.shutdownNow();
            for (MemberProcess process : running.values()) {
                process.close();
            }
        }
    }

    private void awaitMore(int transactions) {
        int target = committed.size() + transactions;
        await().atMost(PATIENCE).until(() -> committed.size() >= target);
    }
}
