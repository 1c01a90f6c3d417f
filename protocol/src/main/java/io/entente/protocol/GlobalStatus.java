package io.entente.protocol;

/** The state of a global transaction in the words of the wire protocol. */
public enum GlobalStatus {
    /** Nothing is known. */
    UNKNOWN(0),
    /** Open: branches may register. */
    BEGIN(1),
    /** Decided to commit; phase two is under way. */
    COMMITTING(2),
    /** Decided to commit; a branch failed to and is tried again. */
    COMMIT_RETRYING(3),
    /** Decided to roll back; phase two is under way. */
    ROLLING_BACK(4),
    /** Decided to roll back; a branch failed to and is tried again. */
    ROLLBACK_RETRYING(5),
    /** Timed out; phase two is under way. */
    TIMEOUT_ROLLING_BACK(6),
    /** Timed out; a branch failed to roll back and is tried again. */
    TIMEOUT_ROLLBACK_RETRYING(7),
    /** Decided to commit; its branches finish in the background. */
    ASYNC_COMMITTING(8),
    /** Committed. */
    COMMITTED(9),
    /** Phase two commit failed for good and needs a person. */
    COMMIT_FAILED(10),
    /** Rolled back. */
    ROLLED_BACK(11),
    /** Phase two rollback failed for good and needs a person. */
    ROLLBACK_FAILED(12),
    /** Rolled back because of its timeout. */
    TIMEOUT_ROLLED_BACK(13),
    /** Rolling back after the timeout failed for good and needs a person. */
    TIMEOUT_ROLLBACK_FAILED(14),
    /** Ended, or never heard of: the coordinator has no record. */
    FINISHED(15),
    /** Retrying the commit was given up. */
    COMMIT_RETRY_TIMEOUT(16),
    /** Retrying the rollback was given up. */
    ROLLBACK_RETRY_TIMEOUT(17),
    /** 2.4 and later only; never sent, because older clients fail on it. */
    DELETING(18),
    /** 2.4 and later only; never sent. */
    STOP_COMMIT_OR_COMMIT_RETRY(19),
    /** 2.4 and later only; never sent. */
    STOP_ROLLBACK_OR_ROLLBACK_RETRY(20);

    private static final GlobalStatus[] BY_CODE = values();

    private final int code;

    GlobalStatus(int code) {
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
    public static GlobalStatus fromCode(int code) {
        if (code < 0 || code >= BY_CODE.length) {
            throw new MalformedFrameException(
                    "GlobalStatus code " + code + " is unknown; expected 0 to " + (BY_CODE.length - 1));
        }
        return BY_CODE[code];
    }
}
