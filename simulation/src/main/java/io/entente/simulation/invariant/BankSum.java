package io.entente.simulation.invariant;

import io.entente.simulation.database.Account;
import io.entente.simulation.database.ModelDatabase;

/** Money moves, and there is neither more nor less of it in the end. */
final class BankSum implements Invariant {
    private final Violations violations;

    BankSum(Violations violations) {
        this.violations = violations;
    }

    @Override
    public void onEnd(EndOfRun end) {
        long sum = 0;
        for (ModelDatabase database : end.databases()) {
            for (Object row : database.rows().values()) {
                if (row instanceof Account account) {
                    sum += account.total();
                }
            }
        }
        if (sum != end.total()) {
            violations.report(this, "there were " + end.total() + ", and there are " + sum);
        }
    }
}
