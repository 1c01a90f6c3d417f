package io.entente.tm.saga;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * A step failed of a saga that takes part in a global transaction begun before. That transaction can only roll back now,
 * and compensates the saga when it does.
 */
public final class SagaStepFailedException extends SagaException {

    @Serial
    private static final long serialVersionUID = 1L;

    SagaStepFailedException(String saga, String xid, @Nullable String step, String why, Throwable cause) {
        super(
                "Saga '" + saga + "' failed and is compensated when the global transaction it takes part in (xid " + xid
                        + ") rolls back: " + SagaException.sentence(why),
                saga,
                xid,
                step,
                cause);
    }
}
