package io.entente.tm.fence;

/**
 * The branch that a row of the fence stands for.
 *
 * @param action name of the TCC action or saga step; kept in the row for people
 */
public record FencedBranch(String xid, long branchId, String action) {

    /** @throws IllegalArgumentException when a name is blank */
    public FencedBranch {
        if (xid.isBlank() || action.isBlank()) {
            throw new IllegalArgumentException(
                    "A fenced branch needs an xid and an action, not '" + xid + "' and '" + action + "'.");
        }
    }

    @Override
    public String toString() {
        return "xid=" + xid + " branchId=" + branchId + " of " + action;
    }
}
