package io.entente.rm.xa;

import java.time.Duration;

/**
 * How this process carries out phase two of XA.
 *
 * @param threads how many branches are committed or rolled back at the same time
 * @param sweepPeriod how often the databases are asked for prepared branches that nobody resolves
 */
public record XaSettings(int threads, Duration sweepPeriod) {

    /** @throws IllegalArgumentException a value is not positive */
    public XaSettings {
        if (threads < 1 || sweepPeriod.isNegative() || sweepPeriod.isZero()) {
            throw new IllegalArgumentException(
                    "threads " + threads + " and sweepPeriod " + sweepPeriod + " must both be greater than zero");
        }
    }

    /** Eight threads, a sweep every thirty seconds. */
    public static XaSettings defaults() {
        return new XaSettings(8, Duration.ofSeconds(30));
    }
}
