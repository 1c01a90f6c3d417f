package io.entente.protocol;

/** The mode a branch of a global transaction works in; decides who undoes it and how. */
public enum BranchType {
    /** Undone by the resource manager from the undo log. */
    AT(0),
    /** Confirmed or cancelled by the application. */
    TCC(1),
    /**
     * A whole saga, driven by an engine in the client: Seata's compensates it, ours carries it on when it is committed.
     */
    SAGA(2),
    /** Committed or rolled back by the database's own two-phase commit. */
    XA(3),
    /** One step of a saga, compensated by a method of the application; known to clients from 2.3 on. */
    SAGA_ANNOTATION(4);

    private static final BranchType[] BY_CODE = values();

    private final int code;

    BranchType(int code) {
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
    public static BranchType fromCode(int code) {
        if (code < 0 || code >= BY_CODE.length) {
            throw new MalformedFrameException(
                    "BranchType code " + code + " is unknown; expected 0 to " + (BY_CODE.length - 1));
        }
        return BY_CODE[code];
    }
}
