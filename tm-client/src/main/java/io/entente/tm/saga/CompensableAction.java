package io.entente.tm.saga;

import io.entente.tm.fence.Fence;
import java.lang.reflect.Type;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is done with arguments in a global transaction and undone with the same arguments; what {@link Compensable} says, as
 * a value.
 *
 * @param name at the coordinator; not blank, without comma
 * @param parameterTypes of the arguments, for reading them again
 * @param resultType of the result, for reading it again; null when {@code undo} does not need it
 * @param fence null when the action sees to repeated and late calls itself
 */
public record CompensableAction(
        String name,
        List<Type> parameterTypes,
        @Nullable Type resultType,
        @Nullable Fence fence,
        Undo undo) {

    /** @throws InvalidSagaException when the name cannot be one */
    public CompensableAction {
        parameterTypes = List.copyOf(parameterTypes);
        if (name.isBlank() || name.contains(",") || name.length() > 255) {
            throw new InvalidSagaException("The name '" + name
                    + "' of a compensable action is blank, contains a comma, or is longer than 255 characters. Choose a short"
                    + " name that stays the same in all versions of the application.");
        }
    }

    /** Undoes the action; may come again. */
    @FunctionalInterface
    public interface Undo {

        /** @param result null when there was none, or it is not known whether and how the action ended */
        void run(List<@Nullable Object> arguments, @Nullable Object result) throws Exception;
    }
}
