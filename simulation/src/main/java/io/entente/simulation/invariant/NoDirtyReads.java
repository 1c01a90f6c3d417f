package io.entente.simulation.invariant;

import io.entente.simulation.database.Account;
import io.entente.simulation.database.ModelDatabase;
import java.util.List;

/** Who has made sure that no other global transaction holds a row sees in it what is committed, and its own. */
final class NoDirtyReads implements Invariant {
    private final DurableFacts durable;
    private final Violations violations;

    NoDirtyReads(DurableFacts durable, Violations violations) {
        this.durable = durable;
        this.violations = violations;
    }

    @Override
    public void onIsolatedRead(String xid, ModelDatabase database, List<String> keys) {
        for (String key : keys) {
            if (database.rows().get(key) instanceof Account account) {
                for (String part : account.parts().keySet()) {
                    String writer = part.substring(0, part.indexOf('/'));
                    if (!writer.equals(xid) && !durable.isCommitted(writer)) {
                        violations.report(
                                this,
                                (xid.isEmpty() ? "a reader" : xid) + " reads " + key + " at " + database.name()
                                        + " with " + part + " in it, which is " + durable.decision(writer));
                    }
                }
            }
        }
    }
}
