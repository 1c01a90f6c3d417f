package io.entente.tm;

import java.time.Instant;
import java.time.InstantSource;

/** The time as at its creation plus what has passed since: for measuring, unmoved when the wall clock is set. */
final class MonotonicClock implements InstantSource {

    private final Instant start = Instant.now();
    private final long startNanos = System.nanoTime();

    @Override
    public Instant instant() {
        return start.plusNanos(System.nanoTime() - startNanos);
    }
}
