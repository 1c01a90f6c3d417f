package io.entente.tm.saga;

/** A {@link StepAction} without a result. */
@FunctionalInterface
public interface VoidStepAction<I> {

    /** May run again, with the same {@link StepCall#key}, when an attempt failed or its outcome was lost. */
    void run(StepCall<I> call) throws Exception;
}
