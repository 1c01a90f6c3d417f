package io.entente.simulation.invariant;

import io.entente.tc.lock.LockKeyText;
import io.entente.tc.lock.LockQueues;
import io.entente.tc.lock.RowClaim;
import io.entente.tc.lock.RowKey;
import io.entente.tc.transaction.Fact;
import io.entente.tc.transaction.TransactionState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Nobody gets a row before somebody who waited for it already, unless it had the row. */
final class FairQueues implements Invariant {
    private final Locks locks;
    private final Violations violations;

    /** Who waited for which row at the end of the last turn, in order. */
    private Map<RowKey, List<LockQueues.Waiter>> before = new HashMap<>();

    private final List<Grant> grants = new ArrayList<>();

    private record Grant(long transactionId, RowKey row) {}

    /** @param locks as they are before each fact */
    FairQueues(Locks locks, Violations violations) {
        this.locks = locks;
        this.violations = violations;
    }

    @Override
    public void onLeader() {
        before.clear();
        grants.clear();
    }

    @Override
    public void onFact(Fact fact) {
        if (fact instanceof Fact.BranchRegistered registered && !before.isEmpty()) {
            for (RowClaim claim : LockKeyText.parse(registered.resourceId(), registered.lockKey())) {
                if (!locks.holds(registered.transactionId(), claim.row())) {
                    grants.add(new Grant(registered.transactionId(), claim.row()));
                }
            }
        }
    }

    @Override
    public void onTurn(TransactionState state) {
        for (Grant grant : grants) {
            for (LockQueues.Waiter waiter : before.getOrDefault(grant.row, List.of())) {
                if (waiter.transactionId() == grant.transactionId) {
                    break;
                }
                if (state.queues().of(grant.row).contains(waiter)) {
                    violations.report(
                            this,
                            grant.transactionId + " got " + grant.row + " before " + waiter + ", which came first");
                }
            }
        }
        grants.clear();
        before = new HashMap<>();
        if (state.queues().size() > 0) {
            state.locks().forEach((row, lock) -> remember(state, row));
            // Rows that are free are waited for too, by those who wait for another one besides.
            for (RowKey row : rowsWaitedFor(state)) {
                remember(state, row);
            }
        }
    }

    private void remember(TransactionState state, RowKey row) {
        List<LockQueues.Waiter> waiters = state.queues().of(row);
        if (!waiters.isEmpty()) {
            before.put(row, waiters);
        }
    }

    private static List<RowKey> rowsWaitedFor(TransactionState state) {
        List<RowKey> rows = new ArrayList<>();
        state.locks().forEach((row, lock) -> {
            for (LockQueues.Waiter waiter : state.queues().of(row)) {
                waiter.claims().forEach(claim -> rows.add(claim.row()));
            }
        });
        return rows;
    }
}
