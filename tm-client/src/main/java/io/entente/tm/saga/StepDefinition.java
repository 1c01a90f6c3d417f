package io.entente.tm.saga;

import io.entente.tm.fence.Fence;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A step as it was built.
 *
 * @param resourceId names it at the coordinator
 * @param compensation null when there is none
 * @param forward whether it comes behind the point of no return
 * @param uncompensated what it means that there is no compensation
 * @param fence null when the action sees to repeated and late calls itself
 */
record StepDefinition(
        String saga,
        String name,
        String resourceId,
        Class<?> type,
        StepAction<Object, Object> action,
        @Nullable Compensation<Object, Object> compensation,
        Uncompensated uncompensated,
        boolean pivot,
        boolean forward,
        Retry retry,
        @Nullable Duration timeout,
        List<Class<? extends Throwable>> provesNothing,
        @Nullable Fence fence) {

    enum Uncompensated {
        /** There is nothing to undo. */
        HARMLESS,
        /** Only a person can undo it. */
        FATAL
    }

    /** Whether {@code failure} says for sure that an attempt had no effect. */
    boolean provesThatNothingHappened(Throwable failure) {
        if (provesNothing.stream().anyMatch(type -> type.isInstance(failure))) {
            return true;
        }
        // A pivot that cannot be undone decides by throwing; only when it says nothing at all is its outcome unknown.
        return pivot
                && compensation == null
                && !(failure instanceof StepTimedOutException)
                && !(failure instanceof InterruptedException)
                && !(failure instanceof Error);
    }
}
