package io.entente.tc.transaction;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Consumer;

/** What operators had done about transactions that have ended since. */
final class EndedActions {
    /** Of all transactions together; those of the one that ended first go first. */
    static final int MOST = 50_000;

    private final LinkedHashMap<Long, List<OperatorAction>> byTransaction = new LinkedHashMap<>();
    private int size;

    List<OperatorAction> of(long transactionId) {
        return List.copyOf(byTransaction.getOrDefault(transactionId, List.of()));
    }

    void add(long transactionId, List<OperatorAction> actions) {
        if (actions.isEmpty()) {
            return;
        }
        byTransaction.computeIfAbsent(transactionId, any -> new ArrayList<>(1)).addAll(actions);
        size += actions.size();
        while (size > MOST) {
            Iterator<List<OperatorAction>> eldest = byTransaction.values().iterator();
            size -= eldest.next().size();
            eldest.remove();
        }
    }

    void forget(long transactionId) {
        List<OperatorAction> forgotten = byTransaction.remove(transactionId);
        if (forgotten != null) {
            size -= forgotten.size();
        }
    }

    void describe(Consumer<Fact> facts) {
        byTransaction.forEach(
                (id, actions) -> actions.forEach(action -> facts.accept(new Fact.ActionRemembered(id, action))));
    }
}
