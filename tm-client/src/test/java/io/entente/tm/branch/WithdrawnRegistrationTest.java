package io.entente.tm.branch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.entente.protocol.BranchStatus;
import io.entente.protocol.BranchType;
import io.entente.protocol.EntenteExtension;
import io.entente.protocol.Message;
import io.entente.protocol.Message.Result;
import io.entente.protocol.codec.Frame;
import io.entente.protocol.transport.ClientTransport;
import io.entente.protocol.transport.Connection;
import io.entente.protocol.transport.ConnectionListener;
import io.entente.protocol.transport.ServerAddress;
import io.entente.protocol.transport.ServerTransport;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A branch whose rows are given just when nobody waits for them any more. */
class WithdrawnRegistrationTest implements ConnectionListener {

    private static final BranchRegistration BRANCH = new BranchRegistration("h:1:7", BranchType.AT, "db", "t:1", "");

    private final AtomicReference<Frame> asked = new AtomicReference<>();
    private final Queue<Message.BranchReportRequest> reports = new ConcurrentLinkedQueue<>();
    private ServerTransport server;
    private ClientTransport client;
    private BranchChannel branches;

    @BeforeEach
    void start() throws IOException {
        server = ServerTransport.start(ServerTransport.Settings.on("127.0.0.1", 0, 1), this);
        client = new ClientTransport(List.of(new ServerAddress("127.0.0.1", server.port())), Duration.ofSeconds(60));
        branches = new BranchChannel(
                client,
                new BranchChannel.Identity("shop", "group", "2.6.0"),
                Duration.ofSeconds(60),
                InstantSource.system());
        branches.serve(new BranchResource() {
            @Override
            public BranchType type() {
                return BranchType.AT;
            }

            @Override
            public String id() {
                return "db";
            }

            @Override
            public void phaseTwo(PhaseTwoBranch branch, PhaseTwoAnswer answer) {
                throw new AssertionError("nobody decides anything here");
            }

            @Override
            public void cleanUp() {}
        });
        branches.awaitConnected(Duration.ofSeconds(60));
    }

    @AfterEach
    void stop() {
        branches.close();
        client.close();
        server.close();
    }

    /** Gives the rows when it hears that they are not wanted any more: the grant was on its way already. */
    @Override
    public void received(Connection connection, Frame frame, Message message) {
        if (message instanceof Message.RegisterRmRequest) {
            connection.send(Frame.response(
                    frame.requestId(), new Message.RegisterRmResponse(true, EntenteExtension.ANSWERED_VERSION)));
        } else if (message instanceof Message.BranchRegisterRequest) {
            asked.set(frame);
        } else if (message instanceof Message.RowWaitWithdrawal withdrawal) {
            connection.send(Frame.response(withdrawal.requestId(), new Message.BranchRegisterResponse(Result.OK, 99)));
        } else if (message instanceof Message.BranchReportRequest report) {
            reports.add(report);
            connection.send(Frame.response(frame.requestId(), new Message.BranchReportResponse(Result.OK)));
        }
    }

    @Override
    public void closed(Connection connection) {}

    @Test
    void a_branch_that_comes_too_late_is_reported_as_failed() {
        CompletableFuture<Void> withdrawn = new CompletableFuture<>();
        CompletableFuture<Void> registration = CompletableFuture.runAsync(() -> {
            assertThatThrownBy(() -> branches.register(BRANCH, Duration.ofSeconds(60), withdrawn))
                    .isInstanceOf(WaitWithdrawnException.class);
        });
        await().atMost(60, TimeUnit.SECONDS).until(() -> asked.get() != null);
        assertThat(registration).isNotDone();
        withdrawn.complete(null);
        registration.join();
        await().atMost(60, TimeUnit.SECONDS).until(() -> !reports.isEmpty());
        assertThat(reports).singleElement().satisfies(report -> {
            assertThat(report.branchId()).isEqualTo(99);
            assertThat(report.status()).isEqualTo(BranchStatus.PHASE_ONE_FAILED);
        });
    }
}
