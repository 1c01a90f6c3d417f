package io.entente.rm.undo;

import java.io.Serial;
import java.sql.SQLNonTransientException;

/** The branch was rolled back while its phase one was still under way: the local transaction must not commit. */
public final class BranchAlreadyRolledBackException extends SQLNonTransientException {

    @Serial
    private static final long serialVersionUID = 1L;

    BranchAlreadyRolledBackException(String xid, long branchId, Throwable cause) {
        super(
                "Branch " + branchId + " of global transaction " + xid
                        + " was rolled back before its phase one finished (timeout or a rollback elsewhere)."
                        + " Remedy: let this local transaction roll back; start the business operation anew if it is still wanted.",
                cause);
    }
}
