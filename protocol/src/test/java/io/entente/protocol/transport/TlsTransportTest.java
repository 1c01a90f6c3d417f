package io.entente.protocol.transport;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.entente.protocol.GlobalStatus;
import io.entente.protocol.Message;
import io.entente.protocol.Message.Result;
import io.entente.protocol.codec.Frame;
import io.entente.protocol.codec.FrameDecoder;
import io.entente.protocol.security.ClientAuth;
import io.entente.protocol.security.ClientSecurity;
import io.entente.protocol.security.ClientTls;
import io.entente.protocol.security.PemFiles;
import io.entente.protocol.security.ServerTls;
import io.entente.protocol.security.TestAuthority;
import io.entente.protocol.security.Tls;
import io.entente.protocol.security.TokenSource;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS over real sockets: who is let in, and what both sides are told when somebody is not. */
class TlsTransportTest {
    @TempDir
    Path directory;

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final Queue<Rejection> rejections = new ConcurrentLinkedQueue<>();
    private final Queue<Connection> opened = new ConcurrentLinkedQueue<>();
    private final Queue<Message> registrations = new ConcurrentLinkedQueue<>();
    private TestAuthority authority;

    @BeforeEach
    void authority() throws Exception {
        authority = TestAuthority.in(directory.resolve("ours"));
    }

    @AfterEach
    void close() throws Exception {
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }

    private ServerTransport server(@Nullable ServerTls tls) throws IOException {
        return server(tls, 15);
    }

    private ServerTransport server(@Nullable ServerTls tls, int silenceSeconds) throws IOException {
        ServerTransport.Settings settings = new ServerTransport.Settings(
                "127.0.0.1", 0, 1, FrameDecoder.MAX_FRAME_LENGTH, silenceSeconds, 16 * 1024 * 1024, tls);
        ServerTransport server = ServerTransport.start(settings, new ConnectionListener() {
            @Override
            public void opened(Connection connection) {
                opened.add(connection);
            }

            @Override
            public void received(Connection connection, Frame frame, Message message) {
                if (message instanceof Message.RegisterRmRequest) {
                    registrations.add(message);
                    connection.send(Frame.response(frame.requestId(), new Message.RegisterRmResponse(true, "2.6.0")));
                } else {
                    connection.send(Frame.response(
                            frame.requestId(), new Message.GlobalStatusResponse(Result.OK, GlobalStatus.BEGIN)));
                }
            }

            @Override
            public void rejected(Connection connection, Rejection reason) {
                rejections.add(reason);
            }

            @Override
            public void closed(Connection connection) {}
        });
        open.push(server);
        return server;
    }

    private ServerTls serving(PemFiles files, ClientAuth clientAuth) {
        return new ServerTls(Tls.of(files), clientAuth);
    }

    private CoordinatorChannel client(String host, int port, ClientSecurity security) {
        ClientTransport transport = new ClientTransport(List.of(new ServerAddress(host, port)), ofSeconds(5), security);
        open.push(transport);
        return transport.open(new CoordinatorChannel.Role() {
            @Override
            public Message.Request registration() {
                return new Message.RegisterRmRequest("2.6.0", "app", "group", "a=b\n", List.of("r"));
            }

            @Override
            public void received(Message message, CoordinatorChannel.Answer answer) {}
        });
    }

    private CoordinatorChannel client(int port, PemFiles files) {
        return client("127.0.0.1", port, trusting(files));
    }

    private static ClientSecurity trusting(PemFiles files) {
        return ClientSecurity.none().withTls(ClientTls.of(Tls.of(files)));
    }

    private static void assertServed(CoordinatorChannel channel) {
        channel.awaitConnected(ofSeconds(10));
        assertThat(channel.call(
                                new Message.GlobalStatusRequest("x:1:2", ""),
                                Message.GlobalStatusResponse.class,
                                ofSeconds(5))
                        .status())
                .isEqualTo(GlobalStatus.BEGIN);
    }

