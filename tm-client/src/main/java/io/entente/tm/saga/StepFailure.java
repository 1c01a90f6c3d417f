package io.entente.tm.saga;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** A step failed for good. Lets the global transaction roll back; the caller of the saga sees a {@link SagaException}. */
final class StepFailure extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final @Nullable String step;

    /** @param attempts 0 when the step did not run */
    StepFailure(StepDefinition step, int attempts, Throwable cause) {
        super(
                "step '" + step.name() + "' "
                        + (attempts == 0 ? "did not run: " : "failed at attempt " + attempts + ": ") + cause,
                cause);
        this.step = step.name();
    }

    private StepFailure(String message, Throwable cause) {
        super(message, cause);
        this.step = null;
    }

    /** All steps are done up to the point of no return, but the coordinator does not know what comes behind it. */
    static StepFailure beforeDecision(Throwable cause) {
        return new StepFailure("its point of no return could not be registered: " + cause, cause);
    }

    /** Null when it was none. */
    @Nullable
    String step() {
        return step;
    }

    /** What went wrong in the step itself. */
    Throwable reason() {
        Throwable cause = getCause();
        return cause == null ? this : cause;
    }

    /** Another step of the same group failed too. */
    StepFailure and(StepFailure other) {
        reason().addSuppressed(other.reason());
        return this;
    }
}
