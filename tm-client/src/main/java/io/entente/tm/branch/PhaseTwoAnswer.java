package io.entente.tm.branch;

import io.entente.protocol.AttentionReason;

/** Tells the coordinator how phase two went for a branch. To be told once; what is told later is dropped. Thread-safe. */
public interface PhaseTwoAnswer {

    /** The work has begun, and not only its waiting: the coordinator need not ask somebody else. */
    default void begun() {}

    /** The branch has followed the decision, now or before. */
    void done();

    /**
     * It has not, but may later: the coordinator asks again.
     *
     * @param reason for people
     */
    void tryAgain(String reason);

    /**
     * It cannot by itself: a person has to look.
     *
     * @param why for machines
     * @param reason for people: what happened, and what to do
     */
    void giveUp(AttentionReason why, String reason);
}
