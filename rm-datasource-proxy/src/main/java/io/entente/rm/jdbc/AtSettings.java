package io.entente.rm.jdbc;

import io.entente.rm.undo.UndoLogSettings;
import io.entente.tm.LockRetry;
import java.time.Duration;
import java.util.Set;

/**
 * How a data source takes part in AT transactions.
 *
 * @param lockRetry how often a row lock held by another global transaction is asked for again, where the global
 *     transaction itself does not say
 * @param undoLog how undo rows are written
 * @param metadataLifetime how long what the catalog says of a table is believed; a new trigger or foreign key is noticed
 *     after this time at the latest
 * @param unseenEffectsAllowed tables, with or without their schema, whose triggers and cascading foreign keys may write
 *     what is neither captured nor undone
 */
public record AtSettings(
        LockRetry lockRetry, UndoLogSettings undoLog, Duration metadataLifetime, Set<String> unseenEffectsAllowed) {

    private static final LockRetry LOCK_RETRY = new LockRetry(30, Duration.ofMillis(10));
    private static final Duration METADATA_LIFETIME = Duration.ofMinutes(1);

    /** @throws IllegalArgumentException the lifetime is not positive */
    public AtSettings {
        if (metadataLifetime.isZero() || metadataLifetime.isNegative()) {
            throw new IllegalArgumentException(
                    "metadataLifetime is " + metadataLifetime + "; it must be longer than zero");
        }
        unseenEffectsAllowed = Set.copyOf(unseenEffectsAllowed);
    }

    /** Thirty retries, one each 10 ms, the undo log's defaults, a minute, and no table. */
    public static AtSettings defaults() {
        return new AtSettings(LOCK_RETRY, UndoLogSettings.defaults(), METADATA_LIFETIME, Set.of());
    }

    /** The same with another lock retry. */
    public AtSettings withLockRetry(LockRetry other) {
        return new AtSettings(other, undoLog, metadataLifetime, unseenEffectsAllowed);
    }

    /** The same with other tables whose unseen effects are allowed. */
    public AtSettings withUnseenEffectsAllowed(Set<String> tables) {
        return new AtSettings(lockRetry, undoLog, metadataLifetime, tables);
    }
}