    private static void assertFails(CoordinatorChannel channel, String... texts) {
        await().untilAsserted(() -> assertThatThrownBy(() -> channel.awaitConnected(ofMillis(100)))
                .isInstanceOf(CoordinatorUnreachableException.class)
                .hasMessageContainingAll(texts));
    }

    private void assertRejected(Rejection reason) {
        await().untilAsserted(() -> assertThat(rejections).contains(reason));
    }

    @Test
    void a_client_that_trusts_the_authority_is_served_by_address_and_by_name() throws Exception {
        int port = server(serving(authority.issue("tc"), ClientAuth.NONE)).port();
        assertServed(client("127.0.0.1", port, trusting(authority.trustOnly())));
        assertServed(client("localhost", port, trusting(authority.trustOnly())));
        assertThat(opened)
                .allSatisfy(connection ->
                        assertThat(connection.certificateSubject()).isNull());
        assertThat(rejections).isEmpty();
    }

    @Test
    void large_frames_pass() throws Exception {
        int port = server(serving(authority.issue("tc"), ClientAuth.NONE)).port();
        CoordinatorChannel channel = client(port, authority.trustOnly());
        channel.awaitConnected(ofSeconds(10));
        assertThat(channel.call(
                        new Message.GlobalLockQueryRequest(
                                "x:1:2", io.entente.protocol.BranchType.AT, "r", "t:" + "1".repeat(3_000_000), ""),
                        Message.GlobalStatusResponse.class,
                        ofSeconds(20)))
                .isNotNull();
    }

    @Test
    void with_mutual_tls_the_certificate_of_the_client_is_known() throws Exception {
        int port = server(serving(authority.issue("tc"), ClientAuth.NEED)).port();
        assertServed(client(port, authority.issue("shop")));
        assertThat(opened.peek().certificateSubject()).isEqualTo("CN=shop");
    }

    @Test
    void with_mutual_tls_who_shows_no_certificate_is_refused() throws Exception {
        int port = server(serving(authority.issue("tc"), ClientAuth.NEED)).port();
        assertFails(client(port, authority.trustOnly()), "127.0.0.1:" + port, "certificate");
        assertRejected(Rejection.TLS_HANDSHAKE);
        assertThat(opened).isEmpty();
        assertThat(registrations).isEmpty();
    }

    @Test
    void with_mutual_tls_a_certificate_of_a_strange_authority_is_refused() throws Exception {
        TestAuthority strange = TestAuthority.in(directory.resolve("strange"));
        PemFiles own = strange.issue("shop");
        int port = server(serving(authority.issue("tc"), ClientAuth.NEED)).port();
        assertFails(
                client(port, new PemFiles(own.certificate(), own.privateKey(), authority.certificate())),
                "127.0.0.1:" + port,
                "certificate");
        assertRejected(Rejection.TLS_HANDSHAKE);
        assertThat(registrations).isEmpty();
    }

    @Test
    void with_mutual_tls_an_expired_certificate_is_refused() throws Exception {
        int port = server(serving(authority.issue("tc"), ClientAuth.NEED)).port();
        assertFails(client(port, authority.issueExpired("shop")), "127.0.0.1:" + port, "certificate");
        assertRejected(Rejection.TLS_HANDSHAKE);
        assertThat(registrations).isEmpty();
    }

    @Test
    void certificates_may_be_left_to_the_client_but_one_that_is_shown_has_to_be_good() throws Exception {
        int port = server(serving(authority.issue("tc"), ClientAuth.WANT)).port();
        assertServed(client(port, authority.trustOnly()));
        assertServed(client(port, authority.issue("shop")));
        assertThat(opened).extracting(Connection::certificateSubject).containsExactlyInAnyOrder(null, "CN=shop");
        assertFails(client(port, authority.issueExpired("old")), "certificate");
    }

