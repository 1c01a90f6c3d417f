package io.entente.rm.roundtrip;

import io.entente.rm.call.StatementRefusedException;
import java.sql.SQLException;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** How often each kind of statement ran, failed on both sides, or was refused. */
final class Tally {

    private final Map<String, int[]> forms = new TreeMap<>();
    private final Map<String, Integer> reasons = new TreeMap<>();

    private int[] of(Step step) {
        return forms.computeIfAbsent(step.form(), form -> new int[3]);
    }

    void ran(Step step, boolean succeeded) {
        of(step)[succeeded ? 0 : 1]++;
    }

    /** A local commit was refused, because a row could not get its old values back. */
    void refusedCommit() {
        reasons.merge("COMMIT", 1, Integer::sum);
    }

    void refused(Step step, SQLException refusal) {
        of(step)[2]++;
        String reason = refusal instanceof StatementRefusedException refused
                ? refused.reason()
                : refusal.getClass().getSimpleName();
        reasons.merge(
                step.form() + ": "
                        + reason.replaceAll(
                                "Refused inside a global transaction, nothing was executed: |Remedy.*|PUBLIC\\..*", ""),
                1,
                Integer::sum);
    }

    /** How many were executed, with or without success. */
    int executed() {
        return forms.values().stream().mapToInt(counts -> counts[0] + counts[1]).sum();
    }

    int succeeded(String form) {
        int[] counts = forms.get(form);
        return counts == null ? 0 : counts[0];
    }

    int refused() {
        return forms.values().stream().mapToInt(counts -> counts[2]).sum();
    }

    Map<String, Integer> reasons() {
        return reasons;
    }

    @Override
    public String toString() {
        return forms.entrySet().stream()
                .map(entry -> String.format(
                        "%n  %-40s %7d done, %7d failed on both sides, %6d refused",
                        entry.getKey(), entry.getValue()[0], entry.getValue()[1], entry.getValue()[2]))
                .collect(Collectors.joining());
    }
}
