package io.entente.tm.saga;

import io.entente.tm.fence.Fence;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A step while it is being defined. */
final class StepSpec {

    /** Short: the coordinator goes on with longer pauses, and in another process if need be. */
    private static final Retry FORWARD_RETRY =
            Retry.times(3).every(Duration.ofMillis(100)).backOff(3);

    final String name;
    final Class<?> type;
    final StepAction<Object, Object> action;
    final List<Class<? extends Throwable>> provesNothing = new ArrayList<>();

    @Nullable
    Compensation<Object, Object> compensation;

    boolean nothingToCompensate;
    boolean pivot;

    @Nullable
    Retry retry;

    @Nullable
    Duration timeout;

    @Nullable
    Fence fence;

    StepSpec(String name, Class<?> type, StepAction<Object, Object> action) {
        this.name = name;
        this.type = type;
        this.action = action;
    }

    StepDefinition define(String saga, boolean forward, @Nullable Fence fenceOfSaga) {
        Retry usual = forward ? FORWARD_RETRY : Retry.none();
        return new StepDefinition(
                saga,
                name,
                saga + "/" + name,
                type,
                action,
                compensation,
                nothingToCompensate ? StepDefinition.Uncompensated.HARMLESS : StepDefinition.Uncompensated.FATAL,
                pivot,
                forward,
                retry == null ? usual : retry,
                timeout,
                List.copyOf(provesNothing),
                fence == null ? fenceOfSaga : fence);
    }
}
