package io.entente.tm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.entente.protocol.security.ClientSecurity;
import io.entente.protocol.transport.ClientTransport;
import io.entente.protocol.transport.CoordinatorChannel;
import io.entente.protocol.transport.ServerAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How a client waits before it asks again, over real sockets. */
class ChannelCoordinatorTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void who_pauses_without_a_connection_goes_on_as_soon_as_there_is_one() throws Exception {
        FakeCoordinatorServer first = new FakeCoordinatorServer(0);
        int port = first.port();
        try (ClientTransport transport = transport(port)) {
            CoordinatorChannel channel = open(transport, port);
            ChannelCoordinator coordinator = new ChannelCoordinator(channel, PATIENCE);
            first.close();
            await().atMost(PATIENCE).until(() -> !channel.isConnected());
            CompletableFuture<Boolean> connected = CompletableFuture.supplyAsync(() -> {
                try {
                    coordinator.pause(Duration.ofMinutes(10));
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                return channel.isConnected();
            });
            try (FakeCoordinatorServer second = new FakeCoordinatorServer(port)) {
                assertThat(second.port()).isEqualTo(port);
                assertThat(connected.get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                        .isTrue();
            }
        }
    }

    @Test
    void who_pauses_while_there_is_a_connection_pauses_as_long_as_it_said() throws Exception {
        try (FakeCoordinatorServer server = new FakeCoordinatorServer(0);
                ClientTransport transport = transport(server.port())) {
            ChannelCoordinator coordinator = new ChannelCoordinator(open(transport, server.port()), PATIENCE);
            long start = System.nanoTime();
            coordinator.pause(Duration.ofMillis(200));
            assertThat(System.nanoTime() - start)
                    .isGreaterThanOrEqualTo(Duration.ofMillis(200).toNanos());
        }
    }

    private static ClientTransport transport(int port) {
        return new ClientTransport(
                List.of(new ServerAddress("127.0.0.1", port)), Duration.ofSeconds(3), ClientSecurity.none());
    }

    private static CoordinatorChannel open(ClientTransport transport, int port) {
        CoordinatorChannel channel =
                transport.open(new ChannelCoordinator.Role(ClientSettings.of("127.0.0.1:" + port)));
        channel.awaitConnected(PATIENCE);
        return channel;
    }
}
