package io.entente.rm.undo;

/** What a rollback does about a row that is no longer as the branch left it. */
public enum ConflictResolution {
    /** Nothing is written at all; a person has to decide. */
    STOP,
    /** The row is put back as the branch found it, and what was written to it since is lost. */
    FORCE_BEFORE_IMAGE,
    /** The row stays as it is, and the branch's other rows are put back. */
    ACCEPT_CURRENT
}
