package io.entente.tm;

import org.jspecify.annotations.Nullable;

/**
 * The coordinator has too much to do and refused to begin one more transaction; nothing has happened. Let callers wait and
 * come again, a little later each time, instead of at once: transactions that are under way go on meanwhile, and make room
 * as they end. The message says which of the coordinator's limits it was.
 */
public final class CoordinatorOverloadedException extends GlobalTransactionNotBegunException {

    private static final long serialVersionUID = 1;

    CoordinatorOverloadedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
