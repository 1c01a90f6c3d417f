package io.entente.rm.jdbc;

import io.entente.rm.capture.CaptureFailedException;
import io.entente.rm.capture.LocalWork;
import io.entente.rm.image.Change;
import io.entente.tm.LockRetry;
import io.entente.tm.branch.BranchException;
import java.sql.SQLException;

/** What capturing sees of a connection's local branch and of the coordinator. */
record BranchWork(AtResource at, LocalBranch branch, String xid, boolean isOwn, EntenteConnection connection)
        implements LocalWork {

    @Override
    public void record(Change change) {
        branch.add(at, xid, change);
    }

    @Override
    public void breakWith(CaptureFailedException cause) {
        branch.breakWith(at, xid, cause);
    }

    @Override
    public String scope() throws SQLException {
        return connection.scope(at);
    }

    @Override
    public String currentScope() throws SQLException {
        return at.scopes().current(connection.real());
    }

    @Override
    public boolean isLockable(String lockKey) throws SQLException {
        try {
            return at.coordinator().lockable(xid, at.id(), lockKey);
        } catch (BranchException e) {
            throw new BranchFailedException(
                    "Global transaction " + xid + " cannot learn whether rows at " + at.id() + " are locked: "
                            + e.getMessage(),
                    e);
        }
    }

    @Override
    public void awaitRows(int attempts, String holder) throws SQLException {
        LockRetry retry = LockWait.budget(at);
        if (attempts > retry.times()) {
            throw LockWait.timeout(xid, at, holder, attempts - 1, false, null);
        }
        LockWait.pause(at, retry.interval());
    }

    @Override
    public SQLException rowsHeld(String holder) {
        return LockWait.timeout(xid, at, holder, 0, false, null);
    }
}
