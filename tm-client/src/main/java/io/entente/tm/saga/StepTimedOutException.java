package io.entente.tm.saga;

import java.io.Serial;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A step took longer than its timeout. Whether it took effect is not known. */
public final class StepTimedOutException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final boolean stillRunning;

    StepTimedOutException(Duration timeout, boolean stillRunning, @Nullable Throwable cause) {
        super(
                "The step took longer than its timeout of " + timeout.toMillis() + " ms and was interrupted"
                        + (stillRunning ? ", which it ignores: it is still running." : "."),
                cause);
        this.stillRunning = stillRunning;
    }

    /** Whether the step ignored the interrupt and goes on, unobserved. */
    public boolean isStillRunning() {
        return stillRunning;
    }
}
