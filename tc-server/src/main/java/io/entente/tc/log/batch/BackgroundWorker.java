package io.entente.tc.log.batch;

import java.io.Closeable;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** One daemon thread for work that must not hold up the log's own. */
public final class BackgroundWorker implements Executor, Closeable {

    private final ExecutorService executor;

    public BackgroundWorker(String threadName) {
        executor = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, threadName);
            thread.setDaemon(true);
            return thread;
        });
    }

    /** @throws java.util.concurrent.RejectedExecutionException after {@link #close} */
    @Override
    public void execute(Runnable task) {
        executor.execute(task);
    }

    /** Finishes what was given. Never interrupts it: an interrupt in the middle of file access closes the file. */
    @Override
    public void close() {
        executor.shutdown();
        boolean interrupted = false;
        boolean ended = false;
        while (!ended) {
            try {
                ended = executor.awaitTermination(1, TimeUnit.DAYS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
