package io.entente.rm.jdbc;

import io.entente.protocol.RowLockWait;
import io.entente.tm.TransactionContext;
import io.entente.tm.branch.BranchException;
import io.entente.tm.branch.RowLockConflictException;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The time that one statement, or one local commit, has for rows that other global transactions hold.
 *
 * <p>The coordinator lets the asker wait and answers when the rows are free. A coordinator of Seata answers at once; it is
 * asked again and again until the time is over.
 */
final class LockWait {

    /** Before a coordinator that refused at once is asked again. */
    private static final Duration PAUSE = Duration.ofMillis(10);

    private final AtResource at;
    private final Duration most;
    private final long begin;

    /** Begins now, and takes as long as the innermost {@code @GlobalTransactional} that names a time, or the data source. */
    LockWait(AtResource at) {
        Duration wanted = TransactionContext.lockWait();
        this.at = at;
        this.most = wanted == null ? at.lockWait() : wanted;
        this.begin = at.time().nanoTime();
    }

    /** How much of it is left; zero when it is over. */
    Duration left() {
        Duration left = most.minusNanos(at.time().nanoTime() - begin);
        return left.isNegative() ? Duration.ZERO : left;
    }

    boolean isOver() {
        return left().toMillis() == 0;
    }

    /**
     * Waits until no other global transaction holds one of the rows.
     *
     * @param holder who holds one of them
     * @param keepsRows whether the database's locks of these rows are kept meanwhile
     * @throws RowLockWaitTimeoutException the time is over, or there is no sense in waiting
     */
    void awaitRows(String xid, String lockKey, String holder, boolean keepsRows) throws SQLException {
        String told = holder;
        RowLockConflictException conflict = null;
        while (!isOver()) {
            try {
                RowLockWait wait =
                        keepsRows ? RowLockWait.ofLocalTransaction(left()) : RowLockWait.holdingNothing(left());
                at.coordinator().requireUnlocked(xid, at.id(), lockKey, wait);
                return;
            } catch (RowLockConflictException e) {
                told = String.valueOf(e.getMessage());
                conflict = e;
                if (e.failFast()) {
                    break;
                }
                pause();
            } catch (BranchException e) {
                throw unknown(at, xid, e);
            }
        }
        throw timeout(xid, told, conflict);
    }

    static BranchFailedException unknown(AtResource at, String xid, BranchException cause) {
        return new BranchFailedException(
                subject(xid) + " cannot learn whether rows at " + at.id() + " are locked: " + cause.getMessage(),
                cause);
    }

    /** As {@link #unknown}, of whoever reads. */
    static BranchFailedException unread(AtResource at, String xid, BranchException cause) {
        return new BranchFailedException(
                subject(xid) + " cannot learn whether what it reads at " + at.id() + " is committed: "
                        + cause.getMessage(),
                cause);
    }

    static String subject(String xid) {
        return xid.equals(Enlistment.GLOBAL_LOCK) ? "A statement under @GlobalLock" : "Global transaction " + xid;
    }

    /** Before the coordinator is asked again. Shorter when less time is left. */
    void pause() throws RowLockWaitTimeoutException {
        Duration left = left();
        try {
            at.time().pause(left.compareTo(PAUSE) < 0 ? left : PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RowLockWaitTimeoutException("Interrupted while waiting for row locks at " + at.id(), e);
        }
    }

    /** The failure of a statement with NOWAIT. */
    RowLockWaitTimeoutException notWaitedFor(String xid, String holder) {
        return failure(xid, "have its row locks", holder, "Not waited for, as the statement says", null);
    }

    /**
     * The failure of whoever does not wait any longer.
     *
     * @param conflict the coordinator's last word; null when {@code holder} is all there is
     */
    RowLockWaitTimeoutException timeout(
            String xid, @Nullable String holder, @Nullable RowLockConflictException conflict) {
        String said = String.valueOf(holder);
        return failure(xid, "have its row locks", said, end(said, conflict), conflict);
    }

    /** As {@link #timeout}, of whoever reads. */
    RowLockWaitTimeoutException unread(String xid, String holder, @Nullable RowLockConflictException conflict) {
        return failure(xid, "read what is committed", holder, end(holder, conflict), conflict);
    }

    private String end(String said, @Nullable RowLockConflictException conflict) {
        String end;
        if (said.contains("NEEDS_ATTENTION")) {
            end = "The holder keeps them, however long one waits, until somebody resolves it at the coordinator (GET"
                    + " /api/transactions/{xid} shows why it is stuck)";
        } else if (said.startsWith("deadlock")) {
            end = "Run it again";
        } else if (conflict != null && conflict.failFast()) {
            end = "Not waited for: the holder is rolling back and may need database locks of this local transaction";
        } else if (most.isZero()) {
            end = "Not waited for, as the lock wait is zero";
        } else {
            end = "Gave up after " + most.minus(left()).toMillis()
                    + " ms. Remedy: a longer entente.at.lock-wait (or lockWaitMillis of the annotation), or a"
                    + " shorter transaction on the holder's side";
        }
        return end;
    }

    private RowLockWaitTimeoutException failure(
            String xid, String wanted, String holder, String end, @Nullable RowLockConflictException conflict) {
        return new RowLockWaitTimeoutException(
                subject(xid) + " cannot " + wanted + " at " + at.id() + ": " + holder + ". " + end + ".", conflict);
    }
}
