package io.entente.rm.branch;

import java.time.Duration;

/**
 * How this process takes part in phase two.
 *
 * @param applicationId name of this application at the coordinator
 * @param transactionGroup group of applications that share coordinators
 * @param requestTimeout longest wait for one answer of the coordinator, and before that for a connection to it
 * @param rollbackThreads how many branches are rolled back at the same time
 * @param defenceRowRetention how long the mark of a rollback that came before its branch's local commit is kept; longer
 *     than any local transaction can still be under way
 */
public record AtResourcesSettings(
        String applicationId,
        String transactionGroup,
        Duration requestTimeout,
        int rollbackThreads,
        Duration defenceRowRetention) {

    /** @throws IllegalArgumentException a number or a duration is not positive */
    public AtResourcesSettings {
        if (rollbackThreads < 1 || !isPositive(requestTimeout) || !isPositive(defenceRowRetention)) {
            throw new IllegalArgumentException("requestTimeout " + requestTimeout + ", rollbackThreads "
                    + rollbackThreads + " and defenceRowRetention " + defenceRowRetention
                    + " must all be greater than zero");
        }
    }

    /** Fifteen seconds for an answer, eight rollbacks at the same time, defence rows kept for a day. */
    public static AtResourcesSettings of(String applicationId, String transactionGroup) {
        return new AtResourcesSettings(applicationId, transactionGroup, Duration.ofSeconds(15), 8, Duration.ofDays(1));
    }

    private static boolean isPositive(Duration duration) {
        return !duration.isNegative() && !duration.isZero();
    }
}
