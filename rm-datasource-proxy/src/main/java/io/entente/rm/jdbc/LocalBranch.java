package io.entente.rm.jdbc;

import io.entente.protocol.RowLockWait;
import io.entente.rm.call.KeptStatements;
import io.entente.rm.capture.CaptureFailedException;
import io.entente.rm.capture.CaptureSession;
import io.entente.rm.capture.RowsHeldException;
import io.entente.rm.image.Change;
import io.entente.rm.image.LockKeys;
import io.entente.tm.TransactionContext;
import io.entente.tm.branch.BranchException;
import io.entente.tm.branch.RowLockConflictException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.Savepoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one connection's open local transaction has changed for its global transaction.
 *
 * <p>At the local commit it becomes a branch, in this order: the coordinator takes the row locks and gives the branch
 * its id; the undo row with that id joins the local transaction; the local transaction commits. So a change is never
 * committed without its lock, nor without what undoes it.
 */
final class LocalBranch {

    private static final Logger log = LoggerFactory.getLogger(LocalBranch.class);

    /**
     * How long a statement that can be executed again waits with the row locks of the database. The holder may want these for
     * its next statement, and no one would see that the two wait for each other.
     */
    private static final Duration LONGEST_ATTEMPT = Duration.ofMillis(50);

    private final Connection real;
    private final KeptStatements kept;
    private final List<Change> changes = new ArrayList<>();
    private final List<Mark> marks = new ArrayList<>();
    private @Nullable AtResource resource;
    private @Nullable String xid;
    private @Nullable CaptureFailedException broken;

    /** What there was when a savepoint was set; one without a name has a number. */
    private record Mark(
            Savepoint savepoint,
            @Nullable String name,
            int changes,
            @Nullable CaptureFailedException broken) {}

    LocalBranch(Connection real, KeptStatements kept) {
        this.real = real;
        this.kept = kept;
    }

    /** Whether the local transaction holds nothing for a global one. */
    boolean isEmpty() {
        return changes.isEmpty() && broken == null;
    }

    /** @throws SQLException the local transaction already holds changes of another global transaction */
    void requireOneTransaction(@Nullable String current) throws SQLException {
        if (isEmpty() || xid == null || xid.equals(current)) {
            return;
        }
        if (current == null && xid.equals(Enlistment.GLOBAL_LOCK)) {
            // What was changed under the lock is asked for at the commit, whatever is executed until then.
            return;
        }
        throw new SQLException(
                "This connection's local transaction holds changes of " + named(xid) + " and is now used "
                        + (current == null ? "outside of any" : "by " + named(current))
                        + ". Commit or roll it back before the global transaction of the thread changes.",
                "25001");
    }

    private static String named(String xid) {
        return xid.equals(Enlistment.GLOBAL_LOCK) ? "a @GlobalLock" : "global transaction " + xid;
    }

    void add(AtResource at, String currentXid, Change change) {
        join(at, currentXid);
        changes.add(change);
    }

    /** From now on the local transaction can only roll back. */
    void breakWith(AtResource at, String currentXid, CaptureFailedException cause) {
        join(at, currentXid);
        if (broken == null) {
            broken = cause;
        }
    }

    /** The database has rolled back what was captured, and the application may not know. */
    void lost(SQLException because) {
        if (broken == null) {
            broken = new CaptureFailedException(
                    "The database has rolled the local transaction back, with all that it had changed: "
                            + because.getMessage() + ". Roll it back and begin anew",
                    because);
        }
    }

    private void join(AtResource at, String currentXid) {
        resource = at;
        xid = currentXid;
    }

    /** @throws SQLException there is one of that name: databases differ in which of them a rollback then goes back to */
    void requireNewSavepoint(String name) throws SQLException {
        if (CaptureSession.SAVEPOINT.equalsIgnoreCase(name)) {
            throw new SQLException(
                    "Savepoints are named " + name + " by Entente. Give this one another name.", "3B001");
        }
        if (isEmpty()) {
            return;
        }
        for (Mark mark : marks) {
            if (name.equalsIgnoreCase(mark.name())) {
                throw new SQLException(
                        "There is a savepoint " + name + " already in this local transaction, which holds changes of a"
                                + " global one. Release it first, or give this one another name.",
                        "3B001");
            }
        }
    }

    void mark(Savepoint savepoint) {
        marks.add(new Mark(savepoint, null, changes.size(), broken));
    }

    void mark(Savepoint savepoint, String name) {
        marks.add(new Mark(savepoint, name, changes.size(), broken));
    }

    /** The database has rolled back to the savepoint. */
    void rolledBackTo(Savepoint savepoint) {
        int at = indexOf(savepoint);
        if (at < 0) {
            if (!isEmpty() && broken == null) {
                broken = new CaptureFailedException(
                        "The local transaction was rolled back to a savepoint that this connection did not set, so it is"
                                + " unknown which captured changes are left. Set savepoints with Connection.setSavepoint.",
                        null);
            }
            return;
        }
        Mark mark = marks.get(at);
        changes.subList(mark.changes(), changes.size()).clear();
        broken = mark.broken();
        marks.subList(at + 1, marks.size()).clear();
    }

    /** The savepoint is gone, what came after it stays. */
    void released(Savepoint savepoint) {
        int at = indexOf(savepoint);
        if (at >= 0) {
            marks.subList(at, marks.size()).clear();
        }
    }

    @SuppressWarnings("ReferenceEquality") // The driver's savepoints have no equality of their own.
    private int indexOf(Savepoint savepoint) {
        for (int i = marks.size() - 1; i >= 0; i--) {
            if (marks.get(i).savepoint() == savepoint) {
                return i;
            }
        }
        return -1;
    }

    void clear() {
        changes.clear();
        marks.clear();
        resource = null;
        xid = null;
        broken = null;
    }

