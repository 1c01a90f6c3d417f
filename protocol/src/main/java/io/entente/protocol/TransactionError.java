package io.entente.protocol;

/** Why a request failed; clients choose their reaction by it. */
public enum TransactionError {
    /** No particular reason. */
    UNKNOWN(0),
    /** The global transaction could not be begun. */
    BEGIN_FAILED(1),
    /** Another global transaction holds one of the rows; trying again makes sense. */
    LOCK_KEY_CONFLICT(2),
    /** The request or its answer did not get through. */
    IO(3),
    /** A branch did not roll back and will be tried again. */
    BRANCH_ROLLBACK_FAILED_RETRYABLE(4),
    /** A branch did not roll back and will not. */
    BRANCH_ROLLBACK_FAILED_UNRETRYABLE(5),
    /** The branch could not be registered. */
    BRANCH_REGISTER_FAILED(6),
    /** The report about a branch could not be taken. */
    BRANCH_REPORT_FAILED(7),
    /** The lock query could not be answered. */
    LOCKABLE_CHECK_FAILED(8),
    /** The coordinator does not know that branch. */
    BRANCH_NOT_EXIST(9),
    /** The coordinator does not know that global transaction. */
    GLOBAL_TRANSACTION_NOT_EXIST(10),
    /** The global transaction takes no more work. */
    GLOBAL_TRANSACTION_NOT_ACTIVE(11),
    /** The global transaction is already decided. */
    GLOBAL_TRANSACTION_STATUS_INVALID(12),
    /** No resource manager could be reached to commit. */
    FAILED_TO_SEND_BRANCH_COMMIT_REQUEST(13),
    /** No resource manager could be reached to roll back. */
    FAILED_TO_SEND_BRANCH_ROLLBACK_REQUEST(14),
    /** The branch could not be stored. */
    FAILED_TO_ADD_BRANCH(15),
    /** The global transaction is busy. */
    FAILED_TO_LOCK_GLOBAL_TRANSACTION(16),
    /** The state could not be written. */
    FAILED_WRITE_SESSION(17),
    /** The store failed. */
    FAILED_STORE(18),
    /** This coordinator does not lead; ask the leader. */
    NOT_RAFT_LEADER(19),
    /** The holder of the row is rolling back and needs it: do not wait with local row locks held. */
    LOCK_KEY_CONFLICT_FAIL_FAST(20),
    /** The global transaction has timed out. */
    TRANSACTION_TIMEOUT(21),
    /** The outcome of the commit is not what was asked for. */
    COMMIT_HEURISTIC(22),
    /** The connection broke. */
    BROKEN(23);

    private static final TransactionError[] BY_CODE = values();

    private final int code;

    TransactionError(int code) {
        this.code = code;
    }

    /** The number that stands for this value on the wire. */
    public int code() {
        return code;
    }

    /**
     * The value a peer meant by {@code code}.
     *
     * @throws MalformedFrameException when no such value exists
     */
    public static TransactionError fromCode(int code) {
        if (code < 0 || code >= BY_CODE.length) {
            throw new MalformedFrameException(
                    "TransactionError code " + code + " is unknown; expected 0 to " + (BY_CODE.length - 1));
        }
        return BY_CODE[code];
    }
}
