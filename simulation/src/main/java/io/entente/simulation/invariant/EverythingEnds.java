package io.entente.simulation.invariant;

import io.entente.tc.transaction.Fact;
import io.entente.tc.transaction.GlobalTransaction;

/** When nothing fails any more, each transaction comes to its end in its time, and who cannot says why. */
final class EverythingEnds implements Invariant {
    private final DurableFacts durable;
    private final Violations violations;

    EverythingEnds(DurableFacts durable, Violations violations) {
        this.durable = durable;
        this.violations = violations;
    }

    @Override
    public void onDurable(Fact fact) {
        if (fact instanceof Fact.BranchStuck stuck && stuck.reason().isBlank()) {
            violations.report(this, stuck + " has no reason");
        }
    }

    @Override
    public void onEnd(EndOfRun end) {
        for (GlobalTransaction transaction : end.state().transactions()) {
            violations.report(
                    this,
                    transaction.xid() + " is still " + transaction.phase() + " with " + transaction.branches()
                            + ", stuck: " + transaction.stuck());
        }
        for (String xid : durable.xids()) {
            if (!durable.isEnded(xid)) {
                violations.report(this, xid + " has not ended");
            }
        }
    }
}
