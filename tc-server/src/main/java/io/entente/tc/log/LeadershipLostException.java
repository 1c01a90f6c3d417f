package io.entente.tc.log;

import org.jspecify.annotations.Nullable;

/**
 * This process does not lead any more. What was not acknowledged may or may not be in the log: the next leader tells.
 * The process need not end; it may lead again, with a new log recovered anew.
 */
public final class LeadershipLostException extends LogFailedException {

    private static final long serialVersionUID = 1L;

    public LeadershipLostException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
