package io.entente.tm;

import org.jspecify.annotations.Nullable;

/** The coordinator refused to begin a transaction; nothing has happened. */
public sealed class GlobalTransactionNotBegunException extends GlobalTransactionException
        permits CoordinatorOverloadedException {

    private static final long serialVersionUID = 1;

    GlobalTransactionNotBegunException(String message, @Nullable Throwable cause) {
        super(message, null, cause);
    }
}
