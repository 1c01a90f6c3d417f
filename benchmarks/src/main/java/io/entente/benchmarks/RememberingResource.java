package io.entente.benchmarks;

import io.entente.protocol.BranchType;
import io.entente.tm.branch.BranchResource;
import io.entente.tm.branch.PhaseTwoAnswer;
import io.entente.tm.branch.PhaseTwoBranch;
import java.util.Set;

/**
 * A resource without a database: it does at once what phase two asks for.
 *
 * @param id of the resource
 * @param committed the branches that were told to commit, as {@code xid/branch id}; added to from several threads
 */
record RememberingResource(String id, Set<String> committed) implements BranchResource {
    @Override
    public BranchType type() {
        return BranchType.AT;
    }

    @Override
    public void phaseTwo(PhaseTwoBranch branch, PhaseTwoAnswer answer) {
        if (branch.decision() == PhaseTwoBranch.Decision.COMMIT) {
            committed.add(branch.xid() + "/" + branch.branchId());
        }
        answer.done();
    }
}
