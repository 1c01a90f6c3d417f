package io.entente.rm.branch;

import io.entente.protocol.BranchStatus;
import io.entente.rm.undo.RollbackResult;
import io.entente.rm.undo.UndoNotReadableException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Phase two of branches that are rolled back, a bounded number of them at the same time. */
final class BranchRollbacks {

    private static final Logger log = LoggerFactory.getLogger(BranchRollbacks.class);
    private static final int QUEUE = 10_000;
    private static final int IDLE_SECONDS = 30;

    private final ThreadPoolExecutor pool;

    BranchRollbacks(int threads) {
        AtomicInteger number = new AtomicInteger();
        pool = new ThreadPoolExecutor(
                threads, threads, IDLE_SECONDS, TimeUnit.SECONDS, new ArrayBlockingQueue<>(QUEUE), task -> {
                    Thread thread = new Thread(task, "entente-rollback-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
    }

    /** Returns at once; the answer comes later. */
    void rollBack(BranchResource resource, PhaseTwoAnswer rolledBack) {
        try {
            pool.execute(() -> run(resource, rolledBack));
        } catch (RejectedExecutionException e) {
            rolledBack.tryAgain(
                    pool.isShutdown() ? "this process ends" : "more than " + QUEUE + " rollbacks are waiting");
        }
    }

    private static void run(BranchResource resource, PhaseTwoAnswer rolledBack) {
        String xid = rolledBack.branch().xid();
        long branchId = rolledBack.branch().branchId();
        try (Connection own = resource.dataSource().getConnection()) {
            RollbackResult result = resource.undoLog().rollback(own, xid, branchId);
            if (result instanceof RollbackResult.Dirty dirty) {
                log.error(
                        "xid={} branchId={}: not rolled back at {}, because a writer outside of global transactions changed"
                                + " its rows. Nothing was overwritten. Rows:\n{}",
                        xid,
                        branchId,
                        resource.id(),
                        dirty);
                rolledBack.send(BranchStatus.PHASE_TWO_ROLLBACK_FAILED_UNRETRYABLE, dirty.toString());
                return;
            }
        } catch (UndoNotReadableException e) {
            log.error("xid={} branchId={}: not rolled back at {}", xid, branchId, resource.id(), e);
            rolledBack.send(BranchStatus.PHASE_TWO_ROLLBACK_FAILED_UNRETRYABLE, String.valueOf(e.getMessage()));
            return;
        } catch (SQLException | RuntimeException e) {
            log.warn(
                    "xid={} branchId={}: rollback at {} failed; the coordinator sends it again: {}",
                    xid,
                    branchId,
                    resource.id(),
                    e.toString());
            rolledBack.tryAgain(String.valueOf(e.getMessage()));
            return;
        }
        rolledBack.done();
    }

    /**
     * Ends what has begun or is queued; stops waiting for it after the given time, but interrupts nothing: the
     * coordinator sends again what is lost here, to this process after its restart or to another one.
     */
    void close(Duration patience) {
        pool.shutdown();
        try {
            if (!pool.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                log.warn(
                        "{} rollbacks were not ended within {}",
                        pool.getActiveCount() + pool.getQueue().size(),
                        patience);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
