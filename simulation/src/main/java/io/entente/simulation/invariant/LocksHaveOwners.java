package io.entente.simulation.invariant;

import io.entente.tc.lock.RowKey;
import io.entente.tc.lock.RowLock;
import io.entente.tc.transaction.TransactionState;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** Rows are locked by open branches that claim them, each as often as it is claimed, and by nobody else. */
final class LocksHaveOwners implements Invariant {
    private final Locks locks;
    private final Violations violations;

    LocksHaveOwners(Locks locks, Violations violations) {
        this.locks = locks;
        this.violations = violations;
    }

    @Override
    public void onTurn(TransactionState state) {
        Map<RowKey, Map<String, Integer>> held = new HashMap<>();
        state.locks().forEach((row, lock) -> held.put(row, claims(lock)));
        Map<RowKey, Map<String, Integer>> expected = locks.byRow();
        if (!held.equals(expected)) {
            violations.report(this, "locked are " + held + ", and should be " + expected);
        }
    }

    private static Map<String, Integer> claims(RowLock lock) {
        Map<String, Integer> claims = new TreeMap<>();
        if (lock instanceof RowLock.Exclusive one) {
            claims.put(one.transactionId() + " ", one.branches());
        } else if (lock instanceof RowLock.Claims several) {
            several.counts().forEach((id, modes) -> modes.forEach((mode, count) -> claims.put(id + " " + mode, count)));
        }
        return claims;
    }
}