    @Test
    void a_coordinator_of_a_strange_authority_is_not_believed() throws Exception {
        TestAuthority strange = TestAuthority.in(directory.resolve("strange"));
        int port = server(serving(strange.issue("tc"), ClientAuth.NONE)).port();
        assertFails(
                client(port, authority.trustOnly()),
                "127.0.0.1:" + port,
                "is signed by no CA that is trusted here",
                "trust store of entente.tls.bundle");
        assertRejected(Rejection.TLS_HANDSHAKE);
    }

    @Test
    void a_coordinator_with_a_certificate_for_another_host_is_not_believed_unless_told_so() throws Exception {
        int port = server(serving(authority.issueForElsewhere("tc"), ClientAuth.NONE))
                .port();
        assertFails(client(port, authority.trustOnly()), "127.0.0.1:" + port, "is not for this host", "subjectAltName");
        assertFails(client("localhost", port, trusting(authority.trustOnly())), "is not for this host");
        assertServed(client(
                "127.0.0.1", port, ClientSecurity.none().withTls(new ClientTls(Tls.of(authority.trustOnly()), false))));
    }

    @Test
    void a_coordinator_with_an_expired_certificate_is_not_believed() throws Exception {
        int port =
                server(serving(authority.issueExpired("tc"), ClientAuth.NONE)).port();
        assertFails(client(port, authority.trustOnly()), "certificate of the coordinator has expired", "Renew it");
        assertRejected(Rejection.TLS_HANDSHAKE);
    }

    @Test
    void a_plain_client_at_a_port_with_tls_is_told_so() throws Exception {
        int port = server(serving(authority.issue("tc"), ClientAuth.NONE)).port();
        assertFails(
                client("127.0.0.1", port, ClientSecurity.none()),
                "127.0.0.1:" + port,
                "this port speaks TLS",
                "set entente.tls.bundle");
        assertRejected(Rejection.PLAIN_TEXT);
        assertThat(registrations).isEmpty();
    }

    @Test
    void a_client_with_tls_at_a_plain_port_is_told_so() throws Exception {
        int port = server(null).port();
        assertFails(client(port, authority.trustOnly()), "127.0.0.1:" + port, "TLS", "remove entente.tls.bundle");
        assertRejected(Rejection.MALFORMED);
    }

