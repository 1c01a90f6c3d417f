package io.entente.rm.branch;

import io.entente.protocol.BranchStatus;
import io.entente.protocol.BranchType;
import io.entente.protocol.Message;
import io.entente.protocol.TransactionError;
import io.entente.protocol.transport.ClientTransport;
import io.entente.protocol.transport.CoordinatorChannel;
import io.entente.protocol.transport.CoordinatorUnreachableException;
import io.entente.tm.EntenteClient;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The databases of this process at the coordinator: registers their branches, and commits and rolls them back in phase
 * two, also those of other instances of the same services that died.
 *
 * <p>Every request of the coordinator is answered, and none is worked on by the network thread. Thread-safe.
 */
public final class AtResources implements BranchCoordinator, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(AtResources.class);
    private static final String APPLICATION_HOLDS_TRANSACTION = "{\"autoCommit\":false}";
    private static final int REPORTS = 5;
    private static final Duration REGISTRATION_PAUSE = Duration.ofMillis(200);
    private static final Duration REPORT_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_SWEEP_PERIOD = Duration.ofHours(1);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(10);

    private final ClientTransport transport;
    private final AtResourcesSettings settings;
    private final Map<String, BranchResource> resources = new ConcurrentHashMap<>();
    private final Map<String, CompletableFuture<Void>> untold = new ConcurrentHashMap<>();
    private final UndoDeletions deletions = new UndoDeletions();
    private final BranchRollbacks rollbacks;
    private final DefenceRowSweep sweep;
    private final ScheduledThreadPoolExecutor later = new ScheduledThreadPoolExecutor(1, task -> {
        Thread thread = new Thread(task, "entente-rm-later");
        thread.setDaemon(true);
        return thread;
    });

    private @Nullable CoordinatorChannel channel;
    private boolean closed;

    AtResources(ClientTransport transport, AtResourcesSettings settings, InstantSource clock) {
        this.transport = transport;
        this.settings = settings;
        this.rollbacks = new BranchRollbacks(settings.rollbackThreads());
        this.sweep = new DefenceRowSweep(settings.defenceRowRetention(), clock);
        later.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        long period = Math.max(
                1,
                Math.min(
                        LONGEST_SWEEP_PERIOD.toMillis(),
                        settings.defenceRowRetention().toMillis() / 4));
        var unused = later.scheduleWithFixedDelay(
                () -> resources.values().forEach(sweep::sweep), period, period, TimeUnit.MILLISECONDS);
    }

    /** Takes part over the connections of a client; connects when the first resource comes. */
    public static AtResources of(EntenteClient client, AtResourcesSettings settings) {
        return new AtResources(client.transport(), settings, Clock.systemUTC());
    }

    // ---------------------------------------------------------------- what the JDBC side asks for

    @Override
    public void serve(BranchResource resource) {
        CoordinatorChannel open;
        synchronized (this) {
            if (closed || resources.putIfAbsent(resource.id(), resource) != null) {
                return;
            }
            open = channel;
            if (open == null) {
                // Its registration names every resource there is, now and after each reconnect.
                channel = transport.open(new Role());
                return;
            }
        }
        CompletableFuture<Void> told = new CompletableFuture<>();
        untold.put(resource.id(), told);
        registerAgain(open, resource.id(), told);
    }

    /** Until it is told of the resource, the coordinator would send its branches to others or to nobody. */
    private void registerAgain(CoordinatorChannel open, String resourceId, CompletableFuture<Void> told) {
        var unused = open.registerAgain(settings.requestTimeout()).whenComplete((answer, failure) -> {
            if (answer instanceof Message.RegisterRmResponse response && response.identified()) {
                untold.remove(resourceId);
                told.complete(null);
            } else if (!isClosed()) {
                if (open.isConnected()) {
                    log.warn("The coordinator did not take {}, telling it again: {}", resourceId, answer, failure);
                }
                after(REGISTRATION_PAUSE, () -> registerAgain(open, resourceId, told));
            }
        });
    }

    private void after(Duration pause, Runnable action) {
        var unused = later.schedule(action, pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * Waits for the coordinator to know the resources that were served before.
     *
     * @throws CoordinatorUnreachableException after {@code patience}; the message says what was tried
     */
    public void awaitConnected(Duration patience) {
        CoordinatorChannel open = channel();
        if (open == null) {
            return;
        }
        open.awaitConnected(patience);
        try {
            CompletableFuture.allOf(untold.values().toArray(CompletableFuture[]::new))
                    .get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw new CoordinatorUnreachableException(
                    "The coordinator did not take all of " + resources.keySet() + " within " + patience.toMillis()
                            + " ms",
                    false);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CoordinatorUnreachableException("interrupted while waiting for the coordinator", false);
        }
    }

    @Override
    public long register(String xid, String resourceId, String lockKey, boolean autoCommit) throws BranchException {
        Message.BranchRegisterRequest request = new Message.BranchRegisterRequest(
                xid, BranchType.AT, resourceId, lockKey, autoCommit ? "" : APPLICATION_HOLDS_TRANSACTION);
        Message.BranchRegisterResponse answer = call(request, Message.BranchRegisterResponse.class);
        Message.Result result = answer.result();
        if (result.success()) {
            return answer.branchId();
        }
        throw switch (result.error()) {
            case LOCK_KEY_CONFLICT -> new RowLockConflictException(result.message(), false);
            case LOCK_KEY_CONFLICT_FAIL_FAST -> new RowLockConflictException(result.message(), true);
            default -> new BranchRefusedException(result.error(), result.message());
        };
    }

    @Override
    public boolean lockable(String xid, String resourceId, String lockKey) throws BranchException {
        Message.GlobalLockQueryRequest request =
                new Message.GlobalLockQueryRequest(xid, BranchType.AT, resourceId, lockKey, "");
        Message.GlobalLockQueryResponse answer = call(request, Message.GlobalLockQueryResponse.class);
        Message.Result result = answer.result();
        if (result.success()) {
            return answer.lockable();
        }
        boolean held = result.error() == TransactionError.LOCK_KEY_CONFLICT
                || result.error() == TransactionError.LOCK_KEY_CONFLICT_FAIL_FAST;
        if (!held) {
            throw new BranchRefusedException(result.error(), result.message());
        }
        return false;
    }

    /** Waits for a connection if need be. Nothing is sent twice: the coordinator may have acted on what it got. */
    private <R extends Message.Response> R call(Message.Request request, Class<R> type) throws BranchException {
        CoordinatorChannel open = channel();
        if (open == null) {
            throw new CoordinatorSilentException(
                    "No connection: the resource is not served, or this process ends.", null);
        }
        try {
            if (!open.isConnected()) {
                open.awaitConnected(settings.requestTimeout());
            }
            return open.call(request, type, settings.requestTimeout());
        } catch (CoordinatorUnreachableException e) {
            throw new CoordinatorSilentException(String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public void reportPhaseOneFailed(String xid, long branchId, String resourceId) {
        Message.BranchReportRequest report = new Message.BranchReportRequest(
                xid, branchId, BranchStatus.PHASE_ONE_FAILED, resourceId, "", BranchType.AT);
        report(report, 1);
    }

    private void report(Message.BranchReportRequest report, int attempt) {
        CoordinatorChannel open = channel();
        if (open == null || isClosed()) {
            return;
        }
        var unused = open.request(report, settings.requestTimeout()).whenComplete((answer, failure) -> {
            if (failure == null) {
                return;
            }
            if (attempt >= REPORTS) {
                // Harmless: without an undo row, phase two finds nothing to do.
                log.warn(
                        "xid={} branchId={}: the failed phase one could not be reported",
                        report.xid(),
                        report.branchId());
                return;
            }
            if (!isClosed()) {
                after(REPORT_PAUSE, () -> report(report, attempt + 1));
            }
        });
    }

    private synchronized @Nullable CoordinatorChannel channel() {
        return channel;
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    // ---------------------------------------------------------------- what the coordinator asks for

    private void received(Message message, CoordinatorChannel.Answer answer) {
        if (message instanceof Message.BranchCommitRequest request) {
            commit(request, answer);
        } else if (message instanceof Message.BranchRollbackRequest request) {
            rollBack(request, answer);
        } else if (message instanceof Message.UndoLogDeleteRequest request) {
            // Of an old coordinator that cleans up by age; the retention configured here is what counts.
            BranchResource resource = resources.get(request.resourceId());
            if (resource != null && !isClosed()) {
                later.execute(() -> sweep.sweep(resource));
            }
        } else {
            log.warn("The coordinator sent {}, which is nothing for a resource manager; ignored", message);
        }
    }

    private void commit(Message.BranchCommitRequest request, CoordinatorChannel.Answer answer) {
        BranchResource resource = resources.get(request.resourceId());
        if (resource == null) {
            log.error(
                    "xid={} branchId={}: asked to commit at {}, but this process serves {}",
                    request.xid(),
                    request.branchId(),
                    request.resourceId(),
                    resources.keySet());
            PhaseTwoAnswer.commit(request, answer)
                    .send(
                            BranchStatus.PHASE_TWO_COMMIT_FAILED_RETRYABLE,
                            "resource " + request.resourceId() + " is not served here");
            return;
        }
        deletions.delete(resource, PhaseTwoAnswer.commit(request, answer));
    }

    private void rollBack(Message.BranchRollbackRequest request, CoordinatorChannel.Answer answer) {
        BranchResource resource = resources.get(request.resourceId());
        if (resource == null) {
            log.error(
                    "xid={} branchId={}: asked to roll back at {}, but this process serves {}",
                    request.xid(),
                    request.branchId(),
                    request.resourceId(),
                    resources.keySet());
            PhaseTwoAnswer.rollback(request, answer)
                    .send(
                            BranchStatus.PHASE_TWO_ROLLBACK_FAILED_RETRYABLE,
                            "resource " + request.resourceId() + " is not served here");
            return;
        }
        rollbacks.rollBack(resource, PhaseTwoAnswer.rollback(request, answer));
    }

    /** Introduces this process as a resource manager. */
    private final class Role implements CoordinatorChannel.Role {

        @Override
        public Message.Request registration() {
            return new Message.RegisterRmRequest(
                    EntenteClient.PROTOCOL_VERSION,
                    settings.applicationId(),
                    settings.transactionGroup(),
                    "",
                    new TreeMap<>(resources).keySet().stream().toList());
        }

        @Override
        public void received(Message message, CoordinatorChannel.Answer answer) {
            AtResources.this.received(message, answer);
        }

        @Override
        public String toString() {
            return "resource manager of " + settings.applicationId() + " for " + new TreeMap<>(resources).keySet();
        }
    }

    /**
     * Ends what is under way, answers it and leaves. Requests that come in meanwhile are answered as to be sent again,
     * so that another instance gets them.
     */
    @Override
    public void close() {
        CoordinatorChannel open;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            open = channel;
        }
        later.shutdown();
        deletions.close(CLOSE_PATIENCE);
        rollbacks.close(CLOSE_PATIENCE);
        if (open != null) {
            open.close();
        }
    }
}
