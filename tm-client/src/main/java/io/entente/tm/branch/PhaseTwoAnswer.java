package io.entente.rm.branch;

import io.entente.protocol.BranchStatus;
import io.entente.protocol.Message;
import io.entente.protocol.TransactionError;
import io.entente.protocol.transport.CoordinatorChannel;
import io.entente.rm.undo.BranchKey;

/**
 * A branch the coordinator has decided about, and the way to tell how phase two went. To be told once.
 *
 * @param branch the branch
 * @param decision commit or rollback
 * @param way to the coordinator
 */
record PhaseTwoAnswer(BranchKey branch, Decision decision, CoordinatorChannel.Answer way) {

    enum Decision {
        COMMIT,
        ROLLBACK
    }

    static PhaseTwoAnswer commit(Message.BranchCommitRequest request, CoordinatorChannel.Answer way) {
        return new PhaseTwoAnswer(new BranchKey(request.xid(), request.branchId()), Decision.COMMIT, way);
    }

    static PhaseTwoAnswer rollback(Message.BranchRollbackRequest request, CoordinatorChannel.Answer way) {
        return new PhaseTwoAnswer(new BranchKey(request.xid(), request.branchId()), Decision.ROLLBACK, way);
    }

    void done() {
        send(decision == Decision.COMMIT ? BranchStatus.PHASE_TWO_COMMITTED : BranchStatus.PHASE_TWO_ROLLED_BACK, "");
    }

    void tryAgain(String reason) {
        send(
                decision == Decision.COMMIT
                        ? BranchStatus.PHASE_TWO_COMMIT_FAILED_RETRYABLE
                        : BranchStatus.PHASE_TWO_ROLLBACK_FAILED_RETRYABLE,
                reason);
    }

    /** @param reason for people; travels only with a failure */
    void send(BranchStatus status, String reason) {
        Message.Result result = switch (status) {
            case PHASE_TWO_COMMITTED, PHASE_TWO_ROLLED_BACK -> Message.Result.OK;
            case PHASE_TWO_ROLLBACK_FAILED_RETRYABLE ->
                Message.Result.failed(TransactionError.BRANCH_ROLLBACK_FAILED_RETRYABLE, reason);
            case PHASE_TWO_ROLLBACK_FAILED_UNRETRYABLE ->
                Message.Result.failed(TransactionError.BRANCH_ROLLBACK_FAILED_UNRETRYABLE, reason);
            default -> Message.Result.failed(TransactionError.UNKNOWN, reason);
        };
        way.send(
                decision == Decision.COMMIT
                        ? new Message.BranchCommitResponse(result, branch.xid(), branch.branchId(), status)
                        : new Message.BranchRollbackResponse(result, branch.xid(), branch.branchId(), status));
    }
}
