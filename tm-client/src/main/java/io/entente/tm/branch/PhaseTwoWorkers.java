package io.entente.tm.branch;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Threads for phase two: a bounded number of branches at the same time, and a bounded number that wait. */
public final class PhaseTwoWorkers implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(PhaseTwoWorkers.class);
    private static final int QUEUE = 10_000;
    private static final int IDLE_SECONDS = 30;
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(10);

    private final ThreadPoolExecutor pool;

    /** @param name of the threads */
    public PhaseTwoWorkers(String name, int threads) {
        AtomicInteger number = new AtomicInteger();
        pool = new ThreadPoolExecutor(
                threads, threads, IDLE_SECONDS, TimeUnit.SECONDS, new ArrayBlockingQueue<>(QUEUE), task -> {
                    Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
    }

    /**
     * Runs {@code work} on one of the threads and returns at once; where that cannot be, or {@code work} throws, the
     * coordinator is told to ask again.
     */
    public void run(PhaseTwoBranch branch, PhaseTwoAnswer answer, Runnable work) {
        try {
            pool.execute(() -> {
                try {
                    answer.begun();
                    work.run();
                } catch (RuntimeException | Error e) {
                    log.error("{}: phase two failed", branch, e);
                    answer.tryAgain(e.toString());
                }
            });
        } catch (RejectedExecutionException e) {
            answer.tryAgain(pool.isShutdown() ? "this process ends" : "more than " + QUEUE + " branches are waiting");
        }
    }

    /**
     * Ends what has begun or is queued; stops waiting for it after ten seconds, but interrupts nothing: the coordinator
     * sends again what is lost here, to this process after its restart or to another one.
     */
    @Override
    public void close() {
        close(CLOSE_PATIENCE);
    }

    void close(Duration patience) {
        pool.shutdown();
        try {
            if (!pool.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                log.warn(
                        "{} branches were not ended within {}",
                        pool.getActiveCount() + pool.getQueue().size(),
                        patience);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
