// RESTORED 11:18 from a copy of 10:52; edits made since were overwritten by helper xa. See /tmp/b/xa-backup/NOTE.txt; remove this line.
package io.entente.rm.xa;

import io.entente.protocol.BranchStatus;
import io.entente.tm.branch.BranchChannel;
import io.entente.tm.branch.BranchException;
import io.entente.tm.branch.BranchRegistration;
import java.sql.Connection;
import java.sql.SQLException;
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

    private XaBranch(
            BranchXid xid,
            BranchRegistration registration,
            BranchChannel channel,
            Connection pooled,
            PhysicalConnection physical,
            Prepared whenPrepared) {
        this.xid = xid;
        this.registration = registration;
        this.channel = channel;
        this.pooled = pooled;
        this.physical = physical;
        this.whenPrepared = whenPrepared;
    }

    /**
     * Starts a branch that the coordinator knows already.
     *
     * @param pooled as the pool gave it; belongs to the branch from now on, also when this fails
     */
    static XaBranch start(
            BranchXid xid,
            BranchRegistration registration,
            BranchChannel channel,
            Connection pooled,
            PhysicalConnection physical,
            Prepared whenPrepared)
            throws SQLException {
        XaBranch branch = new XaBranch(xid, registration, channel, pooled, physical, whenPrepared);
        try {
            physical.xaResource().start(xid, XAResource.TMNOFLAGS);
            return branch;
        } catch (XAException e) {
            branch.destroy();
            branch.reportFailed();
            throw XaFailures.asSql("The XA branch " + xid + " could not be started", e);
        }
    }

    BranchXid xid() {
        return xid;
    }

    Connection pooled() {
        return pooled;
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
        int vote;
        try {
            physical.xaResource().end(xid, XAResource.TMSUCCESS);
            vote = physical.xaResource().prepare(xid);
        } catch (XAException e) {
            destroy();
            if (XaFailures.isRolledBack(e)) {
                reportFailed();
            }
            throw XaFailures.asSql("The XA branch " + xid + " could not be prepared", e);
        }
        if (vote == XAResource.XA_RDONLY) {
            giveBack(Phase.OVER);
            report(BranchStatus.PHASE_ONE_READ_ONLY);
        } else if (whenPrepared == Prepared.FREES_CONNECTION) {
            giveBack(Phase.DETACHED);
        } else {
            phase = Phase.PREPARED;
            physical.keepOpen(whenPrepared == Prepared.KEEPS_CONNECTION_OPEN);
        }
    }

    /** Phase two commit on the branch's own connection. False when it is not prepared on one of this process. */
    synchronized boolean commit() throws XAException {
        if (phase != Phase.PREPARED) {
            return false;
        }
        resolve(() -> physical.xaResource().commit(xid, false));
        return true;
    }

    /**
     * Phase two rollback, or the end of a branch that is still at work. False when there is nothing on a connection of this
     * process.
     */
    synchronized boolean rollBack() throws XAException {
        switch (phase) {
            case PREPARED -> resolve(() -> physical.xaResource().rollback(xid));
            case ACTIVE -> {
                if (user == null) {
                    resolve(() -> {
                        physical.xaResource().end(xid, XAResource.TMFAIL);
                        physical.xaResource().rollback(xid);
                    });
                } else {
                    // A statement may be under way. Without its connection, the database rolls the branch back.
                    log.warn("{}: rolled back while it was in use; its connection is destroyed", xid);
                    destroy();
                }
            }
            case DETACHED, OVER -> {
                return false;
            }
        }
        return true;
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
            if (XaFailures.isRolledBack(e) && phase == Phase.ACTIVE) {
                return;
            }
            throw e;
        }
        physical.keepOpen(false);
        giveBack(Phase.OVER);
    }

    private void giveBack(Phase next) {
        phase = next;
        if (user != null) {
            user.expire();
            user = null;
        }
        close(pooled);
    }

    private void destroy() {
        phase = Phase.OVER;
        if (user != null) {
            user.expire();
            user = null;
        }
        discard(pooled, physical);
    }

    /** Makes sure that no pool gives the connection out again. */
    static void discard(Connection pooled, PhysicalConnection physical) {
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

    private void reportFailed() {
        report(BranchStatus.PHASE_ONE_FAILED);
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
