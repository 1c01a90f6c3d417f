package io.entente.tm.saga;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Threads for steps that run beside others or have a timeout. When all are busy, work is done on the caller's thread:
 * nothing queues, so that sagas within steps of sagas cannot wait for each other.
 */
final class StepThreads implements AutoCloseable {

    private static final int IDLE_SECONDS = 30;
    /** For an interrupted step to end in order. */
    private static final Duration GRACE = Duration.ofSeconds(2);

    private final ThreadPoolExecutor pool;
    private final ScheduledThreadPoolExecutor alarms = new ScheduledThreadPoolExecutor(1, task -> {
        Thread thread = new Thread(task, "entente-saga-timeouts");
        thread.setDaemon(true);
        return thread;
    });

    StepThreads(int threads) {
        AtomicInteger number = new AtomicInteger();
        alarms.setRemoveOnCancelPolicy(true);
        pool = new ThreadPoolExecutor(0, threads, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
            Thread thread = new Thread(task, "entente-saga-step-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Does {@code work}, on the caller's thread when there is no timeout.
     *
     * @throws StepTimedOutException when it took longer and did not come to a good end even so
     * @throws InterruptedException when the caller was interrupted; so was the work
     * @throws Exception what the work throws
     */
    <T> T call(Callable<T> work, @Nullable Duration timeout) throws Exception {
        if (timeout == null) {
            return work.call();
        }
        Errand<T> errand = new Errand<>(work);
        ScheduledFuture<?> alarm = alarms.schedule(errand::interrupt, timeout.toMillis(), TimeUnit.MILLISECONDS);
        start(errand);
        try {
            return errand.end.get(timeout.plus(GRACE).toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            errand.interrupt();
            throw new StepTimedOutException(timeout, true, null);
        } catch (ExecutionException e) {
            if (errand.isInterrupted()) {
                throw new StepTimedOutException(timeout, false, e.getCause());
            }
            throw thrown(e);
        } catch (InterruptedException e) {
            errand.interrupt();
            awaitEnd(errand);
            throw e;
        } finally {
            alarm.cancel(false);
        }
    }

    private static void awaitEnd(Errand<?> errand) {
        try {
            errand.end.get(GRACE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            Thread.interrupted();
        }
    }

    /**
     * Does all {@code works} at the same time and waits for all of them, also when one fails or this thread is interrupted,
     * which interrupts them.
     *
     * @throws Error when a work threw one
     */
    <T> List<T> callAll(List<Callable<T>> works) {
        List<Errand<T>> errands = works.stream().map(Errand::new).toList();
        errands.forEach(this::start);
        boolean interrupted = false;
        Error error = null;
        List<T> results = new ArrayList<>();
        for (Errand<T> errand : errands) {
            while (true) {
                try {
                    results.add(errand.end.get());
                    break;
                } catch (InterruptedException e) {
                    interrupted = true;
                    errands.forEach(Errand::interrupt);
                } catch (ExecutionException e) {
                    error = error != null ? error : asError(e);
                    break;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (error != null) {
            throw error;
        }
        return results;
    }

    private static Error asError(ExecutionException e) {
        return e.getCause() instanceof Error error ? error : new AssertionError("works do not throw exceptions", e);
    }

    private void start(Errand<?> errand) {
        try {
            pool.execute(errand);
        } catch (RejectedExecutionException e) {
            errand.run();
        }
    }

    private static Exception thrown(ExecutionException e) {
        if (e.getCause() instanceof Error error) {
            throw error;
        }
        return e.getCause() instanceof Exception exception ? exception : e;
    }

    /** Work that somebody waits for, with the logging context of who did so. */
    static final class Errand<T> implements Runnable {

        private final Callable<T> work;
        private final @Nullable Map<String, String> logging = MDC.getCopyOfContextMap();
        private final CompletableFuture<T> end = new CompletableFuture<>();
        private @Nullable Thread thread;
        private boolean interrupted;
        private boolean over;

        Errand(Callable<T> work) {
            this.work = work;
        }

        @Override
        public void run() {
            Map<String, String> before = MDC.getCopyOfContextMap();
            use(logging);
            boolean begun = begin();
            try {
                if (!begun) {
                    throw new InterruptedException("interrupted before it began");
                }
                T result = work.call();
                finish();
                end.complete(result);
            } catch (Throwable e) {
                finish();
                end.completeExceptionally(e);
            } finally {
                use(before);
            }
        }

        private static void use(@Nullable Map<String, String> context) {
            if (context == null) {
                MDC.clear();
            } else {
                MDC.setContextMap(context);
            }
        }

        private synchronized boolean begin() {
            thread = Thread.currentThread();
            return !interrupted;
        }

        /** The interrupt was for the work, not for what its thread does next. */
        private synchronized void finish() {
            over = true;
            thread = null;
            if (interrupted) {
                Thread.interrupted();
            }
        }

        synchronized void interrupt() {
            if (over) {
                return;
            }
            interrupted = true;
            if (thread != null) {
                thread.interrupt();
            }
        }

        synchronized boolean isInterrupted() {
            return interrupted;
        }
    }

    /** Lets what runs go on; new work is done on the callers' threads. */
    @Override
    public void close() {
        pool.shutdown();
    }
}
