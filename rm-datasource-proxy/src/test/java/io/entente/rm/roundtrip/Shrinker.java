package io.entente.rm.roundtrip;

import io.entente.rm.roundtrip.Scenario.Global;
import io.entente.rm.roundtrip.Scenario.Local;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Takes away from a scenario what its failure does not need. */
final class Shrinker {

    private final Check check;
    private final long end;

    /** Whether a scenario still fails. */
    interface Check {
        boolean fails(Scenario scenario) throws Exception;
    }

    /** @param most the time that is spent at the most */
    Shrinker(Check check, Duration most) {
        this.check = check;
        this.end = System.nanoTime() + most.toNanos();
    }

    Scenario shrink(Scenario failing) throws Exception {
        Scenario smallest = failing;
        boolean smaller = true;
        while (smaller) {
            smaller = false;
            for (Scenario candidate : candidates(smallest)) {
                if (System.nanoTime() > end) {
                    return smallest;
                }
                if (check.fails(candidate)) {
                    smallest = candidate;
                    smaller = true;
                    break;
                }
            }
        }
        return smallest;
    }

    /** The scenario without one of its parts: whole transactions first, then single statements. */
    private static List<Scenario> candidates(Scenario scenario) {
        List<Scenario> candidates = new ArrayList<>();
        List<Global> transactions = scenario.transactions();
        for (int i = transactions.size() - 1; i >= 0; i--) {
            candidates.add(new Scenario(scenario.seed(), scenario.databases(), without(transactions, i)));
        }
        for (int i = 0; i < transactions.size(); i++) {
            List<Local> locals = transactions.get(i).locals();
            for (int k = locals.size() - 1; k >= 0 && locals.size() > 1; k--) {
                candidates.add(withLocals(scenario, i, without(locals, k)));
            }
        }
        for (int i = 0; i < transactions.size(); i++) {
            List<Local> locals = transactions.get(i).locals();
            for (int k = 0; k < locals.size(); k++) {
                Local local = locals.get(k);
                for (int s = local.steps().size() - 1; s >= 0 && local.steps().size() > 1; s--) {
                    List<Local> changed = new ArrayList<>(locals);
                    changed.set(
                            k,
                            new Local(
                                    local.database(),
                                    local.autoCommit(),
                                    local.committed(),
                                    without(local.steps(), s)));
                    candidates.add(withLocals(scenario, i, changed));
                }
            }
        }
        return candidates;
    }

    private static Scenario withLocals(Scenario scenario, int at, List<Local> locals) {
        List<Global> transactions = new ArrayList<>(scenario.transactions());
        transactions.set(at, new Global(locals, transactions.get(at).committed()));
        return new Scenario(scenario.seed(), scenario.databases(), transactions);
    }

    private static <T> List<T> without(List<T> list, int index) {
        List<T> rest = new ArrayList<>(list);
        rest.remove(index);
        return rest;
    }
}
