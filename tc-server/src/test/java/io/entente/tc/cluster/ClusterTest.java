package io.entente.tc.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.entente.protocol.BranchType;
import io.entente.protocol.GlobalStatus;
import io.entente.protocol.Message;
import io.entente.protocol.TransactionError;
import io.entente.tc.coordinator.NotLeadingException;
import io.entente.tc.coordinator.TestClient;
import io.entente.tc.log.ClusterMember;
import io.entente.tc.transaction.Transactions;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterTest {
    @TempDir
    Path directory;

    private ClusterUnderTest cluster;

    @BeforeEach
    void start() {
        cluster = ClusterUnderTest.start(directory);
    }

    @AfterEach
    void stop() {
        cluster.close();
        assertThat(cluster.fatal()).isNull();
    }

    @Test
    void a_client_that_knows_one_member_finds_the_one_that_leads() {
        ClusterMember follower = cluster.follower();
        TestClient client = cluster.client(List.of(ClusterUnderTest.address(follower)), "shop", "stock");

        String xid = client.begin();
        assertThat(xid).startsWith(cluster.leader().address() + ":");
        client.branch(xid, "stock", "item:1");
        assertThat(client.commit(xid).status()).isEqualTo(GlobalStatus.COMMITTED);
        assertThat(client.nextAsked().commit()).isTrue();
    }

    @Test
    void a_member_that_does_not_lead_refuses_as_seatas_does() {
        ClusterMember follower = cluster.follower();
        TestClient client = cluster.seataClient(follower, "shop", "stock");

        assertThatThrownBy(client::begin).hasMessageContaining("NOT_RAFT_LEADER");
        Message.BranchRegisterResponse refused =
                client.register("1.2.3.4:8091:7", BranchType.AT, "stock", "item:1", "");
        assertThat(refused.result().error()).isEqualTo(TransactionError.NOT_RAFT_LEADER);
        assertThat(refused.result().message()).contains(cluster.leader().address());
        assertThatThrownBy(() -> cluster.at(follower).coordinator())
                .isInstanceOf(NotLeadingException.class)
                .hasMessageContaining(cluster.leader().address());
    }

    @Test
    void a_transaction_goes_on_at_the_next_leader_and_so_does_phase_two() throws Exception {
        TestClient client = cluster.client("shop", "stock");
        String committed = client.begin();
        client.branch(committed, "stock", "item:1");
        String rolledBack = client.begin();
        long branch = client.branch(rolledBack, "stock", "item:2");

        cluster.passLeadTo(cluster.follower());
        client.awaitConnected();

        assertThat(client.register(client.begin(), BranchType.AT, "stock", "item:2", "")
                        .result()
                        .error())
                .as("the lock is known there")
                .isEqualTo(TransactionError.LOCK_KEY_CONFLICT);
        assertThat(client.commit(committed).status()).isEqualTo(GlobalStatus.COMMITTED);
        assertThat(client.rollback(rolledBack)).isEqualTo(GlobalStatus.ROLLED_BACK);
        assertThat(client.history()).extracting(TestClient.Asked::branchId).contains(branch);
    }

    @Test
    void phase_two_that_waits_for_its_resource_manager_is_done_by_the_next_leader() throws Exception {
        TestClient client = cluster.client("shop", "stock").silent();
        String xid = client.begin();
        client.branch(xid, "stock", "item:1");
        client.startRollback(xid);
        client.nextAsked();

        client.answering(TestClient.Asked::done);
        cluster.passLeadTo(cluster.follower());

        await().atMost(ClusterUnderTest.PATIENCE)
                .until(() -> cluster.look(state -> state.outcome(Transactions.idOf(xid)) != null));
        assertThat(client.nextAsked().xid()).isEqualTo(xid);
    }

    @Test
    void ids_are_never_given_twice() throws Exception {
        TestClient client = cluster.client("shop", "stock");
        String first = client.begin();
        cluster.passLeadTo(cluster.follower());
        client.awaitConnected();
        String second = client.begin();
        cluster.passLeadTo(cluster.follower());
        client.awaitConnected();
        String third = client.begin();

        assertThat(Transactions.idOf(second)).isGreaterThan(Transactions.idOf(first));
        assertThat(Transactions.idOf(third)).isGreaterThan(Transactions.idOf(second));
        assertThat(client.rollback(first)).isEqualTo(GlobalStatus.ROLLED_BACK);
    }

    @Test
    void members_are_restarted_one_by_one_and_nothing_is_lost() {
        TestClient client = cluster.client("shop", "stock");
        String open = client.begin();
        client.branch(open, "stock", "item:1");
        for (ClusterMember member : cluster.founders()) {
            cluster.stop(member);
            client.awaitConnected();
            String xid = client.begin();
            client.branch(xid, "stock", "item:2");
            assertThat(client.commit(xid).status()).isEqualTo(GlobalStatus.COMMITTED);
            cluster.start(member);
            cluster.leader();
            client.awaitConnected();
        }
        assertThat(client.commit(open).status()).isEqualTo(GlobalStatus.COMMITTED);
    }

    @Test
    void a_leader_without_followers_answers_nothing_and_stops_to_lead() throws Exception {
        ClusterMember leader = cluster.leader();
        TestClient client = cluster.client(List.of(ClusterUnderTest.address(leader)), "shop", "stock");
        String xid = client.begin();
        List<ClusterMember> others =
                cluster.founders().stream().filter(m -> !m.equals(leader)).toList();
        others.forEach(cluster::stop);

        var commit = client.commitLater(xid);
        var status = cluster.at(leader).coordinator().ask(view -> 1);
        await().atMost(ClusterUnderTest.PATIENCE)
                .until(() -> !cluster.at(leader).leads());

        assertThat(status).isNotDone();
        assertThat(commit).failsWithin(ClusterUnderTest.PATIENCE);
        cluster.start(others.get(0));
        client.awaitConnected();
        assertThat(client.commit(xid).status()).isIn(GlobalStatus.COMMITTED, GlobalStatus.FINISHED);
    }
}
