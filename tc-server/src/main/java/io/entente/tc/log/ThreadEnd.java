package io.entente.tc.log;

/** The end of a thread that works for a log. */
public final class ThreadEnd {
    private ThreadEnd() {}

    /** Returns when {@code thread} has ended; an interrupt meanwhile is kept for whoever called. */
    public static void await(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
