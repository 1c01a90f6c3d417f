package io.entente.tc.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.entente.protocol.BranchType;
import io.entente.protocol.GlobalStatus;
import io.entente.protocol.Message;
import io.entente.protocol.codec.Frame;
import io.entente.protocol.transport.ServerTransport;
import io.entente.tc.coordinator.CoordinatorObserver;
import io.entente.tc.coordinator.CoordinatorUnderTest;
import io.entente.tc.coordinator.Leadership;
import io.entente.tc.coordinator.SteeredClock;
import io.entente.tc.coordinator.TestClient;
import io.entente.tc.security.ClientGate;
import io.entente.tc.security.SecuritySettings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may talk to the coordinator, and what becomes of those who do not behave. */
class ConnectionsTest {
    @TempDir
    Path directory;

    private CoordinatorUnderTest tc;

    @BeforeEach
    void start() {
        tc = CoordinatorUnderTest.start(directory);
    }

    @AfterEach
    void stop() {
        tc.close();
    }

    private static Frame question(int id) {
        return Frame.request(id, new Message.GlobalStatusRequest("127.0.0.1:1:12345", ""));
    }

    private static Message answer() {
        return new Message.GlobalStatusResponse(Message.Result.OK, GlobalStatus.FINISHED);
    }

    @Test
    void who_asks_before_registering_is_cut_off() throws IOException {
        try (RawClient client = new RawClient(tc.port())) {
            client.send(Frame.ping(7));
            assertThat(client.read()).isEqualTo(Frame.pong(7));

            client.send(join(RawClient.bytes(question(8)), RawClient.bytes(Frame.ping(9))));

            assertThat(client.read()).isNull();
        }
    }

    @Test
    void heartbeats_do_not_replace_a_registration() throws IOException {
        Sessions sessions = new Sessions();
        Leadership nobodyLeads = new Leadership(
                (log, onFailure) -> {
                    throw new AssertionError("nobody is elected");
                },
                new CoordinatorObserver() {},
                sessions,
                failure -> {});
        RequestRouter impatient = new RequestRouter(
                ServedGroups.one(ServedGroup.alone(nobodyLeads, sessions)),
                new ClientGate(SecuritySettings.none()),
                new CoordinatorObserver() {},
                "127.0.0.1:1:",
                0,
                Duration.ofMillis(500));
        try (ServerTransport transport =
                        ServerTransport.start(ServerTransport.Settings.on("127.0.0.1", 0, 1), impatient);
                RawClient known = RawClient.registered(transport.port(), "2.6.0");
                RawClient unknown = new RawClient(transport.port())) {
            unknown.send(Frame.ping(1));
            assertThat(unknown.read()).isEqualTo(Frame.pong(1));
            assertThat(unknown.read()).isNull();

            known.send(Frame.ping(2));
            assertThat(known.read()).isEqualTo(Frame.pong(2));
        }
    }

