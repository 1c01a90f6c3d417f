package io.entente.rm.jdbc;

import io.entente.protocol.RowLockWait;
import io.entente.rm.branch.BranchCoordinator;
import io.entente.tm.TransactionContext;
import io.entente.tm.branch.BranchException;
import io.entente.tm.branch.RowLockConflictException;
import io.entente.tm.branch.WaitWithdrawnException;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTimeoutException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The time that one statement, or one local commit, has for rows that other global transactions hold.
 *
 * <p>The coordinator lets the asker wait and answers when the rows are free. A coordinator of Seata answers at once; it is
 * asked again and again until the time is over. Other threads may {@linkplain CurrentWait end} it.
 */
final class LockWait {

    /** Before a coordinator that refused at once is asked again. */
    private static final Duration PAUSE = Duration.ofMillis(10);

    /** SQLSTATE of a statement that was cancelled, or has used up its time. */
    private static final String CANCELLED = "57014";

    private static final String CONNECTION_GONE = "08003";

    private final AtResource at;
    private final Duration most;
    private final boolean limitedByStatement;
    private final long begin;
    private final @Nullable Statement statement;
    private final Thread thread = Thread.currentThread();
    private final CompletableFuture<End> ended = new CompletableFuture<>();
    private boolean atCoordinator;
    private boolean over;

    /** Why another thread ends it. */
    enum End {
        /** By {@link Statement#cancel}. */
        CANCELLED,
        CONNECTION_CLOSED
    }

    /** A question to the coordinator, whose answer may take long. */
    @FunctionalInterface
    interface Question<T> {
        /** @param withdrawn completes when the wait is ended */
        T ask(BranchCoordinator coordinator, CompletableFuture<?> withdrawn) throws BranchException;
    }

    private LockWait(AtResource at, @Nullable Statement statement, int querySeconds) {
        Duration wanted = TransactionContext.lockWait();
        Duration lockWait = wanted == null ? at.lockWait() : wanted;
        Duration queryTimeout = Duration.ofSeconds(querySeconds);
        this.at = at;
        this.statement = statement;
        this.limitedByStatement = querySeconds > 0 && queryTimeout.compareTo(lockWait) < 0;
        this.most = limitedByStatement ? queryTimeout : lockWait;
        this.begin = at.time().nanoTime();
    }

    /**
     * Begins now, and takes as long as the innermost {@code @GlobalTransactional} that names a time, or the data source. The
     * execution of a statement takes no longer than its query timeout.
     *
     * @param statement the driver's, on which the application has set the timeout
     */
    static LockWait ofStatement(AtResource at, Statement statement) throws SQLException {
        return new LockWait(at, statement, statement.isClosed() ? 0 : statement.getQueryTimeout());
    }

    /** As {@link #ofStatement}, of a local commit, for which JDBC has no timeout. */
    static LockWait ofCommit(AtResource at) {
        return new LockWait(at, null, 0);
    }

    /** How much of it is left; zero when it is over. */
    Duration left() {
        Duration left = most.minus(gone());
        return left.isNegative() ? Duration.ZERO : left;
    }

    private Duration gone() {
        return Duration.ofNanos(at.time().nanoTime() - begin);
    }

    boolean isOver() {
        return left().toMillis() == 0;
    }

    // ---------------------------------------------------------------- ended by other threads

    boolean isOf(Statement other) {
        return other.equals(statement);
    }

    boolean isOfThisThread() {
        return thread.equals(Thread.currentThread());
    }

    /** From now on there is no waiting; true when the coordinator was being asked. */
    synchronized boolean end(End how) {
        ended.complete(how);
        return atCoordinator;
    }

    /** Whoever waited has done all that was to do after it. */
    synchronized void over() {
        over = true;
        notifyAll();
    }

