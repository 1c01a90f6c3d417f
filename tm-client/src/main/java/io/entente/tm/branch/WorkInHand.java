package io.entente.tm.branch;

import io.entente.protocol.AttentionReason;
import io.entente.protocol.BranchStatus;
import io.entente.protocol.ConflictText;
import io.entente.protocol.Message;
import io.entente.protocol.TransactionError;
import io.entente.protocol.transport.CoordinatorChannel;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The branches this process works on in phase two. A request that comes again meanwhile starts nothing; it only
 * replaces the way on which the answer goes.
 */
final class WorkInHand {

    private static final Logger log = LoggerFactory.getLogger(WorkInHand.class);

    private final Map<Key, Work> works = new ConcurrentHashMap<>();

    record Key(String xid, long branchId) {}

    /** @return what to do, null when it is being done already */
    @Nullable
    Work begin(PhaseTwoBranch branch, CoordinatorChannel.Answer way) {
        Key key = new Key(branch.xid(), branch.branchId());
        Work[] begun = new Work[1];
        works.compute(key, (same, present) -> {
            if (present != null) {
                present.way = way;
                return present;
            }
            begun[0] = new Work(key, branch, way);
            return begun[0];
        });
        return begun[0];
    }

    /** The branches not answered yet whose work has begun. What only waits here may be done sooner elsewhere. */
    Collection<Key> begun() {
        return works.values().stream()
                .filter(work -> work.begun)
                .map(work -> work.key)
                .toList();
    }

    final class Work implements PhaseTwoAnswer {

        private final Key key;
        private final PhaseTwoBranch branch;
        private volatile CoordinatorChannel.Answer way;
        private volatile boolean begun;

        private Work(Key key, PhaseTwoBranch branch, CoordinatorChannel.Answer way) {
            this.key = key;
            this.branch = branch;
            this.way = way;
        }

        @Override
        public void begun() {
            begun = true;
        }

        @Override
        public void done() {
            send(
                    branch.isCommit() ? BranchStatus.PHASE_TWO_COMMITTED : BranchStatus.PHASE_TWO_ROLLED_BACK,
                    Message.Result.OK);
        }

        @Override
        public void tryAgain(String reason) {
            send(
                    branch.isCommit()
                            ? BranchStatus.PHASE_TWO_COMMIT_FAILED_RETRYABLE
                            : BranchStatus.PHASE_TWO_ROLLBACK_FAILED_RETRYABLE,
                    failed(TransactionError.BRANCH_ROLLBACK_FAILED_RETRYABLE, reason));
        }

        @Override
        public void giveUp(AttentionReason why, String reason) {
            send(
                    branch.isCommit()
                            ? BranchStatus.PHASE_TWO_COMMIT_FAILED_UNRETRYABLE
                            : BranchStatus.PHASE_TWO_ROLLBACK_FAILED_UNRETRYABLE,
                    failed(TransactionError.BRANCH_ROLLBACK_FAILED_UNRETRYABLE, told(why, reason)));
        }

        /** Rows in the way tell by themselves that they are, also to older coordinators. */
        private static String told(AttentionReason why, String reason) {
            if (why == AttentionReason.CONFLICT) {
                return reason;
            }
            int most = ConflictText.MOST_CHARS - AttentionReason.MOST_CHARS;
            return why.addedTo(reason.length() <= most ? reason : reason.substring(0, most));
        }

        private Message.Result failed(TransactionError ofRollback, String reason) {
            return Message.Result.failed(branch.isCommit() ? TransactionError.UNKNOWN : ofRollback, reason);
        }

        private void send(BranchStatus status, Message.Result result) {
            if (!works.remove(key, this)) {
                log.debug("{}: answered twice, {} is dropped", branch, status);
                return;
            }
            way.send(
                    branch.isCommit()
                            ? new Message.BranchCommitResponse(result, branch.xid(), branch.branchId(), status)
                            : new Message.BranchRollbackResponse(result, branch.xid(), branch.branchId(), status));
        }
    }
}
