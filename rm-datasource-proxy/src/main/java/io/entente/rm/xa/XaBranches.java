package io.entente.rm.xa;

import io.entente.protocol.AttentionReason;
import io.entente.protocol.BranchType;
import io.entente.tm.TransactionContext;
import io.entente.tm.branch.BranchChannel;
import io.entente.tm.branch.BranchException;
import io.entente.tm.branch.BranchRegistration;
import io.entente.tm.branch.BranchResource;
import io.entente.tm.branch.PhaseTwoAnswer;
import io.entente.tm.branch.PhaseTwoBranch;
import io.entente.tm.branch.PhaseTwoWorkers;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The XA branches at one database: those at work or held in this process, and phase two of them and of all others. */
final class XaBranches implements BranchResource {

    private static final Logger log = LoggerFactory.getLogger(XaBranches.class);

    private final String resourceId;
    private final Prepared whenPrepared;
    private final XaConnectionSource source;
    private final BranchChannel channel;
    private final PhaseTwoWorkers workers;
    private final Map<BranchXid, XaBranch> branches = new ConcurrentHashMap<>();

    /**
     * @param source for connections of phase two's own, which no pool can run out of
     */
    XaBranches(
            String resourceId,
            Prepared whenPrepared,
            XaConnectionSource source,
            BranchChannel channel,
            PhaseTwoWorkers workers) {
        this.resourceId = resourceId;
        this.whenPrepared = whenPrepared;
        this.source = source;
        this.channel = channel;
        this.workers = workers;
    }

    String resourceId() {
        return resourceId;
    }

    XaConnectionSource source() {
        return source;
    }

    /** A connection for work in the global transaction: that of a branch nobody uses, else one of the pool. */
    Connection connect(String xid, DataSource pool) throws SQLException {
        for (XaBranch branch : branches.values()) {
            if (branch.xid().xid().equals(xid) && branch.isOf(pool)) {
                XaConnection connection = XaConnection.in(branch, pool, this);
                if (connection != null) {
                    return connection;
                }
            }
        }
        return XaConnection.on(pool, xid, this);
    }

    /**
     * Begins a branch on {@code pooled}, a connection of {@code pool}, which belongs to it from now on; on failure it is
     * gone, or still the caller's to close.
     */
    XaBranch start(String xid, DataSource pool, Connection pooled, XaConnection user, boolean autoCommitOutside)
            throws SQLException {
        PhysicalConnection physical = pooled.unwrap(PhysicalConnection.class);
        BranchRegistration registration = new BranchRegistration(xid, BranchType.XA, resourceId, "", "");
        BranchXid branchXid;
        try {
            branchXid = new BranchXid(xid, channel.register(registration));
        } catch (BranchException e) {
            TransactionContext.setRollbackOnly(
                    "an XA branch at " + resourceId + " could not be registered: " + e.getMessage());
            throw new SQLException(
                    "No XA branch of global transaction " + xid + " could be registered at the coordinator: "
                            + e.getMessage(),
                    e);
        } catch (IllegalArgumentException e) {
            TransactionContext.setRollbackOnly(String.valueOf(e.getMessage()));
            throw new SQLException(e.getMessage(), e);
        }
        XaBranch branch =
                new XaBranch(branchXid, registration, channel, pool, pooled, physical, autoCommitOutside, whenPrepared);
        // Before it starts, for the coordinator may have it rolled back from now on.
        branches.put(branchXid, branch);
        try {
            branch.start(user);
        } finally {
            forgetIfOver(branch);
        }
        TransactionContext.beforeEnd(() -> {
            try {
                branch.prepare();
            } finally {
                forgetIfOver(branch);
            }
        });
        return branch;
    }

    private void forgetIfOver(XaBranch branch) {
        if (branch.isOver()) {
            branches.remove(branch.xid(), branch);
        }
    }

    /** The branches at work, or prepared on a connection of this process. */
    Set<BranchXid> held() {
        return Set.copyOf(branches.keySet());
    }

    /** Rolls back, on its own connection if it has one here, a branch that no phase two will come for. */
    void rollBack(BranchXid xid) throws XAException, SQLException {
        if (!resolveHere(xid, false)) {
            resolveAnywhere(xid, false);
        }
    }

    // ---------------------------------------------------------------- phase two

