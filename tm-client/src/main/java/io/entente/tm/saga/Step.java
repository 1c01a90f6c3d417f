package io.entente.tm.saga;

/**
 * The name of a step together with the type of its result, by which later steps and the caller get at the result.
 *
 * @param name unique in its saga, without comma and slash
 * @param type plain data that can be written as JSON; a record around it where the type has parameters of its own
 */
public record Step<R>(String name, Class<R> type) {

    public static <R> Step<R> named(String name, Class<R> type) {
        return new Step<>(name, type);
    }
}
