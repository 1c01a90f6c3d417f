package io.entente.tm.saga;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** How many attempts at steps are running, and whether more may begin. Thread-safe. */
final class AtWork {

    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    private final CompletableFuture<Void> quiet = new CompletableFuture<>();
    private int running;

    /** An attempt begins; false when none may any more. */
    synchronized boolean begin() {
        if (stopped.isDone()) {
            return false;
        }
        running++;
        return true;
    }

    /** An attempt has ended. */
    void end() {
        boolean last;
        synchronized (this) {
            running--;
            last = running == 0 && stopped.isDone();
        }
        if (last) {
            quiet.complete(null);
        }
    }

    /**
     * No attempt begins from now on, for what was done is being undone.
     *
     * @return complete when none is running any more
     */
    CompletableFuture<Void> stop() {
        boolean nobody;
        synchronized (this) {
            stopped.complete(null);
            nobody = running == 0;
        }
        if (nobody) {
            quiet.complete(null);
        }
        return quiet;
    }

    /** Waits before another attempt; false when there is to be none. */
    boolean pause(Duration duration) throws InterruptedException {
        try {
            stopped.get(duration.toMillis(), TimeUnit.MILLISECONDS);
            return false;
        } catch (TimeoutException e) {
            return true;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}
