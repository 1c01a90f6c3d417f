package io.entente.tc.coordinator;

import java.util.random.RandomGenerator;

/**
 * Growing pauses between tries, scattered so that many branches waiting for one resource do not come at once.
 *
 * @param firstMillis the pause after the first failure
 * @param mostMillis no pause is longer
 */
public record BackOff(long firstMillis, long mostMillis, RandomGenerator random) {

    /** The pause after {@code failures} failures in a row, in milliseconds, at least 1: half of it certain, half of it chance. */
    public long pauseMillis(int failures) {
        long full = Math.min(mostMillis, firstMillis << Math.min(failures - 1, 20));
        return Math.max(1, full / 2 + random.nextLong(full / 2 + 1));
    }
}
