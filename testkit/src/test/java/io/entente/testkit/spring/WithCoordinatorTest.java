package io.entente.testkit.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.entente.protocol.GlobalStatus;
import io.entente.testkit.EmbeddedCoordinator;
import io.entente.testkit.TransactionManagerClient;
import java.time.Duration;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@SpringBootTest(
        classes = WithCoordinatorTest.Application.class,
        properties = "entente.server=configured.otherwise:8091",
        webEnvironment = SpringBootTest.WebEnvironment.NONE)
@WithCoordinator
class WithCoordinatorTest {

    @Configuration
    static class Application {

        @Bean
        TransactionManagerClient client(@Value("${entente.server}") String server) {
            return new TransactionManagerClient(server);
        }
    }

    private final TransactionManagerClient client;
    private final EmbeddedCoordinator coordinator;

    WithCoordinatorTest(@Autowired TransactionManagerClient client, @Autowired EmbeddedCoordinator coordinator) {
        this.client = client;
        this.coordinator = coordinator;
    }

    @Test
    void the_application_talks_to_a_coordinator_of_its_own() {
        String xid = client.begin(Duration.ofMinutes(1));
        assertThat(xid).startsWith(coordinator.address());
        assertThat(client.status(xid)).isEqualTo(GlobalStatus.BEGIN);
    }

    @Nested
    class InANestedClass {

        @Test
        void it_is_the_same_coordinator(@Autowired EmbeddedCoordinator nested) {
            assertThat(nested).isSameAs(coordinator);
        }
    }
}
