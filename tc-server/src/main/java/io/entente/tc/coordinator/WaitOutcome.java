package io.entente.tc.coordinator;

/** How waiting for rows ended. */
public enum WaitOutcome {
    /** The rows were had. */
    GRANTED,
    /** The time was up. */
    TIMED_OUT,
    /** The one who waited gave way, because transactions waited for each other in a circle. */
    DEADLOCK,
    /** The own transaction was decided, or the holder began to roll back and needs what the one who waited has. */
    REFUSED,
    /** The one who waited does not want to wait any longer, or is not there any more. */
    CANCELLED
}
