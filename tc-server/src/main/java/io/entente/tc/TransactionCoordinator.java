package io.entente.tc;

import io.entente.protocol.transport.ServerTransport;
import io.entente.tc.coordinator.Coordinator;
import io.entente.tc.coordinator.CoordinatorObserver;
import io.entente.tc.coordinator.Limits;
import io.entente.tc.coordinator.NotLeadingException;
import io.entente.tc.coordinator.SteadyClock;
import io.entente.tc.log.Cluster;
import io.entente.tc.log.LogGroup;
import io.entente.tc.log.LogStatistics;
import io.entente.tc.security.ClientGate;
import io.entente.tc.security.TokenWatch;
import io.entente.tc.session.RequestRouter;
import io.entente.tc.session.ServedGroup;
import io.entente.tc.session.ServedGroups;
import io.entente.tc.session.Sessions;
import io.entente.tc.webhook.Webhook;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running coordinator: log, state and network put together. The server is this plus HTTP. */
public final class TransactionCoordinator implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(TransactionCoordinator.class);

    private final List<CoordinatorGroup> groups;
    private final String address;
    private final boolean alone;
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
        ClientGate gate = new ClientGate(settings.security());
        this.alone = shared == null;
        Map<String, LogGroup> logs =
                LogGroups.open(settings, shared, advertised(settings, shared, settings.port()), observer::onRejected);
        Limits limits = settings.limits().sharedBy(logs.size());
        this.groups = logs.entrySet().stream()
                .map(each -> new CoordinatorGroup(
                        each.getKey(),
                        each.getValue(),
                        settings,
                        limits,
                        clock,
                        logs.size() == 1 ? observer : observer.ofGroup(each.getKey()),
                        failure -> {
                            stopServing();
                            onFatal.accept(failure);
                        }))
                .toList();
        try {
            groups.forEach(CoordinatorGroup::start);
            this.transport = ServerTransport.start(
                    ServerTransport.Settings.on(settings.host(), settings.port(), settings.ioThreads())
                            .withUnreadBytes(settings.limits().unreadBytes())
                            .withTls(settings.security().tls()),
                    port -> new RequestRouter(
                            served(shared),
                            gate,
                            observer,
                            advertised(settings, shared, port) + ":",
                            settings.seataLockWaitMillis(),
                            RequestRouter.REGISTRATION_PATIENCE));
        } catch (IOException | RuntimeException e) {
            groups.forEach(group -> group.close(false));
            throw e;
        }
        this.address = advertised(settings, shared, port());
        this.tokenWatch = TokenWatch.of(
                List.of(gate.tokens()),
                () -> groups.forEach(group -> group.sessions().closeUnless(gate::stillAdmits)));
    }

    private ServedGroups served(@Nullable SharedLog shared) {
        Map<String, ServedGroup> byService = new HashMap<>();
        if (shared instanceof ClusterSettings cluster) {
            cluster.groups()
                    .named()
                    .forEach((name, services) -> services.forEach(
                            service -> byService.put(service, group(name).served())));
        }
        return new ServedGroups(groups.get(0).served(), byService);
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

    /** Those that this process is a member of; the default one first. */
    public List<CoordinatorGroup> groups() {
        return groups;
    }

    /** @throws IllegalArgumentException when there is none of this name; says which there are */
    public CoordinatorGroup group(String name) {
        return groups.stream()
                .filter(group -> group.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no group '" + name + "'; there are "
                        + groups.stream().map(CoordinatorGroup::name).toList()));
    }

    /** The group that knows the transaction with this number, if any does. */
    public CoordinatorGroup groupOf(long transactionId) {
        return groups.stream()
                .filter(group -> group.gives(transactionId))
                .findFirst()
                .orElse(groups.get(0));
    }

    /**
     * That of the default group.
     *
     * @throws NotLeadingException when this process does not lead
     */
    public Coordinator coordinator() {
        return groups.get(0).coordinator();
    }

    /** Whether this process decides in the default group. Always true for one that shares its log with nobody. */
    public boolean leads() {
        return groups.get(0).leads();
    }

    /** What this process does in the default group at the moment. */
    public Role role() {
        if (leads()) {
            return Role.LEADER;
        }
        return cluster() == null ? Role.STANDBY : Role.FOLLOWER;
    }

    /**
     * {@code host:port} where clients of the default group reach the coordinator that leads, this one or another; null while none
     * is known to, that is, while this process is not in contact with its group. Null also as long as that is so for another of
     * its groups.
     */
    public @Nullable String leader() {
        String leader = null;
        for (CoordinatorGroup group : groups) {
            String known = group.leads() ? address : group.served().leadership().leader();
            if (known == null) {
                return null;
            }
            leader = leader == null ? known : leader;
        }
        return leader;
    }

    /** The clients of the default group. */
    public Sessions sessions() {
        return groups.get(0).sessions();
    }

    /** That of the default group. */
    public Webhook webhook() {
        return groups.get(0).webhook();
    }

    /** The members of the default group; null without a cluster. */
    public @Nullable Cluster cluster() {
        return groups.get(0).cluster();
    }

    /** Counters of the log of the default group since the start. */
    public LogStatistics logStatistics() {
        return groups.get(0).logStatistics();
    }

    /**
     * Stops serving. What was acknowledged is on disk; what was not, the clients ask again. Where the log is shared,
     * another coordinator takes the lead at once.
     */
    @Override
    public void close() {
        tokenWatch.close();
        if (alone) {
            Objects.requireNonNull(transport).close();
            groups.forEach(group -> group.close(false));
        } else {
            groups.forEach(group -> group.close(true));
            Objects.requireNonNull(transport).close();
        }
    }
}
