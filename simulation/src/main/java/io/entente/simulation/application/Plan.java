package io.entente.simulation.application;

import io.entente.simulation.application.Step.Change;
import io.entente.simulation.application.Step.Mode;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * What a global transaction is to do: move money between accounts.
 *
 * @param steps before the decision
 * @param rest steps behind it, of a saga with a pivot
 * @param atOnce whether the steps before the decision are done beside each other
 * @param abort whether the business changes its mind in the end
 */
record Plan(List<Step> steps, List<Step> rest, boolean atOnce, boolean abort, int timeoutMillis) {

    /** How the plans of a run look. */
    record Style(int databases, int accounts, List<Mode> modes, boolean hotRows) {}

    static Plan draw(Style style, List<Integer> ownDatabases, RandomGenerator random) {
        boolean abort = random.nextInt(5) == 0;
        int timeout = random.nextInt(8) == 0 ? 200 + random.nextInt(2_000) : 5_000 + random.nextInt(20_000);
        if (style.modes.contains(Mode.SAGA) && random.nextInt(4) == 0) {
            return saga(style, ownDatabases, random, abort, timeout);
        }
        List<Step> steps = new ArrayList<>();
        int transfers = 1 + random.nextInt(3);
        for (int i = 0; i < transfers; i++) {
            long amount = 1 + random.nextInt(60);
            boolean takesFirst = random.nextInt(4) != 0;
            steps.add(step(steps.size(), style, random, takesFirst ? -amount : amount));
            steps.add(step(steps.size(), style, random, takesFirst ? amount : -amount));
        }
        return new Plan(merged(steps, random), List.of(), random.nextInt(4) == 0, abort, timeout);
    }

    private static Step step(int number, Style style, RandomGenerator random, long delta) {
        Mode mode = style.modes.get(random.nextInt(style.modes.size()));
        int database = random.nextInt(style.databases);
        List<Change> changes = new ArrayList<>();
        if (mode == Mode.AT && random.nextInt(3) == 0) {
            // The same row twice in a branch, or two rows.
            long first = delta / 2;
            changes.add(change(mode, style, random, delta - first));
            if (first != 0) {
                Change same = changes.get(0);
                changes.add(
                        random.nextBoolean()
                                ? new Change(same.account(), first, same.exclusive(), same.guarded())
                                : change(mode, style, random, first));
            }
        } else {
            changes.add(change(mode, style, random, delta));
        }
        return new Step(number, mode, database, changes);
    }

    private static Change change(Mode mode, Style style, RandomGenerator random, long delta) {
        int account = style.hotRows && random.nextBoolean() ? 0 : random.nextInt(style.accounts);
        boolean exclusive = mode == Mode.AT && random.nextBoolean();
        return new Change(mode.name().toLowerCase(java.util.Locale.ROOT) + account, delta, exclusive, delta < 0);
    }

    /** Sometimes two AT steps at one database are done in one local transaction. */
    private static List<Step> merged(List<Step> steps, RandomGenerator random) {
        List<Step> merged = new ArrayList<>();
        for (Step step : steps) {
            Step last = merged.isEmpty() ? null : merged.get(merged.size() - 1);
            if (last != null
                    && last.mode() == Mode.AT
                    && step.mode() == Mode.AT
                    && last.database() == step.database()
                    && random.nextBoolean()) {
                List<Change> changes = new ArrayList<>(last.changes());
                changes.addAll(step.changes());
                merged.set(merged.size() - 1, new Step(last.number(), Mode.AT, last.database(), changes));
            } else {
                merged.add(step);
            }
        }
        return merged;
    }

    private static Plan saga(
            Style style, List<Integer> ownDatabases, RandomGenerator random, boolean abort, int timeout) {
        List<Step> steps = new ArrayList<>();
        List<Step> rest = new ArrayList<>();
        int transfers = 1 + random.nextInt(2);
        boolean pivot = random.nextInt(3) != 0;
        for (int i = 0; i < transfers; i++) {
            long amount = 1 + random.nextInt(60);
            steps.add(sagaStep(steps.size() + rest.size(), style, ownDatabases, random, -amount, true));
            List<Step> second = pivot && random.nextInt(3) != 0 ? rest : steps;
            second.add(sagaStep(steps.size() + rest.size(), style, ownDatabases, random, amount, false));
        }
        return new Plan(steps, rest, random.nextInt(4) == 0, abort, timeout);
    }

    private static Step sagaStep(
            int number, Style style, List<Integer> databases, RandomGenerator random, long delta, boolean guarded) {
        int database = databases.get(random.nextInt(databases.size()));
        String account = "saga" + random.nextInt(style.accounts);
        return new Step(number, Mode.SAGA, database, List.of(new Change(account, delta, false, guarded)));
    }
}
