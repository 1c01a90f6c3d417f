package io.entente.protocol.transport;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.entente.protocol.EntenteExtension;
import io.entente.protocol.Message;
import io.entente.protocol.codec.Frame;
import io.entente.protocol.codec.FrameDecoder;
import io.entente.protocol.security.ClientAuth;
import io.entente.protocol.security.ClientSecurity;
import io.entente.protocol.security.ClientTls;
import io.entente.protocol.security.ServerTls;
import io.entente.protocol.security.TestAuthority;
import io.entente.protocol.security.Tls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Coordinators that come and go behind a name with several addresses, and in a registry; on real sockets. */
class DiscoveryTest {
    private static final Duration PATIENCE = ofSeconds(60);
    private static final String NAME = "entente-tc.example.org";

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final Map<String, List<String>> names = new ConcurrentHashMap<>();
    private final List<ServerAddress> registry = new ArrayList<>();
    private volatile boolean registryAnswers = true;
    private final CountDownLatch hanging = new CountDownLatch(1);

    @AfterEach
    void close() throws Exception {
        hanging.countDown();
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }

    /** The name service. */
    private List<InetAddress> lookUp(String host) throws UnknownHostException {
        List<String> addresses = names.get(host);
        if (addresses == null) {
            throw new UnknownHostException(host);
        }
        List<InetAddress> found = new ArrayList<>();
        for (String address : addresses) {
            if (address.equals("hangs")) {
                hang();
            } else {
                // The name goes along, as with those that the JVM looks up.
                found.add(InetAddress.getByAddress(
                        host, InetAddress.getByName(address).getAddress()));
            }
        }
        return found;
    }

    private void hang() {
        try {
            hanging.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private final class Registry implements CoordinatorDiscovery {
        @Override
        public List<ServerAddress> coordinators() {
            if (!registryAnswers) {
                throw new IllegalStateException("the registry is away");
            }
            synchronized (registry) {
                return List.copyOf(registry);
            }
        }

        @Override
        public String toString() {
            return "discovery:entente-tc";
        }
    }

    private void register(ServerAddress... instances) {
        synchronized (registry) {
            registry.clear();
            registry.addAll(List.of(instances));
        }
    }

    private static final class Rm implements CoordinatorChannel.Role {
        @Override
        public Message.Request registration() {
            return new Message.RegisterRmRequest("2.6.0", "app", "group", "", List.of("r"));
        }

        @Override
        public void received(Message message, CoordinatorChannel.Answer answer) {}
    }

    /** A coordinator. */
    private final class Coordinator implements ConnectionListener, AutoCloseable {
        private final AtomicInteger clients = new AtomicInteger();
        private final @Nullable String leader;
        private final ServerTransport transport;

        /** @param leader who leads instead; null when this one does */
        Coordinator(String address, int port, @Nullable String leader, @Nullable ServerTls tls) throws IOException {
            this.leader = leader;
            this.transport = ServerTransport.start(
                    new ServerTransport.Settings(
                            address, port, 1, FrameDecoder.MAX_FRAME_LENGTH, 15, 16 * 1024 * 1024, tls),
                    this);
            open.push(this);
        }

        Coordinator(String address, int port) throws IOException {
            this(address, port, null, null);
        }

        int port() {
            return transport.port();
        }

        @Override
        public void received(Connection connection, Frame frame, Message message) {
            clients.incrementAndGet();
            connection.send(Frame.response(
                    frame.requestId(),
                    new Message.RegisterRmResponse(leader == null, EntenteExtension.ANSWERED_VERSION),
                    leader == null ? Map.of() : Map.of(EntenteExtension.LEADER, leader)));
        }

        @Override
        public void closed(Connection connection) {
            clients.decrementAndGet();
        }

        @Override
        public void close() {
            transport.close();
        }
    }

    private CoordinatorChannel connect(CoordinatorDiscovery discovery, ClientSecurity security) {
        ClientTransport transport = new ClientTransport(discovery, this::lookUp, ofSeconds(3), security);
        open.push(transport);
        return transport.open(new Rm());
    }

    private CoordinatorChannel connect(CoordinatorDiscovery discovery) {
        return connect(discovery, ClientSecurity.none());
    }

    private CoordinatorChannel connectTo(String servers) {
        return connect(CoordinatorDiscovery.of(ServerAddress.parseList(servers)));
    }

    private static void awaitClient(Coordinator coordinator) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(coordinator.clients.get()).isEqualTo(1));
    }

