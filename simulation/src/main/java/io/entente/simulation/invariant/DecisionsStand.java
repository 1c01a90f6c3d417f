package io.entente.simulation.invariant;

import io.entente.protocol.BranchType;
import io.entente.tc.transaction.Fact;
import io.entente.tc.transaction.Phase;
import java.util.HashMap;
import java.util.Map;

/** A transaction is decided once, and gets no branches afterwards but those of sagas, which lock nothing. */
final class DecisionsStand implements Invariant {
    private final Map<Long, Phase.Move> decisions = new HashMap<>();
    private final Violations violations;

    DecisionsStand(Violations violations) {
        this.violations = violations;
    }

    @Override
    public void onDurable(Fact fact) {
        if (fact instanceof Fact.TransactionMoved moved && isDecision(moved.move())) {
            Phase.Move before = decisions.put(moved.transactionId(), moved.move());
            if (before != null) {
                violations.report(this, moved + " after " + before);
            }
        } else if (fact instanceof Fact.BranchRegistered registered) {
            Phase.Move decision = decisions.get(registered.transactionId());
            // Steps behind a pivot, and what engines of sagas register when they compensate.
            boolean stepBehindPivot =
                    decision == Phase.Move.DECIDE_COMMIT && registered.type() == BranchType.SAGA_ANNOTATION;
            boolean ofSaga = registered.type() == BranchType.SAGA || stepBehindPivot;
            if (decision != null && !(ofSaga && registered.lockKey().isEmpty())) {
                violations.report(this, registered + " after " + decision);
            }
        }
    }

    private static boolean isDecision(Phase.Move move) {
        return move == Phase.Move.DECIDE_COMMIT || move == Phase.Move.DECIDE_ROLLBACK || move == Phase.Move.TIME_OUT;
    }
}
