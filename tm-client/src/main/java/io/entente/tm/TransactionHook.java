package io.entente.tm;

/**
 * Called around the steps of a global transaction by the process that owns it.
 *
 * <p>Hooks run on the thread of the transaction, in the order of their registration. An exception out of
 * {@link #beforeBegin} or {@link #beforeCommit} stops the transaction from beginning or turns its commit into a
 * rollback; an exception out of any other method is logged and changes nothing.
 */
public interface TransactionHook {

    /** No global transaction exists yet. Only hooks registered for every transaction are asked. */
    default void beforeBegin() {}

    /** The coordinator has begun the transaction; {@link TransactionContext#xid()} is bound. */
    default void afterBegin() {}

    /** The application's work is done and the commit is about to be asked for. */
    default void beforeCommit() {}

    /** The coordinator has decided to commit. Branches may still be finishing their second phase. */
    default void afterCommit() {}

    /** The rollback is about to be asked for. */
    default void beforeRollback() {}

    /** The coordinator has decided to roll back. Branches may still be finishing their second phase. */
    default void afterRollback() {}

    /** The last call for this transaction, whatever its outcome, known or not. */
    default void afterCompletion() {}
}
