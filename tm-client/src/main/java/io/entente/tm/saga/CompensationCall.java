package io.entente.tm.saga;

import java.util.Optional;

/** What a compensation is told. */
public interface CompensationCall<I, R> extends StepCall<I> {

    /** The result of the step; empty when it had none, or when it is not known whether and how the step ended. */
    Optional<R> outcome();

    /** True when the step surely took effect, false when nobody knows. */
    boolean isSurelyDone();
}
