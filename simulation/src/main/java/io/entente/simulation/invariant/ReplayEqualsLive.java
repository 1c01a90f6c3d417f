package io.entente.simulation.invariant;

import io.entente.tc.transaction.Fact;
import io.entente.tc.transaction.TransactionState;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** The entries of the log, from the first on, make the state that a coordinator had, wherever it began to read. */
final class ReplayEqualsLive implements Invariant {
    private final Violations violations;

    ReplayEqualsLive(Violations violations) {
        this.violations = violations;
    }

    @Override
    public void onLeaderEnd(TransactionState last, List<ByteBuffer> entriesBefore, List<ByteBuffer> appended) {
        TransactionState replayed = new TransactionState();
        try {
            entriesBefore.forEach(entry -> DurableFacts.forEach(entry.duplicate(), replayed::apply));
            appended.forEach(entry -> DurableFacts.forEach(entry.duplicate(), replayed::apply));
        } catch (IllegalStateException e) {
            violations.report(this, "the entries cannot be replayed: " + e.getMessage());
            return;
        }
        List<Fact> live = description(last);
        List<Fact> again = description(replayed);
        if (!live.equals(again)) {
            violations.report(this, "live " + live + ", replayed " + again);
        }
    }

    private static List<Fact> description(TransactionState state) {
        List<Fact> facts = new ArrayList<>();
        state.describe(facts::add);
        return facts;
    }
}
