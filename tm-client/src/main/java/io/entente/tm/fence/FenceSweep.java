package io.entente.tm.fence;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deletes the rows of branches whose end is certain in the background, until it is closed. */
public final class FenceSweep implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(FenceSweep.class);
    private static final Duration LONGEST_PERIOD = Duration.ofHours(1);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);

    private final List<Fence> fences;
    private final Duration retention;
    private final TransactionJudge judge;
    private final ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, task -> {
        Thread thread = new Thread(task, "entente-fence-sweep");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * Begins after a first pause, so that after a long standstill the coordinator can ask again for answers that it
     * missed, before the rows that answer them go.
     *
     * @param retention age at which a finished row goes; the pause is a quarter of it, but at most an hour
     * @param judge asked about rows of that age that were only tried
     */
    public FenceSweep(Collection<Fence> fences, Duration retention, TransactionJudge judge) {
        this.fences = List.copyOf(fences);
        this.retention = retention;
        this.judge = judge;
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        long period = Math.max(1, Math.min(LONGEST_PERIOD.toMillis(), retention.toMillis() / 4));
        var unused = executor.scheduleWithFixedDelay(
                () -> this.fences.forEach(this::sweep), period, period, TimeUnit.MILLISECONDS);
    }

    private void sweep(Fence fence) {
        try {
            int deleted = fence.sweep(retention) + fence.sweepTried(retention, judge);
            log.debug("{} rows of finished branches were deleted from {}", deleted, fence);
        } catch (Exception e) {
            log.warn(
                    "The rows of finished branches in {} could not be deleted; tried again later: {}",
                    fence,
                    e.toString());
        }
    }

    /** Waits for a deletion that has begun, for a moment. */
    @Override
    public void close() {
        executor.shutdown();
        try {
            if (!executor.awaitTermination(CLOSE_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                log.warn("A deletion of old fence rows did not end within {}", CLOSE_PATIENCE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
