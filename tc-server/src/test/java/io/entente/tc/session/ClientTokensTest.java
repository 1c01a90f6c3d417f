package io.entente.tc.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.entente.protocol.BranchType;
import io.entente.protocol.Message;
import io.entente.protocol.RegistrationRefusal;
import io.entente.protocol.codec.Frame;
import io.entente.protocol.security.ClientAuth;
import io.entente.protocol.security.ClientSecurity;
import io.entente.protocol.security.ClientTls;
import io.entente.protocol.security.ServerTls;
import io.entente.protocol.security.TestAuthority;
import io.entente.protocol.security.Tls;
import io.entente.protocol.security.TokenSource;
import io.entente.protocol.transport.ClientTransport;
import io.entente.protocol.transport.CoordinatorChannel;
import io.entente.protocol.transport.CoordinatorUnreachableException;
import io.entente.protocol.transport.Rejection;
import io.entente.protocol.transport.ServerAddress;
import io.entente.tc.CoordinatorSettings;
import io.entente.tc.TransactionCoordinator;
import io.entente.tc.coordinator.CoordinatorObserver;
import io.entente.tc.security.InsecureListenerException;
import io.entente.tc.security.SecuritySettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Who may register, with tokens and with certificates, and what those may do who may not. */
@ExtendWith(OutputCaptureExtension.class)
class ClientTokensTest {
    private static final String GOOD = "good-token-0123456789";
    private static final String OTHER = "other-token-0123456789";
    private static final String BAD = "wrong-token-0123456789";

    @TempDir
    Path directory;

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final Queue<Rejection> rejections = new ConcurrentLinkedQueue<>();

    @AfterEach
    void close() throws Exception {
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }

    private TransactionCoordinator start(SecuritySettings security) {
        return start("127.0.0.1", security);
    }

    private TransactionCoordinator start(String host, SecuritySettings security) {
        CoordinatorSettings settings = CoordinatorSettings.in(directory.resolve("data"))
                .withHost(host)
                .withPort(0)
                .withSecurity(security);
        TransactionCoordinator started = TransactionCoordinator.start(
                settings,
                InstantSource.system(),
                new CoordinatorObserver() {
                    @Override
                    public void onRejected(Rejection reason) {
                        rejections.add(reason);
                    }
                },
                failure -> {});
        open.push(started);
        return started;
    }

    private static SecuritySettings asking(String... tokens) {
        return SecuritySettings.none()
                .withClientTokens(List.of(tokens).stream()
                        .map(token -> TokenSource.of("entente.tc.tokens.client", token))
                        .toList());
    }

    private CoordinatorChannel client(int port, ClientSecurity security) {
        ClientTransport transport =
                new ClientTransport(List.of(new ServerAddress("127.0.0.1", port)), Duration.ofSeconds(5), security);
        open.push(transport);
        return transport.open(new CoordinatorChannel.Role() {
            @Override
            public Message.Request registration() {
                return new Message.RegisterTmRequest("2.6.0", "shop", "group", "vgroup=group\nentente=1\n");
            }

            @Override
            public void received(Message message, CoordinatorChannel.Answer answer) {}
        });
    }

    private static ClientSecurity with(String token) {
        return ClientSecurity.none().withToken(TokenSource.of("entente.token", token));
    }

    private static String begin(CoordinatorChannel channel) {
        return channel.call(
                        new Message.GlobalBeginRequest(60_000, "purchase"),
                        Message.GlobalBeginResponse.class,
                        Duration.ofSeconds(10))
                .xid();
    }

    private static void assertServed(CoordinatorChannel channel) {
        channel.awaitConnected(Duration.ofSeconds(10));
        assertThat(begin(channel)).isNotEmpty();
    }

    private static void assertRefused(CoordinatorChannel channel, String... texts) {
        await().untilAsserted(() -> assertThatThrownBy(() -> channel.awaitConnected(Duration.ofMillis(100)))
                .isInstanceOf(CoordinatorUnreachableException.class)
                .hasMessageContainingAll(texts));
    }

    @Test
    void each_of_several_tokens_opens_and_no_other(CapturedOutput output) {
        int port = start(asking(GOOD, OTHER)).port();
        assertServed(client(port, with(GOOD)));
        assertServed(client(port, with(OTHER)));
        assertRefused(client(port, with(BAD)), "127.0.0.1:" + port, "none of those that this coordinator accepts");
        assertRefused(client(port, ClientSecurity.none()), "127.0.0.1:" + port, "set entente.token at the client");
        assertThat(rejections).contains(Rejection.TOKEN_MISSING, Rejection.TOKEN_WRONG);
        assertThat(output)
                .contains("its token is none of those")
                .doesNotContain(GOOD)
                .doesNotContain(OTHER)
                .doesNotContain(BAD);
    }

