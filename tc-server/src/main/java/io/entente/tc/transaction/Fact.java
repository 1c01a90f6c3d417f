package io.entente.tc.transaction;

import io.entente.protocol.AttentionReason;
import io.entente.protocol.BranchType;
import io.entente.protocol.Resolution;

/** Something that has happened. Facts are what the log stores; applied in order they are the state. Times are epoch millis. */
public sealed interface Fact {

    /** The transaction that it is about; 0 when it is about none. */
    default long transactionId() {
        return 0;
    }

    /** When it happened, in epoch millis; 0 when it does not tell. */
    default long at() {
        return 0;
    }

    /**
     * The first fact of every log. Ids count up from here; it comes from the clock, so that a coordinator that lost its
     * data directory does not give out ids again that still stand in some undo log.
     */
    record CoordinatorFounded(long firstId) implements Fact {}

    record TransactionBegun(
            long id, String xid, String applicationId, String group, String name, int timeoutMillis, long at)
            implements Fact {
        @Override
        public long transactionId() {
            return id;
        }
    }

    /** {@code lockKey}: the rows locked, see {@link io.entente.tc.lock.LockKeyText}. */
    record BranchRegistered(
            long transactionId,
            long branchId,
            BranchType type,
            String resourceId,
            String clientId,
            String lockKey,
            String applicationData,
            long at)
            implements Fact {}

    /**
     * Which request a branch was registered by; follows {@link BranchRegistered}, so that the same request, asked again
     * because its answer got lost, is answered with the same branch.
     *
     * @param registration chosen by the client, not 0
     */
    record RegistrationKnown(long transactionId, long branchId, long registration) implements Fact {}

    /** The application data of a branch was replaced by its resource manager. */
    record BranchDataChanged(long transactionId, long branchId, String applicationData) implements Fact {}

    /** Commit, rollback or timeout was decided, the transaction was given up or taken up again, or it ended. */
    record TransactionMoved(long transactionId, Phase.Move move, long at) implements Fact {}

    /** Nothing is left to do for this branch: its locks are free and it is forgotten. */
    record BranchFinished(long transactionId, long branchId) implements Fact {}

    /**
     * Why a branch could not go on; stands with the transaction while it needs attention.
     *
     * @param reason for people
     */
    record BranchStuck(long transactionId, long branchId, AttentionReason why, String reason, long at)
            implements Fact {}

    /** The rows in the way of a branch that is stuck, see {@link io.entente.protocol.ConflictText}; follows its reason. */
    record ConflictReported(long transactionId, long branchId, String rows) implements Fact {}

    /**
     * A person chose what to do about a branch. What a resource manager has to do is done once: its next answer, whatever
     * it is, ends it.
     *
     * @param by who, as far as that was told; empty otherwise
     * @param answered nobody is asked: it is carried out with the facts that follow. (In snapshots of old: the answer has
     *     come since)
     */
    record ResolutionChosen(
            long transactionId, long branchId, Resolution resolution, String by, long at, boolean answered)
            implements Fact {}

    /**
     * What came of what a person chose last for a branch, and when.
     *
     * @param note for people; may be empty
     */
    record ActionEnded(
            long transactionId,
            long branchId,
            Resolution resolution,
            OperatorAction.Outcome outcome,
            long at,
            String note)
            implements Fact {}

    /** Only in snapshots: what was done about a branch of a transaction, whether that has ended or not. */
    record ActionRemembered(long transactionId, OperatorAction action) implements Fact {}

    /**
     * An operator has let go of the row locks of a branch that is not finished.
     *
     * @param lockKey the rows it had locked until then, see {@link io.entente.tc.lock.LockKeyText}
     */
    record LocksReleased(long transactionId, long branchId, String lockKey) implements Fact {}

    /** A branch has locked again what an operator had let go of. */
    record LocksTakenAgain(long transactionId, long branchId) implements Fact {}

    /** A receiver of notices has confirmed that it was told that a branch is stuck. */
    record NoticeConfirmed(long transactionId, long branchId, String receiver) implements Fact {}

    /** Only in snapshots: how a transaction ended that is no longer there. */
    record OutcomeRemembered(long transactionId, Phase end) implements Fact {}
}
