package io.entente.tm.branch;

import java.io.Serial;

/**
 * The one who waited for rows at the coordinator does not wait any longer, because somebody has ended the wait or interrupted
 * the thread. The coordinator is told; a branch that it has registered all the same is forgotten.
 */
public final class WaitWithdrawnException extends BranchException {

    @Serial
    private static final long serialVersionUID = 1L;

    public WaitWithdrawnException(String message, Throwable cause) {
        super(message, cause);
    }
}
