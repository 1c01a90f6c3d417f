package io.entente.tm.saga;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether a failed step is tried again, and after which pause. Immutable.
 *
 * @param times how often after the first attempt
 * @param pause before the second attempt
 * @param factor by which each pause is longer than the one before
 * @param longestPause no pause is longer
 * @param exceptions not worth another attempt, with their subclasses
 */
public record Retry(
        int times, Duration pause, double factor, Duration longestPause, List<Class<? extends Throwable>> exceptions) {

    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    /** @throws InvalidSagaException when a number makes no sense */
    public Retry {
        exceptions = List.copyOf(exceptions);
        if (times < 0) {
            throw new InvalidSagaException("Retry.times(" + times + ") is negative. Use Retry.none() for no retry.");
        }
        if (pause.isNegative() || longestPause.isNegative()) {
            throw new InvalidSagaException("A pause of " + pause + " (at most " + longestPause
                    + ") is negative. Use Duration.ZERO to try again at once.");
        }
        if (!(factor >= 1 && factor <= 100)) {
            throw new InvalidSagaException("A back-off factor of " + factor
                    + " is not between 1 and 100. Use backOff(2) to" + " double each pause.");
        }
    }

    /** One attempt. */
    public static Retry none() {
        return times(0);
    }

    /** So many attempts after the first, with 100 ms in between. */
    public static Retry times(int times) {
        return new Retry(times, PAUSE, 1, LONGEST_PAUSE, List.of());
    }

    public Retry every(Duration newPause) {
        return new Retry(times, newPause, factor, longestPause, exceptions);
    }

    /** Makes each pause longer than the one before. */
    public Retry backOff(double newFactor) {
        return new Retry(times, pause, newFactor, longestPause, exceptions);
    }

    public Retry atMostEvery(Duration newLongestPause) {
        return new Retry(times, pause, factor, newLongestPause, exceptions);
    }

    /** Adds an exception that another attempt would only meet again. */
    public Retry notOn(Class<? extends Throwable> exception) {
        List<Class<? extends Throwable>> more = new ArrayList<>(exceptions);
        more.add(exception);
        return new Retry(times, pause, factor, longestPause, more);
    }

    /** How long to wait after attempt number {@code attempt}, counted from 1; null to give up. */
    @Nullable
    Duration pauseAfter(int attempt, Throwable failure) {
        if (attempt > times || exceptions.stream().anyMatch(type -> type.isInstance(failure))) {
            return null;
        }
        double millis = pause.toMillis() * Math.pow(factor, attempt - 1.0);
        return Duration.ofMillis((long) Math.min(millis, longestPause.toMillis()));
    }
}
