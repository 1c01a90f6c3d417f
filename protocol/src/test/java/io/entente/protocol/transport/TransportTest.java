package io.entente.protocol.transport;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.entente.protocol.BranchStatus;
import io.entente.protocol.BranchType;
import io.entente.protocol.EntenteExtension;
import io.entente.protocol.GlobalStatus;
import io.entente.protocol.Message;
import io.entente.protocol.Message.Result;
import io.entente.protocol.codec.Frame;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Both sides of the transport against each other, and against strangers, on real sockets. */
class TransportTest {
    private final Queue<Connection> registered = new ConcurrentLinkedQueue<>();
    private final AtomicReference<Message> phaseTwoAnswer = new AtomicReference<>();
    private final Queue<Frame> others = new ConcurrentLinkedQueue<>();
    private volatile String serverVersion = EntenteExtension.PROTOCOL_VERSION;
    private ServerTransport server;
    private ClientTransport client;

    @BeforeEach
    void start() throws IOException {
        server = startServer(0);
        client = new ClientTransport(List.of(new ServerAddress("127.0.0.1", server.port())), ofSeconds(2));
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    private ServerTransport startServer(int port) throws IOException {
        return ServerTransport.start(
                new ServerTransport.Settings("127.0.0.1", port, 1, 64 * 1024, 15, 16 * 1024 * 1024, null),
                new ConnectionListener() {
                    @Override
                    public void received(Connection connection, Frame frame, Message message) {
                        if (message instanceof Message.RegisterRmRequest) {
                            registered.add(connection);
                            connection.send(Frame.response(
                                    frame.requestId(), new Message.RegisterRmResponse(true, serverVersion)));
                        } else if (message instanceof Message.GlobalStatusRequest) {
                            connection.send(Frame.response(
                                    frame.requestId(),
                                    new Message.GlobalStatusResponse(Result.OK, GlobalStatus.BEGIN)));
                        } else if (message instanceof Message.Response) {
                            phaseTwoAnswer.set(message);
                        } else {
                            others.add(frame);
                        }
                    }

                    @Override
                    public void closed(Connection connection) {
                        registered.remove(connection);
                    }
                });
    }

    private static final class Rm implements CoordinatorChannel.Role {
        @Override
        public Message.Request registration() {
            return new Message.RegisterRmRequest("2.6.0", "app", "group", "", List.of("r"));
        }

        @Override
        public void received(Message message, CoordinatorChannel.Answer answer) {
            if (message instanceof Message.BranchCommitRequest request) {
                answer.send(new Message.BranchCommitResponse(
                        Result.OK, request.xid(), request.branchId(), BranchStatus.PHASE_TWO_COMMITTED));
            }
        }
    }

    private CoordinatorChannel open() {
        CoordinatorChannel channel = client.open(new Rm());
        channel.awaitConnected(ofSeconds(5));
        return channel;
    }

    private static GlobalStatus status(CoordinatorChannel channel) {
        return channel.call(
                        new Message.GlobalStatusRequest("x:1:2", ""), Message.GlobalStatusResponse.class, ofSeconds(5))
                .status();
    }

    @Test
    void what_a_peer_sends_while_it_is_not_read_is_read_later() {
        CoordinatorChannel channel = open();
        Connection connection = registered.iterator().next();
        AtomicBoolean flooded = new AtomicBoolean(true);
        connection.pauseReadingWhile(flooded::get);
        // A read that the I/O thread has begun is not called off.
        CompletableFuture<Void> paused = new CompletableFuture<>();
        connection.after(ofMillis(1), () -> paused.complete(null));
        paused.join();
        var answer = channel.request(new Message.GlobalStatusRequest("x:1:2", ""), ofSeconds(20));
        await().pollDelay(ofMillis(100)).untilAsserted(() -> assertThat(answer).isNotDone());
        assertThat(connection.isReadingPaused()).isTrue();

        flooded.set(false);

        assertThat(answer.join()).isInstanceOf(Message.GlobalStatusResponse.class);
        assertThat(connection.isReadingPaused()).isFalse();
        assertThat(status(channel)).isEqualTo(GlobalStatus.BEGIN);
    }

    @Test
    void a_request_gets_its_answer() {
        assertThat(status(open())).isEqualTo(GlobalStatus.BEGIN);
    }

    @Test
    void the_coordinator_asks_and_the_client_answers() {
        open();
        registered.peek().send(Frame.request(7, new Message.BranchCommitRequest("x:1:2", 3, BranchType.AT, "r", "")));
        await().untilAsserted(() -> assertThat(phaseTwoAnswer.get())
                .isEqualTo(new Message.BranchCommitResponse(Result.OK, "x:1:2", 3, BranchStatus.PHASE_TWO_COMMITTED)));
    }

    @Test
    void a_frame_that_cannot_be_written_ends_the_connection_instead_of_vanishing() {
        CoordinatorChannel channel = open();
        Connection connection = registered.peek();
        String tooLong = "x".repeat(40_000);
        connection.send(Frame.request(7, new Message.BranchCommitRequest(tooLong, 3, BranchType.AT, "r", "")));
        await().until(() -> !connection.isOpen());
        await().ignoreExceptions()
                .untilAsserted(() -> assertThat(status(channel)).isEqualTo(GlobalStatus.BEGIN));
    }

    @Test
    void a_client_finds_its_coordinator_again_after_a_restart() throws IOException {
        CoordinatorChannel channel = open();
        int port = server.port();
        server.close();
        await().until(() -> !channel.isConnected());
        assertThatThrownBy(() -> status(channel))
                .isInstanceOfSatisfying(
                        CoordinatorUnreachableException.class,
                        e -> assertThat(e.surelyNotSent()).isTrue());
        server = startServer(port);
        channel.awaitConnected(ofSeconds(10));
        assertThat(status(channel)).isEqualTo(GlobalStatus.BEGIN);
    }

    @Test
    void a_request_without_an_answer_fails_and_says_that_its_effect_is_unknown() {
        CoordinatorChannel channel = open();
        assertThatThrownBy(() -> channel.call(
                        new Message.GlobalCommitRequest("x:1:2", ""), Message.GlobalCommitResponse.class, ofMillis(50)))
                .isInstanceOfSatisfying(
                        CoordinatorUnreachableException.class,
                        e -> assertThat(e.surelyNotSent()).isFalse())
                .hasMessageContaining("GLOBAL_COMMIT")
                .hasMessageContaining("unknown");
    }

    @Test
    void a_connection_that_breaks_fails_its_open_requests_at_once() {
        CoordinatorChannel channel = open();
        var answer = channel.request(new Message.GlobalCommitRequest("x:1:2", ""), ofSeconds(60));
        registered.peek().close("the test says so");
        await().until(answer::isCompletedExceptionally);
    }

    @Test
    void nobody_listening_is_reported_with_the_address_and_the_reason() throws IOException {
        int unused;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            unused = socket.getLocalPort();
        }
        try (ClientTransport nowhere =
                new ClientTransport(List.of(new ServerAddress("127.0.0.1", unused)), ofSeconds(1))) {
            CoordinatorChannel channel = nowhere.open(new Rm());
            assertThatThrownBy(() -> channel.awaitConnected(ofMillis(500)))
                    .isInstanceOf(CoordinatorUnreachableException.class)
                    .hasMessageContaining("127.0.0.1:" + unused)
                    .hasMessageContaining("refused")
                    .hasMessageContaining("entente.server");
        }
    }

