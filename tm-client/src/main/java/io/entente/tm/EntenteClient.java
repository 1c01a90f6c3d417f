package io.entente.tm;

import io.entente.protocol.transport.ClientTransport;
import io.entente.protocol.transport.CoordinatorChannel;
import io.entente.protocol.transport.CoordinatorUnreachableException;
import io.entente.tm.branch.BranchChannel;
import java.time.InstantSource;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection of one process to its coordinator; one per process is enough.
 *
 * <pre>{@code
 * try (EntenteClient client = EntenteClient.connect(ClientSettings.of("127.0.0.1:8091"))) {
 *     client.transactions().execute("place order", () -> orders.place(order));
 * }
 * }</pre>
 *
 * <p>With Spring Boot it is a bean, made from {@code entente.*} properties.
 */
public final class EntenteClient implements AutoCloseable {

    /** The version of the Seata client whose behaviour on the wire this client shows. */
    public static final String PROTOCOL_VERSION = "2.6.0";

    private static final Logger log = LoggerFactory.getLogger(EntenteClient.class);

    private final ClientSettings settings;
    private final ClientTransport transport;
    private final ChannelCoordinator coordinator;
    private final BranchChannel branches;
    private final GlobalTransactionTemplate transactions;

    private EntenteClient(ClientSettings settings) {
        this.settings = settings;
        this.transport = new ClientTransport(settings.discovery(), settings.connectTimeout(), settings.security());
        InstantSource clock = new MonotonicClock();
        CoordinatorChannel channel = transport.open(new ChannelCoordinator.Role(settings));
        this.coordinator = new ChannelCoordinator(channel, settings.requestTimeout());
        this.branches = new BranchChannel(
                transport,
                new BranchChannel.Identity(settings.applicationId(), settings.transactionGroup(), PROTOCOL_VERSION),
                settings.requestTimeout(),
                clock);
        PatientCoordinator patient = new PatientCoordinator(
                coordinator, settings.requestTimeout(), settings.completionPatience(), clock, coordinator::pause);
        this.transactions = new GlobalTransactionTemplate(patient, settings.defaultTimeout(), clock, List.of());
        try {
            channel.awaitConnected(settings.startupWait());
        } catch (CoordinatorUnreachableException e) {
            started(e);
        }
    }

    private void started(CoordinatorUnreachableException failure) {
        if (settings.startup() == ClientSettings.Startup.FAIL) {
            close();
            throw new CoordinatorUnavailableException(String.valueOf(failure.getMessage()), failure);
        }
        log.warn(
                "Starting without a coordinator, as configured; global transactions fail to begin until one answers: {}",
                failure.getMessage());
    }

    /**
     * Connects to a coordinator.
     *
     * @throws CoordinatorUnavailableException when none answers within {@code settings.startupWait()} and
     *     {@code settings.startup()} is to fail
     */
    public static EntenteClient connect(ClientSettings settings) {
        return new EntenteClient(settings);
    }

    /** Runs work in global transactions. */
    public GlobalTransactionTemplate transactions() {
        return transactions;
    }

    /** What this client was made with. */
    public ClientSettings settings() {
        return settings;
    }

    /** This process as a resource manager: where branches are registered and phase two comes in. */
    public BranchChannel branches() {
        return branches;
    }

    /** Closes the connections; transactions under way fail with an unknown outcome. */
    @Override
    public void close() {
        branches.close();
        coordinator.close();
        transport.close();
    }
}
