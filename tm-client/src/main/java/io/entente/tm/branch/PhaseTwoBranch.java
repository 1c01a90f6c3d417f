package io.entente.tm.branch;

import io.entente.protocol.BranchType;

/**
 * A branch the coordinator has decided about.
 *
 * @param applicationData what was registered or reported last for it
 */
public record PhaseTwoBranch(
        String xid, long branchId, BranchType type, String resourceId, String applicationData, Decision decision) {

    /** What was decided. */
    public enum Decision {
        COMMIT,
        ROLLBACK
    }

    public boolean isCommit() {
        return decision == Decision.COMMIT;
    }

    @Override
    public String toString() {
        return "xid=" + xid + " branchId=" + branchId + " (" + decision + " at " + resourceId + ")";
    }
}
