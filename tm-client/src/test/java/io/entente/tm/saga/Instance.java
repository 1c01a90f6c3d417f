package io.entente.tm.saga;

import static org.assertj.core.api.Assertions.assertThat;

import io.entente.testkit.EmbeddedCoordinator;
import io.entente.tm.ClientSettings;
import io.entente.tm.EntenteClient;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** One instance of an application that runs sagas, and can die. */
final class Instance implements AutoCloseable {

    private static final Duration START = Duration.ofSeconds(10);

    private final EntenteClient client;
    private final Sagas sagas;
    private final List<String> points = new CopyOnWriteArrayList<>();
    private final List<Saga<?>> served = new CopyOnWriteArrayList<>();
    private volatile boolean dead;

    /** What goes up the stack when a process dies; nothing of ours may take it for a failure of a step. */
    static final class Died extends Error {
        private static final long serialVersionUID = 1;
    }

    private Instance(EntenteClient client, Duration patience, Consumer<String> listener) {
        this.client = client;
        this.sagas = new Sagas(
                client,
                client.transactions(),
                new ChannelQuestions(client.branches()),
                SagaSettings.standard().withPatience(patience),
                (point, where) -> {
                    if (dead) {
                        throw new Died();
                    }
                    points.add(point + " " + where);
                    listener.accept(point + " " + where);
                });
    }

    static Instance start(EmbeddedCoordinator coordinator, Saga<?>... served) {
        return start(coordinator, Duration.ofSeconds(20), point -> {}, served);
    }

    static Instance start(
            EmbeddedCoordinator coordinator, Duration patience, Consumer<String> listener, Saga<?>... served) {
        EntenteClient client = EntenteClient.connect(ClientSettings.of(coordinator.address())
                .withApplicationId("travel")
                .withPatience(Duration.ofSeconds(2), Duration.ofSeconds(20)));
        Instance instance = new Instance(client, patience, listener);
        for (Saga<?> saga : served) {
            instance.sagas.serve(saga);
            instance.served.add(saga);
        }
        instance.sagas.awaitConnected(START);
        return instance;
    }

    EntenteClient client() {
        return client;
    }

    Sagas sagas() {
        return sagas;
    }

    /** The first saga this instance was started with. */
    @SuppressWarnings("unchecked")
    <I> Saga<I> served(Class<I> inputType) {
        assertThat(served.get(0).inputType()).isEqualTo(inputType);
        return (Saga<I>) served.get(0);
    }

    /** Where this instance came by. */
    List<String> points() {
        return points;
    }

    /** From here on the coordinator hears nothing of it, and it does nothing more that it would be told of. */
    void die() {
        dead = true;
        client.close();
        throw new Died();
    }

    @Override
    public void close() {
        sagas.close();
        client.close();
    }
}
