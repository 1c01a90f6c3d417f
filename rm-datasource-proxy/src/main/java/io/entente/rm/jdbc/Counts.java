package io.entente.rm.jdbc;

import java.util.Arrays;

/** Update counts of a batch in the two widths JDBC knows. */
final class Counts {

    private Counts() {}

    static long[] widen(int[] counts) {
        return Arrays.stream(counts).asLongStream().toArray();
    }

    static int[] narrow(long[] counts) {
        return Arrays.stream(counts).mapToInt(count -> (int) count).toArray();
    }
}
