// RESTORED 11:18 from a copy of 10:52; edits made since were overwritten by helper xa. See /tmp/b/xa-backup/NOTE.txt; remove this line.
package io.entente.rm.xa;

import io.entente.protocol.GlobalStatus;
import io.entente.tm.branch.BranchChannel;
import io.entente.tm.branch.BranchException;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;
import javax.transaction.xa.XAException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds branches that are prepared in a database and that no phase two will ever come for: a process prepared them when
 * the coordinator had rolled the global transaction back already. The coordinator is the judge. Used by one thread.
 */
final class XaRecovery {

    private static final Logger log = LoggerFactory.getLogger(XaRecovery.class);

    private final XaBranches branches;
    private final BranchChannel channel;
    private final Set<String> coordinators;
    private final Set<String> strangers = new HashSet<>();
    private Set<BranchXid> seenBefore = Set.of();

    XaRecovery(XaBranches branches, BranchChannel channel, Set<String> coordinators) {
        this.branches = branches;
        this.channel = channel;
        this.coordinators = coordinators;
    }

    /** Never throws: the next sweep does what this one could not. */
    void sweep() {
        try {
            Set<BranchXid> prepared = prepared();
            for (BranchXid xid : prepared) {
                // The second time only, for a branch may be between its prepare and its answer.
                if (seenBefore.contains(xid) && !branches.holds(xid)) {
                    judge(xid);
                }
            }
            seenBefore = prepared;
        } catch (SQLException | XAException | RuntimeException e) {
            log.warn("{} could not be asked for prepared XA branches; asked again later", branches.resourceId(), e);
        }
    }

    private Set<BranchXid> prepared() throws SQLException, XAException {
        PhysicalConnection connection = branches.source().open();
        try {
            return Set.copyOf(XaBranches.prepared(connection.xaResource()));
        } finally {
            connection.destroy();
        }
    }

    private void judge(BranchXid xid) throws SQLException, XAException {
        String coordinator = XaBranches.coordinatorOf(xid.xid());
        if (!coordinators.contains(coordinator)) {
            // To the one that did not give it out, it is unknown, and unknown means rolled back.
            if (strangers.add(coordinator)) {
                log.warn(
                        "{} is prepared at {} and belongs to another coordinator than that of this application; left alone",
                        xid,
                        branches.resourceId());
            }
            return;
        }
        GlobalStatus status;
        try {
            status = channel.status(xid.xid());
        } catch (BranchException e) {
            log.info("{}: the coordinator cannot be asked now: {}", xid, e.getMessage());
            return;
        }
        switch (status) {
            case FINISHED, ROLLED_BACK, TIMEOUT_ROLLED_BACK -> {
                branches.resolveAnywhere(xid, false);
                log.warn(
                        "{} was still prepared at {} although its global transaction is rolled back; rolled back now",
                        xid,
                        branches.resourceId());
            }
            case COMMITTED ->
                log.error(
                        "{} is prepared at {} although its global transaction has ended with a commit; left to a person",
                        xid,
                        branches.resourceId());
            default -> log.debug("{}: {}; phase two will come", xid, status);
        }
    }
}
