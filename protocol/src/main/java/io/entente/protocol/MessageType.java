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
    /** Ours, see {@link EntenteExtension}; far from any number of Seata's. */
    BRANCHES_AT_WORK(1001),
    TRANSACTION_QUERY(1002),
    TRANSACTION_QUERY_RESPONSE(1003),
    READ_CHECK(1004),
    READ_CHECK_RESPONSE(1005),
    ROW_WAIT_WITHDRAWAL(1006),
    /** Stands for every number not listed here; has none of its own. */
    UNKNOWN(-1);

    private static final int FIRST_OF_EXTENSION = 1001;
    private static final @Nullable MessageType[] BY_CODE = index(0, 121);
    private static final @Nullable MessageType[] EXTENSION = index(FIRST_OF_EXTENSION, 1006);

    private final int code;

    MessageType(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    /** True for a message that only a peer may be sent which understands {@link EntenteExtension}. */
    public boolean isExtension() {
        return code >= FIRST_OF_EXTENSION;
    }

    /** The kind announced by {@code code}, {@link #UNKNOWN} when there is none. */
    public static MessageType fromCode(int code) {
        MessageType type =
                code >= FIRST_OF_EXTENSION ? lookUp(EXTENSION, code - FIRST_OF_EXTENSION) : lookUp(BY_CODE, code);
        return type == null ? UNKNOWN : type;
    }

    private static @Nullable MessageType lookUp(@Nullable MessageType[] table, int index) {
        return index >= 0 && index < table.length ? table[index] : null;
    }

    private static @Nullable MessageType[] index(int first, int last) {
        @Nullable MessageType[] byCode = new @Nullable MessageType[last - first + 1];
        for (MessageType type : values()) {
            if (type.code >= first && type.code <= last) {
                byCode[type.code - first] = type;
            }
        }
        return byCode;
    }
}
