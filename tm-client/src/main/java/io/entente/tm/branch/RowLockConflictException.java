package io.entente.tm.branch;

import java.io.Serial;

/** Another global transaction holds a row; asking again later may succeed. */
public final class RowLockConflictException extends BranchException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final boolean failFast;

    /**
     * @param holder who holds which row, in the coordinator's words
     * @param failFast the holder is rolling back and may need database locks that the asker has: do not wait
     */
    public RowLockConflictException(String holder, boolean failFast) {
        super(holder, null);
        this.failFast = failFast;
    }

    /** Whether waiting while holding database locks would only keep the holder from finishing. */
    public boolean failFast() {
        return failFast;
    }
}
