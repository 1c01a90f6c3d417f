package io.entente.rm.jdbc;

import io.entente.tm.LockRetry;
import io.entente.tm.TransactionContext;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Waiting for a row that another global transaction holds. */
final class LockWait {

    private LockWait() {}

    /** The retry of the innermost {@code @GlobalTransactional} that names one, else the data source's. */
    static LockRetry budget(AtResource at) {
        LockRetry retry = TransactionContext.lockRetry();
        return retry == null ? at.lockRetry() : retry;
    }

    static void pause(AtResource at, Duration interval) throws RowLockWaitTimeoutException {
        try {
            at.pause().pause(interval);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RowLockWaitTimeoutException("Interrupted while waiting for row locks at " + at.id(), e);
        }
    }

    static RowLockWaitTimeoutException timeout(
            String xid,
            AtResource at,
            @Nullable String holder,
            int retries,
            boolean failFast,
            @Nullable Throwable cause) {
        if (holder != null && holder.contains("NEEDS_ATTENTION")) {
            // However long it waits.
            return new RowLockWaitTimeoutException(
                    "Global transaction " + xid + " cannot have its row locks at " + at.id() + ": " + holder
                            + ". The holder keeps them until somebody resolves it at the coordinator (GET"
                            + " /api/transactions/{xid} shows why it is stuck).",
                    cause);
        }
        String end = failFast
                ? "Not retried: the holder is rolling back and may need database locks of this local transaction."
                : "Gave up after " + retries
                        + " retries. Remedy: larger entente.at.lock-retry.times or .interval (or those of"
                        + " the @GlobalTransactional), or a shorter transaction on the holder's side.";
        return new RowLockWaitTimeoutException(
                "Global transaction " + xid + " cannot have its row locks at " + at.id() + ": " + holder + ". " + end,
                cause);
    }
}
