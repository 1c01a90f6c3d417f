package io.entente.tm.saga;

import java.sql.Connection;

/** What a step is told. */
public interface StepCall<I> {

    /** The input of the saga, read from what the coordinator keeps. */
    I input();

    /**
     * The result of an earlier step.
     *
     * @throws java.util.NoSuchElementException when that step does not come before this one, or had none
     */
    <R> R result(Step<R> step);

    /** As {@link #result(Step)}. */
    default <R> R result(String step, Class<R> type) {
        return result(new Step<>(step, type));
    }

    /**
     * Identifies what this step does in this saga: the same at each attempt, in each process, and in the compensation. To be
     * handed to whoever is called, so that he does a thing only once.
     */
    String key();

    /** Counts from 1. In a compensation: how often the step is known to have been attempted. */
    int attempt();

    /** The global transaction. */
    String xid();

    /**
     * The local transaction of a fenced step, not to be committed, rolled back or closed here.
     *
     * @throws IllegalStateException when the step is not fenced
     */
    Connection connection();
}
