package io.entente.tm.branch;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** The coordinator did not do what a branch needs. */
public abstract sealed class BranchException extends Exception
        permits RowLockConflictException, BranchRefusedException, CoordinatorSilentException, WaitWithdrawnException {

    @Serial
    private static final long serialVersionUID = 1L;

    BranchException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
