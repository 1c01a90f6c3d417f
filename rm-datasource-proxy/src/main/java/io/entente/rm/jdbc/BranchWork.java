package io.entente.rm.jdbc;

import io.entente.protocol.RowLockWait;
import io.entente.rm.capture.CaptureFailedException;
import io.entente.rm.capture.LocalWork;
import io.entente.rm.image.Change;
import io.entente.tm.branch.BranchException;
import io.entente.tm.branch.RowLockConflictException;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What capturing sees of a connection's local branch and of the coordinator. */
record BranchWork(
        AtResource at,
        LocalBranch branch,
        String xid,
        boolean isOwn,
        boolean isNew,
        LockWait lockWait,
        EntenteConnection connection)
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
    public @Nullable String holder(String lockKey) throws SQLException {
        try {
            lockWait.requireUnlocked(xid, lockKey, RowLockWait.ofAttempt(Duration.ZERO));
            return null;
        } catch (RowLockConflictException held) {
            return String.valueOf(held.getMessage());
        } catch (BranchException e) {
            throw LockWait.unknown(at, xid, e);
        }
    }

    @Override
    public void awaitRows(String lockKey, String holder, boolean keepsRows) throws SQLException {
        // What was changed before is kept from others as well, and the holder's undo may need it.
        lockWait.awaitRows(xid, lockKey, holder, keepsRows || !branch.isEmpty());
    }

    @Override
    public SQLException rowsHeld(String holder) {
        return lockWait.notWaitedFor(xid, holder);
    }
}
