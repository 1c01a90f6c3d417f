package io.entente.tc.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.entente.protocol.BranchType;
import io.entente.protocol.GlobalStatus;
import io.entente.protocol.Message;
import io.entente.protocol.transport.CoordinatorUnreachableException;
import io.entente.protocol.transport.ServerAddress;
import io.entente.tc.coordinator.TestClient;
import io.entente.tc.log.ClusterMember;
import io.entente.tc.log.FreeMembers;
import io.entente.tc.transaction.Transactions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three real processes, of which the one that leads is killed under load, again and again. */
class ClusterKillTest {
    private static final int KILLS = 3;
    private static final int THREADS = 4;
    private static final int ACKNOWLEDGED_BEFORE_KILL = 200;
    private static final int TIMEOUT_MILLIS = 5_000;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private final List<ClusterMember> members = FreeMembers.addresses(3);
    private final Map<ClusterMember, MemberProcess> running = new HashMap<>();
    private final Set<String> begun = ConcurrentHashMap.newKeySet();
    private final Set<String> committed = ConcurrentHashMap.newKeySet();
    private final Set<String> rolledBack = ConcurrentHashMap.newKeySet();
    private final ConcurrentLinkedQueue<Long> ids = new ConcurrentLinkedQueue<>();
    private final AtomicInteger acknowledged = new AtomicInteger();
    private final AtomicBoolean stopping = new AtomicBoolean();

    @Test
    void no_acknowledged_decision_is_lost_and_nothing_is_stuck() throws Exception {
        for (ClusterMember member : members) {
            running.put(member, MemberProcess.start(member, members, directory));
        }
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try (TestClient shop = TestClient.connectToCluster(
                members.stream()
                        .map(member -> new ServerAddress(member.host(), member.port()))
                        .toList(),
                "shop",
                "stock")) {
            List<Future<?>> work = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                int thread = i;
                work.add(threads.submit(() -> shopUntilStopped(shop, thread)));
            }
            for (int kill = 0; kill < KILLS; kill++) {
                int target = acknowledged.get() + ACKNOWLEDGED_BEFORE_KILL;
                await().atMost(PATIENCE).until(() -> acknowledged.get() >= target);
                ClusterMember leader = leader(shop);
                MemberProcess killed = running.remove(leader);
                killed.kill();
                int afterwards = acknowledged.get() + ACKNOWLEDGED_BEFORE_KILL / 4;
                await().atMost(PATIENCE).until(() -> acknowledged.get() >= afterwards);
                running.put(leader, MemberProcess.start(leader, members, directory));
            }
            stopping.set(true);
            for (Future<?> each : work) {
                each.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            }
            check(shop);
        } finally {
            stopping.set(true);
            threads.shutdownNow();
            for (MemberProcess process : running.values()) {
                process.close();
            }
        }
    }

    private static ClusterMember memberOf(List<ClusterMember> members, String xid) {
        return members.stream()
                .filter(member -> xid.startsWith(member.address() + ":"))
                .findFirst()
                .orElseThrow();
    }

    /** Who has begun the newest transaction. */
    private ClusterMember leader(TestClient shop) {
        return memberOf(members, await().atMost(PATIENCE).ignoreExceptions().until(shop::begin, xid -> true));
    }

    private void shopUntilStopped(TestClient shop, int thread) {
        for (int i = 0; !stopping.get(); i++) {
            try {
                shop.awaitConnected();
                String xid = shop.begin("purchase", TIMEOUT_MILLIS);
                begun.add(xid);
                ids.add(Transactions.idOf(xid));
                Message.BranchRegisterResponse branch =
                        shop.register(xid, BranchType.AT, "stock", "item:" + thread + "_" + i % 7, "");
                if (branch.result().success()) {
                    ids.add(branch.branchId());
                }
                complete(shop, xid, branch.result().success() && i % 5 != 0);
            } catch (CoordinatorUnreachableException | AssertionError e) {
                // Not begun, or not registered: the time of the transaction ends it.
            }
        }
    }

    /** As our client does it: asks until there is an answer. */
    private void complete(TestClient shop, String xid, boolean commit) {
        while (!stopping.get()) {
            try {
                shop.awaitConnected();
                if (!commit) {
                    if (shop.rollback(xid) == GlobalStatus.ROLLED_BACK) {
                        rolledBack.add(xid);
                    }
                } else {
                    Message.GlobalCommitResponse answer = shop.commit(xid);
                    if (!answer.result().success()) {
                        continue;
                    }
                    if (answer.status() == GlobalStatus.COMMITTED) {
                        committed.add(xid);
                    }
                }
                acknowledged.incrementAndGet();
                return;
            } catch (CoordinatorUnreachableException e) {
                // Asked again.
            }
        }
    }

    private void check(TestClient shop) {
        shop.awaitConnected();
        assertThat(committed).hasSizeGreaterThan(ACKNOWLEDGED_BEFORE_KILL);
        assertThat(ids).doesNotHaveDuplicates();
        for (String xid : committed) {
            assertThat(shop.commit(xid).status()).as(xid).isEqualTo(GlobalStatus.COMMITTED);
        }
        for (String xid : rolledBack) {
            assertThat(shop.commit(xid).status()).as(xid).isNotEqualTo(GlobalStatus.COMMITTED);
        }
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(begun).noneMatch(xid -> shop.query(xid).found()));
    }
}