    @Test
    void what_is_neither_tls_nor_a_frame_is_cut_off_without_an_echo() throws Exception {
        int port = server(serving(authority.issue("tc"), ClientAuth.NONE)).port();
        assertCutOff(port, "GET / HTTP/1.1\r\nAuthorization: secret\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        assertRejected(Rejection.PLAIN_TEXT);
        assertCutOff(port, new byte[] {
            0x16, 3, 1, 0, 20, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99
        });
        assertRejected(Rejection.TLS_HANDSHAKE);
        assertServed(client(port, authority.trustOnly()));
    }

    private static void assertCutOff(int port, byte[] bytes) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(bytes);
            InputStream in = socket.getInputStream();
            byte[] answer = in.readAllBytes();
            // At most an alert of TLS.
            assertThat(answer.length).isLessThan(20);
        }
    }

    @Test
    void who_does_not_end_the_handshake_is_cut_off() throws Exception {
        int port = server(serving(authority.issue("tc"), ClientAuth.NONE), 1).port();
        // The first bytes of a record of 512 that never comes.
        assertCutOff(port, new byte[] {0x16, 3, 1, 2, 0, 1});
        assertCutOff(port, new byte[0]);
        await().untilAsserted(
                        () -> assertThat(rejections).containsExactly(Rejection.TLS_TIMEOUT, Rejection.TLS_TIMEOUT));
    }

    @Test
    void a_server_that_does_not_answer_the_handshake_is_reported() throws Exception {
        try (ServerSocket mute = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            ClientTransport transport = new ClientTransport(
                    List.of(new ServerAddress("127.0.0.1", mute.getLocalPort())),
                    ofMillis(300),
                    trusting(authority.trustOnly()));
            open.push(transport);
            CoordinatorChannel channel = transport.open(new CoordinatorChannel.Role() {
                @Override
                public Message.Request registration() {
                    throw new AssertionError("there is nobody to register with");
                }

                @Override
                public void received(Message message, CoordinatorChannel.Answer answer) {}
            });
            assertFails(channel, "did not end the TLS handshake in time");
        }
    }

    @Test
    void renewed_certificates_are_used_without_a_restart() throws Exception {
        PemFiles files = authority.issueExpired("tc");
        int port = server(serving(files, ClientAuth.NONE)).port();
        CoordinatorChannel channel = client(port, authority.trustOnly());
        assertFails(channel, "has expired");

        authority.issue("tc");

        assertServed(channel);
    }

    @Test
    void certificates_that_became_unreadable_do_not_stop_the_ones_in_use() throws Exception {
        PemFiles files = authority.issue("tc");
        int port = server(serving(files, ClientAuth.NONE)).port();
        Files.writeString(files.certificate(), "-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----\n");

        assertServed(client(port, authority.trustOnly()));
    }

    @Test
    void files_that_cannot_be_used_are_named() throws Exception {
        PemFiles good = authority.issue("tc");
        Path missing = directory.resolve("missing.crt");
        assertThatThrownBy(() -> Tls.of(PemFiles.trusting(missing)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(missing.toString());
        assertThatThrownBy(() -> Tls.of(new PemFiles(good.privateKey(), good.certificate(), null)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("tc.key");
        assertThatThrownBy(() -> new PemFiles(good.certificate(), null, null))
                .hasMessageContaining("no private key for it");
        assertThatThrownBy(() -> new ServerTls(Tls.of(authority.trustOnly()), ClientAuth.NONE))
                .hasMessageContaining("needs a certificate");
        assertThatThrownBy(() -> new ServerTls(
                        Tls.of(new PemFiles(good.certificate(), good.privateKey(), null)), ClientAuth.NEED))
                .hasMessageContaining("name the CA of your clients");
        assertThatThrownBy(() -> Tls.of(good).withProtocols(List.of("TLSv1.1")))
                .hasMessageContaining("TLSv1.1 is not possible");
    }

    @Test
    void the_token_goes_with_the_registration_and_is_read_anew_each_time() throws Exception {
        Path file = Files.writeString(
                directory.resolve("token"), "# of the shop\n\nfirst-token-of-the-shop\nother-token-0123456789\n");
        int port = server(serving(authority.issue("tc"), ClientAuth.NONE)).port();
        CoordinatorChannel channel = client(
                "127.0.0.1",
                port,
                trusting(authority.trustOnly()).withToken(TokenSource.of("entente.token", "file:" + file)));
        channel.awaitConnected(ofSeconds(10));
        Files.writeString(file, "second-token-of-the-shop\n");
        channel.registerAgain(ofSeconds(5)).get();

        assertThat(registrations)
                .extracting(message -> ((Message.RegisterRmRequest) message).extraData())
                .containsExactly("a=b\ntoken=first-token-of-the-shop\n", "a=b\ntoken=second-token-of-the-shop\n");
        assertThat(registrations.toString()).doesNotContain("token-of-the-shop");
    }

    @Test
    void a_token_that_cannot_be_read_is_reported_and_awaited() throws Exception {
        Path file = Files.writeString(directory.resolve("token"), "first-token-of-the-shop\n");
        TokenSource token = TokenSource.of("entente.token", "file:" + file);
        Files.delete(file);
        int port = server(null).port();
        CoordinatorChannel channel =
                client("127.0.0.1", port, ClientSecurity.none().withToken(token));
        assertFails(channel, "entente.token: the file " + file, "cannot be read");
        assertThat(registrations).isEmpty();

        Files.writeString(file, "second-token-of-the-shop\n");

        assertServed(channel);
    }
}