    private static byte[] join(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    @Test
    void a_registration_that_claims_to_want_no_answer_gets_one() throws IOException {
        try (RawClient client = new RawClient(tc.port())) {
            client.send(Frame.oneWay(5, RawClient.registration("2.6.0")));

            assertThat(client.read()).isEqualTo(Frame.response(5, new Message.RegisterRmResponse(true, "2.6.0")));
        }
    }

    @Test
    void only_who_announces_our_extension_sees_anything_but_a_version_of_seata() throws IOException {
        try (RawClient tm = new RawClient(tc.port());
                RawClient rm = new RawClient(tc.port());
                RawClient seata = new RawClient(tc.port())) {
            tm.send(Frame.request(5, new Message.RegisterTmRequest("2.6.0", "raw", "g", "vgroup=g\nentente=1\n")));
            assertThat(tm.read()).isEqualTo(Frame.response(5, new Message.RegisterTmResponse(true, "2.6.0+entente.1")));
            for (int id = 6; id <= 7; id++) {
                rm.send(Frame.request(
                        id, new Message.RegisterRmRequest("2.6.0", "raw", "g", "entente=1\n", List.of("db" + id))));
                assertThat(rm.read())
                        .isEqualTo(Frame.response(id, new Message.RegisterRmResponse(true, "2.6.0+entente.1")));
            }
            seata.send(Frame.request(
                    8, new Message.RegisterTmRequest("2.6.0", "raw", "g", "ak=null\ndigest=x\nvgroup=g\n")));
            assertThat(seata.read()).isEqualTo(Frame.response(8, new Message.RegisterTmResponse(true, "2.6.0")));
        }
    }

    @Test
    void who_did_not_announce_our_extension_is_sent_none_of_it() throws IOException {
        try (RawClient client = RawClient.registered(tc.port(), "2.6.0")) {
            client.send(Frame.request(2, new Message.TransactionQuery("x:1:2")));
            client.send(Frame.oneWay(3, new Message.BranchesAtWork(List.of(new Message.BranchAtWork("x:1:2", 3)))));
            client.send(question(4));
            assertThat(client.read().requestId()).isEqualTo(4);
        }
    }

    @Test
    void resources_that_join_later_are_added() throws IOException {
        try (RawClient client = RawClient.registered(tc.port(), "2.6.0")) {
            client.send(Frame.oneWay(
                    6, new Message.RegisterRmRequest("2.6.0", "raw", "test_group", "", List.of("second-db"))));
            assertThat(client.read().requestId()).isEqualTo(6);

            assertThat(tc.running().sessions().all())
                    .singleElement()
                    .satisfies(session ->
                            assertThat(session.resourceIds()).containsExactlyInAnyOrder("raw-db", "second-db"));
        }
        await().untilAsserted(() -> assertThat(tc.running().sessions().all()).isEmpty());
    }

    @Test
    void messages_from_the_future_and_answers_to_nothing_are_ignored() throws IOException {
        try (RawClient client = RawClient.registered(tc.port(), "9.9.9")) {
            client.send(Frame.response(2, new Message.GlobalStatusResponse(Message.Result.OK, GlobalStatus.BEGIN)));
            byte[] unknown = RawClient.bytes(question(3));
            unknown[17] = 122;
            client.send(unknown);
            client.send(question(4));

            assertThat(client.read()).isEqualTo(Frame.response(4, answer()));
        }
    }

    @Test
    void two_hundred_half_frames_do_not_keep_others_from_being_served() throws IOException {
        byte[] whole = RawClient.bytes(question(2));
        List<RawClient> stuck = new ArrayList<>();
        try {
            for (int i = 0; i < 200; i++) {
                RawClient client = i % 2 == 0 ? new RawClient(tc.port()) : RawClient.registered(tc.port(), "2.6.0");
                client.send(Arrays.copyOf(whole, 1 + i % (whole.length - 1)));
                stuck.add(client);
            }

            TestClient shop = tc.client("shop", "stock-db");
            String xid = shop.begin();
            shop.branch(xid, "stock-db", "stock:1");
            assertThat(shop.commit(xid).status()).isEqualTo(GlobalStatus.COMMITTED);
            shop.nextAsked();
        } finally {
            for (RawClient client : stuck) {
                client.close();
            }
        }
        await().untilAsserted(() -> assertThat(tc.running().sessions().all()).hasSize(2));
    }

    @Test
    void a_frame_in_single_bytes_is_understood() throws IOException {
        try (RawClient client = RawClient.registered(tc.port(), "2.6.0")) {
            for (byte each : RawClient.bytes(question(2))) {
                client.send(new byte[] {each});
            }

            assertThat(client.read()).isEqualTo(Frame.response(2, answer()));
        }
    }

    @Test
    void a_client_that_never_reads_small_answers_is_cut_off_and_the_others_are_served() throws IOException {
        ByteArrayOutputStream many = new ByteArrayOutputStream();
        for (int i = 0; i < 10_000; i++) {
            many.write(RawClient.bytes(question(i)));
        }
        assertCutOff(many.toByteArray(), 500);
    }

    @Test
    void a_client_that_never_reads_large_answers_is_cut_off_and_the_others_are_served() throws IOException {
        // The refusal repeats the malformed key, so that the answer is as large as the question.
        byte[] large = RawClient.bytes(Frame.request(
                2, new Message.GlobalLockQueryRequest("", BranchType.AT, "raw-db", "x".repeat(30_000), "")));
        assertCutOff(large, 20_000);
    }

    /** It would have to read 40 MB. */
    @Test
    void what_a_resource_manager_that_never_reads_is_asked_for_is_little_and_is_asked_for_elsewhere()
            throws IOException {
        int branches = 40;
        SteeredClock clock = new SteeredClock();
        tc.close();
        tc = CoordinatorUnderTest.start(directory, clock);
        TestClient shop = tc.client("shop", "stock-db");
        try (RawClient mute = RawClient.registered(tc.port(), "2.6.0")) {
            List<String> xids = new ArrayList<>();
            for (int i = 0; i < branches; i++) {
                String xid = shop.begin();
                mute.send(Frame.request(
                        10 + i,
                        new Message.BranchRegisterRequest(
                                xid, BranchType.AT, "raw-db", "t:" + i, "x".repeat(1_000_000))));
                assertThat(mute.read().requestId()).isEqualTo(10 + i);
                xids.add(xid);
            }
            TestClient other = tc.client("raw", "raw-db");
            xids.forEach(shop::startRollback);
            await().untilAsserted(() -> assertThat(other.history().size()).isEqualTo(branches - 4));
            await().untilAsserted(() -> assertThat(tc.open()).isEqualTo(4));
            clock.advance(Duration.ofSeconds(15));
            List<Long> left = tc.look(state -> state.transactions().stream()
                    .map(each -> each.branches().get(0).id())
                    .toList());
            await().untilAsserted(() -> assertThat(left).allMatch(branch -> tc.failures(branch) > 0));
            clock.advance(Duration.ofSeconds(30));
            await().untilAsserted(() -> assertThat(tc.open()).isZero());
        }
    }

    private void assertCutOff(byte[] questions, int times) throws IOException {
        TestClient shop = tc.client("shop", "stock-db");
        try (RawClient client = RawClient.registered(tc.port(), "2.6.0")) {
            assertThatThrownBy(() -> {
                        for (int i = 0; i < times; i++) {
                            client.send(questions);
                        }
                    })
                    .isInstanceOf(IOException.class);
        }
        assertThat(shop.status(shop.begin())).isEqualTo(GlobalStatus.BEGIN);
        await().untilAsserted(() -> assertThat(tc.running().sessions().all()).hasSize(2));
    }
}
