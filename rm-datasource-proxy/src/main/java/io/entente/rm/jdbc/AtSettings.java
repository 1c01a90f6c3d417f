package io.entente.rm.jdbc;

import io.entente.rm.undo.UndoLogSettings;
import io.entente.tm.LockRetry;
import java.time.Duration;

/**
 * How a data source takes part in AT transactions.
 *
 * @param lockRetry how often a row lock held by another global transaction is asked for again, where the global
 *     transaction itself does not say
 * @param undoLog how undo rows are written
 */
public record AtSettings(LockRetry lockRetry, UndoLogSettings undoLog) {

    private static final LockRetry LOCK_RETRY = new LockRetry(30, Duration.ofMillis(10));

    /** Thirty retries, one each 10 ms, and the undo log's defaults. */
    public static AtSettings defaults() {
        return new AtSettings(LOCK_RETRY, UndoLogSettings.defaults());
    }
}
