package io.entente.tc.coordinator;

import static org.awaitility.Awaitility.await;

import io.entente.protocol.Resolution;
import io.entente.tc.CoordinatorSettings;
import io.entente.tc.SharedLog;
import io.entente.tc.TransactionCoordinator;
import io.entente.tc.transaction.Command;
import io.entente.tc.transaction.Fact;
import io.entente.tc.transaction.Phase;
import io.entente.tc.transaction.TransactionState;
import io.entente.tc.transaction.Transactions;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A coordinator on a free port with its clients; closing it closes them too. */
public final class CoordinatorUnderTest implements AutoCloseable {
    private final TransactionCoordinator coordinator;
    private final AtomicReference<@Nullable Throwable> fatal = new AtomicReference<>();
    private final Deque<TestClient> clients = new ArrayDeque<>();

    private CoordinatorUnderTest(CoordinatorSettings settings, @Nullable SharedLog shared, InstantSource clock) {
        this.coordinator =
                TransactionCoordinator.start(settings, shared, clock, new CoordinatorObserver() {}, fatal::set);
    }

    public static CoordinatorUnderTest start(Path directory) {
        return start(directory, InstantSource.system());
    }

    public static CoordinatorUnderTest start(Path directory, InstantSource clock) {
        // With a steered clock, nobody would ever have waited long enough.
        return start(CoordinatorSettings.in(directory).withPort(0).withSeataLockWaitMillis(0), clock);
    }

    public static CoordinatorUnderTest start(CoordinatorSettings settings, InstantSource clock) {
        return new CoordinatorUnderTest(settings, null, clock);
    }

    /** One that shares its log; returns when it leads. */
    public static CoordinatorUnderTest leading(CoordinatorSettings settings, SharedLog shared) {
        CoordinatorUnderTest started = new CoordinatorUnderTest(settings, shared, InstantSource.system());
        await().until(started.coordinator::leads);
        return started;
    }

    public TestClient client(String applicationId, String... resourceIds) {
        return added(TestClient.connect(coordinator.port(), applicationId, resourceIds));
    }

    /** A client that says nothing by itself in phase two. */
    public TestClient silentClient(String applicationId, String... resourceIds) {
        return added(TestClient.connectSilent(coordinator.port(), applicationId, resourceIds));
    }

    /** A client that says nothing by itself in phase two, and announces our extension of the protocol. */
    public TestClient extendedClient(String applicationId, String... resourceIds) {
        return added(TestClient.connectExtended(coordinator.port(), applicationId, resourceIds));
    }

    private TestClient added(TestClient client) {
        clients.push(client);
        return client;
    }

    public int port() {
        return coordinator.port();
    }

    public TransactionCoordinator running() {
        return coordinator;
    }

    /** What stopped the coordinator's thread, null while it runs. */
    public @Nullable Throwable fatal() {
        return fatal.get();
    }

    public <T> T look(Function<TransactionState, T> question) {
        return coordinator
                .coordinator()
                .ask(view -> question.apply(view.state()))
                .join();
    }

    public int locks() {
        return look(state -> state.locks().size());
    }

    public int open() {
        return look(state -> state.transactions().size());
    }

    public int needingAttention() {
        return look(TransactionState::needingAttention);
    }

    /** Why the transaction needs attention; null when it does not. */
    public Fact.@Nullable BranchStuck stuck(String xid) {
        return look(state -> state.transaction(Transactions.idOf(xid)).stuck().stream()
                .findFirst()
                .orElse(null));
    }

    /** Where the transaction stands, whether it has ended or not; null when it is unknown. */
    public @Nullable Phase phase(String xid) {
        long id = Transactions.idOf(xid);
        return look(state -> {
            var transaction = state.transaction(id);
            return transaction == null ? state.outcome(id) : transaction.phase();
        });
    }

    /** Failed tries in phase two of a branch. */
    public int failures(long branchId) {
        return coordinator.coordinator().ask(view -> view.failures(branchId)).join();
    }

    /** Why the last try of a branch failed; null when none did. */
    public @Nullable String lastFailure(long branchId) {
        return coordinator.coordinator().ask(view -> view.lastFailure(branchId)).join();
    }

    public void retry(String xid) {
        coordinator.coordinator().submit(new Command.Resolve(xid, null, Resolution.RETRY, ""));
    }

    @Override
    public void close() {
        clients.forEach(TestClient::close);
        coordinator.close();
    }
}
