package io.entente.tm;

/** What a transactional method does about the global transaction it finds, or does not find, on its thread. */
public enum Propagation {
    /** Joins the present transaction; begins one when there is none. */
    REQUIRED,
    /** Suspends the present transaction, if any, and begins another one. */
    REQUIRES_NEW,
    /** Suspends the present transaction, if any, and runs without one. */
    NOT_SUPPORTED,
    /** Joins the present transaction; runs without one when there is none. */
    SUPPORTS,
    /** Refuses to run inside a transaction. */
    NEVER,
    /** Refuses to run outside a transaction. */
    MANDATORY
}
