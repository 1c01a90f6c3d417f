package io.entente.rm.branch;

import java.time.Duration;

/**
 * How this process carries out phase two of AT.
 *
 * @param rollbackThreads how many branches are rolled back at the same time
 * @param defenceRowRetention how long the mark of a rollback that came before its branch's local commit is kept; longer
 *     than any local transaction can still be under way
 * @param undoRowRetention age from which an undo row is deleted when the coordinator says that its global transaction is
 *     over
 */
public record AtResourcesSettings(int rollbackThreads, Duration defenceRowRetention, Duration undoRowRetention) {

    /** @throws IllegalArgumentException a number or a duration is not positive */
    public AtResourcesSettings {
        if (rollbackThreads < 1 || !isPositive(defenceRowRetention) || !isPositive(undoRowRetention)) {
            throw new IllegalArgumentException("rollbackThreads " + rollbackThreads + ", defenceRowRetention "
                    + defenceRowRetention + " and undoRowRetention " + undoRowRetention
                    + " must all be greater than zero");
        }
    }

    /** Eight rollbacks at the same time, defence rows and undo rows kept for a day. */
    public static AtResourcesSettings defaults() {
        return new AtResourcesSettings(8, Duration.ofDays(1), Duration.ofDays(1));
    }

    private static boolean isPositive(Duration duration) {
        return !duration.isNegative() && !duration.isZero();
    }
}
