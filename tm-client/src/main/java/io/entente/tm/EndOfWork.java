package io.entente.tm;

/**
 * What is left to do when this process has done its part of a global transaction that may yet commit.
 *
 * @see TransactionContext#beforeEnd
 */
@FunctionalInterface
public interface EndOfWork {

    /** @throws Exception to have the global transaction rolled back */
    void run() throws Exception;
}