    @Test
    void who_is_refused_gets_nothing_done(CapturedOutput output) throws IOException {
        TransactionCoordinator tc = start(asking(GOOD));
        try (RawClient client = new RawClient(tc.port())) {
            client.send(Frame.request(1, new Message.RegisterTmRequest("2.6.0", "x", "g", "token=" + BAD + "\n")));
            client.send(Frame.request(2, new Message.GlobalBeginRequest(60_000, "sneaky")));
            client.send(Frame.request(3, new Message.RegisterTmRequest("2.6.0", "x", "g", "token=" + GOOD + "\n")));
            client.send(Frame.request(4, new Message.GlobalBeginRequest(60_000, "sneaky")));

            Frame answer = client.read();
            if (answer != null) {
                assertThat(answer.body()).isInstanceOfSatisfying(Message.RegisterTmResponse.class, refused -> {
                    assertThat(refused.identified()).isFalse();
                    assertThat(RegistrationRefusal.reason(refused.version())).contains("token is none of those");
                });
                assertThat(client.read()).isNull();
            }
        }
        try (RawClient client = new RawClient(tc.port())) {
            // A registration inside a batch is none, and what is logged about it shows no token.
            client.send(Frame.request(
                    1,
                    new Message.MergedRequest(
                            List.of(new Message.RegisterTmRequest("2.6.0", "x", "g", "token=" + GOOD + "\n")),
                            List.of(2))));
            assertThat(client.read()).isNull();
        }
        try (RawClient client = new RawClient(tc.port())) {
            client.send(Frame.request(
                    1, new Message.GlobalLockQueryRequest("x:1:2", BranchType.AT, "db", "t:1", "token=" + GOOD)));
            assertThat(client.read()).isNull();
        }
        assertThat(tc.coordinator()
                        .ask(view -> view.state().transactions().size())
                        .join())
                .isZero();
        assertThat(tc.sessions().all()).isEmpty();
        assertThat(rejections).contains(Rejection.TOKEN_WRONG, Rejection.NOT_REGISTERED);
        assertThat(output).doesNotContain(GOOD).doesNotContain(BAD);
    }

    @Test
    void tokens_are_exchanged_without_a_restart_and_a_withdrawn_one_ends_its_connections(CapturedOutput output)
            throws IOException {
        Path file = Files.writeString(directory.resolve("tokens"), GOOD + "\n");
        TransactionCoordinator tc = start(asking("file:" + file));
        Path ofClient = Files.writeString(directory.resolve("token"), GOOD + "\n");
        CoordinatorChannel moving = client(tc.port(), with("file:" + ofClient));
        CoordinatorChannel staying = client(tc.port(), with(GOOD));
        assertServed(moving);
        assertServed(staying);

        Files.writeString(file, GOOD + "\n" + OTHER + "\n");
        CoordinatorChannel fresh = client(tc.port(), with(OTHER));
        await().until(fresh::isConnected);
        Files.writeString(ofClient, OTHER + "\n");
        Files.writeString(file, OTHER + "\n");

        await().untilAsserted(() -> assertThat(rejections)
                .filteredOn(reason -> reason == Rejection.TOKEN_REVOKED)
                .hasSize(2));
        await().ignoreExceptions().untilAsserted(() -> assertServed(moving));
        assertRefused(staying, "none of those that this coordinator accepts");
        assertServed(fresh);
        assertThat(output).doesNotContain(GOOD).doesNotContain(OTHER);
    }

    @Test
    void a_file_that_became_unusable_changes_nothing(CapturedOutput output) throws IOException {
        Path file = Files.writeString(directory.resolve("tokens"), GOOD + "\n");
        int port = start(asking("file:" + file)).port();
        Files.writeString(file, "");
        await().untilAsserted(() -> assertThat(output).contains("holds no token", "stay good"));
        assertServed(client(port, with(GOOD)));
        Files.writeString(file, OTHER + "\n");
        assertServed(client(port, with(OTHER)));
    }

    @Test
    void an_instance_that_registers_again_with_its_new_token_keeps_its_connection() throws Exception {
        Path file = Files.writeString(directory.resolve("tokens"), GOOD + "\n" + OTHER + "\n");
        TransactionCoordinator tc = start(asking("file:" + file));
        Path ofClient = Files.writeString(directory.resolve("token"), GOOD + "\n");
        CoordinatorChannel channel = client(tc.port(), with("file:" + ofClient));
        assertServed(channel);
        Files.writeString(ofClient, OTHER + "\n");
        channel.registerAgain(Duration.ofSeconds(5)).get();
        CoordinatorChannel old = client(tc.port(), with(GOOD));
        assertServed(old);

        Files.writeString(file, OTHER + "\n");

        await().untilAsserted(() -> assertThat(rejections).contains(Rejection.TOKEN_REVOKED));
        assertThat(channel.isConnected()).isTrue();
        assertThat(rejections)
                .filteredOn(reason -> reason == Rejection.TOKEN_REVOKED)
                .hasSize(1);
    }

