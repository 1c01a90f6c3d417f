package io.entente.tc.log.raft;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.alipay.sofa.jraft.option.RpcOptions;
import com.alipay.sofa.jraft.rpc.ProtobufMsgFactory;
import com.alipay.sofa.jraft.rpc.RpcRequests;
import com.alipay.sofa.jraft.rpc.impl.BoltRpcClient;
import com.alipay.sofa.jraft.util.Endpoint;
import io.entente.protocol.security.PemFiles;
import io.entente.protocol.security.TestAuthority;
import io.entente.protocol.security.Tls;
import io.entente.protocol.transport.Rejection;
import io.entente.tc.log.ClusterMember;
import io.entente.tc.log.FreeMembers;
import io.entente.tc.log.RecordedReplay;
import io.entente.tc.log.TransactionLog;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Members that know each other by their certificates, and everybody else at their door. */
class RaftTlsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** So long that the lead does not change by itself, also on a machine that has too much to do. */
    private static final int ELECTION_TIMEOUT_MILLIS = 3_000;

    private final List<ClusterMember> addresses = FreeMembers.addresses(4);
    private final List<ClusterMember> founders = addresses.subList(0, 3);
    private final List<Member> running = new ArrayList<>();

    @TempDir
    private Path directory;

    private TestAuthority authority;
    private TestAuthority foreign;

    @BeforeEach
    void authorities() throws Exception {
        authority = TestAuthority.in(directory.resolve("ca"));
        foreign = TestAuthority.in(directory.resolve("foreign"));
    }

    @AfterEach
    void stop() {
        running.forEach(Member::close);
    }

    private Member start(ClusterMember self, @Nullable Tls tls) {
        Member member = Member.start(RaftSettings.of(
                        self,
                        founders,
                        "127.0.0.1",
                        directory.resolve(String.valueOf(self.port())),
                        ELECTION_TIMEOUT_MILLIS,
                        5_000)
                .withTls(tls));
        running.add(member);
        return member;
    }

    private Tls member(String name) throws Exception {
        return Tls.of(authority.issue(name));
    }

    private void startAll() throws Exception {
        for (int i = 0; i < founders.size(); i++) {
            start(founders.get(i), member("tc" + i));
        }
    }

    private Member leader() {
        return await().atMost(PATIENCE)
                .until(
                        () -> running.stream()
                                .filter(member -> member.log() != null)
                                .findFirst()
                                .orElse(null),
                        leader -> leader != null);
    }

    private static TransactionLog recovered(Member leader) {
        TransactionLog log = leader.awaitLead();
        log.recover(ListedEntries.asEntries(new RecordedReplay()));
        return log;
    }

    private static void append(TransactionLog log, int count) throws Exception {
        CountDownLatch durable = new CountDownLatch(count);
        for (int i = 0; i < count; i++) {
            log.append(ByteBuffer.wrap(("entry " + i).getBytes(UTF_8)), index -> durable.countDown());
        }
        assertThat(durable.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    /** Asks a member something that it answers everybody who comes through; null for plain text. */
    private static void ask(ClusterMember member, @Nullable Tls tls) throws Exception {
        ProtobufMsgFactory.load();
        var bolt = new com.alipay.remoting.rpc.RpcClient();
        if (tls != null) {
            new RaftTls(tls, host -> false, rejection -> {}).protect(bolt);
        }
        BoltRpcClient client = new BoltRpcClient(bolt);
        client.init(new RpcOptions());
        try {
            Object answer = client.invokeSync(
                    new Endpoint(member.host(), member.raftPort()),
                    RpcRequests.PingRequest.newBuilder().setSendTimestamp(1).build(),
                    PATIENCE.toMillis());
            assertThat(answer).isInstanceOf(RpcRequests.ErrorResponse.class);
        } finally {
            client.shutdown();
        }
    }

    @Test
    void members_replicate_and_take_in_a_new_one_by_a_snapshot() throws Exception {
        startAll();
        Member leader = leader();
        TransactionLog log = recovered(leader);
        for (int i = 0; i < 10; i++) {
            append(log, 1_000);
        }
        await().atMost(PATIENCE).until(() -> leader.group().statistics().snapshots() >= 2);
        Member added = start(addresses.get(3), member("tc3"));
        leader.group().cluster().add(addresses.get(3)).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);

        for (Member member : running) {
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(member.replica().texts()).hasSize(10_000));
            assertThat(member.rejected()).isEmpty();
        }
        assertThat(added.group().statistics().entries()).as("by a snapshot").isLessThan(10_000);
        ask(founders.get(0), member("tc1"));
    }

    @Test
    void who_is_no_member_is_turned_away_before_it_is_listened_to() throws Exception {
        Member door = start(founders.get(0), member("tc0"));
        Object[][] strangers = {
            {null, Rejection.PLAIN_TEXT},
            {Tls.of(authority.trustOnly()), Rejection.TLS_HANDSHAKE},
            // Trusts this one, and shows a certificate of a CA that is not trusted here.
            {
                Tls.of(new PemFiles(
                        foreign.issue("tc1").certificate(),
                        foreign.issue("tc1").privateKey(),
                        authority.certificate())),
                Rejection.TLS_HANDSHAKE
            },
            {Tls.of(authority.issueExpired("tc1")), Rejection.TLS_HANDSHAKE},
            // A service: the same CA, but the host of no member.
            {Tls.of(authority.issueForElsewhere("shop")), Rejection.TLS_HANDSHAKE}
        };
        for (Object[] stranger : strangers) {
            door.rejected().clear();
            assertThatThrownBy(() -> ask(founders.get(0), (Tls) stranger[0]))
                    .isInstanceOf(com.alipay.sofa.jraft.error.RemotingException.class);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(door.rejected()).contains((Rejection) stranger[1]));
        }
        ask(founders.get(0), member("tc1"));
    }

    @Test
    void who_pretends_to_be_a_member_is_told_nothing() throws Exception {
        Member pretender = start(founders.get(0), Tls.of(authority.issueForElsewhere("elsewhere")));

        assertThatThrownBy(() -> ask(founders.get(0), member("tc1")))
                .isInstanceOf(com.alipay.sofa.jraft.error.RemotingException.class);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(pretender.rejected()).contains(Rejection.TLS_HANDSHAKE));
    }

    @Test
    void a_founder_with_a_certificate_of_another_authority_takes_no_part_and_the_others_go_on() throws Exception {
        start(founders.get(0), member("tc0"));
        start(founders.get(1), member("tc1"));
        Member stranger = start(founders.get(2), Tls.of(foreign.issue("tc2")));
        Member leader = leader();
        append(recovered(leader), 1);

        await().atMost(PATIENCE)
                .until(() -> running.stream()
                                .filter(member -> member.replica().texts().size() == 1)
                                .count()
                        == 2);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(stranger.rejected()).contains(Rejection.TLS_HANDSHAKE));
        assertThat(stranger.replica().texts()).isEmpty();
        assertThat(leader).isNotSameAs(stranger);
    }

    @Test
    void a_founder_that_speaks_plain_text_takes_no_part() throws Exception {
        Member first = start(founders.get(0), member("tc0"));
        start(founders.get(1), member("tc1"));
        Member plain = start(founders.get(2), null);

        assertThat(leader()).isNotSameAs(plain);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(first.rejected()).contains(Rejection.PLAIN_TEXT));
        assertThat(plain.log()).isNull();
        assertThat(plain.leader()).isNull();
    }

    @Test
    void certificates_are_renewed_while_members_run() throws Exception {
        startAll();
        leader();
        for (int i = 0; i < founders.size(); i++) {
            authority.replaceWith(foreign, "tc" + i);
        }

        // A member of the new authority is let in, and one of the old is not any more.
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .untilAsserted(() -> ask(founders.get(0), Tls.of(foreign.issue("tc1"))));
        assertThat(leader().failure()).isNull();
    }
}
