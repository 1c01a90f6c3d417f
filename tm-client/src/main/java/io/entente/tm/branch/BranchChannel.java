package io.entente.tm.branch;

import io.entente.protocol.BranchStatus;
import io.entente.protocol.BranchType;
import io.entente.protocol.EntenteExtension;
import io.entente.protocol.GlobalStatus;
import io.entente.protocol.Message;
import io.entente.protocol.RowLockWait;
import io.entente.protocol.TransactionError;
import io.entente.protocol.transport.ClientTransport;
import io.entente.protocol.transport.CoordinatorChannel;
import io.entente.protocol.transport.CoordinatorUnreachableException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
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
 * This process as a resource manager at the coordinator, for all modes: registers branches, and hands phase two to the
 * {@link BranchResource}s, also for branches of other instances of the application that died. Thread-safe.
 */
public final class BranchChannel implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(BranchChannel.class);
    private static final int REPORTS = 5;

    private static final Duration REGISTRATION_PAUSE = Duration.ofMillis(200);
    private static final Duration REPORT_PAUSE = Duration.ofSeconds(1);
    /** The coordinator counts on an answer within 15 s of the last sign of work. */
    private static final Duration AT_WORK_PAUSE = Duration.ofSeconds(5);

    private final ClientTransport transport;
    private final Identity identity;
    private final Duration requestTimeout;
    private final Map<ResourceKey, BranchResource> resources = new ConcurrentHashMap<>();
    private final Map<ResourceKey, CompletableFuture<Void>> untold = new ConcurrentHashMap<>();
    /** Those known to this process, by the address part of their XIDs. */
    private final Set<String> coordinators = ConcurrentHashMap.newKeySet();

    private final WorkInHand workInHand = new WorkInHand();
    private final ScheduledThreadPoolExecutor later = new ScheduledThreadPoolExecutor(1, task -> {
        Thread thread = new Thread(task, "entente-rm-later");
        thread.setDaemon(true);
        return thread;
    });

    private final BranchCalls calls;

    private @Nullable CoordinatorChannel channel;
    private boolean closed;

    /**
     * How this process introduces itself.
     *
     * @param applicationId name of this application; its instances carry on for each other
     * @param transactionGroup group of applications that share coordinators
     * @param version the protocol version to claim
     */
    public record Identity(String applicationId, String transactionGroup, String version) {}

    private record ResourceKey(BranchType type, String id) {}

    /**
     * Connects when the first resource comes.
     *
     * @param requestTimeout longest wait for one answer, and before that for a connection
     * @param clock for measuring how long something has been tried; one that nobody sets
     */
    public BranchChannel(ClientTransport transport, Identity identity, Duration requestTimeout, InstantSource clock) {
        this.transport = transport;
        this.identity = identity;
        this.requestTimeout = requestTimeout;
        this.calls = new BranchCalls(this::channel, requestTimeout, clock);
        later.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /**
     * Makes this process answer phase two for the resource; must come before its first branch. The first one served
     * under a type and id stays.
     *
     * @throws IllegalArgumentException when the id is blank or contains a comma
     */
    public void serve(BranchResource resource) {
        requireUsable(resource.id());
        ResourceKey key = new ResourceKey(resource.type(), resource.id());
        CoordinatorChannel open;
        synchronized (this) {
            if (closed || resources.putIfAbsent(key, resource) != null) {
                return;
            }
            open = channel;
            if (open == null) {
                // Its registration names every resource there is, now and after each reconnect.
                CoordinatorChannel opened = transport.open(new Role());
                channel = opened;
                var unused = later.scheduleWithFixedDelay(
                        () -> tellWorkInHand(opened),
                        AT_WORK_PAUSE.toMillis(),
                        AT_WORK_PAUSE.toMillis(),
                        TimeUnit.MILLISECONDS);
                return;
            }
        }
        CompletableFuture<Void> told = new CompletableFuture<>();
        untold.put(key, told);
        registerAgain(open, key, told);
    }

    private static void requireUsable(String resourceId) {
        if (resourceId.isBlank() || resourceId.contains(",")) {
            throw new IllegalArgumentException("The resource id '" + resourceId
                    + "' is blank or contains a comma, which separates ids on the" + " wire. Choose a name without.");
        }
    }

    /** Until it is told of the resource, the coordinator would send its branches to others or to nobody. */
    private void registerAgain(CoordinatorChannel open, ResourceKey key, CompletableFuture<Void> told) {
        var unused = open.registerAgain(requestTimeout).whenComplete((answer, failure) -> {
            if (answer instanceof Message.RegisterRmResponse response && response.identified()) {
                untold.remove(key);
                told.complete(null);
            } else if (!isClosed()) {
                if (open.isConnected()) {
                    log.warn("The coordinator did not take {}, telling it again: {}", key, answer, failure);
                }
                after(REGISTRATION_PAUSE, () -> registerAgain(open, key, told));
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

    /**
     * Registers a branch; it is durable at the coordinator when this returns.
     *
     * @return the branch id
     * @throws RowLockConflictException another global transaction holds one of the rows
     * @throws BranchRefusedException the global transaction is unknown, not active any more, or the coordinator cannot
     *     take the branch for another reason
     * @throws CoordinatorSilentException no answer in time: the branch may or may not be registered
     */
    public long register(BranchRegistration branch) throws BranchException {
        return call(request(branch), Message.BranchRegisterResponse.class).branchId();
    }

    /**
     * As {@link #register(BranchRegistration)}, for a branch whose application data tells how long to wait for its row
     * locks. When the wait was ended, and the branch is registered all the same, it is reported as failed.
     *
     * @param wait how much longer than others the answer may take
     * @param withdrawn completes when nobody wants to wait any longer; an interrupt of this thread ends the wait as well
     * @throws WaitWithdrawnException the wait was ended
     */
    public long register(BranchRegistration branch, Duration wait, CompletableFuture<?> withdrawn)
            throws BranchException {
        return calls.callUntil(request(branch), Message.BranchRegisterResponse.class, wait, withdrawn, late -> {
                    if (late.result().success()) {
                        reportLater(branch, late.branchId(), BranchStatus.PHASE_ONE_FAILED);
                    }
                })
                .branchId();
    }

    private Message.BranchRegisterRequest request(BranchRegistration branch) throws BranchRefusedException {
        coordinators.add(coordinatorOf(branch.xid()));
        return branch.request();
    }

    /**
     * Checks that no other global transaction holds any of these rows. Takes no lock.
     *
     * @param xid empty outside of global transactions
     * @param wait how long the coordinator may wait until they are free
     * @param withdrawn as for {@link #register(BranchRegistration, Duration, CompletableFuture)}
     * @throws RowLockConflictException another global transaction holds one of the rows
     * @throws BranchRefusedException the coordinator cannot tell
     * @throws CoordinatorSilentException no answer in time
     * @throws WaitWithdrawnException the wait was ended
     */
    public void requireUnlocked(
            String xid, String resourceId, String lockKey, RowLockWait wait, CompletableFuture<?> withdrawn)
            throws BranchException {
        Message.GlobalLockQueryRequest request =
                new Message.GlobalLockQueryRequest(xid, BranchType.AT, resourceId, lockKey, wait.text());
        Message.GlobalLockQueryResponse answer =
                calls.callUntil(request, Message.GlobalLockQueryResponse.class, wait.duration(), withdrawn, late -> {});
        if (!answer.lockable()) {
            // Seata's servers say no more.
            throw new RowLockConflictException("another global transaction holds one of the rows " + lockKey, false);
        }
    }

    /**
     * Whether what a query has read is committed.
     *
     * @param wait how long the coordinator may wait until it is
     * @param withdrawn as for {@link #register(BranchRegistration, Duration, CompletableFuture)}
     * @throws RowLockConflictException it may be what an undecided global transaction has written
     * @throws BranchRefusedException the coordinator cannot tell
     * @throws CoordinatorSilentException no answer in time
     * @throws WaitWithdrawnException the wait was ended
     */
    public Message.ReadCheckResponse checkRead(Message.ReadCheck request, Duration wait, CompletableFuture<?> withdrawn)
            throws BranchException {
        if (!understandsEntente()) {
            throw new BranchRefusedException(
                    TransactionError.LOCKABLE_CHECK_FAILED,
                    "the isolation is READ_COMMITTED, and the coordinator, which is one of Seata, cannot tell what is"
                            + " committed. Let entente.server name a coordinator of Entente, or leave the isolation out and"
                            + " read with SELECT … FOR UPDATE");
        }
        return calls.callUntil(request, Message.ReadCheckResponse.class, wait, withdrawn, late -> {});
    }

    /**
     * Where a global transaction stands: {@code FINISHED} when the coordinator does not know it, or not any more.
     *
     * @throws BranchRefusedException the coordinator cannot tell
     * @throws CoordinatorSilentException no answer in time
     */
    public GlobalStatus status(String xid) throws BranchException {
        return call(new Message.GlobalStatusRequest(xid, ""), Message.GlobalStatusResponse.class)
                .status();
    }

    /**
     * Whether the coordinator answers {@link #query}; that of Seata does not.
     *
     * @throws CoordinatorSilentException no connection in time
     */
    public boolean understandsEntente() throws BranchException {
        return calls.connected().understandsEntente();
    }

    /**
     * Whether the coordinator, which may have gone since it asked, is known to roll back the later branches of a resource
     * before the earlier ones; that of Seata 2.0 goes forward. Does not block.
     */
    public boolean rollsBackInReverse() {
        CoordinatorChannel open = channel();
        return open != null && open.lastUnderstoodEntente();
    }

    /**
     * How far a global transaction is, branch by branch.
     *
     * @throws BranchRefusedException the coordinator cannot tell, or does not understand the question
     * @throws CoordinatorSilentException no answer in time
     */
    public Message.TransactionQueryResponse query(String xid) throws BranchException {
        return call(new Message.TransactionQuery(xid), Message.TransactionQueryResponse.class);
    }

    /**
     * Whether a global transaction has ended, so that nobody will ask for phase two of its branches any more. False for
     * XIDs of coordinators that this process has not worked with: to another one they mean nothing.
     *
     * @throws BranchRefusedException the coordinator cannot tell
     * @throws CoordinatorSilentException no answer in time
     */
    public boolean isOver(String xid) throws BranchException {
        return knowsCoordinatorOf(xid)
                && switch (status(xid)) {
                    case FINISHED, COMMITTED, ROLLED_BACK, TIMEOUT_ROLLED_BACK -> true;
                    default -> false;
                };
    }

    /**
     * Whether the XID was given out by a coordinator that this process has worked with, or has heard of: by its
     * configuration, by discovery, or as the one that leads.
     */
    public boolean knowsCoordinatorOf(String xid) {
        String coordinator = coordinatorOf(xid);
        return coordinators.contains(coordinator)
                || (!coordinator.isEmpty() && transport.hasHeardOf(coordinator.substring(0, coordinator.length() - 1)));
    }

    /** The part of an XID that tells which coordinator gave it out. */
    public static String coordinatorOf(String xid) {
        return xid.substring(0, xid.lastIndexOf(':') + 1);
    }

    /**
     * Tells how a branch came out of phase one, and waits until the coordinator has it durably.
     *
     * @param status {@code PHASE_ONE_DONE}; with {@code PHASE_ONE_FAILED} or {@code PHASE_ONE_READ_ONLY} the branch is
     *     forgotten and takes no part in phase two
     * @param applicationData replaces what was registered; empty to leave it
     * @throws BranchRefusedException the coordinator does not know the branch any more
     * @throws CoordinatorSilentException no answer in time: the report may or may not have been taken
     */
    public void report(BranchRegistration branch, long branchId, BranchStatus status, String applicationData)
            throws BranchException {
        BranchRegistration.requireSendable(applicationData);
        Message.BranchReportRequest report = new Message.BranchReportRequest(
                branch.xid(), branchId, status, branch.resourceId(), applicationData, branch.type());
        var unused = call(report, Message.BranchReportResponse.class);
    }

    /** As {@link #report}, but in the background and as well as it can: for what is merely good to know. */
    public void reportLater(BranchRegistration branch, long branchId, BranchStatus status) {
        reportLater(
                new Message.BranchReportRequest(branch.xid(), branchId, status, branch.resourceId(), "", branch.type()),
                1);
    }

    private void reportLater(Message.BranchReportRequest report, int attempt) {
        CoordinatorChannel open = channel();
        if (open == null || isClosed()) {
            return;
        }
        var unused = open.request(report, requestTimeout).whenComplete((answer, failure) -> {
            if (failure == null) {
                return;
            }
            if (attempt >= REPORTS) {
                log.warn(
                        "xid={} branchId={}: {} could not be reported",
                        report.xid(),
                        report.branchId(),
                        report.status());
                return;
            }
            if (!isClosed()) {
                after(REPORT_PAUSE, () -> reportLater(report, attempt + 1));
            }
        });
    }

    private <R extends Message.ResultResponse> R call(Message.Request request, Class<R> type) throws BranchException {
        return calls.call(request, type, Duration.ZERO);
    }

    private synchronized @Nullable CoordinatorChannel channel() {
        return channel;
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    // ---------------------------------------------------------------- what the coordinator asks for

    private void received(Message message, CoordinatorChannel.Answer way) {
        if (message instanceof Message.BranchCommitRequest request) {
            phaseTwo(
                    new PhaseTwoBranch(
                            request.xid(),
                            request.branchId(),
                            request.branchType(),
                            request.resourceId(),
                            request.applicationData(),
                            PhaseTwoBranch.Decision.COMMIT),
                    way);
        } else if (message instanceof Message.BranchRollbackRequest request) {
            phaseTwo(
                    new PhaseTwoBranch(
                            request.xid(),
                            request.branchId(),
                            request.branchType(),
                            request.resourceId(),
                            request.applicationData(),
                            PhaseTwoBranch.Decision.ROLLBACK),
                    way);
        } else if (message instanceof Message.UndoLogDeleteRequest request) {
            // Of an old coordinator that cleans up by age; the retention configured here is what counts.
            BranchResource resource = resources.get(new ResourceKey(request.branchType(), request.resourceId()));
            if (resource != null) {
                resource.cleanUp();
            }
        } else {
            log.warn("The coordinator sent {}, which is nothing for a resource manager; ignored", message);
        }
    }

    private void phaseTwo(PhaseTwoBranch branch, CoordinatorChannel.Answer way) {
        coordinators.add(coordinatorOf(branch.xid()));
        WorkInHand.Work work = workInHand.begin(branch, way);
        if (work == null) {
            return;
        }
        BranchResource resource = resources.get(new ResourceKey(branch.type(), branch.resourceId()));
        if (resource == null) {
            log.error("{}: this process serves only {}", branch, resources.keySet());
            work.tryAgain("resource " + branch.resourceId() + " (" + branch.type() + ") is not served here");
            return;
        }
        try {
            resource.phaseTwo(branch, work);
        } catch (RuntimeException e) {
            log.error("{}: could not be begun", branch, e);
            work.tryAgain("phase two could not be begun: " + e);
        }
    }

    /** Lets the coordinator go on waiting for branches that take long, instead of asking somebody else. */
    private void tellWorkInHand(CoordinatorChannel open) {
        List<Message.BranchAtWork> atWork = workInHand.begun().stream()
                .map(key -> new Message.BranchAtWork(key.xid(), key.branchId()))
                .toList();
        if (!atWork.isEmpty()) {
            open.tell(new Message.BranchesAtWork(atWork));
        }
    }

    private List<String> resourceIds() {
        TreeSet<String> ids = new TreeSet<>();
        resources.keySet().forEach(key -> ids.add(key.id()));
        return List.copyOf(ids);
    }

    /** Introduces this process as a resource manager. */
    private final class Role implements CoordinatorChannel.Role {

        @Override
        public Message.Request registration() {
            return new Message.RegisterRmRequest(
                    identity.version(),
                    identity.applicationId(),
                    identity.transactionGroup(),
                    EntenteExtension.ANNOUNCEMENT,
                    resourceIds());
        }

        @Override
        public void received(Message message, CoordinatorChannel.Answer way) {
            BranchChannel.this.received(message, way);
        }

        @Override
        public String toString() {
            return "resource manager of " + identity.applicationId() + " for " + resourceIds();
        }
    }

    /** Leaves. Whoever serves a resource has to end and answer its work before. */
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
        if (open != null) {
            open.close();
        }
    }
}
