package io.entente.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

/** The system's time plus what a test has added to it: runs by itself, and can be made to jump ahead. */
public final class TestClock implements InstantSource {

    private final InstantSource system = InstantSource.system();
    private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);

    @Override
    public Instant instant() {
        return system.instant().plus(ahead.get());
    }

    /**
     * Lets so much time pass at once.
     *
     * @throws IllegalArgumentException when the duration is negative: nothing here is made for time that runs backwards
     */
    public void advance(Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException("The clock cannot go back: " + duration);
        }
        ahead.accumulateAndGet(duration, Duration::plus);
    }
}
