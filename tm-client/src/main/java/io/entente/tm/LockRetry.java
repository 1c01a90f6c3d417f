package io.entente.tm;

import java.time.Duration;

/**
 * How often a branch asks again for row locks that another global transaction holds.
 *
 * @param times further attempts after the first one, 0 for none
 * @param interval pause between two attempts
 */
public record LockRetry(int times, Duration interval) {

    /** @throws IllegalArgumentException when {@code times} or {@code interval} is negative */
    public LockRetry {
        if (times < 0 || interval.isNegative()) {
            throw new IllegalArgumentException("Lock retry of " + times + " times every " + interval
                    + ": neither may be negative." + " Use 0 times for a single attempt.");
        }
    }
}
