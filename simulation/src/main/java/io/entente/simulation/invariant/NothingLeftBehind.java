package io.entente.simulation.invariant;

import io.entente.simulation.database.Account;
import io.entente.simulation.database.FenceRow;
import io.entente.simulation.database.ModelDatabase;
import io.entente.simulation.database.UndoRow;

/** Databases keep nothing of transactions that have ended but what keeps late ones from happening. */
final class NothingLeftBehind implements Invariant {
    private final DurableFacts durable;
    private final Violations violations;

    NothingLeftBehind(DurableFacts durable, Violations violations) {
        this.durable = durable;
        this.violations = violations;
    }

    @Override
    public void onEnd(EndOfRun end) {
        for (ModelDatabase database : end.databases()) {
            if (!database.prepared().isEmpty() || !database.lockedRows().isEmpty()) {
                violations.report(
                        this,
                        database.name() + " still has prepared " + database.prepared() + " and locked "
                                + database.lockedRows());
            }
            database.rows().forEach((key, row) -> {
                boolean left = row instanceof UndoRow undo && !undo.defence()
                        || row instanceof Account account && account.frozen() != 0
                        // Steps of a saga that came to its good end are not asked, and swept later.
                        || row instanceof FenceRow fence
                                && fence.status() == FenceRow.Status.TRIED
                                && !durable.isCommitted(fence.xid());
                if (left) {
                    violations.report(this, database.name() + " still has " + key + ": " + row);
                }
            });
        }
    }
}
