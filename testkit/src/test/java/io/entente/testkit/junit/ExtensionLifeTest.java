package io.entente.testkit.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.entente.testkit.EmbeddedCoordinator;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.platform.testkit.engine.EngineTestKit;

class ExtensionLifeTest {

    private static final AtomicReference<EmbeddedCoordinator> SEEN = new AtomicReference<>();

    @ExtendWith(CoordinatorExtension.class)
    static class Registered {

        @Test
        void remember(EmbeddedCoordinator coordinator) {
            coordinator.restart();
            SEEN.set(coordinator);
        }
    }

    static class RegisteredTooLate {

        @RegisterExtension
        final CoordinatorExtension extension = new CoordinatorExtension();

        @Test
        void wants(EmbeddedCoordinator coordinator) {
            throw new AssertionError(coordinator);
        }
    }

    @Test
    void the_coordinator_ends_with_the_class() {
        EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(Registered.class))
                .execute()
                .testEvents()
                .assertStatistics(statistics -> statistics.succeeded(1).failed(0));
        EmbeddedCoordinator seen = SEEN.get();
        assertThat(seen).isNotNull();
        assertThatIllegalStateException().isThrownBy(seen::coordinator).withMessageContaining("is closed");
    }

    @Test
    void an_extension_registered_for_the_instance_says_what_to_do() {
        EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(RegisteredTooLate.class))
                .execute()
                .testEvents()
                .failed()
                .assertThatEvents()
                .singleElement()
                .asString()
                .contains("register CoordinatorExtension at the class");
    }
}
