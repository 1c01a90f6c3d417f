package io.entente.simulation.invariant;

import io.entente.tc.lock.LockKeyText;
import io.entente.tc.lock.RowClaim;
import io.entente.tc.transaction.Fact;
import java.util.List;

/** A row is had by one global transaction, or by several that all do the same to it and can do so at the same time. */
final class LockExclusivity implements Invariant {
    private final Locks locks;
    private final Violations violations;

    /** @param locks as they are before each fact */
    LockExclusivity(Locks locks, Violations violations) {
        this.locks = locks;
        this.violations = violations;
    }

    @Override
    public void onFact(Fact fact) {
        if (fact instanceof Fact.BranchRegistered registered) {
            for (RowClaim claim : LockKeyText.parse(registered.resourceId(), registered.lockKey())) {
                List<Long> inTheWay = locks.inTheWay(registered.transactionId(), claim);
                if (!inTheWay.isEmpty()) {
                    violations.report(
                            this, registered.transactionId() + " gets " + claim + ", which " + inTheWay + " have");
                }
            }
        }
    }
}
