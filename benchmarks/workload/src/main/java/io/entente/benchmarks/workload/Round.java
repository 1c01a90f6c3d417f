package io.entente.benchmarks.workload;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What came of a round in which several clients ran transactions.
 *
 * @param latencies nanoseconds of each transaction that ended as it should
 * @param failed how many did not
 * @param nanos how long the round took
 * @param failure what the first that failed said; empty when none did
 */
public record Round(List<Long> latencies, long failed, long nanos, String failure) {

    /** In one line, for another process. */
    public String toLine() {
        return failed + " " + nanos + " "
                + latencies.stream().map(String::valueOf).collect(Collectors.joining(" ")) + "\t"
                + failure.replaceAll("\\s+", " ");
    }

    /** @param line of {@link #toLine} */
    public static Round parse(String line) {
        int tab = line.indexOf('\t');
        List<Long> numbers = Arrays.stream(line.substring(0, tab).trim().split(" "))
                .map(Long::valueOf)
                .toList();
        return new Round(numbers.subList(2, numbers.size()), numbers.get(0), numbers.get(1), line.substring(tab + 1));
    }
}
