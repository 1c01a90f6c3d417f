package io.entente.simulation.invariant;

import io.entente.protocol.BranchType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What rests on something else is undone before it: a later branch of the same resource, and whatever the application
 * undoes in relation to all others.
 */
final class UndoOrder implements Invariant {
    private final Map<String, List<Effect>> effects = new HashMap<>();
    private final Violations violations;

    UndoOrder(Violations violations) {
        this.violations = violations;
    }

    @Override
    public void onEffect(Effect effect) {
        effects.computeIfAbsent(effect.xid(), any -> new ArrayList<>()).add(effect);
    }

    @Override
    public void onUndone(Effect undone) {
        List<Effect> left = effects.getOrDefault(undone.xid(), new ArrayList<>());
        left.remove(undone);
        for (Effect other : left) {
            boolean matters = other.resourceId().equals(undone.resourceId())
                    || other.isUndoneByApplication()
                    || undone.isUndoneByApplication();
            // What is prepared by XA too late is seen by nobody, and rolled back when it is found.
            if (other.branchId() > undone.branchId() && matters && other.type() != BranchType.XA) {
                violations.report(this, undone + " is undone before " + other);
            }
        }
    }
}
