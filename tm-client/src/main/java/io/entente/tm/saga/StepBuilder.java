package io.entente.tm.saga;

import io.entente.tm.fence.Fence;
import java.time.Duration;
import java.util.function.Consumer;

/** Says more about the step that was added last, or goes on with the saga. */
public final class StepBuilder<I, R> {

    private final SagaBuilder<I> saga;
    private final StepSpec spec;

    StepBuilder(SagaBuilder<I> saga, StepSpec spec) {
        this.saga = saga;
        this.spec = spec;
    }

    /** How the step is undone when it was done, or may have been. */
    public StepBuilder<I, R> compensate(Compensation<I, R> compensation) {
        // What it is called with was read as exactly the types that are given here.
        @SuppressWarnings("unchecked")
        Compensation<Object, Object> untyped = (Compensation<Object, Object>) (Compensation<?, ?>) compensation;
        spec.compensation = untyped;
        return this;
    }

    /** There is nothing to undo: the step only reads, say. */
    public StepBuilder<I, R> noCompensation() {
        spec.nothingToCompensate = true;
        return this;
    }

    /**
     * The point of no return: when this step fails, everything before it is compensated; once it is done, the steps after it
     * are tried again until they are done too.
     *
     * <p>It may have a compensation, for the case that the process dies before the coordinator knows that it is done. Without
     * one, it must throw only when it did not take effect; where its outcome is not known, the saga needs a person's
     * attention.
     */
    public StepBuilder<I, R> pivot() {
        spec.pivot = true;
        return this;
    }

    /** When to try again before the step counts as failed. Default: not at all; behind the pivot three times. */
    public StepBuilder<I, R> retry(Retry retry) {
        spec.retry = retry;
        return this;
    }

    /**
     * Longest time for one attempt. Its thread is interrupted then, and as nobody knows what it has done, the step is
     * compensated unless another attempt succeeds. An attempt that ignores the interrupt goes on, perhaps beside its
     * compensation: let whoever it calls refuse a {@link StepCall#key} that was undone, or fence the step.
     */
    public StepBuilder<I, R> timeout(Duration timeout) {
        spec.timeout = timeout;
        return this;
    }

    /** A step that fails with such an exception, or a subclass, surely had no effect and is not compensated. */
    public StepBuilder<I, R> nothingHappenedOn(Class<? extends Throwable> exception) {
        spec.provesNothing.add(exception);
        return this;
    }

    /** As {@link SagaBuilder#fenced}, for this step alone. */
    public StepBuilder<I, R> fenced(Fence fence) {
        spec.fence = fence;
        return this;
    }

    /** Adds the next step. */
    public <S> StepBuilder<I, S> step(Step<S> step, StepAction<I, S> action) {
        return saga.step(step, action);
    }

    /** Adds the next step. */
    public <S> StepBuilder<I, S> step(String name, Class<S> type, StepAction<I, S> action) {
        return saga.step(name, type, action);
    }

    /** Adds the next step, without a result. */
    public StepBuilder<I, Void> step(String name, VoidStepAction<I> action) {
        return saga.step(name, action);
    }

    /** Adds the step that is the point of no return. */
    public <S> StepBuilder<I, S> pivot(Step<S> step, StepAction<I, S> action) {
        return saga.pivot(step, action);
    }

    /** Adds the step that is the point of no return. */
    public <S> StepBuilder<I, S> pivot(String name, Class<S> type, StepAction<I, S> action) {
        return saga.pivot(name, type, action);
    }

    /** Adds the step that is the point of no return, without a result. */
    public StepBuilder<I, Void> pivot(String name, VoidStepAction<I> action) {
        return saga.pivot(name, action);
    }

    /** Adds steps that run at the same time. */
    public SagaBuilder<I> parallel(Consumer<SagaBuilder<I>> group) {
        return saga.parallel(group);
    }

    /** @throws InvalidSagaException saying what is wrong, and how it is right */
    public Saga<I> build() {
        return saga.build();
    }
}