    @Test
    void a_certificate_stands_in_for_a_token_where_certificates_are_wanted() throws Exception {
        TestAuthority authority = TestAuthority.in(directory.resolve("ca"));
        ServerTls tls = new ServerTls(Tls.of(authority.issue("tc")), ClientAuth.WANT);
        int port = start(asking(GOOD).withTls(tls)).port();
        ClientSecurity certified = ClientSecurity.none().withTls(ClientTls.of(Tls.of(authority.issue("shop"))));
        ClientSecurity plain = ClientSecurity.none().withTls(ClientTls.of(Tls.of(authority.trustOnly())));

        assertServed(client(port, certified));
        assertServed(client(port, plain.withToken(TokenSource.of("entente.token", GOOD))));
        assertRefused(client(port, plain), "set entente.token at the client");
        assertRefused(
                client(port, certified.withToken(TokenSource.of("entente.token", BAD))), "none of those that this");
    }

    @Test
    void where_certificates_are_needed_they_do_not_replace_the_token() throws Exception {
        TestAuthority authority = TestAuthority.in(directory.resolve("ca"));
        ServerTls tls = new ServerTls(Tls.of(authority.issue("tc")), ClientAuth.NEED);
        int port = start(asking(GOOD).withTls(tls)).port();
        ClientSecurity certified = ClientSecurity.none().withTls(ClientTls.of(Tls.of(authority.issue("shop"))));

        assertServed(client(port, certified.withToken(TokenSource.of("entente.token", GOOD))));
        assertRefused(client(port, certified), "set entente.token at the client");
    }

    @Test
    void off_only_on_loopback(CapturedOutput output) throws Exception {
        assertThatThrownBy(() -> start("0.0.0.0", SecuritySettings.none()))
                .isInstanceOfSatisfying(
                        InsecureListenerException.class,
                        e -> assertThat(e.remedy())
                                .contains(
                                        "entente.tc.tls.bundle",
                                        "entente.tc.tokens.client",
                                        "entente.tc.host=127.0.0.1",
                                        "entente.tc.allow-insecure=rpc"))
                .hasMessageContaining("without TLS and without authentication");
        assertThatThrownBy(() -> start("::", asking(GOOD)))
                .isInstanceOf(InsecureListenerException.class)
                .hasMessageContaining("without TLS.");
        TestAuthority authority = TestAuthority.in(directory.resolve("ca"));
        ServerTls optional = new ServerTls(Tls.of(authority.issue("tc")), ClientAuth.WANT);
        assertThatThrownBy(() -> start("0.0.0.0", SecuritySettings.none().withTls(optional)))
                .isInstanceOf(InsecureListenerException.class)
                .hasMessageContaining("without authentication.");
        // Nothing was opened by those that were refused: the data directory is free.
        assertServed(client(start("localhost", SecuritySettings.none()).port(), ClientSecurity.none()));
        assertThat(output).doesNotContain("INSECURE");
    }

    @Test
    void with_the_explicit_permission_seatas_bytes_are_served_on_all_addresses(CapturedOutput output)
            throws IOException {
        int port =
                start("0.0.0.0", SecuritySettings.none().withInsecureAllowed()).port();
        assertThat(output).contains("INSECURE: the RPC port listens on 0.0.0.0 without TLS and without authentication");
        try (RawClient client = new RawClient(port)) {
            client.send(Frame.request(
                    1,
                    new Message.RegisterTmRequest(
                            "2.6.0",
                            "seata",
                            "g",
                            "ak=null\ndigest=g,127.0.0.1,1\ntimestamp=1\nauthVersion=V4\nvgroup=g\nip=127.0.0.1\n")));
            assertThat(client.read()).isEqualTo(Frame.response(1, new Message.RegisterTmResponse(true, "2.6.0")));
            client.send(Frame.request(2, new Message.GlobalBeginRequest(60_000, "purchase")));
            assertThat(client.read().body()).isInstanceOf(Message.GlobalBeginResponse.class);
        }
    }

    @Test
    void with_tls_and_tokens_all_addresses_are_possible(CapturedOutput output) throws Exception {
        TestAuthority authority = TestAuthority.in(directory.resolve("ca"));
        ServerTls tls = new ServerTls(Tls.of(authority.issue("tc")), ClientAuth.NONE);
        int port = start("0.0.0.0", asking(GOOD).withTls(tls)).port();
        assertServed(client(port, with(GOOD).withTls(ClientTls.of(Tls.of(authority.trustOnly())))));
    }
}
