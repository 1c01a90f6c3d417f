package io.entente.rm.xa;

import io.entente.protocol.BranchStatus;
import io.entente.tm.branch.BranchChannel;
import io.entente.tm.branch.BranchException;
import io.entente.tm.branch.BranchRegistration;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One XA branch and the connection it lives on. The connection is the branch's own until the branch is resolved, and is
 * destroyed when there is any doubt. Thread-safe; everything but running statements happens under its lock.
 */
final class XaBranch {

    private static final Logger log = LoggerFactory.getLogger(XaBranch.class);

    private final BranchXid xid;
    private final BranchRegistration registration;
    private final BranchChannel channel;
    private final Connection pooled;
    private final PhysicalConnection physical;
    private final Prepared whenPrepared;
    private final DataSource pool;
    private final boolean autoCommitOutside;
    private Phase phase = Phase.ACTIVE;
    private @Nullable XaConnection user;

    private enum Phase {
        /** Takes statements. */
        ACTIVE,
        /** Prepared, on this connection. */
        PREPARED,
        /** Prepared, and the connection is back in its pool. */
        DETACHED,
        /** Nothing is left of it here. */
        OVER
    }

    /**
     * @param pooled as the pool gave it; belongs to the branch from now on
     * @param autoCommitOutside what the pool expects to get back
     */
    XaBranch(
            BranchXid xid,
            BranchRegistration registration,
            BranchChannel channel,
            DataSource pool,
            Connection pooled,
            PhysicalConnection physical,
            boolean autoCommitOutside,
            Prepared whenPrepared) {
        this.xid = xid;
        this.registration = registration;
        this.channel = channel;
        this.pool = pool;
        this.pooled = pooled;
        this.physical = physical;
        this.autoCommitOutside = autoCommitOutside;
        this.whenPrepared = whenPrepared;
    }

    /** Begins it at the database, for {@code first}. On failure nothing is left of it. */
    synchronized void start(XaConnection first) throws SQLException {
        if (phase != Phase.ACTIVE) {
            throw new SQLException("The XA branch " + xid + " was rolled back before it began.");
        }
        try {
            physical.xaResource().start(xid, XAResource.TMNOFLAGS);
            user = first;
        } catch (XAException e) {
            destroy();
            report(BranchStatus.PHASE_ONE_FAILED);
            throw XaFailures.asSql("The XA branch " + xid + " could not be started", e);
        }
    }

    BranchXid xid() {
        return xid;
    }

    Connection pooled() {
        return pooled;
    }

    boolean isOf(DataSource otherPool) {
        return pool.equals(otherPool);
    }

    /** The autocommit mode of its connection without a branch. */
    boolean autoCommitOutside() {
        return autoCommitOutside;
    }

    /** Lets {@code connection} use the branch, if nobody does. */
    synchronized boolean enter(XaConnection connection) {
        if (phase != Phase.ACTIVE || user != null) {
            return false;
        }
        user = connection;
        return true;
    }

    /** The connection that used the branch was closed. */
    synchronized void leave(XaConnection connection) {
        if (connection.equals(user)) {
            user = null;
        }
    }

    /** Whether it takes statements. */
    synchronized boolean isActive() {
        return phase == Phase.ACTIVE;
    }

    /** Whether nothing is left of it in this process. */
    synchronized boolean isOver() {
        return phase == Phase.OVER || phase == Phase.DETACHED;
    }

    /**
     * Ends phase one.
     *
     * @throws SQLException it cannot be committed
     */
    synchronized void prepare() throws SQLException {
        if (phase != Phase.ACTIVE) {
            return;
        }
        if (user != null && user.hasOpenWork()) {
            throw new SQLException("A connection to " + registration.resourceId() + " still has a local transaction"
                    + " open when the work for global transaction " + xid.xid() + " ends. Commit it and close the"
                    + " connection before: @Transactional goes inside @GlobalTransactional, not around it.");
        }
        try {
            prepareNow();
        } catch (XAException e) {
            if (XaFailures.isRolledBack(e)) {
                report(BranchStatus.PHASE_ONE_FAILED);
            }
            throw XaFailures.asSql("The XA branch " + xid + " could not be prepared", e);
        }
        if (phase == Phase.OVER) {
            report(BranchStatus.PHASE_ONE_READ_ONLY);
        }
    }

