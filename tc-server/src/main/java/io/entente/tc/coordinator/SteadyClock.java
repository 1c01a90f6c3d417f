package io.entente.tc.coordinator;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The wall clock's time at the start, and from then on what has elapsed: whoever sets the clock of the machine, forward or
 * back, times nothing out and keeps nothing from timing out. Says so in the log, because the times that it tells are then
 * no longer those of the wall clock. For one thread.
 */
public final class SteadyClock implements InstantSource {
    private static final Logger log = LoggerFactory.getLogger(SteadyClock.class);

    /** Less is what clocks drift by, and are pulled back by time servers. */
    private static final Duration WORTH_TELLING = Duration.ofSeconds(10);

    private static final long LOOK_EVERY_NANOS = 1_000_000_000L;

    private final InstantSource wall;
    private final LongSupplier nanos;
    private final Instant start;
    private final long startNanos;
    private long lookedNanos;
    private Duration told = Duration.ZERO;

    /** Of this machine. */
    public SteadyClock() {
        this(InstantSource.system(), System::nanoTime);
    }

    /** @param nanos never goes back; counts nanoseconds from some moment */
    SteadyClock(InstantSource wall, LongSupplier nanos) {
        this.wall = wall;
        this.nanos = nanos;
        this.start = wall.instant();
        this.startNanos = nanos.getAsLong();
        this.lookedNanos = startNanos;
    }

    @Override
    public Instant instant() {
        long now = nanos.getAsLong();
        Instant steady = start.plusNanos(now - startNanos);
        if (now - lookedNanos >= LOOK_EVERY_NANOS) {
            lookedNanos = now;
            compare(steady);
        }
        return steady;
    }

    private void compare(Instant steady) {
        Duration off = Duration.between(steady, wall.instant());
        if (off.minus(told).abs().compareTo(WORTH_TELLING) > 0) {
            told = off;
            log.warn(
                    "The clock of this machine was set, or the machine was halted: it is {} ms {} the time that has elapsed"
                            + " here. Time-outs go by the latter, and so do the times that this coordinator shows, until"
                            + " it is started again",
                    off.abs().toMillis(),
                    off.isNegative() ? "behind" : "ahead of");
        }
    }
}
