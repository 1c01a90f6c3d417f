package io.entente.rm.xa;

import io.entente.tm.TransactionContext;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.concurrent.Executor;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * What the application holds of a connection inside a global transaction. The branch is joined with the first statement.
 * Local transactions are played inside of it: a commit ends a savepoint, a rollback goes back to it, and without either,
 * that is in autocommit, each statement simply stays.
 */
final class XaConnection extends GuardedConnection {

    private final String xid;
    private final XaBranches branches;
    private final DataSource pool;
    private final boolean autoCommitOutside;
    private @Nullable XaBranch branch;
    private @Nullable Savepoint localBegin;
    private boolean autoCommit;
    private volatile boolean expired;
    private volatile boolean closed;

    private XaConnection(String xid, XaBranches branches, DataSource pool, Connection real, boolean autoCommitOutside) {
        super(real);
        this.xid = xid;
        this.branches = branches;
        this.pool = pool;
        this.autoCommitOutside = autoCommitOutside;
        this.autoCommit = autoCommitOutside;
    }

    /** On a free connection of the pool. */
    static XaConnection on(DataSource pool, String xid, XaBranches branches) throws SQLException {
        Connection free = pool.getConnection();
        return new XaConnection(xid, branches, pool, free, free.getAutoCommit());
    }

    /** On in a branch of the same global transaction; null when it is in use or takes nothing more. */
    static @Nullable XaConnection in(XaBranch branch, DataSource pool, XaBranches branches) throws SQLException {
        XaConnection connection =
                new XaConnection(branch.xid().xid(), branches, pool, branch.pooled(), branch.autoCommitOutside());
        if (!branch.enter(connection)) {
            return null;
        }
        connection.branch = branch;
        try {
            connection.beginLocally();
        } catch (SQLException e) {
            branch.leave(connection);
            throw e;
        }
        return connection;
    }

    /** Whether something may have been done that is neither committed nor rolled back locally. */
    boolean hasOpenWork() {
        return localBegin != null;
    }

    /** At once, and not with the next statement: that may have been made long before. */
    private void beginLocally() throws SQLException {
        localBegin = autoCommit || branch == null ? null : real.setSavepoint();
    }

    /** The branch takes no more statements, however it ends. */
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
            throw elsewhere();
        }
        if (branch == null) {
            branch = branches.start(xid, pool, real, this, autoCommitOutside);
            beginLocally();
        }
    }

    private SQLException elsewhere() {
        String present = TransactionContext.enlistedXid();
        if (present == null && xid.equals(TransactionContext.xid())) {
            return new SQLException("This connection is part of an XA branch of global transaction " + xid
                    + ", which rolls back by itself, but the thread does work that the application undoes, like the try of"
                    + " a TCC action. Do not let it join the local transaction of other work at the same data source: end"
                    + " that one before.");
        }
        return new SQLException("This connection belongs to global transaction " + xid + ", but the thread is "
                + (present == null ? "in none" : "in " + present)
                + ". Get a connection where it is used, and close it there.");
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
            markRollbackOnly(
                    "a local transaction at " + branches.resourceId() + " could not be rolled back: " + e.getMessage());
            throw e;
        }
    }

    /** Whoever closes or aborts a connection may do so anywhere. */
    private void markRollbackOnly(String reason) {
        if (xid.equals(TransactionContext.xid())) {
            TransactionContext.setRollbackOnly(reason);
        }
    }

    @Override
    public Savepoint setSavepoint() throws SQLException {
        beforeStatement();
        return super.setSavepoint();
    }

    @Override
    public Savepoint setSavepoint(String name) throws SQLException {
        beforeStatement();
        return super.setSavepoint(name);
    }

    @Override
    public void rollback(Savepoint savepoint) throws SQLException {
        requireUsable();
        super.rollback(savepoint);
    }

    @Override
    public void releaseSavepoint(Savepoint savepoint) throws SQLException {
        requireUsable();
        super.releaseSavepoint(savepoint);
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
            // The connection below stays open, and they would go on working on it.
            statements().closeAll();
            if (!expired) {
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
            markRollbackOnly("a connection to " + branches.resourceId() + " was aborted");
            joined.abandon();
        }
    }

    @Override
    public boolean isClosed() throws SQLException {
        return closed || real.isClosed();
    }

    /**
     * Ignored: it is a hint, and would be one for all local transactions that follow in the same branch, also for those that
     * write.
     */
    @Override
    public void setReadOnly(boolean readOnly) throws SQLException {
        requireUsable();
    }

    /** @throws SQLException another level than that of the branch, when there is one already */
    @Override
    public void setTransactionIsolation(int level) throws SQLException {
        requireUsable();
        if (branch == null) {
            super.setTransactionIsolation(level);
        } else if (level != getTransactionIsolation()) {
            throw new SQLException("The isolation cannot be changed to level " + level
                    + ": all local transactions of this process at " + branches.resourceId()
                    + " in one global transaction are one XA branch, with the isolation of the first. Give all of them"
                    + " the same.");
        }
    }
}
