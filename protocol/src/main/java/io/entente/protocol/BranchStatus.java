package io.entente.protocol;

/** How far a branch has come, as reported by the side that works on it. */
public enum BranchStatus {
    /** Nothing is known. */
    UNKNOWN(0),
    /** The coordinator knows the branch; its local work may still be under way. */
    REGISTERED(1),
    /** The local work is committed. */
    PHASE_ONE_DONE(2),
    /** The local work was rolled back; there is nothing to do in phase two. */
    PHASE_ONE_FAILED(3),
    /** The local work took too long. */
    PHASE_ONE_TIMEOUT(4),
    /** Phase two commit is done. */
    PHASE_TWO_COMMITTED(5),
    /** Phase two commit failed and shall be tried again. */
    PHASE_TWO_COMMIT_FAILED_RETRYABLE(6),
    /** Phase two commit failed for good. */
    PHASE_TWO_COMMIT_FAILED_UNRETRYABLE(7),
    /** Phase two rollback is done. */
    PHASE_TWO_ROLLED_BACK(8),
    /** Phase two rollback failed and shall be tried again. */
    PHASE_TWO_ROLLBACK_FAILED_RETRYABLE(9),
    /** Phase two rollback failed for good, for instance because an outsider changed the row. */
    PHASE_TWO_ROLLBACK_FAILED_UNRETRYABLE(10),
    /** The database does not know the XA branch to commit. */
    COMMIT_FAILED_XAER_NOTA_RETRYABLE(11),
    /** The database does not know the XA branch to roll back. */
    ROLLBACK_FAILED_XAER_NOTA_RETRYABLE(12),
    /** The XA branch only read; it takes no part in phase two. */
    PHASE_ONE_READ_ONLY(13),
    /** Retrying was stopped by an operator; used by consoles of 2.4 and later only. */
    STOP_RETRY(14);

    private static final BranchStatus[] BY_CODE = values();

    private final int code;

    BranchStatus(int code) {
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
    public static BranchStatus fromCode(int code) {
        if (code < 0 || code >= BY_CODE.length) {
            throw new MalformedFrameException(
                    "BranchStatus code " + code + " is unknown; expected 0 to " + (BY_CODE.length - 1));
        }
        return BY_CODE[code];
    }
}
