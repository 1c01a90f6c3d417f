package io.entente.tc;

import io.entente.protocol.transport.ServerTransport;
import io.entente.tc.coordinator.BackOff;
import io.entente.tc.coordinator.Coordinator;
import io.entente.tc.coordinator.CoordinatorObserver;
import io.entente.tc.coordinator.Leadership;
import io.entente.tc.coordinator.NotLeadingException;
import io.entente.tc.coordinator.SteadyClock;
import io.entente.tc.log.Cluster;
import io.entente.tc.log.LogGroup;
import io.entente.tc.log.LogStatistics;
import io.entente.tc.security.ClientGate;
import io.entente.tc.security.TokenWatch;
import io.entente.tc.session.RequestRouter;
import io.entente.tc.session.Sessions;
import io.entente.tc.webhook.Webhook;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running coordinator: log, state and network put together. The server is this plus HTTP. */
public final class TransactionCoordinator implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(TransactionCoordinator.class);

    private final LogGroup group;
    private final String address;
    private final boolean alone;
    private final Leadership leadership;
    private final Sessions sessions = new Sessions();
    private final Webhook webhook;
    private final TokenWatch tokenWatch;
    private volatile @Nullable ServerTransport transport;

    private TransactionCoordinator(
            CoordinatorSettings settings,
            @Nullable SharedLog shared,
            InstantSource clock,
            CoordinatorObserver observer,
            Consumer<Throwable> onFatal)
            throws IOException {
        settings.security().requireSafe(settings.host());
        this.webhook = new Webhook(settings.webhook());
        ClientGate gate = new ClientGate(settings.security());
        this.leadership = new Leadership(
                (log, onFailure) -> new Coordinator(
                        log,
                        sessions,
                        clock,
                        new BackOff(settings.retryFirstMillis(), settings.retryMostMillis(), new Random()),
                        settings.retryBudgetMillis(),
                        settings.snapshotMegabytes() * 1024L * 1024L,
                        settings.limits(),
                        observer,
                        webhook,
                        onFailure),
                observer,
                sessions,
                failure -> {
                    stopServing();
                    onFatal.accept(failure);
                });
        this.alone = shared == null;
        this.group =
                LogGroups.open(settings, shared, advertised(settings, shared, settings.port()), observer::onRejected);
        try {
            webhook.start(leadership::leading);
            group.start(leadership);
            this.transport = ServerTransport.start(
                    ServerTransport.Settings.on(settings.host(), settings.port(), settings.ioThreads())
                            .withUnreadBytes(settings.limits().unreadBytes())
                            .withTls(settings.security().tls()),
                    port -> new RequestRouter(
                            leadership,
                            sessions,
                            gate,
                            observer,
                            advertised(settings, shared, port) + ":",
                            settings.seataLockWaitMillis(),
                            RequestRouter.REGISTRATION_PATIENCE));
        } catch (IOException | RuntimeException e) {
            webhook.close();
            leadership.close();
            group.close();
            throw e;
        }
        this.address = advertised(settings, shared, port());
        this.tokenWatch = TokenWatch.of(List.of(gate.tokens()), () -> sessions.closeUnless(gate::stillAdmits));
    }

    /**
     * Recovers from the data directory and begins to serve.
     *
     * @throws UncheckedIOException when the port is taken; the message says which
     * @throws io.entente.tc.log.LogUnusableException when the data directory is damaged or in use
     * @throws io.entente.tc.security.InsecureListenerException when it would listen unprotected on more than loopback
     */
    public static TransactionCoordinator start(CoordinatorSettings settings) {
        return start(settings, new SteadyClock(), new CoordinatorObserver() {}, failure -> {});
    }

    /**
     * As {@link #start(CoordinatorSettings)}, for those who bring more.
     *
     * @param clock what it says is when things time out; {@link SteadyClock} for one that nobody sets
     * @param onFatal told when nothing can be acknowledged any more; has to see to it that the process ends
     */
    public static TransactionCoordinator start(
            CoordinatorSettings settings,
            InstantSource clock,
            CoordinatorObserver observer,
            Consumer<Throwable> onFatal) {
        return start(settings, null, clock, observer, onFatal);
    }

    /**
     * As {@link #start(CoordinatorSettings, InstantSource, CoordinatorObserver, Consumer)}, as one of several. May return
     * before anybody leads.
     *
     * @param shared null for a coordinator by itself
     * @throws IllegalArgumentException when {@code settings} and {@code shared} contradict each other
     */
    public static TransactionCoordinator start(
            CoordinatorSettings settings,
            @Nullable SharedLog shared,
            InstantSource clock,
            CoordinatorObserver observer,
            Consumer<Throwable> onFatal) {
        if (shared instanceof ClusterSettings cluster) {
            cluster.requireReachable(settings);
        }
        try {
            TransactionCoordinator started = new TransactionCoordinator(settings, shared, clock, observer, onFatal);
            log.info(
                    "Coordinator listens on {}:{} ({}), log in {}",
                    settings.host(),
                    started.port(),
                    settings.security().tls() == null ? "plain text" : "TLS",
                    shared instanceof DatabaseLogSettings database
                            ? database.location()
                            : settings.dataDirectory().toAbsolutePath().normalize());
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException(String.valueOf(e.getMessage()), e);
        }
    }

    private static String advertised(CoordinatorSettings settings, @Nullable SharedLog shared, int port) {
        @Nullable String configured = settings.advertisedAddress();
        if (configured != null) {
            return configured;
        }
        if (shared instanceof ClusterSettings cluster) {
            return cluster.self().address();
        }
        boolean everywhere =
                settings.host().equals("0.0.0.0") || settings.host().equals("::");
        if (!everywhere) {
            return settings.host() + ":" + port;
        }
        try {
            return InetAddress.getLocalHost().getHostAddress() + ":" + port;
        } catch (UnknownHostException e) {
            return "127.0.0.1:" + port;
        }
    }

    /** The RPC port. */
    public int port() {
        return Objects.requireNonNull(transport).port();
    }

    /** Clients that are cut off look for another coordinator; clients of a mute one wait. */
    private void stopServing() {
        ServerTransport serving = transport;
        if (serving != null) {
            // The caller may be a thread that the transport waits for.
            new Thread(serving::close, "entente-stop").start();
        }
    }

    /**
     * For looking at the state and for operators' commands, as long as this process leads; another one for each leadership.
     *
     * @throws NotLeadingException when this process does not lead
     */
    public Coordinator coordinator() {
        Coordinator leading = leadership.leading();
        if (leading == null) {
            throw new NotLeadingException(leadership.leader());
        }
        return leading;
    }

    /** Whether this process decides. Always true for one that shares its log with nobody. */
    public boolean leads() {
        return leadership.leading() != null;
    }

    /** What this process does in its group at the moment. */
    public Role role() {
        if (leads()) {
            return Role.LEADER;
        }
        return group.cluster() == null ? Role.STANDBY : Role.FOLLOWER;
    }

    /**
     * {@code host:port} where clients reach the coordinator that leads, this one or another; null while none is known to,
     * that is, while this process is not in contact with its group.
     */
    public @Nullable String leader() {
        return leads() ? address : leadership.leader();
    }

    public Sessions sessions() {
        return sessions;
    }

    public Webhook webhook() {
        return webhook;
    }

    /** The members; null without a cluster. */
    public @Nullable Cluster cluster() {
        return group.cluster();
    }

    /** Counters of the log since the start. */
    public LogStatistics logStatistics() {
        return group.statistics();
    }

    /**
     * Stops serving. What was acknowledged is on disk; what was not, the clients ask again. Where the log is shared,
     * another coordinator takes the lead at once.
     */
    @Override
    public void close() {
        webhook.close();
        tokenWatch.close();
        if (alone) {
            Objects.requireNonNull(transport).close();
            leadership.close();
            group.close();
        } else {
            group.close();
            leadership.close();
            Objects.requireNonNull(transport).close();
        }
    }
}
