package io.entente.tm.saga;

import org.jspecify.annotations.Nullable;

/** What a step does. Runs outside of the global transaction: what it calls does not take part in it. */
@FunctionalInterface
public interface StepAction<I, R> {

    /**
     * May run again, with the same {@link StepCall#key}, when an attempt failed or its outcome was lost.
     *
     * @return the result, kept for later steps, the compensation and the caller; may be null
     */
    @Nullable
    R run(StepCall<I> call) throws Exception;
}
