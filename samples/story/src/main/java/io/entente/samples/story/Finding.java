package io.entente.samples.story;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A rule, and whether it holds.
 *
 * @param rule what must be
 * @param holds whether it is
 * @param found what was seen; says what is wrong when the rule does not hold
 */
public record Finding(String rule, boolean holds, String found) {

    /**
     * For what may only change its place.
     *
     * @param before how much there was of each
     * @param left how much is still there
     * @param gone how much has gone somewhere else
     */
    public static Finding conserved(
            String rule,
            SortedMap<String, Integer> before,
            SortedMap<String, Integer> left,
            Map<String, Integer> gone) {
        SortedMap<String, Integer> sums = new TreeMap<>(left);
        gone.forEach((name, count) -> sums.merge(name, count, Integer::sum));
        return sums.equals(before)
                ? new Finding(rule, true, "together " + sum(sums))
                : new Finding(rule, false, "should be " + before + " and is " + sums);
    }

    /**
     * For rows that must not be there.
     *
     * @param rows how many there are in each database
     */
    public static Finding noRows(String rule, Map<String, Integer> rows) {
        return sum(rows) == 0
                ? new Finding(rule, true, "0 rows in " + rows.size() + " databases")
                : new Finding(rule, false, rows.toString());
    }

    private static int sum(Map<String, Integer> counts) {
        return counts.values().stream().mapToInt(Integer::intValue).sum();
    }
}