    private void prepareNow() throws XAException {
        if (user != null) {
            // The connection below stays open, and they would go on working on it.
            user.statements().closeAll();
        }
        expireUser();
        int vote;
        try {
            physical.xaResource().end(xid, XAResource.TMSUCCESS);
            vote = physical.xaResource().prepare(xid);
            if (whenPrepared.mayBeRefusedSilently()
                    && vote != XAResource.XA_RDONLY
                    && !XaBranches.isPrepared(physical.xaResource(), xid)) {
                throw XaFailures.failedBefore();
            }
        } catch (XAException e) {
            destroy();
            throw e;
        }
        if (vote == XAResource.XA_RDONLY) {
            giveBack(Phase.OVER);
        } else if (whenPrepared == Prepared.FREES_CONNECTION) {
            giveBack(Phase.DETACHED);
        } else {
            phase = Phase.PREPARED;
            physical.keepOpen(whenPrepared == Prepared.KEEPS_CONNECTION_OPEN);
        }
    }

    /**
     * Phase two commit on the branch's own connection. False when it is not prepared on one of this process.
     *
     * @throws XAException also when it is still in use, or cannot be prepared any more
     */
    synchronized boolean commit() throws XAException {
        if (phase == Phase.ACTIVE) {
            prepareLate();
            if (phase == Phase.OVER) {
                return true;
            }
        }
        if (phase != Phase.PREPARED) {
            return false;
        }
        resolve(() -> physical.xaResource().commit(xid, false));
        return true;
    }

    /** Whoever asked for the commit did not wait for the end of this work, or waived its vote. */
    private void prepareLate() throws XAException {
        if (user != null) {
            throw XaFailures.failure(
                    XAException.XAER_PROTO,
                    "the commit was asked for while this process still works for the global transaction, on a thread that"
                            + " its begin did not wait for",
                    null);
        }
        try {
            prepareNow();
        } catch (XAException e) {
            throw XaFailures.failure(
                    XAException.XA_RBROLLBACK,
                    "it had not been prepared when the commit was asked for, and could not be after: "
                            + XaFailures.describe(e),
                    e);
        }
    }

    /**
     * Phase two rollback, or the end of a branch that is still at work. False when there is nothing on a connection of this
     * process.
     */
    synchronized boolean rollBack() throws XAException {
        switch (phase) {
            case PREPARED -> resolve(() -> physical.xaResource().rollback(xid));
            case ACTIVE -> rollBackUnprepared();
            case DETACHED, OVER -> {
                return false;
            }
        }
        return true;
    }

    private void rollBackUnprepared() {
        if (user != null) {
            // A statement may be under way.
            log.warn("{}: rolled back while it was in use; its connection is destroyed", xid);
            destroy();
            return;
        }
        try {
            physical.xaResource().end(xid, XAResource.TMFAIL);
            physical.xaResource().rollback(xid);
            giveBack(Phase.OVER);
        } catch (XAException e) {
            log.debug("{}: its connection is destroyed, and the database rolls back what is not prepared", xid, e);
            destroy();
        }
    }

    /** Gives up what is left here; prepared work stays for whoever resolves it later. */
    synchronized void abandon() {
        if (phase == Phase.ACTIVE || phase == Phase.PREPARED) {
            destroy();
        }
    }

    private interface Resolution {
        void run() throws XAException;
    }

    private void resolve(Resolution resolution) throws XAException {
        try {
            resolution.run();
        } catch (XAException e) {
            destroy();
            throw e;
        }
        physical.keepOpen(false);
        giveBack(Phase.OVER);
    }

    private void giveBack(Phase next) {
        phase = next;
        expireUser();
        try {
            if (physical.getAutoCommit() != autoCommitOutside) {
                physical.setAutoCommit(autoCommitOutside);
            }
        } catch (SQLException e) {
            log.debug("{}: its connection does not come back to what it was and is destroyed", xid, e);
            discard();
            return;
        }
        close(pooled);
    }

    private void destroy() {
        phase = Phase.OVER;
        expireUser();
        discard();
    }

    private void expireUser() {
        if (user != null) {
            user.expire();
            user = null;
        }
    }

    /** Makes sure that no pool gives the connection out again. */
    private void discard() {
        physical.destroy();
        try {
            // Whatever is asked of it fails with a state that makes pools throw the connection away.
            pooled.clearWarnings();
        } catch (SQLException e) {
            log.debug("{} is taken out of its pool", physical);
        }
        close(pooled);
    }

    private static void close(Connection pooled) {
        try {
            pooled.close();
        } catch (SQLException e) {
            log.debug("A connection could not be given back to its pool", e);
        }
    }

    /** When it does not arrive, phase two finds nothing to do. */
    private void report(BranchStatus status) {
        try {
            channel.report(registration, xid.branchId(), status, "");
        } catch (BranchException e) {
            log.info("{}: {} could not be reported: {}", xid, status, e.getMessage());
        }
    }

    @Override
    public String toString() {
        return xid.toString();
    }
}
