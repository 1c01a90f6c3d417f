package io.entente.rm.branch;

import io.entente.protocol.BranchStatus;
import io.entente.protocol.BranchType;
import io.entente.protocol.Message.ReadCheck;
import io.entente.protocol.Message.ReadCheckResponse;
import io.entente.protocol.RowLockWait;
import io.entente.protocol.transport.CoordinatorUnreachableException;
import io.entente.rm.undo.BranchKey;
import io.entente.rm.undo.UndoLogSize;
import io.entente.tm.EntenteClient;
import io.entente.tm.branch.BranchChannel;
import io.entente.tm.branch.BranchException;
import io.entente.tm.branch.BranchRegistration;
import io.entente.tm.branch.BranchResource;
import io.entente.tm.branch.PhaseTwoAnswer;
import io.entente.tm.branch.PhaseTwoBranch;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The AT databases of this process: registers their branches, and commits and rolls them back in phase two, also those
 * of other instances of the same services that died. Thread-safe.
 */
public final class AtResources implements BranchCoordinator, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(AtResources.class);
    private static final Duration LONGEST_SWEEP_PERIOD = Duration.ofHours(1);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(10);

    private final BranchChannel channel;
    private final Map<String, Served> databases = new ConcurrentHashMap<>();
    private final UndoDeletions deletions = new UndoDeletions();
    private final BranchRollbacks rollbacks;
    private final DefenceRowSweep defenceRows;
    private final UndoRowSweep undoRows;
    private final UndoLogSizes sizes = new UndoLogSizes();
    private final ScheduledThreadPoolExecutor sweeper = new ScheduledThreadPoolExecutor(1, task -> {
        Thread thread = new Thread(task, "entente-undo-log-sweep");
        thread.setDaemon(true);
        return thread;
    });

    AtResources(BranchChannel channel, AtResourcesSettings settings, InstantSource clock) {
        this.channel = channel;
        this.rollbacks = new BranchRollbacks(settings.rollbackThreads(), channel::rollsBackInReverse);
        this.defenceRows = new DefenceRowSweep(settings.defenceRowRetention(), clock);
        this.undoRows = new UndoRowSweep(channel, settings.undoRowRetention(), clock);
        sweeper.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        every(period(settings.defenceRowRetention()), defenceRows::sweep);
        every(period(settings.undoRowRetention()), undoRows::sweep);
        every(UndoLogSizes.PERIOD, sizes::measure);
    }

    private void every(Duration period, Consumer<AtDatabase> task) {
        var unused = sweeper.scheduleWithFixedDelay(
                () -> databases.values().forEach(served -> task.accept(served.database)),
                period.toMillis(),
                period.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    private static Duration period(Duration retention) {
        Duration period = retention.dividedBy(4);
        if (period.compareTo(LONGEST_SWEEP_PERIOD) > 0) {
            return LONGEST_SWEEP_PERIOD;
        }
        return period.toMillis() == 0 ? Duration.ofMillis(1) : period;
    }

    /** Takes part over the branch channel of a client. */
    public static AtResources of(EntenteClient client, AtResourcesSettings settings) {
        return new AtResources(client.branches(), settings, Clock.systemUTC());
    }

    @Override
    public void serve(AtDatabase database) {
        Served served = new Served(database);
        if (databases.putIfAbsent(database.id(), served) == null) {
            channel.serve(served);
            sweeper.execute(() -> sizes.measure(database));
        }
    }

    /** For each database the size of its undo log, at most a minute old; without those that were not measured yet. */
    public Map<String, UndoLogSize> undoLogSizes() {
        return sizes.measured();
    }

    /**
     * Waits for the coordinator to know the databases that were served before.
     *
     * @throws CoordinatorUnreachableException after {@code patience}; the message says what was tried
     */
    public void awaitConnected(Duration patience) {
        channel.awaitConnected(patience);
    }

    @Override
    public long register(
            String xid, String resourceId, String lockKey, RowLockWait wait, CompletableFuture<?> withdrawn)
            throws BranchException {
        return channel.register(
                new BranchRegistration(xid, BranchType.AT, resourceId, lockKey, wait.text()),
                wait.duration(),
                withdrawn);
    }

    @Override
    public void requireUnlocked(
            String xid, String resourceId, String lockKey, RowLockWait wait, CompletableFuture<?> withdrawn)
            throws BranchException {
        channel.requireUnlocked(xid, resourceId, lockKey, wait, withdrawn);
    }

    @Override
    public ReadCheckResponse checkRead(ReadCheck read, Duration wait, CompletableFuture<?> withdrawn)
            throws BranchException {
        return channel.checkRead(read, wait, withdrawn);
    }

    /** Harmless when it gets lost: without an undo row, phase two finds nothing to do. */
    @Override
    public void reportPhaseOneFailed(String xid, long branchId, String resourceId) {
        channel.reportLater(
                new BranchRegistration(xid, BranchType.AT, resourceId, "", ""),
                branchId,
                BranchStatus.PHASE_ONE_FAILED);
    }

    private final class Served implements BranchResource {

        private final AtDatabase database;

        Served(AtDatabase database) {
            this.database = database;
        }

        @Override
        public BranchType type() {
            return BranchType.AT;
        }

        @Override
        public String id() {
            return database.id();
        }

        @Override
        public void phaseTwo(PhaseTwoBranch branch, PhaseTwoAnswer answer) {
            if (branch.isCommit()) {
                deletions.delete(database, new BranchKey(branch.xid(), branch.branchId()), answer);
            } else {
                rollbacks.rollBack(database, branch, answer);
            }
        }

        @Override
        public void cleanUp() {
            try {
                sweeper.execute(() -> defenceRows.sweep(database));
            } catch (RejectedExecutionException e) {
                log.debug("{} is not cleaned up: this process ends", database.id());
            }
        }
    }

    /** Ends what is under way and answers it. Requests that come in meanwhile are answered as to be sent again. */
    @Override
    public void close() {
        sweeper.shutdown();
        deletions.close(CLOSE_PATIENCE);
        rollbacks.close();
    }
}