    @Test
    void what_needs_no_answer_is_told_to_a_coordinator_that_understands_it() {
        serverVersion = EntenteExtension.ANSWERED_VERSION;
        CoordinatorChannel channel = open();
        assertThat(channel.understandsEntente()).isTrue();
        Message.BranchesAtWork message = new Message.BranchesAtWork(List.of(new Message.BranchAtWork("x:1:2", 3)));

        channel.tell(message);

        await().untilAsserted(() -> assertThat(others).singleElement().satisfies(frame -> {
            assertThat(frame.kind()).isEqualTo(Frame.Kind.ONE_WAY);
            assertThat(frame.body()).isEqualTo(message);
        }));
        assertThatThrownBy(() -> channel.tell(new Message.TransactionQuery("x:1:2")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("TRANSACTION_QUERY is answered");
    }

    @Test
    void what_the_coordinator_understood_is_known_when_it_has_gone() {
        serverVersion = EntenteExtension.ANSWERED_VERSION;
        CoordinatorChannel channel = open();
        assertThat(channel.lastUnderstoodEntente()).isTrue();

        server.close();

        await().until(() -> !channel.isConnected());
        assertThat(channel.understandsEntente()).isFalse();
        assertThat(channel.lastUnderstoodEntente()).isTrue();
    }

    @Test
    void a_request_that_nobody_waits_for_any_more_is_taken_back_and_its_late_answer_is_told() {
        serverVersion = EntenteExtension.ANSWERED_VERSION;
        CoordinatorChannel channel = open();
        CompletableFuture<Void> withdrawn = new CompletableFuture<>();
        CompletableFuture<Message.BranchRegisterResponse> late = new CompletableFuture<>();
        CompletableFuture<Long> branchId = CompletableFuture.supplyAsync(() -> channel.callUntil(
                        new Message.BranchRegisterRequest("x:1:2", BranchType.AT, "r", "t:1", ""),
                        Map.of(),
                        Message.BranchRegisterResponse.class,
                        ofSeconds(60),
                        withdrawn,
                        late::complete)
                .branchId());
        await().until(() -> others.size() == 1);
        assertThat(branchId).isNotDone();

        withdrawn.complete(null);

        assertThatThrownBy(branchId::join).hasCauseInstanceOf(RequestWithdrawnException.class);
        await().until(() -> others.size() == 2);
        int requestId = others.remove().requestId();
        assertThat(others.remove().body()).isEqualTo(new Message.RowWaitWithdrawal(requestId));
        registered.element().send(Frame.response(requestId, new Message.BranchRegisterResponse(Result.OK, 99)));
        assertThat(late.join().branchId()).isEqualTo(99);
    }

    @Test
    void seatas_server_never_sees_a_message_of_ours() {
        CoordinatorChannel channel = open();
        assertThat(channel.understandsEntente()).isFalse();

        channel.tell(new Message.BranchesAtWork(List.of()));
        assertThatThrownBy(() -> channel.call(
                        new Message.TransactionQuery("x:1:2"), Message.TransactionQueryResponse.class, ofSeconds(5)))
                .isInstanceOfSatisfying(
                        CoordinatorUnreachableException.class,
                        e -> assertThat(e.surelyNotSent()).isTrue())
                .hasMessageContaining("TRANSACTION_QUERY")
                .hasMessageContaining("entente.server");

        assertThat(status(channel)).isEqualTo(GlobalStatus.BEGIN);
        assertThat(others).isEmpty();
    }

    @Test
    void a_message_goes_to_seatas_server_in_its_words() {
        CoordinatorChannel channel = open();
        Message.BranchRegisterRequest ours = new Message.BranchRegisterRequest(
                "x:1:2", BranchType.AT, "r", "%(n-)stock:1", "{\"autoCommit\":false,\"lockWait\":5}");

        var unused = channel.request(ours, Map.of(EntenteExtension.REGISTRATION, "1"), ofSeconds(5));

        await().untilAsserted(() -> assertThat(others).singleElement().satisfies(frame -> {
            assertThat(frame.head()).isEmpty();
            assertThat(frame.body())
                    .isEqualTo(new Message.BranchRegisterRequest(
                            "x:1:2", BranchType.AT, "r", "stock:1", "{\"autoCommit\":false}"));
        }));
    }

    @Test
    void what_a_coordinator_understands_is_learned_anew_with_each_connection() throws IOException {
        serverVersion = EntenteExtension.ANSWERED_VERSION;
        CoordinatorChannel channel = open();
        int port = server.port();
        server.close();
        await().until(() -> !channel.isConnected());
        assertThat(channel.understandsEntente()).isFalse();
        channel.tell(new Message.BranchesAtWork(List.of()));

        serverVersion = EntenteExtension.PROTOCOL_VERSION;
        server = startServer(port);
        channel.awaitConnected(ofSeconds(10));
        assertThat(channel.understandsEntente()).isFalse();
    }

    @Test
    void strangers_and_oversized_frames_are_cut_off_and_the_server_stays_alive() throws IOException {
        CoordinatorChannel channel = open();
        assertCutOff("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        assertCutOff(new byte[] {(byte) 0xDA, (byte) 0xDA, 1, 0x7f, -1, -1, -1, 0, 16, 0, 1, 0, 0, 0, 0, 1});
        assertThat(status(channel)).isEqualTo(GlobalStatus.BEGIN);
    }

    private void assertCutOff(byte[] bytes) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream().write(bytes);
            InputStream in = socket.getInputStream();
            assertThat(in.read()).isEqualTo(-1);
        }
    }

    @Test
    void a_port_in_use_is_named() {
        assertThatThrownBy(() -> startServer(server.port()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(String.valueOf(server.port()));
    }

    @Test
    void addresses_are_read_or_refused_with_an_example() {
        assertThat(ServerAddress.parseList("a:1, [::1]:8091"))
                .containsExactly(new ServerAddress("a", 1), new ServerAddress("::1", 8091));
        for (String wrong :
                List.of("", "host", "host:", "host:x", ":8091", "host:0", "host:70000", "a:1,,b:2", "::1:5")) {
            assertThatThrownBy(() -> ServerAddress.parseList(wrong))
                    .as(wrong)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("127.0.0.1:8091");
        }
    }
}
