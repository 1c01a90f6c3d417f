package io.entente.tm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entente.protocol.GlobalStatus;
import io.entente.protocol.Message;
import io.entente.protocol.MessageType;
import io.entente.tm.ClientSettings.Startup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Over real sockets. */
class EntenteClientTest {

    private static final Duration SHORT = Duration.ofMillis(300);

    /** A port where nobody listens. */
    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Test
    void a_transaction_commits_and_another_rolls_back() throws IOException {
        try (var server = new FakeCoordinatorServer(0);
                var client = EntenteClient.connect(ClientSettings.of(server.address()))) {
            String committed = client.transactions().execute("good", () -> String.valueOf(TransactionContext.xid()));
            AtomicReference<String> failed = new AtomicReference<>("");
            assertThatThrownBy(() -> client.transactions().execute("bad", () -> {
                        failed.set(String.valueOf(TransactionContext.xid()));
                        throw new IllegalStateException("no");
                    }))
                    .hasMessage("no");
            assertThat(server.outcome(committed)).isEqualTo(GlobalStatus.COMMITTED);
            assertThat(server.outcome(failed.get())).isEqualTo(GlobalStatus.ROLLED_BACK);
            assertThat(server.received()).contains(new Message.GlobalBeginRequest(60_000, "good"));
        }
    }

    @Test
    void commits_and_rollbacks_whose_answers_are_lost_are_asked_for_again_over_a_new_connection() throws IOException {
        try (var server = new FakeCoordinatorServer(0);
                var client = EntenteClient.connect(ClientSettings.of(server.address()))) {
            server.loseAnswers(MessageType.GLOBAL_COMMIT, 2);
            String xid = client.transactions().execute("t", () -> String.valueOf(TransactionContext.xid()));
            assertThat(server.outcome(xid)).isEqualTo(GlobalStatus.COMMITTED);
            assertThat(server.received().stream()
                            .filter(Message.GlobalCommitRequest.class::isInstance)
                            .count())
                    .isEqualTo(3);

            server.loseAnswers(MessageType.GLOBAL_ROLLBACK, 1);
            assertThatThrownBy(() -> client.transactions().execute("t", () -> {
                        throw new IllegalStateException("no");
                    }))
                    .satisfies(thrown -> assertThat(thrown.getSuppressed()).isEmpty());
        }
    }

    @Test
    void a_commit_survives_a_restart_of_the_coordinator() throws Exception {
        var first = new FakeCoordinatorServer(0);
        try (var client = EntenteClient.connect(ClientSettings.of(first.address()))) {
            AtomicReference<FakeCoordinatorServer> second = new AtomicReference<>();
            assertThatThrownBy(() -> client.transactions().execute("t", () -> {
                        int port = first.port();
                        first.close();
                        second.set(new FakeCoordinatorServer(port));
                        return "done";
                    }))
                    // The second one has no memory of the transaction, and says so.
                    .isInstanceOf(GlobalTransactionRolledBackException.class)
                    .hasMessageContaining("no record");
            second.get().close();
        }
    }

    @Test
    void start_up_fails_after_a_bounded_wait_and_says_what_was_tried() throws IOException {
        String one = "127.0.0.1:" + freePort();
        String other = "127.0.0.1:" + freePort();
        ClientSettings settings = ClientSettings.of(one + "," + other).withStartup(Startup.FAIL, SHORT);
        assertThatThrownBy(() -> EntenteClient.connect(settings))
                .isInstanceOf(CoordinatorUnavailableException.class)
                .hasMessageContaining(one)
                .hasMessageContaining(other)
                .hasMessageContaining("Connection refused")
                .hasMessageContaining("entente.server");
    }

    @Test
    void start_up_may_go_on_without_a_coordinator_which_is_used_once_it_is_there() throws IOException {
        int port = freePort();
        ClientSettings settings = ClientSettings.of("127.0.0.1:" + port)
                .withStartup(Startup.WAIT, SHORT)
                .withPatience(SHORT, Duration.ofSeconds(20));
        try (var client = EntenteClient.connect(settings)) {
            assertThatThrownBy(() -> client.transactions().execute("t", () -> "done"))
                    .isInstanceOf(CoordinatorUnavailableException.class)
                    .hasMessageContaining("'t'")
                    .hasMessageContaining("127.0.0.1:" + port);
            try (var server = new FakeCoordinatorServer(port)) {
                Awaitility.await()
                        .ignoreExceptions()
                        .untilAsserted(() -> assertThat(client.transactions().execute("t", () -> "done"))
                                .isEqualTo("done"));
            }
        }
    }

    @Test
    void the_second_server_is_used_when_the_first_is_down() throws IOException {
        try (var server = new FakeCoordinatorServer(0);
                var client =
                        EntenteClient.connect(ClientSettings.of("127.0.0.1:" + freePort() + "," + server.address()))) {
            assertThat(client.transactions().execute("t", () -> "done")).isEqualTo("done");
        }
    }

    @Test
    void a_closed_client_begins_nothing() throws IOException {
        try (var server = new FakeCoordinatorServer(0)) {
            var client = EntenteClient.connect(ClientSettings.of(server.address()));
            client.close();
            assertThatThrownBy(() -> client.transactions().execute("t", () -> "done"))
                    .isInstanceOf(CoordinatorUnavailableException.class)
                    .hasMessageContaining("closed");
            assertThat(server.received()).isEmpty();
        }
    }

    @Test
    void settings_that_cannot_be_used_are_refused_by_name() {
        ClientSettings good = ClientSettings.of("localhost:8091");
        assertThatThrownBy(() -> ClientSettings.of("localhost")).hasMessageContaining("host:port");
        assertThatThrownBy(() -> good.withApplicationId(" ")).hasMessageContaining("application id");
        assertThatThrownBy(() -> good.withDefaultTimeout(Duration.ZERO)).hasMessageContaining("default timeout");
        assertThatThrownBy(() -> good.withPatience(Duration.ZERO, SHORT)).hasMessageContaining("request timeout");
        assertThatThrownBy(() -> good.withStartup(Startup.FAIL, Duration.ofSeconds(-1)))
                .hasMessageContaining("startup wait");
    }
}
