package io.entente.simulation.invariant;

import java.util.ArrayList;
import java.util.List;

/** What was found; a run ends with the first. */
public final class Violations {
    private final List<Violation> found = new ArrayList<>();

    void report(Invariant invariant, String what) {
        found.add(new Violation(invariant.getClass().getSimpleName(), what));
    }

    /** Something that should never happen, in whatever part. */
    public void unexpected(String what) {
        found.add(new Violation("NothingUnexpected", what));
    }

    public List<Violation> found() {
        return List.copyOf(found);
    }

    public boolean isEmpty() {
        return found.isEmpty();
    }
}
