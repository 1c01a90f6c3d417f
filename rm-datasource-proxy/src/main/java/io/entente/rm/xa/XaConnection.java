// RESTORED 11:18 from a copy of 10:52; edits made since were overwritten by helper xa. See /tmp/b/xa-backup/NOTE.txt; remove this line.
package io.entente.rm.xa;

import io.entente.tm.TransactionContext;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * What the application holds of a connection inside a global transaction. The branch is joined with the first statement.
 * Local transactions are played inside of it: a commit ends a savepoint, a rollback goes back to it, and without either,
 * that is in autocommit, each statement simply stays.
 */
final class XaConnection extends GuardedConnection {

    private final String xid;
    private final XaBranches branches;
    private @Nullable XaBranch branch;
    private @Nullable Savepoint localBegin;
    private boolean autoCommit = true;
    private volatile boolean expired;
    private boolean closed;

    /** @param real a connection of the pool that is free, or that of {@code branch} */
    XaConnection(String xid, XaBranches branches, Connection real) {
        super(real);
        this.xid = xid;
        this.branches = branches;
    }

    /** Goes on in a branch of the same global transaction that nobody uses. */
    void goOnIn(XaBranch idle) {
        branch = idle;
    }

    /** Whether something may have been done that is neither committed nor rolled back locally. */
    boolean hasOpenWork() {
        return localBegin != null;
    }

    /** At once, and not with the next statement: that may have been made long before. */
    private void beginLocally() throws SQLException {
        localBegin = autoCommit || branch == null ? null : real.setSavepoint();
    }

    /** The branch has come to its end, whatever it was. */
    void expire() {
        expired = true;
    }

    private void requireUsable() throws SQLException {
        if (closed) {
            throw new SQLException("The connection is closed.", "08003");
        }
        if (expired) {
            throw new SQLException("The work of this process for global transaction " + xid + " has ended, and with it"
                    + " this connection. Close it, and do not hand it on to later work.");
        }
    }

    @Override
    void beforeStatement() throws SQLException {
        requireUsable();
        if (!xid.equals(TransactionContext.enlistedXid())) {
            throw new SQLException("This connection belongs to global transaction " + xid + ", but the thread is "
                    + (TransactionContext.enlistedXid() == null ? "in none" : "in " + TransactionContext.enlistedXid())
                    + ". Get a connection where it is used, and close it there.");
        }
        if (branch == null) {
            branch = branches.start(xid, real, this);
            beginLocally();
        }
    }

    @Override
    public void setAutoCommit(boolean newAutoCommit) throws SQLException {
        requireUsable();
        if (newAutoCommit == autoCommit) {
            return;
        }
        if (newAutoCommit) {
            endLocally();
        }
        autoCommit = newAutoCommit;
        beginLocally();
    }

    @Override
    public boolean getAutoCommit() throws SQLException {
        requireUsable();
        return autoCommit;
    }

    @Override
    public void commit() throws SQLException {
        requireUsable();
        if (autoCommit) {
            throw new SQLException("commit() in autocommit mode; call setAutoCommit(false) before.");
        }
        endLocally();
        beginLocally();
    }

    private void endLocally() throws SQLException {
        Savepoint begin = localBegin;
        if (begin != null) {
            real.releaseSavepoint(begin);
            localBegin = null;
        }
    }

    @Override
    public void rollback() throws SQLException {
        requireUsable();
        if (autoCommit) {
            throw new SQLException("rollback() in autocommit mode; call setAutoCommit(false) before.");
        }
        rollBackLocally();
    }

    private void rollBackLocally() throws SQLException {
        Savepoint begin = localBegin;
        if (begin == null) {
            return;
        }
        try {
            real.rollback(begin);
        } catch (SQLException e) {
            TransactionContext.setRollbackOnly(
                    "a local transaction at " + branches.resourceId() + " could not be rolled back: " + e.getMessage());
            throw e;
        }
    }

    @Override
    public void close() throws SQLException {
        if (closed) {
            return;
        }
        closed = true;
        XaBranch joined = branch;
        if (joined == null) {
            real.close();
            return;
        }
        try {
            if (!expired && localBegin != null) {
                rollBackLocally();
            }
        } finally {
            joined.leave(this);
        }
    }

    @Override
    public void abort(Executor executor) throws SQLException {
        closed = true;
        XaBranch joined = branch;
        if (joined == null) {
            real.abort(executor);
        } else {
            TransactionContext.setRollbackOnly("a connection to " + branches.resourceId() + " was aborted");
            joined.abandon();
        }
    }

    @Override
    public boolean isClosed() throws SQLException {
        return closed || real.isClosed();
    }

    /** A hint, which comes too late for a branch that has begun. */
    @Override
    public void setReadOnly(boolean readOnly) throws SQLException {
        if (branch == null) {
            super.setReadOnly(readOnly);
        }
    }
}
