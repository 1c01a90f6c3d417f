package io.entente.samples.story;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What must hold whenever no purchase is under way, whatever happened before. */
final class Invariants {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Tables initial;
    private final Landscape landscape;
    private final CoordinatorApi coordinator;

    /** @param initial the tables before the first purchase */
    Invariants(Tables initial, Landscape landscape) {
        this.initial = initial;
        this.landscape = landscape;
        this.coordinator = landscape.coordinatorApi();
    }

    /** @param found what was seen; says what is wrong when the rule does not hold */
    record Finding(String rule, boolean holds, String found) {}

    /** Waits until nothing is under way any more, but not for ever; then looks at everything. */
    List<Finding> check() {
        awaitQuiet();
        Tables now = landscape.tables();
        List<Finding> findings = new ArrayList<>();
        findings.add(moneyIsConserved(now));
        findings.add(stockIsConserved(now));
        findings.add(noOrderIsHalfDone(now));
        findings.add(new Finding(
                "no undo row is left",
                now.undoRowsOfAll() == 0,
                now.undoRowsOfAll() == 0
                        ? "0 rows in three databases"
                        : now.undoRows().toString()));
        findings.add(coordinatorIsIdle());
        return findings;
    }

    private Finding moneyIsConserved(Tables now) {
        Map<String, Integer> spent = new HashMap<>();
        now.orders().forEach(order -> spent.merge(order.userId(), order.amount(), Integer::sum));
        return conserved(
                "balance + orders of each user = what the user had", initial.balances(), now.balances(), spent);
    }

    private Finding stockIsConserved(Tables now) {
        Map<String, Integer> sold = new HashMap<>();
        now.orders().forEach(order -> sold.merge(order.commodity(), order.count(), Integer::sum));
        return conserved("stock + orders of each commodity = what there was", initial.stock(), now.stock(), sold);
    }

    private static Finding conserved(
            String rule,
            SortedMap<String, Integer> before,
            SortedMap<String, Integer> left,
            Map<String, Integer> gone) {
        SortedMap<String, Integer> sums = new TreeMap<>(left);
        gone.forEach((name, count) -> sums.merge(name, count, Integer::sum));
        int total = sums.values().stream().mapToInt(Integer::intValue).sum();
        return sums.equals(before)
                ? new Finding(rule, true, "together " + total)
                : new Finding(rule, false, "should be " + before + " and is " + sums);
    }

    private static Finding noOrderIsHalfDone(Tables now) {
        List<Tables.OrderRow> halfDone = now.orders().stream()
                .filter(order -> !order.status().equals("PAID"))
                .toList();
        return new Finding(
                "every order is paid",
                halfDone.isEmpty(),
                halfDone.isEmpty() ? now.orders().size() + " of " + now.orders().size() : halfDone.toString());
    }

    private Finding coordinatorIsIdle() {
        String rule = "the coordinator holds nothing";
        try {
            int open = coordinator.open();
            int locks = coordinator.locks();
            return new Finding(rule, open == 0 && locks == 0, open + " open transactions, " + locks + " row locks");
        } catch (IOException e) {
            return new Finding(rule, false, "it does not answer: " + e);
        }
    }

    private void awaitQuiet() {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!isQuiet() && System.nanoTime() < deadline) {
            Pause.millis(50);
        }
    }

    private boolean isQuiet() {
        return coordinatorIsIdle().holds() && landscape.tables().undoRowsOfAll() == 0;
    }
}
