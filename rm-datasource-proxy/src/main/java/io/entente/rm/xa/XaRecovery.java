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
 * Finds branches that no phase two will ever come for: a process went on with them, and prepared them maybe, when the
 * coordinator had rolled the global transaction back already. The coordinator is the judge. Used by one thread.
 */
final class XaRecovery {

    private static final Logger log = LoggerFactory.getLogger(XaRecovery.class);

    private final XaBranches branches;
    private final BranchChannel channel;
    private final Set<String> strangers = new HashSet<>();
    private Set<BranchXid> seenBefore = Set.of();

    XaRecovery(XaBranches branches, BranchChannel channel) {
        this.branches = branches;
        this.channel = channel;
    }

    /** Never throws: the next sweep does what this one could not. */
    void sweep() {
        try {
            Set<BranchXid> open = new HashSet<>(prepared());
            // Also those that are at work here: another process may have answered for them.
            open.addAll(branches.held());
            for (BranchXid xid : open) {
                // The second time only, for a branch may be between its prepare and its answer.
                if (seenBefore.contains(xid)) {
                    judge(xid);
                }
            }
            seenBefore = open;
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
        if (!channel.knowsCoordinatorOf(xid.xid())) {
            // To the one that did not give it out, it is unknown, and unknown means rolled back.
            if (strangers.add(BranchChannel.coordinatorOf(xid.xid()))) {
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
                branches.rollBack(xid);
                log.warn(
                        "{} was still open at {} although its global transaction is rolled back; rolled back now",
                        xid,
                        branches.resourceId());
            }
            case COMMITTED -> {
                // Its phase two may have come between the look at the database and the question.
                if (prepared().contains(xid) || branches.held().contains(xid)) {
                    log.error(
                            "{} is still open at {} although its global transaction has ended with a commit; left to a person",
                            xid,
                            branches.resourceId());
                }
            }
            default -> log.debug("{}: {}; phase two will come", xid, status);
        }
    }
}
