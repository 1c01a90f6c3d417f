package io.entente.tm.saga;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** The saga failed, and everything it had done is undone. The cause is the exception of the step that failed. */
public final class SagaCompensatedException extends SagaException {

    @Serial
    private static final long serialVersionUID = 1L;

    SagaCompensatedException(String saga, String xid, @Nullable String step, String why, Throwable cause) {
        super(
                "Saga '" + saga + "' (xid " + xid + ") was compensated: " + SagaException.sentence(why),
                saga,
                xid,
                step,
                cause);
    }
}