    /**
     * Commits the local transaction of the application, which waits for row locks with its database locks in hand.
     * Whatever goes wrong, the local transaction is rolled back before the exception leaves: an application that
     * switched auto-commit on afterwards would commit it otherwise.
     */
    void commitOfApplication(LockWait wait) throws SQLException {
        try {
            while (true) {
                try {
                    commit(wait, RowLockWait.ofLocalTransaction(wait.left()));
                    return;
                } catch (RowLockConflictException conflict) {
                    if (conflict.failFast() || wait.isOver()) {
                        throw wait.timeout(require(xid), conflict.getMessage(), conflict);
                    }
                    wait.pause(require(xid));
                }
            }
        } catch (SQLException | RuntimeException e) {
            rollBackAfter(e);
            throw e;
        } finally {
            clear();
        }
    }

    /**
     * One attempt to commit a local transaction that the connection opened itself. The caller rolls back when it fails.
     *
     * @param repeatable whether the statement can be executed again; else it waits as it is
     * @throws RowsHeldException try again later, from the start
     */
    void commitOwn(LockWait wait, boolean repeatable) throws SQLException {
        try {
            Duration attempt = repeatable && wait.left().compareTo(LONGEST_ATTEMPT) > 0 ? LONGEST_ATTEMPT : wait.left();
            commit(wait, RowLockWait.ofAttempt(attempt));
        } catch (RowLockConflictException conflict) {
            if (conflict.failFast()) {
                throw wait.timeout(require(xid), conflict.getMessage(), conflict);
            }
            throw new RowsHeldException(String.valueOf(conflict.getMessage()), LockKeys.of(changes));
        } finally {
            clear();
        }
    }

    private void commit(LockWait wait, RowLockWait said) throws SQLException, RowLockConflictException {
        if (broken != null) {
            throw new CaptureFailedException(
                    "The local transaction is rolled back instead of committed, because one of its statements could not"
                            + " be captured: " + broken.getMessage(),
                    broken);
        }
        if (changes.isEmpty()) {
            real.commit();
            return;
        }
        AtResource at = require(resource);
        String branchXid = require(xid);
        if (branchXid.equals(Enlistment.GLOBAL_LOCK)) {
            // The database's locks of these rows are held, so no global transaction gets them before the commit.
            requireUnlocked(at, wait, said);
            real.commit();
            return;
        }
        long branchId = register(at, branchXid, wait, said);
        try {
            at.undoLog().insertAndCommit(real, kept, branchXid, branchId, changes);
        } catch (SQLException | RuntimeException e) {
            commitFailed(at, branchXid, branchId, e);
            throw e;
        }
    }

    private void requireUnlocked(AtResource at, LockWait wait, RowLockWait said)
            throws SQLException, RowLockConflictException {
        String lockKey = LockKeys.of(changes);
        if (lockKey.isEmpty()) {
            return;
        }
        try {
            wait.requireUnlocked(Enlistment.GLOBAL_LOCK, lockKey, said);
        } catch (RowLockConflictException conflict) {
            throw conflict;
        } catch (BranchException e) {
            throw LockWait.unknown(at, Enlistment.GLOBAL_LOCK, e);
        }
    }

    private long register(AtResource at, String branchXid, LockWait wait, RowLockWait said)
            throws SQLException, RowLockConflictException {
        try {
            return wait.register(branchXid, LockKeys.of(changes), said);
        } catch (RowLockConflictException conflict) {
            throw conflict;
        } catch (BranchException e) {
            throw new BranchFailedException(
                    "No branch of global transaction " + branchXid + " for " + at.id()
                            + ", so the local transaction is rolled back: " + e.getMessage(),
                    e);
        }
    }

    /**
     * A branch that is reported as failed is skipped in phase two. So it is reported only when the database surely did
     * not commit: it answered, and the session lives on. With a broken connection nobody knows; then the undo row, which
     * was committed or lost together with the changes, decides when the branch is rolled back. So that it is rolled back
     * and not committed, this process lets the global transaction only roll back.
     */
    private void commitFailed(AtResource at, String branchXid, long branchId, Exception e) {
        boolean rolledBack = !connectionFailure(e) && rollBackAfter(e);
        if (rolledBack) {
            at.coordinator().reportPhaseOneFailed(branchXid, branchId, at.id());
            return;
        }
        log.warn(
                "xid={} branchId={}: whether the local commit took place is unknown: {}",
                branchXid,
                branchId,
                e.toString());
        if (branchXid.equals(TransactionContext.enlistedXid())) {
            TransactionContext.setRollbackOnly("it is unknown whether branch " + branchId + " at " + at.id()
                    + " was committed locally: " + e.getMessage());
        }
    }

    private static boolean connectionFailure(Exception e) {
        String state = e instanceof SQLException failure ? failure.getSQLState() : null;
        return e instanceof SQLRecoverableException
                || e instanceof SQLNonTransientConnectionException
                || (state != null && state.startsWith("08"));
    }

    /** Rolls the database back because of {@code cause}; false when that fails too. */
    boolean rollBackAfter(Throwable cause) {
        try {
            real.rollback();
            return true;
        } catch (SQLException e) {
            cause.addSuppressed(e);
            return false;
        }
    }

    /** What is still there of an attempt would be committed together with the next one. */
    void requireRolledBack(SQLException attempt) throws SQLException {
        if (!real.getAutoCommit()) {
            throw new SQLNonTransientConnectionException(
                    "A statement could not be rolled back to be executed again, so its local transaction is still open."
                            + " Close the connection.",
                    "08000",
                    attempt);
        }
    }

    private static <T> T require(@Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("A local branch with changes knows its resource and its XID");
        }
        return value;
    }
}
