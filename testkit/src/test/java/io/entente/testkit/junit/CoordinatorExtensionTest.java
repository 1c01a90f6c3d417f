package io.entente.testkit.junit;

import static org.assertj.core.api.Assertions.assertThat;

import io.entente.protocol.GlobalStatus;
import io.entente.testkit.EmbeddedCoordinator;
import io.entente.testkit.TransactionManagerClient;
import java.time.Duration;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(CoordinatorExtension.class)
class CoordinatorExtensionTest {

    private final EmbeddedCoordinator injected;

    CoordinatorExtensionTest(EmbeddedCoordinator injected) {
        this.injected = injected;
    }

    @Test
    void a_test_gets_the_coordinator_of_its_class(EmbeddedCoordinator coordinator) {
        assertThat(coordinator).isSameAs(injected);
        try (TransactionManagerClient client = new TransactionManagerClient(coordinator.address())) {
            assertThat(client.status(client.begin(Duration.ofMinutes(1)))).isEqualTo(GlobalStatus.BEGIN);
        }
    }

    @Nested
    class InANestedClass {

        @Test
        void it_is_the_same_coordinator(EmbeddedCoordinator coordinator) {
            assertThat(coordinator).isSameAs(injected);
        }
    }
}
