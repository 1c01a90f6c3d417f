package io.entente.simulation.world;

import java.time.Instant;
import java.time.InstantSource;

/** The clock of one node: virtual time, from which it may be off, and jump further off. */
public final class SteppedClock implements InstantSource {
    private static final long BEGIN_MILLIS = 1_800_000_000_000L;

    private final Schedule schedule;
    private long offsetMillis;

    public SteppedClock(Schedule schedule) {
        this.schedule = schedule;
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(millis());
    }

    @Override
    public long millis() {
        return BEGIN_MILLIS + schedule.now() / 1_000 + offsetMillis;
    }

    public void jump(long byMillis) {
        offsetMillis += byMillis;
    }
}
