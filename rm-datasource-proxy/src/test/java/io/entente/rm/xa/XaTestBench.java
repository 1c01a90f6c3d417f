package io.entente.rm.xa;

import io.entente.tc.transaction.Branch;
import io.entente.testkit.EmbeddedCoordinator;
import io.entente.tm.ClientSettings;
import io.entente.tm.EntenteClient;
import java.time.Duration;
import java.util.List;

/** A coordinator, and processes that take part at it. */
final class XaTestBench implements AutoCloseable {

    /** Often, so that no test waits for a sweep. */
    static final Duration SWEEP_PERIOD = Duration.ofMillis(100);

    final EmbeddedCoordinator coordinator = EmbeddedCoordinator.start();

    /** One process; its data sources are those enlisted with {@code resources}. */
    record Process(EntenteClient client, XaResources resources) implements AutoCloseable {

        void awaitConnected() {
            resources.awaitConnected(Duration.ofSeconds(30));
        }

        @Override
        public void close() {
            resources.close();
            client.close();
        }
    }

    Process process(String applicationId) {
        EntenteClient client =
                EntenteClient.connect(ClientSettings.of(coordinator.address()).withApplicationId(applicationId));
        return new Process(client, XaResources.of(client, new XaSettings(4, SWEEP_PERIOD)));
    }

    /** The branches of all transactions that are not finished. */
    List<Branch> branches() {
        return coordinator
                .coordinator()
                .coordinator()
                .ask(view -> view.state().transactions().stream()
                        .flatMap(transaction -> transaction.branches().stream())
                        .toList())
                .join();
    }

    int transactions() {
        return coordinator
                .coordinator()
                .coordinator()
                .ask(view -> view.state().transactions().size())
                .join();
    }

    /** Why branches wait for a person. */
    List<String> stuck() {
        return coordinator
                .coordinator()
                .coordinator()
                .ask(view -> view.state().transactions().stream()
                        .flatMap(transaction -> transaction.stuck().stream())
                        .map(stuck -> stuck.reason())
                        .toList())
                .join();
    }

    @Override
    public void close() {
        coordinator.close();
    }
}
