package io.entente.tm.saga;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** A saga did not come to its good end, or not yet. */
public abstract sealed class SagaException extends RuntimeException
        permits SagaCompensatedException, SagaUnfinishedException, SagaStepFailedException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final String saga;
    private final String xid;
    private final @Nullable String failedStep;

    SagaException(String message, String saga, String xid, @Nullable String failedStep, @Nullable Throwable cause) {
        super(message, cause);
        this.saga = saga;
        this.xid = xid;
        this.failedStep = failedStep;
    }

    static String sentence(String text) {
        return text.endsWith(".") ? text : text + ".";
    }

    /** Name of the saga. */
    public String saga() {
        return saga;
    }

    /** Its global transaction, to be looked up at the coordinator or by {@link Sagas#progress}. */
    public String xid() {
        return xid;
    }

    /** The step whose failure is the cause; null when it was none, as with a timeout of the saga. */
    public @Nullable String failedStep() {
        return failedStep;
    }
}
