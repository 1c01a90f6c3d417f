package io.entente.simulation.coordinator;

import io.entente.simulation.world.SimulatedProcess;
import io.entente.simulation.world.SteppedClock;
import org.jspecify.annotations.Nullable;

/** A process on which a coordinator may run. */
public final class TcNode {
    private final SimulatedProcess process;
    private final SteppedClock clock;
    private @Nullable Leadership leadership;

    TcNode(SimulatedProcess process, SteppedClock clock) {
        this.process = process;
        this.clock = clock;
    }

    public SimulatedProcess process() {
        return process;
    }

    public SteppedClock clock() {
        return clock;
    }

    /** The coordinator that this node believes to lead with; null when it knows that it does not. */
    public @Nullable Leadership serving() {
        return process.isUp() && leadership != null ? leadership.ifServing() : null;
    }

    @Nullable
    Leadership leadership() {
        return leadership;
    }

    void lead(Leadership next) {
        leadership = next;
    }
}
