package io.entente.tc.transaction;

import io.entente.protocol.Resolution;
import io.entente.tc.lock.LockKeyText;
import io.entente.tc.lock.RowClaim;
import io.entente.tc.transaction.OperatorAction.Outcome;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What operators have to look at in one global transaction, and what they had done.
 *
 * <p>A branch is stuck, or an action is open for it, or neither; never both.
 */
final class Attention {
    /** Kept of actions that have an outcome; more would only be there because a script repeats itself. */
    static final int MOST_ENDED = 100;

    // Most transactions never need any of these, and there may be a million of them: no tables before the first entry.
    private Map<Long, Fact.BranchStuck> stuck = Map.of();
    private Map<Long, String> conflicts = Map.of();
    private Map<Long, List<RowClaim>> released = Map.of();
    private Map<Long, Set<String>> confirmed = Map.of();
    private List<OperatorAction> actions = List.of();

    Collection<Fact.BranchStuck> stuck() {
        return Collections.unmodifiableCollection(stuck.values());
    }

    Fact.@Nullable BranchStuck stuck(long branchId) {
        return stuck.get(branchId);
    }

    @Nullable
    String conflict(long branchId) {
        return conflicts.get(branchId);
    }

    /** Whether this receiver has confirmed that it was told of the branch. */
    boolean isConfirmed(long branchId, String receiver) {
        return confirmed.getOrDefault(branchId, Set.of()).contains(receiver);
    }

    /** The rows that a branch had locked before an operator let go of them; empty when that did not happen. */
    List<RowClaim> released(long branchId) {
        return released.getOrDefault(branchId, List.of());
    }

    @Nullable
    OperatorAction openAction(long branchId) {
        for (OperatorAction action : actions) {
            if (action.isOpen() && action.branchId() == branchId) {
                return action;
            }
        }
        return null;
    }

    List<OperatorAction> actions() {
        return Collections.unmodifiableList(actions);
    }

    void stuck(Fact.BranchStuck fact) {
        end(fact.branchId(), Outcome.ANSWERED, fact.at(), "");
        unstuck(fact.branchId());
        stuck = with(stuck, fact.branchId(), fact);
    }

    void conflict(Fact.ConflictReported fact) {
        conflicts = with(conflicts, fact.branchId(), fact.rows());
    }

    void confirmed(Fact.NoticeConfirmed fact) {
        if (stuck.containsKey(fact.branchId())) {
            Set<String> receivers = confirmed.getOrDefault(fact.branchId(), new TreeSet<>());
            receivers.add(fact.receiver());
            confirmed = with(confirmed, fact.branchId(), receivers);
        }
    }

    void released(long branchId, List<RowClaim> rows) {
        released = with(released, branchId, rows);
    }

    /** The branch has its rows again. */
    void taken(long branchId) {
        without(released, branchId);
    }

    void chosen(Fact.ResolutionChosen fact) {
        if (!fact.answered()) {
            unstuck(fact.branchId());
        }
        boolean done = fact.resolution() == Resolution.MARK_DONE || fact.resolution() == Resolution.RELEASE_LOCKS;
        Outcome outcome = !fact.answered() ? Outcome.OPEN : done ? Outcome.DONE : Outcome.ANSWERED;
        add(new OperatorAction(
                fact.branchId(),
                fact.resolution(),
                fact.by(),
                fact.at(),
                outcome,
                fact.answered() ? fact.at() : 0,
                ""));
    }

    void ended(Fact.ActionEnded fact) {
        for (int i = actions.size() - 1; i >= 0; i--) {
            OperatorAction action = actions.get(i);
            if (action.branchId() == fact.branchId() && action.resolution() == fact.resolution()) {
                actions.set(i, action.ended(fact.outcome(), fact.at(), fact.note()));
                return;
            }
        }
    }

    void add(OperatorAction action) {
        if (actions.isEmpty()) {
            actions = new ArrayList<>(1);
        }
        actions.add(action);
        if (actions.size() > MOST_ENDED) {
            for (OperatorAction each : actions) {
                if (!each.isOpen()) {
                    actions.remove(each);
                    break;
                }
            }
        }
    }

    void finished(long branchId) {
        end(branchId, Outcome.ANSWERED, 0, "");
        unstuck(branchId);
        without(released, branchId);
    }

    /** An operator has let all of the transaction go on; what was chosen before stays chosen. */
    void allGoOn() {
        stuck = Map.of();
        conflicts = Map.of();
        confirmed = Map.of();
    }

    private void unstuck(long branchId) {
        without(stuck, branchId);
        without(conflicts, branchId);
        without(confirmed, branchId);
    }

    private void end(long branchId, Outcome outcome, long at, String note) {
        for (int i = 0; i < actions.size(); i++) {
            OperatorAction action = actions.get(i);
            if (action.isOpen() && action.branchId() == branchId) {
                actions.set(i, action.ended(outcome, at, note));
            }
        }
    }

    void describe(long transactionId, Consumer<Fact> facts) {
        for (OperatorAction each : actions) {
            facts.accept(new Fact.ActionRemembered(transactionId, each));
        }
        for (Fact.BranchStuck each : stuck.values()) {
            facts.accept(each);
            String rows = conflicts.get(each.branchId());
            if (rows != null) {
                facts.accept(new Fact.ConflictReported(transactionId, each.branchId(), rows));
            }
            for (String receiver : confirmed.getOrDefault(each.branchId(), Set.of())) {
                facts.accept(new Fact.NoticeConfirmed(transactionId, each.branchId(), receiver));
            }
        }
        released.forEach((branchId, rows) ->
                facts.accept(new Fact.LocksReleased(transactionId, branchId, LockKeyText.format(rows))));
    }

    /** Roughly what it takes of the heap. */
    long weight() {
        long weight = 0;
        for (Fact.BranchStuck each : stuck.values()) {
            weight += 200 + each.reason().length();
        }
        for (String rows : conflicts.values()) {
            weight += 100 + rows.length();
        }
        for (List<RowClaim> rows : released.values()) {
            weight += 100 + 100L * rows.size();
        }
        for (OperatorAction action : actions) {
            weight += 200 + action.by().length() + action.note().length();
        }
        return weight;
    }

    private static <V> Map<Long, V> with(Map<Long, V> map, long key, V value) {
        Map<Long, V> changed = map.isEmpty() ? new LinkedHashMap<>(2) : map;
        changed.put(key, value);
        return changed;
    }

    /** The empty map that everything begins with takes no removal. */
    private static void without(Map<Long, ?> map, long key) {
        if (!map.isEmpty()) {
            map.remove(key);
        }
    }
}
