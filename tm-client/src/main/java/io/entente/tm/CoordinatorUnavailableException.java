package io.entente.tm;

import org.jspecify.annotations.Nullable;

/** No coordinator answered, so that nothing was begun. The message says which addresses were tried and what to do. */
public final class CoordinatorUnavailableException extends GlobalTransactionException {

    private static final long serialVersionUID = 1;

    CoordinatorUnavailableException(String message, @Nullable Throwable cause) {
        super(message, null, cause);
    }
}
