package io.entente.tc.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.entente.protocol.BranchType;
import io.entente.protocol.GlobalStatus;
import io.entente.protocol.Message;
import io.entente.protocol.codec.Frame;
import io.entente.protocol.transport.Connection;
import io.entente.protocol.transport.ConnectionListener;
import io.entente.protocol.transport.ServerTransport;
import io.entente.tc.coordinator.CoordinatorObserver;
import io.entente.tc.coordinator.Leadership;
import io.entente.tc.security.ClientGate;
import io.entente.tc.transaction.Branch;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** The register of clients, while they come and go. */
@ExtendWith(OutputCaptureExtension.class)
class SessionsTest {
    private static final int ROUNDS = 20_000;
    private static final Branch BRANCH = new Branch(1, BranchType.AT, "stock-db", "shop:gone:1", List.of(), "", 0);

    private final BlockingQueue<Connection> connections = new LinkedBlockingQueue<>();
    private final Sessions sessions = new Sessions();
    private final ServedGroup served = ServedGroup.alone(
            new Leadership(
                    (log, onFailure) -> {
                        throw new AssertionError("nobody is elected");
                    },
                    new CoordinatorObserver() {},
                    sessions,
                    failure -> {}),
            sessions);

    private final class Collecting implements ConnectionListener {
        @Override
        public void received(Connection connection, Frame frame, Message message) {
            connections.add(connection);
        }

        @Override
        public void closed(Connection connection) {}
    }

    /** Two instances during a rolling restart, each on an I/O thread of its own. */
    @Test
    void who_comes_while_the_last_other_one_leaves_is_found() throws Exception {
        ExecutorService other = Executors.newSingleThreadExecutor();
        try (ServerTransport server =
                        ServerTransport.start(ServerTransport.Settings.on("127.0.0.1", 0, 1), new Collecting());
                RawClient first = new RawClient(server.port());
                RawClient second = new RawClient(server.port())) {
            Connection leaving = connection(first);
            Connection coming = connection(second);
            CyclicBarrier together = new CyclicBarrier(2);
            Future<?> leaver = other.submit(() -> {
                for (int i = 0; i < ROUNDS; i++) {
                    appear(leaving);
                    together.await(30, TimeUnit.SECONDS);
                    sessions.remove(leaving);
                    together.await(30, TimeUnit.SECONDS);
                }
                return null;
            });
            for (int i = 0; i < ROUNDS; i++) {
                together.await(30, TimeUnit.SECONDS);
                Session session = appear(coming);
                together.await(30, TimeUnit.SECONDS);
                assertThat(session.isOpen()).isTrue();
                assertThat(sessions.find(BRANCH, 0, false)).as("round %s", i).isNotNull();
                sessions.remove(coming);
            }
            leaver.get(30, TimeUnit.SECONDS);
        } finally {
            other.shutdownNow();
        }
    }

    @Test
    void clients_of_a_lost_lead_are_cut_off_with_one_line_for_all(CapturedOutput output) throws Exception {
        try (ServerTransport server =
                        ServerTransport.start(ServerTransport.Settings.on("127.0.0.1", 0, 1), new Collecting());
                RawClient first = new RawClient(server.port());
                RawClient second = new RawClient(server.port())) {
            Connection one = connection(first);
            Connection other = connection(second);
            appear(one);
            appear(other);

            sessions.cutOff();

            await().atMost(Duration.ofSeconds(30)).until(() -> !one.isOpen() && !other.isOpen());
        }
        assertThat(output)
                .containsOnlyOnce("closed the connections of 2 clients")
                .doesNotContain("Closing the connection");
    }

    private Session appear(Connection connection) {
        Session session = new Session(
                connection, served, Session.Role.RM, "shop", "group", "2.6.0", false, new ClientGate.Admitted(null));
        sessions.add(session);
        sessions.addResources(session, List.of("stock-db"));
        return session;
    }

    private Connection connection(RawClient client) throws IOException, InterruptedException {
        client.send(Frame.response(1, new Message.GlobalStatusResponse(Message.Result.OK, GlobalStatus.FINISHED)));
        Connection connection = connections.poll(30, TimeUnit.SECONDS);
        assertThat(connection).isNotNull();
        return connection;
    }
}
