package io.entente.tm.branch;

import io.entente.protocol.TransactionError;
import java.io.Serial;

/** The coordinator answered, and the answer is no. */
public final class BranchRefusedException extends BranchException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final TransactionError error;

    public BranchRefusedException(TransactionError error, String message) {
        super(message + " (" + error + ")", null);
        this.error = error;
    }

    /** The coordinator's reason. */
    public TransactionError error() {
        return error;
    }
}
