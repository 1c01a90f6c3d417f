package io.entente.tc.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.entente.protocol.GlobalStatus;
import io.entente.protocol.transport.ServerAddress;
import io.entente.tc.coordinator.TestClient;
import io.entente.tc.log.ClusterMember;
import io.entente.tc.log.FreeMembers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A leader that sleeps while another is elected, as in a long garbage collection, and wakes up with requests before it: it
 * believes that it leads.
 */
class ClusterSleepTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private static ServerAddress address(ClusterMember member) {
        return new ServerAddress(member.host(), member.port());
    }

    @Test
    void who_was_deposed_asleep_neither_decides_nor_tells_what_is_no_longer_true() throws Exception {
        List<ClusterMember> members = FreeMembers.addresses(3);
        Map<ClusterMember, MemberProcess> running = new HashMap<>();
        try {
            for (ClusterMember member : members) {
                running.put(member, MemberProcess.start(member, members, directory));
            }
            try (TestClient shop = TestClient.connectToCluster(
                            members.stream().map(ClusterSleepTest::address).toList(), "shop", "stock");
                    TestClient other = TestClient.connectToCluster(
                            members.stream().map(ClusterSleepTest::address).toList(), "other", "stock")) {
                String open = other.begin();
                ClusterMember leader = members.stream()
                        .filter(member -> open.startsWith(member.address() + ":"))
                        .findFirst()
                        .orElseThrow();
                shop.awaitConnected();
                running.get(leader).fallAsleep();
                CompletableFuture<GlobalStatus> commit = shop.commitLater(open);

                String begunAtNext;
                try (TestClient third = TestClient.connectToCluster(
                        members.stream()
                                .filter(member -> !member.equals(leader))
                                .map(ClusterSleepTest::address)
                                .toList(),
                        "third",
                        "stock")) {
                    begunAtNext = third.begin();
                    assertThat(begunAtNext).doesNotStartWith(leader.address());
                    assertThat(third.rollback(open)).isEqualTo(GlobalStatus.ROLLED_BACK);
                }
                CompletableFuture<GlobalStatus> told = shop.statusLater(begunAtNext);
                running.get(leader).wakeUp();

                // It may be told who leads, or find its connection cut; but nothing else.
                await().atMost(PATIENCE).until(() -> told.isDone() && commit.isDone());
                assertThat(told)
                        .satisfiesAnyOf(
                                it -> assertThat(it).isCompletedExceptionally(),
                                it -> assertThat(it).isCompletedWithValue(GlobalStatus.UNKNOWN));
                assertThat(commit)
                        .satisfiesAnyOf(
                                it -> assertThat(it).isCompletedExceptionally(),
                                it -> assertThat(it).isCompletedWithValue(GlobalStatus.UNKNOWN));
                other.awaitConnected();
                assertThat(other.status(begunAtNext)).isEqualTo(GlobalStatus.BEGIN);
                assertThat(other.commit(open).status()).isNotEqualTo(GlobalStatus.COMMITTED);
            }
        } finally {
            for (MemberProcess process : running.values()) {
                process.close();
            }
        }
    }
}