    private static void assertFails(CoordinatorChannel channel, String... texts) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThatThrownBy(() -> channel.awaitConnected(ofMillis(50)))
                        .isInstanceOf(CoordinatorUnreachableException.class)
                        .hasMessageContainingAll(texts));
    }

    @Test
    void all_addresses_of_a_name_are_tried() throws IOException {
        Coordinator third = new Coordinator("127.0.0.4", 0);
        names.put(NAME, List.of("127.0.0.2", "127.0.0.3", "127.0.0.4"));

        connectTo(NAME + ":" + third.port()).awaitConnected(PATIENCE);

        assertThat(third.clients.get()).isEqualTo(1);
    }

    @Test
    void when_a_coordinator_goes_and_another_appears_behind_the_name_the_client_moves_there() throws IOException {
        Coordinator first = new Coordinator("127.0.0.2", 0);
        names.put(NAME, List.of("127.0.0.2"));
        CoordinatorChannel channel = connectTo(NAME + ":" + first.port());
        channel.awaitConnected(PATIENCE);

        Coordinator second = new Coordinator("127.0.0.3", first.port());
        names.put(NAME, List.of("127.0.0.3"));
        first.close();

        awaitClient(second);
    }

    @Test
    void a_name_that_cannot_be_looked_up_is_named_and_tried_until_it_can() throws IOException {
        Coordinator coordinator = new Coordinator("127.0.0.2", 0);
        CoordinatorChannel channel = connectTo(NAME + ":" + coordinator.port());
        assertFails(
                channel,
                NAME + ":" + coordinator.port(),
                "no address of its host",
                "Correct the name in entente.server");

        names.put(NAME, List.of("127.0.0.2"));

        awaitClient(coordinator);
    }

    @Test
    void a_name_whose_lookup_hangs_does_not_keep_the_client_from_others() throws IOException {
        Coordinator coordinator = new Coordinator("127.0.0.2", 0);
        names.put("tc1.example.org", List.of("hangs"));
        names.put("tc2.example.org", List.of("127.0.0.2"));

        connectTo("tc1.example.org:" + coordinator.port() + ",tc2.example.org:" + coordinator.port())
                .awaitConnected(PATIENCE);

        assertThat(coordinator.clients.get()).isEqualTo(1);
    }

    @Test
    void the_leader_that_another_coordinator_names_is_looked_up_too() throws IOException {
        Coordinator leader = new Coordinator("127.0.0.3", 0);
        Coordinator follower = new Coordinator("127.0.0.2", 0, "tc-1.example.org:" + leader.port(), null);
        names.put(NAME, List.of("127.0.0.2"));
        // The first of them does not answer.
        names.put("tc-1.example.org", List.of("127.0.0.4", "127.0.0.3"));

        connectTo(NAME + ":" + follower.port()).awaitConnected(PATIENCE);

        assertThat(leader.clients.get()).isEqualTo(1);
    }

    @Test
    void a_certificate_has_to_be_for_the_name_and_not_for_the_address(@TempDir Path directory) throws Exception {
        TestAuthority authority = TestAuthority.in(directory);
        Coordinator coordinator =
                new Coordinator("127.0.0.1", 0, null, new ServerTls(Tls.of(authority.issue("tc")), ClientAuth.NONE));
        ClientSecurity security = ClientSecurity.none().withTls(ClientTls.of(Tls.of(authority.trustOnly())));
        names.put("localhost", List.of("127.0.0.2", "127.0.0.1"));
        names.put(NAME, List.of("127.0.0.1"));

        connect(of("localhost", coordinator.port()), security).awaitConnected(PATIENCE);

        // The certificate is for 127.0.0.1 too, which is where this name leads.
        assertFails(connect(of(NAME, coordinator.port()), security), NAME, "TLS failed");
    }

    private static CoordinatorDiscovery of(String host, int port) {
        return CoordinatorDiscovery.of(List.of(new ServerAddress(host, port)));
    }

    private static ServerAddress address(Coordinator coordinator) {
        return new ServerAddress("127.0.0.1", coordinator.port());
    }

    @Test
    void instances_of_a_registry_are_followed_as_they_come_and_go() throws IOException {
        names.put("127.0.0.1", List.of("127.0.0.1"));
        CoordinatorChannel channel = connect(new Registry());
        assertFails(channel, "discovery:entente-tc: there is no coordinator at the moment", "makes itself known there");

        Coordinator first = new Coordinator("127.0.0.1", 0);
        register(address(first));
        awaitClient(first);

        Coordinator second = new Coordinator("127.0.0.1", 0);
        register(address(second));
        first.close();
        awaitClient(second);
    }

    @Test
    void while_a_registry_is_away_what_it_told_last_counts() throws IOException {
        names.put("127.0.0.1", List.of("127.0.0.1"));
        registryAnswers = false;
        Coordinator first = new Coordinator("127.0.0.1", 0);
        Coordinator second = new Coordinator("127.0.0.1", 0);
        register(address(first), address(second));
        CoordinatorChannel channel = connect(new Registry());
        assertFails(channel, "discovery:entente-tc", "the registry is away");

        registryAnswers = true;
        awaitClient(first);
        registryAnswers = false;
        first.close();

        awaitClient(second);
    }

    @Test
    void who_was_found_in_a_registry_is_remembered_as_a_coordinator() throws IOException {
        names.put("127.0.0.1", List.of("127.0.0.1"));
        Coordinator coordinator = new Coordinator("127.0.0.1", 0);
        register(address(coordinator));
        ClientTransport transport =
                new ClientTransport(new Registry(), this::lookUp, ofSeconds(3), ClientSecurity.none());
        open.push(transport);

        transport.open(new Rm()).awaitConnected(PATIENCE);

        assertThat(transport.hasHeardOf("127.0.0.1:" + coordinator.port())).isTrue();
        assertThat(transport.hasHeardOf("127.0.0.1:1")).isFalse();
        assertThat(transport.hasHeardOf("nothing")).isFalse();
    }
}
