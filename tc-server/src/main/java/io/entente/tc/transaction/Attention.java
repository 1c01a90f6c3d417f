package io.entente.tc.transaction;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What operators have to look at in one global transaction, and what they chose.
 *
 * <p>A branch is stuck, or a resolution is open for it, or neither; never both.
 */
final class Attention {
    /** Kept of resolutions that were answered; more would only be there because a script repeats itself. */
    static final int MOST_ANSWERED = 100;

    // Most transactions never need any of these, and there may be a million of them: no tables before the first entry.
    private Map<Long, Fact.BranchStuck> stuck = Map.of();
    private Map<Long, String> conflicts = Map.of();
    private Map<Long, Fact.ResolutionChosen> open = Map.of();
    private List<Fact.ResolutionChosen> resolutions = List.of();

    Collection<Fact.BranchStuck> stuck() {
        return Collections.unmodifiableCollection(stuck.values());
    }

    boolean isStuck(long branchId) {
        return stuck.containsKey(branchId);
    }

    @Nullable
    String conflict(long branchId) {
        return conflicts.get(branchId);
    }

    Fact.@Nullable ResolutionChosen openResolution(long branchId) {
        return open.get(branchId);
    }

    List<Fact.ResolutionChosen> resolutions() {
        return Collections.unmodifiableList(resolutions);
    }

    void stuck(Fact.BranchStuck fact) {
        without(open, fact.branchId());
        without(conflicts, fact.branchId());
        stuck = with(stuck, fact.branchId(), fact);
    }

    void conflict(Fact.ConflictReported fact) {
        conflicts = with(conflicts, fact.branchId(), fact.rows());
    }

    void chosen(Fact.ResolutionChosen fact) {
        if (!fact.answered()) {
            without(stuck, fact.branchId());
            without(conflicts, fact.branchId());
            open = with(open, fact.branchId(), fact);
        }
        if (resolutions.isEmpty()) {
            resolutions = new ArrayList<>(1);
        }
        resolutions.add(fact);
        if (resolutions.size() > MOST_ANSWERED) {
            for (Fact.ResolutionChosen each : resolutions) {
                if (isAnswered(each)) {
                    resolutions.remove(each);
                    break;
                }
            }
        }
    }

    void finished(long branchId) {
        without(stuck, branchId);
        without(conflicts, branchId);
        without(open, branchId);
    }

    /** An operator has let all of the transaction go on; what was chosen before stays chosen. */
    void allGoOn() {
        stuck = Map.of();
        conflicts = Map.of();
    }

    boolean isAnswered(Fact.ResolutionChosen chosen) {
        return open.get(chosen.branchId()) != chosen;
    }

    void describe(Consumer<Fact> facts) {
        for (Fact.ResolutionChosen each : resolutions) {
            facts.accept(
                    each.answered() || !isAnswered(each)
                            ? each
                            : new Fact.ResolutionChosen(
                                    each.transactionId(),
                                    each.branchId(),
                                    each.resolution(),
                                    each.by(),
                                    each.at(),
                                    true));
        }
        for (Fact.BranchStuck each : stuck.values()) {
            facts.accept(each);
            String rows = conflicts.get(each.branchId());
            if (rows != null) {
                facts.accept(new Fact.ConflictReported(each.transactionId(), each.branchId(), rows));
            }
        }
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
