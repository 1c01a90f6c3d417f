package io.entente.tm;

import org.jspecify.annotations.Nullable;

/** What to do within a global transaction. */
@FunctionalInterface
public interface TransactionWork<T extends @Nullable Object, E extends Throwable> {

    /** Runs with the transaction bound to the current thread. */
    T run() throws E;
}
