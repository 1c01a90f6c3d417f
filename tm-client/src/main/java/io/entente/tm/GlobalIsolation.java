package io.entente.tm;

/**
 * What queries in a global transaction see of other global transactions that are not decided yet. Counts in AT mode, for what
 * the annotated method itself does in this process, and for queries without a lock: {@code SELECT … FOR UPDATE} never reads
 * rows that another global transaction may still roll back.
 */
public enum GlobalIsolation {
    /** As in the transaction that is joined; {@link #READ_UNCOMMITTED} for one that begins. */
    DEFAULT,
    /** What is committed locally, though its global transaction may still roll it back. */
    READ_UNCOMMITTED,
    /**
     * What is committed globally, and of each global transaction all or nothing within one query. A query that has met changes
     * of an undecided one waits until that is decided, for as long as for a row lock, and reads again if it is rolled back. It
     * takes no lock.
     */
    READ_COMMITTED
}
