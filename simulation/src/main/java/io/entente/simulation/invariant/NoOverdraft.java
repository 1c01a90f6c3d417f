package io.entente.simulation.invariant;

import io.entente.simulation.database.Account;
import io.entente.simulation.database.ModelDatabase;
import java.util.Collection;

/** What was there when it was taken is there, whoever gives back what they took: no AT account is ever below zero. */
final class NoOverdraft implements Invariant {
    private final Violations violations;

    NoOverdraft(Violations violations) {
        this.violations = violations;
    }

    @Override
    public void onCommit(ModelDatabase database, Collection<String> keys) {
        for (String key : keys) {
            // A saga isolates nothing: what it brought may be gone when it wants it back.
            if (key.startsWith("at") && database.rows().get(key) instanceof Account account && account.balance() < 0) {
                violations.report(this, key + " at " + database.name() + " is " + account);
            }
        }
    }
}
