package io.entente.tc.cluster;

import static org.awaitility.Awaitility.await;

import io.entente.protocol.transport.ServerAddress;
import io.entente.tc.ClusterSettings;
import io.entente.tc.CoordinatorSettings;
import io.entente.tc.Groups;
import io.entente.tc.TransactionCoordinator;
import io.entente.tc.coordinator.CoordinatorObserver;
import io.entente.tc.coordinator.IdSpace;
import io.entente.tc.coordinator.TestClient;
import io.entente.tc.log.ClusterMember;
import io.entente.tc.log.FreeMembers;
import io.entente.tc.transaction.TransactionState;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Several coordinators in this process that form a cluster, and their clients. */
final class ClusterUnderTest implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(30);
    static final int ELECTION_TIMEOUT_MILLIS = 300;
    private static final int STEADY_ELECTION_TIMEOUT_MILLIS = 5_000;

    private final Path directory;
    private final List<ClusterMember> founders;
    private final Map<ClusterMember, TransactionCoordinator> running = new HashMap<>();
    private final Deque<TestClient> clients = new ArrayDeque<>();
    private final AtomicReference<@Nullable Throwable> fatal = new AtomicReference<>();

    private final UnaryOperator<CoordinatorSettings> adjustment;

    private final Groups groups;
    private final int electionTimeoutMillis;

    private ClusterUnderTest(
            Path directory,
            int members,
            UnaryOperator<CoordinatorSettings> adjustment,
            Groups groups,
            int electionTimeoutMillis) {
        this.electionTimeoutMillis = electionTimeoutMillis;
        this.directory = directory;
        this.groups = groups;
        this.adjustment = adjustment;
        this.founders = FreeMembers.addresses(members);
    }

    static ClusterUnderTest start(Path directory) {
        return start(directory, UnaryOperator.identity());
    }

    static ClusterUnderTest start(Path directory, UnaryOperator<CoordinatorSettings> adjustment) {
        return start(new ClusterUnderTest(directory, 3, adjustment, Groups.NONE, ELECTION_TIMEOUT_MILLIS));
    }

    /** In which the lead does not change by itself, also on a machine that has too much to do. */
    static ClusterUnderTest startSteady(Path directory, UnaryOperator<CoordinatorSettings> adjustment, Groups groups) {
        return start(new ClusterUnderTest(directory, 3, adjustment, groups, STEADY_ELECTION_TIMEOUT_MILLIS));
    }

    private static ClusterUnderTest start(ClusterUnderTest cluster) {
        cluster.founders.forEach(cluster::start);
        return cluster;
    }

    TransactionCoordinator start(ClusterMember member) {
        CoordinatorSettings settings =
                adjustment.apply(CoordinatorSettings.in(directory.resolve(String.valueOf(member.port())))
                        .withPort(member.port()));
        TransactionCoordinator coordinator = TransactionCoordinator.start(
                settings,
                new ClusterSettings(member, founders, electionTimeoutMillis).withGroups(groups),
                InstantSource.system(),
                new CoordinatorObserver() {},
                fatal::set);
        running.put(member, coordinator);
        return coordinator;
    }

    void stop(ClusterMember member) {
        TransactionCoordinator stopping = running.remove(member);
        if (stopping != null) {
            stopping.close();
        }
    }

    List<ClusterMember> founders() {
        return founders;
    }

    Map<ClusterMember, TransactionCoordinator> running() {
        return running;
    }

    /** Whoever leads the default group, for which this waits. */
    ClusterMember leader() {
        return leader(IdSpace.DEFAULT_GROUP);
    }

    ClusterMember leader(String group) {
        return await().atMost(PATIENCE)
                .until(
                        () -> running.entrySet().stream()
                                .filter(each -> each.getValue().group(group).leads())
                                .map(Map.Entry::getKey)
                                .findFirst()
                                .orElse(null),
                        found -> found != null);
    }

    ClusterMember follower() {
        return follower(IdSpace.DEFAULT_GROUP);
    }

    ClusterMember follower(String group) {
        ClusterMember leader = leader(group);
        return running.keySet().stream()
                .filter(member -> !member.equals(leader))
                .findFirst()
                .orElseThrow();
    }

    TransactionCoordinator at(ClusterMember member) {
        TransactionCoordinator coordinator = running.get(member);
        if (coordinator == null) {
            throw new IllegalStateException(member + " does not run");
        }
        return coordinator;
    }

    void passLeadTo(ClusterMember next) throws Exception {
        passLeadTo(IdSpace.DEFAULT_GROUP, next);
    }

    void passLeadTo(String group, ClusterMember next) throws Exception {
        at(leader(group)).group(group).cluster().transferLead(next).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        await().atMost(PATIENCE).until(() -> leader(group).equals(next));
    }

    <T> T look(Function<TransactionState, T> question) {
        return at(leader())
                .coordinator()
                .ask(view -> question.apply(view.state()))
                .join();
    }

    static ServerAddress address(ClusterMember member) {
        return new ServerAddress(member.host(), member.port());
    }

    List<ServerAddress> addresses() {
        return founders.stream().map(ClusterUnderTest::address).toList();
    }

    /** One of ours, that knows only {@code servers}. */
    TestClient client(List<ServerAddress> servers, String applicationId, String... resourceIds) {
        TestClient client = TestClient.connectToCluster(servers, applicationId, resourceIds);
        clients.push(client);
        return client;
    }

    /** One of ours, of this transaction service group. */
    TestClient clientOf(String serviceGroup, String applicationId, String... resourceIds) {
        TestClient client = TestClient.connectToGroup(addresses(), serviceGroup, applicationId, resourceIds);
        clients.push(client);
        return client;
    }

    TestClient client(String applicationId, String... resourceIds) {
        return client(addresses(), applicationId, resourceIds);
    }

    /** One that behaves as Seata's. */
    TestClient seataClient(ClusterMember member, String applicationId, String... resourceIds) {
        TestClient client = TestClient.connect(member.port(), applicationId, resourceIds);
        clients.push(client);
        return client;
    }

    @Nullable
    Throwable fatal() {
        return fatal.get();
    }

    @Override
    public void close() {
        clients.forEach(TestClient::close);
        List.copyOf(running.keySet()).forEach(this::stop);
    }
}
