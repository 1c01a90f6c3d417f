package io.entente.tm.branch;

import io.entente.protocol.BranchType;

/** Something in this process that phase two can be carried out at: a database, a TCC action, a saga step. */
public interface BranchResource {

    /** Whose branches it is for. */
    BranchType type();

    /** The name all instances of the application give to it; not blank, without comma, which separates ids on the wire. */
    String id();

    /**
     * Carries out the decision about {@code branch}, which may come again, late, or without a phase one. Called on the
     * network thread: must hand the work over and return at once. The answer must be given in the end, whatever
     * happens; until then the same branch is not asked for again.
     */
    void phaseTwo(PhaseTwoBranch branch, PhaseTwoAnswer answer);

    /** The coordinator suggests to delete what is left of old transactions. Returns at once. */
    default void cleanUp() {}
}
