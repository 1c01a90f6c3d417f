package io.entente.tm.fence;

import org.jspecify.annotations.Nullable;

/** Begins the local transactions in which the business statements and the row of the fence are written together. */
public interface LocalTransactions {

    /**
     * Runs {@code work} in a local transaction: a new one, which commits when the work returns and rolls back when it
     * throws, or the one the thread is in already, whose owner does that.
     *
     * @throws Exception what the work throws, or the database
     */
    <T extends @Nullable Object> T inTransaction(FencedWork<T> work) throws Exception;
}
