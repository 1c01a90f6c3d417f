package io.entente.tm.saga;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;

/** How long somebody waits for the end of a saga, and how: a seam for time. */
record Patience(Duration atMost, InstantSource clock, Pause pause) {

    /** Waits. */
    @FunctionalInterface
    interface Pause {
        void of(Duration duration) throws InterruptedException;
    }

    static Patience of(Duration atMost) {
        return new Patience(atMost, Clock.systemUTC(), duration -> TimeUnit.MILLISECONDS.sleep(duration.toMillis()));
    }

    /** When it ends, if it begins now. */
    Instant deadline() {
        return clock.instant().plus(atMost);
    }

    boolean isOver(Instant deadline) {
        return clock.instant().isAfter(deadline);
    }

    /** False when interrupted, which the thread stays. */
    boolean paused(Duration duration) {
        try {
            pause.of(duration);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
