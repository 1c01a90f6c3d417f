package io.entente.simulation;

import io.entente.simulation.invariant.Violation;
import java.util.List;
import java.util.Map;

/**
 * How a run went.
 *
 * @param violations what did not hold; empty in a good run
 * @param hash of all that happened
 * @param events how many things happened
 * @param committed how many global transactions were told to be committed
 * @param marks how often something happened that does not in every run
 * @param conditions under which it ran
 * @param latest what happened in the end, to be read
 */
public record Outcome(
        long seed,
        List<Violation> violations,
        long hash,
        long events,
        long committed,
        Map<String, Long> marks,
        String conditions,
        List<String> latest) {

    public boolean isGood() {
        return violations.isEmpty();
    }

    /**
     * For people.
     *
     * @param lines how many of the latest lines to show
     */
    public String report(int lines) {
        StringBuilder text = new StringBuilder();
        latest.subList(Math.max(0, latest.size() - lines), latest.size())
                .forEach(line -> text.append(line).append('\n'));
        text.append("conditions: ").append(conditions).append('\n');
        violations.forEach(
                violation -> text.append("VIOLATED ").append(violation).append('\n'));
        return text.append("seed ")
                .append(seed)
                .append(", ")
                .append(events)
                .append(" events")
                .toString();
    }
}
