package io.entente.benchmarks;

import java.util.Collection;

/** Durations, in order. */
final class Percentiles {
    private final long[] sorted;

    /** @param nanos of each; copied */
    Percentiles(Collection<Long> nanos) {
        this.sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
    }

    int count() {
        return sorted.length;
    }

    /**
     * The duration that {@code share} of all do not exceed, by the nearest rank: of 20, the p99 is the longest.
     *
     * @param share above 0, at most 1
     * @return milliseconds; not a number when there are none
     */
    double millis(double share) {
        return sorted.length == 0 ? Double.NaN : sorted[(int) Math.ceil(share * sorted.length) - 1] / 1e6;
    }
}
