package io.entente.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import io.entente.protocol.GlobalStatus;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class EmbeddedCoordinatorTest {

    @Test
    void it_begins_global_transactions() {
        try (EmbeddedCoordinator coordinator = EmbeddedCoordinator.start();
                TransactionManagerClient client = new TransactionManagerClient(coordinator.address())) {
            String xid = client.begin(Duration.ofMinutes(1));
            assertThat(xid).startsWith(coordinator.address());
            assertThat(client.status(xid)).isEqualTo(GlobalStatus.BEGIN);
        }
    }

    @Test
    void several_run_side_by_side_and_do_not_know_each_other() {
        try (EmbeddedCoordinator one = EmbeddedCoordinator.start();
                EmbeddedCoordinator other = EmbeddedCoordinator.start();
                TransactionManagerClient client = new TransactionManagerClient(one.address());
                TransactionManagerClient stranger = new TransactionManagerClient(other.address())) {
            assertThat(one.port()).isNotEqualTo(other.port());
            assertThat(stranger.status(client.begin(Duration.ofMinutes(1)))).isEqualTo(GlobalStatus.FINISHED);
        }
    }

    @Test
    void a_restart_keeps_address_and_data_and_a_connected_client_finds_it_again() {
        try (EmbeddedCoordinator coordinator = EmbeddedCoordinator.start();
                TransactionManagerClient client = new TransactionManagerClient(coordinator.address())) {
            String address = coordinator.address();
            String xid = client.begin(Duration.ofMinutes(1));
            coordinator.restart();
            assertThat(coordinator.address()).isEqualTo(address);
            await().ignoreExceptions()
                    .untilAsserted(() -> assertThat(client.status(xid)).isEqualTo(GlobalStatus.BEGIN));
        }
    }

    @Test
    void nobody_listens_while_it_is_stopped() throws IOException {
        try (EmbeddedCoordinator coordinator = EmbeddedCoordinator.start()) {
            coordinator.stop();
            assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> connect(coordinator.port()));
            assertThatIllegalStateException()
                    .isThrownBy(coordinator::coordinator)
                    .withMessageContaining("call startAgain first");
            coordinator.startAgain();
            connect(coordinator.port());
        }
    }

    @Test
    void time_can_be_made_to_pass() {
        try (EmbeddedCoordinator coordinator = EmbeddedCoordinator.start();
                TransactionManagerClient client = new TransactionManagerClient(coordinator.address())) {
            String xid = client.begin(Duration.ofMinutes(10));
            coordinator.advanceTime(Duration.ofMinutes(9));
            assertThat(client.status(xid)).isEqualTo(GlobalStatus.BEGIN);
            coordinator.advanceTime(Duration.ofMinutes(2));
            await().untilAsserted(() -> assertThat(client.status(xid)).isNotEqualTo(GlobalStatus.BEGIN));
            assertThatIllegalArgumentException().isThrownBy(() -> coordinator.advanceTime(Duration.ofSeconds(-1)));
        }
    }

    @Test
    void settings_can_be_adjusted() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EmbeddedCoordinator.start(settings -> settings.withPort(0)))
                .withMessageContaining("do not set port 0");
        try (EmbeddedCoordinator coordinator =
                EmbeddedCoordinator.start(settings -> settings.withSnapshotMegabytes(1))) {
            assertThat(coordinator.coordinator().port()).isEqualTo(coordinator.port());
        }
    }

    @Test
    void closing_leaves_nothing_behind() {
        EmbeddedCoordinator coordinator = EmbeddedCoordinator.start();
        assertThat(coordinator.dataDirectory()).isNotEmptyDirectory();
        coordinator.close();
        coordinator.close();
        assertThat(coordinator.dataDirectory()).doesNotExist();
        assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> connect(coordinator.port()));
        assertThatIllegalStateException().isThrownBy(coordinator::restart).withMessageContaining("is closed");
    }

    private static void connect(int port) throws IOException {
        new Socket(InetAddress.getLoopbackAddress(), port).close();
    }
}
