package io.entente.tc.log;

import org.jspecify.annotations.Nullable;

/**
 * The log accepts nothing any more: its storage failed, after which only a restart of the process helps, or, as the
 * subtype says, another process leads it now. Nothing more is acknowledged.
 */
public sealed class LogFailedException extends RuntimeException permits LeadershipLostException {

    private static final long serialVersionUID = 1L;

    public LogFailedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
