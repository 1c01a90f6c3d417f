package io.entente.tm.fence;

import java.io.Serial;

/** The branch was cancelled before its try or step began, so that it must not run any more. Nothing was changed. */
public final class PhaseOneTooLateException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    PhaseOneTooLateException(FencedBranch branch) {
        super("Phase one of " + branch + " came too late and did not run: the branch was cancelled before, because its"
                + " global transaction rolled back or timed out meanwhile. Make the work shorter or the timeout of the"
                + " global transaction longer.");
    }
}
