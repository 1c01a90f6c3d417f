package io.entente.simulation.invariant;

import io.entente.simulation.database.Account;
import io.entente.simulation.database.ModelDatabase;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** All parts of a global transaction are done when it was decided to commit it, each once, and none when it was not. */
final class Atomicity implements Invariant {
    private final DurableFacts durable;
    private final Ledger ledger;
    private final Violations violations;

    Atomicity(DurableFacts durable, Ledger ledger, Violations violations) {
        this.durable = durable;
        this.ledger = ledger;
        this.violations = violations;
    }

    @Override
    public void onEnd(EndOfRun end) {
        SortedMap<String, Ledger.Part> done = new TreeMap<>();
        for (ModelDatabase database : end.databases()) {
            database.rows().forEach((key, row) -> {
                if (row instanceof Account account) {
                    account.parts()
                            .forEach((part, delta) ->
                                    done.put(part + " " + key, new Ledger.Part(database.name(), key, delta)));
                }
            });
        }
        for (Map.Entry<String, Ledger.Entry> entry : ledger.entries().entrySet()) {
            String xid = entry.getKey();
            boolean committed = durable.isCommitted(xid);
            if (committed && !entry.getValue().isCommitWanted()) {
                violations.report(this, xid + " is committed, and nobody wanted that");
            }
            entry.getValue().parts().forEach((part, planned) -> {
                Ledger.@Nullable Part found = done.remove(part + " " + planned.account());
                if (committed && !planned.equals(found)) {
                    violations.report(
                            this, xid + " is committed, and " + part + " should be " + planned + ", not " + found);
                } else if (!committed && found != null) {
                    violations.report(
                            this, xid + " is " + durable.decision(xid) + ", and " + part + " is there: " + found);
                }
            });
        }
        if (!done.isEmpty()) {
            violations.report(this, "done, and wanted by nobody: " + done);
        }
    }
}
