package io.entente.tm.saga;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of the saga is decided, but it is not at its end yet, and nobody waits any longer: it is being undone, or
 * carried on. The coordinator sees to it, unless it needs a person's attention, which the message says.
 */
public final class SagaUnfinishedException extends SagaException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final Direction direction;

    /** Where the saga goes. */
    public enum Direction {
        /** It passed its point of no return and will succeed. */
        FORWARD,
        /** It failed and is being compensated. */
        BACKWARD
    }

    SagaUnfinishedException(
            String saga,
            String xid,
            Direction direction,
            @Nullable String step,
            String why,
            @Nullable Throwable cause) {
        super(
                "Saga '" + saga + "' (xid " + xid + ") "
                        + (direction == Direction.FORWARD
                                ? "has passed its point of no return but is not done yet: "
                                : "failed and is not compensated yet: ")
                        + why,
                saga,
                xid,
                step,
                cause);
        this.direction = direction;
    }

    public Direction direction() {
        return direction;
    }
}
