package io.entente.tm.tcc;

import org.jspecify.annotations.Nullable;

/** One of the three parts of an action. */
@FunctionalInterface
public interface TccPhase<A, R extends @Nullable Object> {

    /**
     * @param argument what the try was called with
     * @return result of the try; of confirm and cancel, {@link Boolean#FALSE} means to be called again, as an exception
     *     does, and anything else is ignored
     */
    R run(A argument) throws Exception;
}
