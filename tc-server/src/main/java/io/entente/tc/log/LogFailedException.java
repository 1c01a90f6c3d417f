package io.entente.tc.log;

import org.jspecify.annotations.Nullable;

/** The log's storage failed while running. Nothing more is acknowledged; only a restart of the process helps. */
public final class LogFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public LogFailedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
