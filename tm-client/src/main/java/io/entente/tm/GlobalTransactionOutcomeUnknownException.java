package io.entente.tm;

import org.jspecify.annotations.Nullable;

/**
 * It is not known here how the transaction ends: the coordinator did not answer, or answered that a person has to look
 * at it. It may have committed. The message says where to look.
 */
public final class GlobalTransactionOutcomeUnknownException extends GlobalTransactionException {

    private static final long serialVersionUID = 1;

    GlobalTransactionOutcomeUnknownException(String message, String xid, @Nullable Throwable cause) {
        super(message, xid, cause);
    }
}
