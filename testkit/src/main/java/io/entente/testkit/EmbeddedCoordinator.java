package io.entente.testkit;

import io.entente.tc.CoordinatorSettings;
import io.entente.tc.TransactionCoordinator;
import io.entente.tc.coordinator.CoordinatorObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A real coordinator in this JVM: it listens on a free port of the loopback interface and keeps its data in a temporary
 * directory until it is closed.
 *
 * <pre>{@code
 * try (EmbeddedCoordinator coordinator = EmbeddedCoordinator.start()) {
 *     // entente.server = coordinator.address()
 * }
 * }</pre>
 *
 * <p>All methods may be called from any thread.
 */
public final class EmbeddedCoordinator implements AutoCloseable {

    /**
     * Below the ports that systems give to outgoing connections. A client that keeps connecting to a port of that range
     * while nobody listens can meet itself there, and the coordinator would not get its port back.
     */
    private static final int FIRST_PORT = 20_000;

    private static final int PORTS = 12_000;
    private static final int ATTEMPTS = 50;

    private final TestClock clock = new TestClock();
    private final TemporaryDirectory directory = TemporaryDirectory.create("entente-coordinator-");
    private final CoordinatorSettings settings;
    private @Nullable TransactionCoordinator running;
    private volatile @Nullable Throwable failure;
    private boolean closed;

    private EmbeddedCoordinator(UnaryOperator<CoordinatorSettings> adjustment) {
        try {
            settings = adjustment.apply(
                    CoordinatorSettings.in(directory.path().resolve("data")).withPort(freePort()));
            running = launch();
        } catch (RuntimeException e) {
            directory.close();
            throw e;
        }
    }

    /** Starts a coordinator that has no transactions yet. */
    public static EmbeddedCoordinator start() {
        return start(UnaryOperator.identity());
    }

    /**
     * Starts a coordinator that differs from the usual one.
     *
     * @param adjustment gets the settings of {@link #start()} and returns those to use; a port of 0 is not possible, as the
     *     address has to stay the same after a restart
     */
    public static EmbeddedCoordinator start(UnaryOperator<CoordinatorSettings> adjustment) {
        return new EmbeddedCoordinator(adjustment);
    }

    private TransactionCoordinator launch() {
        if (settings.port() == 0) {
            throw new IllegalArgumentException(
                    "The embedded coordinator needs a port of its own choice or a fixed one, because its address has to stay"
                            + " the same after a restart: do not set port 0.");
        }
        return TransactionCoordinator.start(settings, clock, new CoordinatorObserver() {}, fatal -> failure = fatal);
    }

    /** {@code host:port}, the value for {@code entente.server}; stays the same for the whole life. */
    public String address() {
        return settings.host() + ":" + settings.port();
    }

    public int port() {
        return settings.port();
    }

    /** Where the data is until {@link #close}. */
    Path dataDirectory() {
        return directory.path();
    }

    /** Stops and starts again with what is on disk, on the same address: what clients have open is interrupted. */
    public synchronized void restart() {
        stop();
        startAgain();
    }

    /** Ends the coordinator but keeps its data: nobody listens until {@link #startAgain}. */
    public synchronized void stop() {
        requireNotClosed();
        TransactionCoordinator coordinator = running;
        if (coordinator != null) {
            running = null;
            coordinator.close();
        }
    }

    /** Recovers from the data and listens again; does nothing when it runs. */
    public synchronized void startAgain() {
        requireNotClosed();
        if (running == null) {
            running = launch();
        }
    }

    /** For looking inside, and for operators' commands. Another one after each restart. */
    public synchronized TransactionCoordinator coordinator() {
        requireNotClosed();
        TransactionCoordinator coordinator = running;
        if (coordinator == null) {
            throw new IllegalStateException("The embedded coordinator is stopped: call startAgain first.");
        }
        return coordinator;
    }

    /** Lets the coordinator believe that so much time has passed: timeouts and retries that fall into it are due. */
    public synchronized void advanceTime(Duration duration) {
        clock.advance(duration);
        TransactionCoordinator coordinator = running;
        if (coordinator != null) {
            // Whatever it is asked wakes it up, so that it looks at its clock.
            CompletableFuture<Long> seen =
                    coordinator.coordinator().ask(view -> view.now()).orTimeout(30, TimeUnit.SECONDS);
            seen.join();
        }
    }

    /**
     * Ends the coordinator and deletes its data. A second call does nothing.
     *
     * @throws IllegalStateException when the coordinator had failed by itself: the test has proven nothing
     */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        stop();
        closed = true;
        directory.close();
        if (failure != null) {
            throw new IllegalStateException("The embedded coordinator failed while the test ran", failure);
        }
    }

    private void requireNotClosed() {
        if (closed) {
            throw new IllegalStateException(
                    "The embedded coordinator is closed and its data deleted: start a new one.");
        }
    }

    private static int freePort() {
        Random random = new Random();
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int port = FIRST_PORT + random.nextInt(PORTS);
            try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return probe.getLocalPort();
            } catch (IOException e) {
                // taken by somebody: the next one
            }
        }
        throw new IllegalStateException("No free port was found between " + FIRST_PORT + " and "
                + (FIRST_PORT + PORTS - 1) + " in " + ATTEMPTS + " attempts.");
    }
}
