package io.entente.tm.saga;

/** Undoes a step, in any instance of the application. */
@FunctionalInterface
public interface Compensation<I, R> {

    /**
     * Undoes what the step did or may have done; must do nothing when there is nothing to undo, and may come again. Throws
     * when it cannot now: it is called again later.
     */
    void run(CompensationCall<I, R> call) throws Exception;
}
