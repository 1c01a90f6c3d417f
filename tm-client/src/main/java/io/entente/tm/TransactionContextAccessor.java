package io.entente.tm;

import io.micrometer.context.ThreadLocalAccessor;
import org.jspecify.annotations.Nullable;

/**
 * Lets Micrometer context-propagation carry the transaction to other threads: {@code @Async}, executors, Reactor.
 * Found by that library through the service loader.
 */
public final class TransactionContextAccessor implements ThreadLocalAccessor<CapturedTransaction> {

    /** The key of the transaction in a context snapshot. */
    public static final String KEY = "io.entente.transaction";

    @Override
    public Object key() {
        return KEY;
    }

    @Override
    public @Nullable CapturedTransaction getValue() {
        return TransactionContext.frame() == null ? null : TransactionContext.capture();
    }

    /** Replaces what the thread has instead of adding to it: the library itself restores the previous value. */
    @Override
    public void setValue(CapturedTransaction value) {
        TransactionContext.install(value.frame());
    }

    @Override
    public void setValue() {
        TransactionContext.install(null);
    }
}
