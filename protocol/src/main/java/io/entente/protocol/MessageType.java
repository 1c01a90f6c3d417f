package io.entente.protocol;

import org.jspecify.annotations.Nullable;

/** The kinds of message and the numbers that announce them. */
public enum MessageType {
    GLOBAL_BEGIN(1),
    GLOBAL_BEGIN_RESPONSE(2),
    BRANCH_COMMIT(3),
    BRANCH_COMMIT_RESPONSE(4),
    BRANCH_ROLLBACK(5),
    BRANCH_ROLLBACK_RESPONSE(6),
    GLOBAL_COMMIT(7),
    GLOBAL_COMMIT_RESPONSE(8),
    GLOBAL_ROLLBACK(9),
    GLOBAL_ROLLBACK_RESPONSE(10),
    BRANCH_REGISTER(11),
    BRANCH_REGISTER_RESPONSE(12),
    BRANCH_REPORT(13),
    BRANCH_REPORT_RESPONSE(14),
    GLOBAL_STATUS(15),
    GLOBAL_STATUS_RESPONSE(16),
    GLOBAL_REPORT(17),
    GLOBAL_REPORT_RESPONSE(18),
    GLOBAL_LOCK_QUERY(21),
    GLOBAL_LOCK_QUERY_RESPONSE(22),
    MERGED(59),
    MERGED_RESPONSE(60),
    REGISTER_TM(101),
    REGISTER_TM_RESPONSE(102),
    REGISTER_RM(103),
    REGISTER_RM_RESPONSE(104),
    UNDO_LOG_DELETE(111),
    BATCH_RESPONSE(121),
    /** Stands for every number not listed here; has none of its own. */
    UNKNOWN(-1);

    private static final @Nullable MessageType[] BY_CODE = index();

    private final int code;

    MessageType(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    /** The kind announced by {@code code}, {@link #UNKNOWN} when there is none. */
    public static MessageType fromCode(int code) {
        MessageType type = code >= 0 && code < BY_CODE.length ? BY_CODE[code] : null;
        return type == null ? UNKNOWN : type;
    }

    private static @Nullable MessageType[] index() {
        @Nullable MessageType[] byCode = new @Nullable MessageType[BATCH_RESPONSE.code + 1];
        for (MessageType type : values()) {
            if (type.code >= 0) {
                byCode[type.code] = type;
            }
        }
        return byCode;
    }
}
