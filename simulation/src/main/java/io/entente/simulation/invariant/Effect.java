package io.entente.simulation.invariant;

import io.entente.protocol.BranchType;

/** What a branch does. */
public record Effect(String xid, long branchId, BranchType type, String resourceId) {

    /** Whether a method of the application undoes it, which may look at anything done before. */
    boolean isUndoneByApplication() {
        return type != BranchType.AT && type != BranchType.XA;
    }
}
