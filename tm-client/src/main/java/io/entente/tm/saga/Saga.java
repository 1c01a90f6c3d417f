package io.entente.tm.saga;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A sequence of steps that are all done in the end, or all undone. Immutable; made once and run by {@link Sagas}.
 *
 * <pre>{@code
 * static final Step<Car> CAR = Step.named("reserve car", Car.class);
 *
 * Saga<TripRequest> trip = Saga.named("trip", TripRequest.class)
 *         .step(CAR, call -> cars.reserve(call.key(), call.input().city()))
 *             .compensate(call -> cars.release(call.key()))
 *         .step("book hotel", call -> hotels.book(call.key(), call.result(CAR)))
 *             .compensate(call -> hotels.cancel(call.key()))
 *         .build();
 * }</pre>
 */
public final class Saga<I> {

    private final String name;
    private final Class<I> inputType;
    private final @Nullable Duration timeout;
    private final boolean recoversForward;
    private final List<List<StepDefinition>> groups;

    Saga(
            String name,
            Class<I> inputType,
            @Nullable Duration timeout,
            boolean recoversForward,
            List<List<StepDefinition>> groups) {
        this.name = name;
        this.inputType = inputType;
        this.timeout = timeout;
        this.recoversForward = recoversForward;
        this.groups = groups.stream().map(List::copyOf).toList();
    }

    /**
     * Begins the definition of a saga. What is set before the first step is for the whole saga.
     *
     * @param name known to the coordinator: the same in each instance and each version of the application
     * @param inputType plain data that can be written as JSON
     */
    public static <I> SagaBuilder<I> named(String name, Class<I> inputType) {
        return new SagaBuilder<>(name, inputType);
    }

    public String name() {
        return name;
    }

    Class<I> inputType() {
        return inputType;
    }

    @Nullable
    Duration timeout() {
        return timeout;
    }

    /** Whether there is a point after which this saga only goes forward. */
    boolean hasForwardPart() {
        return recoversForward || steps().stream().anyMatch(StepDefinition::pivot);
    }

    List<StepDefinition> steps() {
        return groups.stream().flatMap(List::stream).toList();
    }

    /** The steps up to the point of no return, those of a group at the same time. */
    List<List<StepDefinition>> backwardGroups() {
        return groups.stream().filter(group -> !group.get(0).forward()).toList();
    }

    List<List<StepDefinition>> forwardGroups() {
        return groups.stream().filter(group -> group.get(0).forward()).toList();
    }

    Optional<StepDefinition> step(String stepName) {
        return steps().stream().filter(step -> step.name().equals(stepName)).findFirst();
    }

    @Override
    public String toString() {
        return "saga '" + name + "'";
    }
}