    /** Returns after {@link #over}. Once the wait was ended, that takes no longer than a local rollback. */
    synchronized void awaitOver() {
        boolean interrupted = false;
        while (!over) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Asks the coordinator.
     *
     * @throws SQLException the wait was ended
     */
    <T> T ask(String xid, Question<T> question) throws SQLException, BranchException {
        return ask(xid, question, answer -> {});
    }

    /** @param unwanted takes an answer that came when the wait was ended */
    private <T> T ask(String xid, Question<T> question, Consumer<T> unwanted) throws SQLException, BranchException {
        if (!beginsToWait()) {
            throw ended(xid, null);
        }
        T answer;
        try {
            answer = question.ask(at.coordinator(), ended);
        } catch (WaitWithdrawnException e) {
            goesOn();
            throw ended(xid, e);
        } catch (BranchException | RuntimeException e) {
            if (goesOn()) {
                throw e;
            }
            throw ended(xid, e);
        }
        if (!goesOn()) {
            unwanted.accept(answer);
            throw ended(xid, null);
        }
        return answer;
    }

    private synchronized boolean beginsToWait() {
        atCoordinator = !ended.isDone();
        return atCoordinator;
    }

    private synchronized boolean goesOn() {
        atCoordinator = false;
        return !ended.isDone();
    }

    /** Registers a branch; one that nobody wants any more is reported as failed. */
    long register(String xid, String lockKey, RowLockWait said) throws SQLException, BranchException {
        return ask(
                xid,
                (coordinator, withdrawn) -> coordinator.register(xid, at.id(), lockKey, said, withdrawn),
                branchId -> at.coordinator().reportPhaseOneFailed(xid, branchId, at.id()));
    }

    /** Checks that no other global transaction holds one of these rows. */
    void requireUnlocked(String xid, String lockKey, RowLockWait said) throws SQLException, BranchException {
        var unused = ask(xid, (coordinator, withdrawn) -> {
            coordinator.requireUnlocked(xid, at.id(), lockKey, said, withdrawn);
            return true;
        });
    }

    /** The failure of whoever does not wait any longer because somebody has said so. */
    private SQLException ended(String xid, @Nullable Exception cause) {
        String what = subject(xid) + " does not wait any longer for rows at " + at.id() + ", after " + gone().toMillis()
                + " ms: ";
        End how = ended.getNow(null);
        if (how == End.CONNECTION_CLOSED) {
            return new SQLNonTransientConnectionException(
                    what + "the connection was closed by another thread, which rolls its local transaction back.",
                    CONNECTION_GONE,
                    cause);
        }
        return new SQLException(
                what + (how == End.CANCELLED ? "the statement was cancelled." : "the thread was interrupted."),
                CANCELLED,
                cause);
    }

    // ---------------------------------------------------------------- waiting

    /**
     * Waits until no other global transaction holds one of the rows.
     *
     * @param holder who holds one of them
     * @param keepsRows whether the database's locks of these rows are kept meanwhile
     * @throws SQLException the time is over, somebody has ended the wait, or there is no sense in it
     */
    void awaitRows(String xid, String lockKey, String holder, boolean keepsRows) throws SQLException {
        String told = holder;
        RowLockConflictException conflict = null;
        while (!isOver()) {
            try {
                RowLockWait wait =
                        keepsRows ? RowLockWait.ofLocalTransaction(left()) : RowLockWait.holdingNothing(left());
                requireUnlocked(xid, lockKey, wait);
                return;
            } catch (RowLockConflictException e) {
                told = String.valueOf(e.getMessage());
                conflict = e;
                if (e.failFast()) {
                    break;
                }
                pause(xid);
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
    void pause(String xid) throws SQLException {
        Duration left = left();
        try {
            at.time().pause(left.compareTo(PAUSE) < 0 ? left : PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ended(xid, e);
        }
    }

    /** The failure of a statement with NOWAIT. */
    RowLockWaitTimeoutException notWaitedFor(String xid, String holder) {
        return new RowLockWaitTimeoutException(
                text(xid, "have its row locks", holder, "Not waited for, as the statement says"), null);
    }

    /**
     * The failure of whoever does not wait any longer.
     *
     * @param conflict the coordinator's last word; null when {@code holder} is all there is
     */
    SQLException timeout(String xid, @Nullable String holder, @Nullable RowLockConflictException conflict) {
        String said = String.valueOf(holder);
        return failure(xid, "have its row locks", said, end(said, conflict), conflict);
    }

    /** As {@link #timeout}, of whoever reads. */
    SQLException unread(String xid, String holder, @Nullable RowLockConflictException conflict) {
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
        } else if (limitedByStatement) {
            end = "Gave up after " + gone().toMillis() + " ms, as the query timeout of the statement is "
                    + most.toSeconds() + " s";
        } else if (most.isZero()) {
            end = "Not waited for, as the lock wait is zero";
        } else {
            end = "Gave up after " + gone().toMillis()
                    + " ms. Remedy: a longer entente.at.lock-wait (or lockWaitMillis of the annotation), or a"
                    + " shorter transaction on the holder's side";
        }
        return end;
    }

    private SQLException failure(
            String xid, String wanted, String holder, String end, @Nullable RowLockConflictException conflict) {
        String text = text(xid, wanted, holder, end);
        boolean told = conflict != null && conflict.failFast();
        return limitedByStatement && isOver() && !told
                ? new SQLTimeoutException(text, CANCELLED, conflict)
                : new RowLockWaitTimeoutException(text, conflict);
    }

    private String text(String xid, String wanted, String holder, String end) {
        return subject(xid) + " cannot " + wanted + " at " + at.id() + ": " + holder + ". " + end + ".";
    }
}
