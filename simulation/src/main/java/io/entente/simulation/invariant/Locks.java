package io.entente.simulation.invariant;

import io.entente.tc.lock.LockKeyText;
import io.entente.tc.lock.RowClaim;
import io.entente.tc.lock.RowKey;
import io.entente.tc.transaction.Fact;
import io.entente.tc.transaction.Phase;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Who should hold which rows, reckoned from the facts alone. */
final class Locks {
    /** Of each transaction, by branch. */
    private final Map<Long, Map<Long, List<RowClaim>>> claims = new LinkedHashMap<>();

    void clear() {
        claims.clear();
    }

    void apply(Fact fact) {
        if (fact instanceof Fact.BranchRegistered registered) {
            List<RowClaim> rows = LockKeyText.parse(registered.resourceId(), registered.lockKey());
            if (!rows.isEmpty()) {
                claims.computeIfAbsent(registered.transactionId(), any -> new LinkedHashMap<>())
                        .put(registered.branchId(), rows);
            }
        } else if (fact instanceof Fact.BranchFinished finished) {
            Map<Long, List<RowClaim>> ofTransaction = claims.get(finished.transactionId());
            if (ofTransaction != null) {
                ofTransaction.remove(finished.branchId());
            }
        } else if (fact instanceof Fact.TransactionMoved moved
                && (moved.move() == Phase.Move.DECIDE_COMMIT || moved.move() == Phase.Move.END)) {
            claims.remove(moved.transactionId());
        }
    }

    /** Transaction and mode, and how often, for each row. */
    Map<RowKey, Map<String, Integer>> byRow() {
        Map<RowKey, Map<String, Integer>> byRow = new HashMap<>();
        claims.forEach((id, branches) -> branches.values().forEach(rows -> {
            for (RowClaim claim : rows) {
                byRow.computeIfAbsent(claim.row(), any -> new TreeMap<>())
                        .merge(id + " " + claim.mode(), 1, Integer::sum);
            }
        }));
        return byRow;
    }

    boolean holds(long transactionId, RowKey row) {
        return claims.getOrDefault(transactionId, Map.of()).values().stream()
                .flatMap(List::stream)
                .anyMatch(claim -> claim.row().equals(row));
    }

    /** Those who hold a row so that nobody else may have it in this mode. */
    List<Long> inTheWay(long transactionId, RowClaim wanted) {
        List<Long> inTheWay = new ArrayList<>();
        claims.forEach((id, branches) -> {
            if (id != transactionId) {
                for (List<RowClaim> rows : branches.values()) {
                    for (RowClaim held : rows) {
                        boolean shared = held.mode().equals(wanted.mode())
                                && !held.mode().equals(RowClaim.EXCLUSIVE);
                        if (held.row().equals(wanted.row()) && !shared) {
                            inTheWay.add(id);
                        }
                    }
                }
            }
        });
        return inTheWay;
    }
}
