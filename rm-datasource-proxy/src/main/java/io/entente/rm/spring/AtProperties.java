package io.entente.rm.spring;

import io.entente.rm.branch.AtResourcesSettings;
import io.entente.rm.jdbc.AtSettings;
import io.entente.rm.undo.UndoLogSettings;
import java.time.Duration;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How the data sources of this application take part in global transactions. Nothing must be set.
 *
 * @param enabled Whether DataSource beans take part in global transactions (AT).
 * @param exclude Names of DataSource beans that do not take part.
 * @param createUndoLogTable Whether to create a missing undo_log table at start-up.
 * @param lockWait Longest wait of a statement or a local commit for rows that other global transactions have changed,
 *     where the global transaction itself does not say. 0 not to wait.
 * @param rollbackThreads How many branches are rolled back at the same time.
 * @param defenceRowRetention How long the mark of a rollback that came before its branch's local commit is kept. Must
 *     be longer than the longest local transaction.
 * @param undoRowRetention Age from which an undo row is deleted when the coordinator says that its global transaction is
 *     over. Phase two deletes them long before; this is for rows that nobody came back for.
 * @param undoLog How undo rows are written.
 * @param metadataLifetime How long what the database's catalog says of a table is believed. A new trigger or foreign key
 *     is noticed after this time, by every thread after twice this time.
 * @param allowUnseenEffects Tables, with or without their schema, whose triggers and cascading foreign keys, and names of
 *     functions that, may write what is neither captured nor undone.
 * @param incrementLocks Whether several global transactions may add to the same numbers of a row at the same time, where
 *     that is safe.
 */
@ConfigurationProperties("entente.at")
public record AtProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue Set<String> exclude,
        @DefaultValue("false") boolean createUndoLogTable,
        @DefaultValue("2s") Duration lockWait,
        @DefaultValue("8") int rollbackThreads,
        @DefaultValue("1d") Duration defenceRowRetention,
        @DefaultValue("1d") Duration undoRowRetention,
        @DefaultValue UndoLogProperties undoLog,
        @DefaultValue("1m") Duration metadataLifetime,
        @DefaultValue Set<String> allowUnseenEffects,
        @DefaultValue("true") boolean incrementLocks) {

    /**
     * How undo rows are written.
     *
     * @param compressFrom Size from which row images are compressed.
     * @param maxSize Largest undo row, after compression; a local transaction that needs more fails.
     */
    public record UndoLogProperties(
            @DefaultValue("4KB") DataSize compressFrom,
            @DefaultValue("64MB") DataSize maxSize) {}

    private static final Duration LONGEST_LOCK_WAIT = Duration.ofDays(1);

    /** @throws IllegalArgumentException naming the key that cannot be used */
    public AtProperties {
        exclude = Set.copyOf(exclude);
        allowUnseenEffects = Set.copyOf(allowUnseenEffects);
        require(
                !lockWait.isNegative() && lockWait.compareTo(LONGEST_LOCK_WAIT) <= 0,
                "entente.at.lock-wait",
                lockWait,
                "between 0ms, which is not to wait, and 1d");
        require(rollbackThreads >= 1, "entente.at.rollback-threads", rollbackThreads, "1 or more");
        requirePositive("entente.at.defence-row-retention", defenceRowRetention);
        requirePositive("entente.at.undo-row-retention", undoRowRetention);
        requirePositive("entente.at.metadata-lifetime", metadataLifetime);
        requireSize("entente.at.undo-log.compress-from", undoLog.compressFrom(), 0);
        requireSize("entente.at.undo-log.max-size", undoLog.maxSize(), 1);
    }

    AtSettings settings() {
        return new AtSettings(
                lockWait,
                new UndoLogSettings(
                        Math.toIntExact(undoLog.compressFrom().toBytes()),
                        Math.toIntExact(undoLog.maxSize().toBytes())),
                metadataLifetime,
                allowUnseenEffects,
                incrementLocks);
    }

    AtResourcesSettings resources() {
        return new AtResourcesSettings(rollbackThreads, defenceRowRetention, undoRowRetention);
    }

    private static void requirePositive(String key, Duration value) {
        require(!value.isNegative() && !value.isZero(), key, value, "longer than zero");
    }

    private static void requireSize(String key, DataSize value, long min) {
        long bytes = value.toBytes();
        require(bytes >= min && bytes <= Integer.MAX_VALUE, key, value, "between " + min + "B and 2047MB");
    }

    private static void require(boolean valid, String key, Object value, String rule) {
        if (!valid) {
            throw new IllegalArgumentException(key + "=" + value + " cannot be used: it must be " + rule + ".");
        }
    }
}
