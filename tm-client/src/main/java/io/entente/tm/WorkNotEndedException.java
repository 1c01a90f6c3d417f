package io.entente.tm;

/** What this process did for a global transaction of another one cannot be committed; that transaction has to roll back. */
public final class WorkNotEndedException extends GlobalTransactionException {

    private static final long serialVersionUID = 1;

    WorkNotEndedException(String message, String xid, Throwable cause) {
        super(message, xid, cause);
    }
}
