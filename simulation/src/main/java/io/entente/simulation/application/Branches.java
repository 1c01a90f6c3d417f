package io.entente.simulation.application;

import io.entente.protocol.BranchStatus;
import java.util.function.Consumer;

/** How an application works in one of the modes. */
interface Branches {

    /** An order of the coordinator. */
    record Order(String xid, long branchId, boolean commit, String resourceId, String data) {}

    /** What comes of an order. */
    record Answer(BranchStatus status, String message) {}

    /**
     * Does a step.
     *
     * @param then told whether all went well; otherwise the transaction has to be rolled back
     */
    void work(String xid, Step step, Consumer<Boolean> then);

    /** Carries an order out; {@code then} is told once, unless the process dies. */
    void carryOut(Order order, Consumer<Answer> then);
}
