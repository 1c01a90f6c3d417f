package io.entente.tc.transaction;

/**
 * How somebody waits who wants rows that another global transaction has.
 *
 * @param waitMillis how long; 0 to be answered at once
 * @param holds what it keeps from others meanwhile
 */
public record LockPatience(long waitMillis, Holding holds) {

    /** Answered at once, and free to come again. */
    public static final LockPatience NONE = new LockPatience(0, Holding.ATTEMPT);

    /** Which row locks of the database the asker has while it waits. */
    public enum Holding {
        /** None. */
        NOTHING,
        /** Those of a statement that is rolled back when it is refused. */
        ATTEMPT,
        /** Those of the application's own local transaction, whatever it is told. */
        LOCAL_TRANSACTION
    }
}
