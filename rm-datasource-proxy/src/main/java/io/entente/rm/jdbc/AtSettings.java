package io.entente.rm.jdbc;

import io.entente.rm.undo.UndoLogSettings;
import io.entente.tm.TransactionOptions;
import java.time.Duration;
import java.util.Set;

/**
 * How a data source takes part in AT transactions.
 *
 * @param lockWait longest wait of a statement or a local commit for rows that other global transactions have changed,
 *     where the global transaction itself does not say; zero not to wait
 * @param undoLog how undo rows are written
 * @param metadataLifetime how long what the catalog says of a table is believed; a new trigger or foreign key is noticed
 *     after this time, by every thread after twice this time
 * @param unseenEffectsAllowed tables, with or without their schema, whose triggers and cascading foreign keys may write
 *     what is neither captured nor undone
 * @param incrementLocks whether several global transactions may add to the same numbers of a row at the same time, where that
 *     is safe
 */
public record AtSettings(
        Duration lockWait,
        UndoLogSettings undoLog,
        Duration metadataLifetime,
        Set<String> unseenEffectsAllowed,
        boolean incrementLocks) {

    private static final Duration LOCK_WAIT = Duration.ofSeconds(2);
    private static final Duration METADATA_LIFETIME = Duration.ofMinutes(1);

    /** @throws IllegalArgumentException the lifetime is not positive, or the lock wait negative or longer than a day */
    public AtSettings {
        TransactionOptions.requireLockWait("lockWait", lockWait);
        if (metadataLifetime.isZero() || metadataLifetime.isNegative()) {
            throw new IllegalArgumentException(
                    "metadataLifetime is " + metadataLifetime + "; it must be longer than zero");
        }
        unseenEffectsAllowed = Set.copyOf(unseenEffectsAllowed);
    }

    /** Two seconds for row locks, the undo log's defaults, a minute, no table, and increment locks. */
    public static AtSettings defaults() {
        return new AtSettings(LOCK_WAIT, UndoLogSettings.defaults(), METADATA_LIFETIME, Set.of(), true);
    }

    /** The same with another lock wait. */
    public AtSettings withLockWait(Duration other) {
        return new AtSettings(other, undoLog, metadataLifetime, unseenEffectsAllowed, incrementLocks);
    }

    /** The same with other tables whose unseen effects are allowed. */
    public AtSettings withUnseenEffectsAllowed(Set<String> tables) {
        return new AtSettings(lockWait, undoLog, metadataLifetime, tables, incrementLocks);
    }

    /** The same with or without increment locks. */
    public AtSettings withIncrementLocks(boolean on) {
        return new AtSettings(lockWait, undoLog, metadataLifetime, unseenEffectsAllowed, on);
    }
}
