package io.entente.tm.saga;

import io.entente.protocol.GlobalStatus;
import io.entente.protocol.Message;
import io.entente.protocol.transport.CoordinatorUnreachableException;
import java.util.List;

/** Asks the coordinator how far a saga is. Thread-safe. */
interface CoordinatorQuestions {

    /**
     * Whether it takes steps behind the point of no return, which Seata's does not.
     *
     * @throws CoordinatorUnreachableException no connection in time
     */
    boolean understandsSagas();

    /** @throws CoordinatorUnreachableException no answer in time */
    Standing ask(String xid);

    /**
     * @param open whether the transaction is known and has not ended
     * @param branches those that are not finished, in the order of their registration; none from a server of Seata's
     */
    record Standing(boolean open, GlobalStatus status, List<Message.BranchProgress> branches) {

        boolean isCommitted() {
            return status == GlobalStatus.COMMITTED;
        }

        boolean needsAttention() {
            return switch (status) {
                case COMMIT_FAILED,
                        ROLLBACK_FAILED,
                        TIMEOUT_ROLLBACK_FAILED,
                        COMMIT_RETRY_TIMEOUT,
                        ROLLBACK_RETRY_TIMEOUT -> true;
                default -> false;
            };
        }

        /** What the branches fail with, for people. */
        String failures() {
            StringBuilder text = new StringBuilder();
            for (Message.BranchProgress branch : branches) {
                if (!branch.lastFailure().isEmpty()) {
                    text.append(' ')
                            .append(branch.resourceId())
                            .append(" failed ")
                            .append(branch.failures())
                            .append(" time(s), last with: ")
                            .append(branch.lastFailure())
                            .append('.');
                }
            }
            return text.toString();
        }
    }
}