    @Override
    public BranchType type() {
        return BranchType.XA;
    }

    @Override
    public String id() {
        return resourceId;
    }

    @Override
    public void phaseTwo(PhaseTwoBranch decided, PhaseTwoAnswer answer) {
        workers.run(decided, answer, () -> resolve(decided, answer));
    }

    private void resolve(PhaseTwoBranch decided, PhaseTwoAnswer answer) {
        BranchXid xid = new BranchXid(decided.xid(), decided.branchId());
        try {
            if (!resolveHere(xid, decided.isCommit())) {
                resolveAnywhere(xid, decided.isCommit());
            }
            answer.done();
        } catch (XAException e) {
            String what = (decided.isCommit() ? "commit" : "rollback") + " of XA branch " + xid + " at " + resourceId
                    + " failed: " + XaFailures.describe(e);
            if (isContradiction(e, decided.isCommit())) {
                log.error("{}: {}", decided, what);
                answer.giveUp(
                        AttentionReason.HEURISTIC_OUTCOME,
                        what + ". Compare the data with what was decided, mend it by hand, and then let the"
                                + " coordinator try again.");
            } else {
                log.warn("{}: {}; the coordinator sends it again", decided, what);
                answer.tryAgain(what);
            }
        } catch (SQLException e) {
            log.warn("{}: {} cannot be reached; the coordinator sends it again: {}", decided, resourceId, e.toString());
            answer.tryAgain(resourceId + " cannot be reached: " + e.getMessage());
        }
    }

    /** Whether the branch ended otherwise than it was decided, or nobody knows. */
    private static boolean isContradiction(XAException e, boolean commit) {
        return XaFailures.isHeuristic(e) || (commit && XaFailures.isRolledBack(e));
    }

    private boolean resolveHere(BranchXid xid, boolean commit) throws XAException {
        XaBranch branch = branches.get(xid);
        if (branch == null) {
            return false;
        }
        try {
            return commit ? branch.commit() : branch.rollBack();
        } finally {
            forgetIfOver(branch);
        }
    }

    /** On a new connection: the branch was prepared by another process, or on a connection that was given back since. */
    private void resolveAnywhere(BranchXid xid, boolean commit) throws XAException, SQLException {
        PhysicalConnection connection = source.open();
        try {
            // Asked before, because H2's driver rolls nothing back that it has not listed itself.
            if (commit || isPrepared(connection.xaResource(), xid)) {
                resolve(connection.xaResource(), xid, commit);
            }
        } finally {
            // It has seen a failure, or is not needed any more: one is opened for each.
            connection.destroy();
        }
    }

    private void resolve(XAResource xaResource, BranchXid xid, boolean commit) throws XAException {
        try {
            if (commit) {
                xaResource.commit(xid, false);
            } else {
                xaResource.rollback(xid);
            }
        } catch (XAException e) {
            if (XaFailures.isHeuristic(e)) {
                if (e.errorCode == (commit ? XAException.XA_HEURCOM : XAException.XA_HEURRB)) {
                    xaResource.forget(xid);
                    return;
                }
                throw e;
            }
            if (!commit && XaFailures.isRolledBack(e)) {
                return;
            }
            if (!XaFailures.isUnknown(e) || isPrepared(xaResource, xid)) {
                throw e;
            }
            // Nobody has it any more: this was done before, and only the answer was lost.
            if (commit) {
                log.info("{}: {} does not list it as prepared any more, so it was committed before", xid, resourceId);
            }
        }
    }

    static boolean isPrepared(XAResource xaResource, BranchXid xid) throws XAException {
        return prepared(xaResource).contains(xid);
    }

    /** The branches of ours that the database lists as prepared. */
    static List<BranchXid> prepared(XAResource xaResource) throws XAException {
        List<BranchXid> ours = new ArrayList<>();
        for (Xid listed : xaResource.recover(XAResource.TMSTARTRSCAN | XAResource.TMENDRSCAN)) {
            @Nullable BranchXid branch = BranchXid.of(listed);
            if (branch != null) {
                ours.add(branch);
            }
        }
        return ours;
    }

    /** What is prepared stays prepared, for the coordinator to have it resolved after a restart. */
    void close() {
        Collection<XaBranch> left = List.copyOf(branches.values());
        left.forEach(XaBranch::abandon);
        branches.clear();
    }
}
