package io.entente.crash.processes;

/** A bug that is put in by hand, to see that a run finds it. */
enum Control {
    NONE,
    /** Services say that a TCC branch is cancelled, and leave the money frozen. */
    SWALLOWED_CANCELS,
    /** A member that is started again has lost its disk. */
    EMPTY_LOGS
}
