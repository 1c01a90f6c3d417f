package io.entente.rm.branch;

import io.entente.protocol.AttentionReason;
import io.entente.protocol.Resolution;
import io.entente.rm.undo.BranchKey;
import io.entente.rm.undo.ConflictResolution;
import io.entente.rm.undo.RollbackResult;
import io.entente.rm.undo.UndoLog;
import io.entente.rm.undo.UndoNotReadableException;
import io.entente.tm.branch.PhaseTwoAnswer;
import io.entente.tm.branch.PhaseTwoBranch;
import io.entente.tm.branch.PhaseTwoWorkers;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Phase two of branches that are rolled back, a bounded number of them at the same time. */
final class BranchRollbacks {

    private static final Logger log = LoggerFactory.getLogger(BranchRollbacks.class);
    private final PhaseTwoWorkers workers;
    private final BooleanSupplier askedInReverse;

    /**
     * @param askedInReverse whether the coordinator asks for the later ones of a transaction's branches in a database first;
     *     Seata's server 2.0 does not
     */
    BranchRollbacks(int threads, BooleanSupplier askedInReverse) {
        this.askedInReverse = askedInReverse;
        workers = new PhaseTwoWorkers("entente-rollback", threads);
    }

    /** Returns at once; the answer comes later. */
    void rollBack(AtDatabase resource, PhaseTwoBranch branch, PhaseTwoAnswer answer) {
        workers.run(branch, answer, () -> run(resource, branch, answer));
    }

    private void run(AtDatabase resource, PhaseTwoBranch branch, PhaseTwoAnswer answer) {
        String xid = branch.xid();
        long branchId = branch.branchId();
        try (Connection own = resource.dataSource().getConnection()) {
            ConflictResolution resolution = resolution(branch);
            RollbackResult result = rollBack(own, resource.undoLog(), new BranchKey(xid, branchId), resolution);
            if (result instanceof RollbackResult.Dirty dirty) {
                log.error(
                        "xid={} branchId={}: not rolled back at {}, because rows are in the way. Nothing was overwritten."
                                + " Rows:\n{}",
                        xid,
                        branchId,
                        resource.id(),
                        dirty);
                answer.giveUp(AttentionReason.CONFLICT, ConflictReport.of(dirty));
                return;
            }
            if (resolution != ConflictResolution.STOP) {
                log.warn(
                        "xid={} branchId={}: rolled back at {} with {}, as an operator has chosen",
                        xid,
                        branchId,
                        resource.id(),
                        resolution);
            }
        } catch (UndoNotReadableException e) {
            log.error("xid={} branchId={}: not rolled back at {}", xid, branchId, resource.id(), e);
            answer.giveUp(AttentionReason.UNDO_UNREADABLE, String.valueOf(e.getMessage()));
            return;
        } catch (SQLException | RuntimeException e) {
            log.warn(
                    "xid={} branchId={}: rollback at {} failed; the coordinator sends it again: {}",
                    xid,
                    branchId,
                    resource.id(),
                    e.toString());
            answer.tryAgain(String.valueOf(e.getMessage()));
            return;
        }
        answer.done();
    }

    private RollbackResult rollBack(Connection own, UndoLog log, BranchKey branch, ConflictResolution resolution)
            throws SQLException {
        if (askedInReverse.getAsBoolean()) {
            return log.rollback(own, branch.xid(), branch.branchId(), resolution);
        }
        List<BranchKey> later = log.laterThan(own, branch);
        while (true) {
            // They are rolled back in any case. Out of order, one row's images could fit by chance and leave a wrong
            // one. What was chosen for this branch is not for them.
            for (BranchKey each : later) {
                RollbackResult result = log.rollback(own, each.xid(), each.branchId(), ConflictResolution.STOP);
                if (result instanceof RollbackResult.Dirty) {
                    return result;
                }
            }
            RollbackResult result = log.rollback(own, branch.xid(), branch.branchId(), resolution);
            if (result instanceof RollbackResult.Dirty) {
                later = log.laterThan(own, branch);
                if (!later.isEmpty()) {
                    // Its local commit was under way.
                    continue;
                }
            }
            return result;
        }
    }

    private static ConflictResolution resolution(PhaseTwoBranch branch) {
        return switch (Resolution.in(branch.applicationData())) {
            // The coordinator sends no request for the latter two.
            case RETRY, MARK_DONE, RELEASE_LOCKS -> ConflictResolution.STOP;
            case FORCE_BEFORE_IMAGE -> ConflictResolution.FORCE_BEFORE_IMAGE;
            case ACCEPT_CURRENT -> ConflictResolution.ACCEPT_CURRENT;
        };
    }

    /** Ends what has begun or is queued. */
    void close() {
        workers.close();
    }
}
