package io.entente.tm.saga;

import java.util.List;

/**
 * How far a saga is.
 *
 * @param saga its name; empty when the coordinator keeps nothing of its steps, because none has begun or all have ended
 * @param steps in the order in which they began; those that ended with the saga, or were compensated, are gone
 * @param trouble what phase two fails with; empty when nothing does
 */
public record SagaProgress(String xid, String saga, Phase phase, List<StepProgress> steps, String trouble) {

    public SagaProgress {
        steps = List.copyOf(steps);
    }

    /** Where the saga as a whole stands. */
    public enum Phase {
        /** Its steps run and can still be undone. */
        RUNNING,
        /** Past its point of no return: it goes on until all steps are done. */
        FORWARD,
        /** Its steps are being undone. */
        COMPENSATING,
        /** It cannot go on by itself; {@link SagaProgress#trouble} says why. */
        NEEDS_ATTENTION,
        DONE,
        COMPENSATED
    }

    /** What becomes of one step. */
    public enum StepState {
        /** Begun; whether it took effect is not known yet. */
        RUNNING,
        /** It took effect. */
        DONE,
        /** All attempts failed. */
        FAILED,
        /** It is the next to be undone. */
        COMPENSATING
    }

    /**
     * How far a step is.
     *
     * @param saga whose step it is; there can be several in one global transaction
     * @param attempts that have ended
     * @param lastError of an attempt or, while it is being undone, of its compensation; empty when there was none
     * @param result as JSON; {@code null} as text when there is none
     */
    public record StepProgress(
            String saga, String name, StepState state, int attempts, String lastError, String result) {}
}
