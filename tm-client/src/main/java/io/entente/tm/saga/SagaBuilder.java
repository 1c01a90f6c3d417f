package io.entente.tm.saga;

import io.entente.tm.fence.Fence;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Collects the definition of a {@link Saga}. What is wrong with it is said by {@link #build}. */
public final class SagaBuilder<I> {

    private final String name;
    private final Class<I> inputType;
    private final List<SagaPart> parts = new ArrayList<>();
    private @Nullable Duration timeout;
    private @Nullable Fence fence;
    private boolean recoversForward;

    SagaBuilder(String name, Class<I> inputType) {
        this.name = name;
        this.inputType = inputType;
    }

    /** Longest time for the part that can still be undone; after it the coordinator compensates. Default: the client's. */
    public SagaBuilder<I> timeout(Duration newTimeout) {
        timeout = newTimeout;
        return this;
    }

    /**
     * Runs each step and each compensation in a local transaction with a row of the fence, so that each happens once, and no
     * step after its compensation. Actions and compensations work on {@link StepCall#connection}, or on whatever shares
     * its transaction.
     */
    public SagaBuilder<I> fenced(Fence newFence) {
        fence = newFence;
        return this;
    }

    /** Nothing is ever compensated: each step is tried again until it is done, by any instance of the application. */
    public SagaBuilder<I> recoverForward() {
        recoversForward = true;
        return this;
    }

    /** Adds a step. */
    public <R> StepBuilder<I, R> step(Step<R> step, StepAction<I, R> action) {
        return add(step, action, false);
    }

    /** Adds a step. */
    public <R> StepBuilder<I, R> step(String stepName, Class<R> type, StepAction<I, R> action) {
        return add(new Step<>(stepName, type), action, false);
    }

    /** Adds a step without a result. */
    public StepBuilder<I, Void> step(String stepName, VoidStepAction<I> action) {
        return add(new Step<>(stepName, Void.class), withoutResult(action), false);
    }

    /** Adds a step that is the point of no return; see {@link StepBuilder#pivot()}. */
    public <R> StepBuilder<I, R> pivot(Step<R> step, StepAction<I, R> action) {
        return add(step, action, true);
    }

    /** Adds a step that is the point of no return; see {@link StepBuilder#pivot()}. */
    public <R> StepBuilder<I, R> pivot(String stepName, Class<R> type, StepAction<I, R> action) {
        return add(new Step<>(stepName, type), action, true);
    }

    /** Adds a step without a result that is the point of no return; see {@link StepBuilder#pivot()}. */
    public StepBuilder<I, Void> pivot(String stepName, VoidStepAction<I> action) {
        return add(new Step<>(stepName, Void.class), withoutResult(action), true);
    }

    /**
     * Adds steps that run at the same time; none sees the result of another. They are compensated one after another, the
     * last one first.
     *
     * @param group adds two or more steps to what it is given
     */
    public SagaBuilder<I> parallel(Consumer<SagaBuilder<I>> group) {
        SagaBuilder<I> inner = new SagaBuilder<>(name, inputType);
        group.accept(inner);
        if (inner.timeout != null || inner.fence != null || inner.recoversForward) {
            throw new InvalidSagaException("In a parallel(…) of saga '" + name + "', timeout(…), fenced(…) or"
                    + " recoverForward() was set for the group. Set them for the whole saga, before its first step.");
        }
        parts.add(new SagaPart(
                inner.parts.stream().flatMap(part -> part.steps().stream()).toList(), inner.isNested()));
        return this;
    }

    private boolean isNested() {
        return parts.stream().anyMatch(SagaPart::parallel);
    }

    /** @throws InvalidSagaException saying what is wrong, and how it is right */
    public Saga<I> build() {
        SagaRules.check(name, parts, recoversForward, timeout);
        List<List<StepDefinition>> groups = new ArrayList<>();
        boolean forward = recoversForward;
        for (SagaPart part : parts) {
            List<StepDefinition> group = new ArrayList<>();
            for (StepSpec step : part.steps()) {
                group.add(step.define(name, forward, fence));
                forward |= step.pivot;
            }
            groups.add(group);
        }
        return new Saga<>(name, inputType, timeout, recoversForward, groups);
    }

    private static <I> StepAction<I, Void> withoutResult(VoidStepAction<I> action) {
        return call -> {
            action.run(call);
            return null;
        };
    }

    private <R> StepBuilder<I, R> add(Step<R> step, StepAction<I, R> action, boolean pivot) {
        // What it is called with was read as exactly the types that are given here.
        @SuppressWarnings("unchecked")
        StepAction<Object, Object> untyped = (StepAction<Object, Object>) (StepAction<?, ?>) action;
        StepSpec spec = new StepSpec(step.name(), step.type(), untyped);
        spec.pivot = pivot;
        parts.add(new SagaPart(spec));
        return new StepBuilder<>(this, spec);
    }
}
