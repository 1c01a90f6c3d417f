package io.entente.protocol;

/**
 * What a message of a client of ours becomes for a coordinator of Seata's: without what only ours understands, and in
 * words that its version knows.
 */
public final class SeataForm {

    private SeataForm() {}

    /** Whether a coordinator of this version can read the message in any form. */
    public static boolean exists(Message message, ProtocolVersion version) {
        return !message.type().isExtension()
                && (typeIn(message) != BranchType.SAGA_ANNOTATION || version.isAtLeast(ProtocolVersion.SAGA_STEPS));
    }

    private static BranchType typeIn(Message message) {
        if (message instanceof Message.BranchRegisterRequest register) {
            return register.branchType();
        }
        return message instanceof Message.BranchReportRequest report ? report.branchType() : BranchType.AT;
    }

    /** The message as a coordinator of this version understands it. */
    public static Message.Request of(Message.Request request, ProtocolVersion version) {
        if (request instanceof Message.BranchRegisterRequest register && register.branchType() == BranchType.AT) {
            return new Message.BranchRegisterRequest(
                    register.xid(),
                    register.branchType(),
                    register.resourceId(),
                    LockModeText.without(register.lockKey()),
                    RowLockWait.in(register.applicationData()).seataText());
        }
        if (request instanceof Message.GlobalLockQueryRequest query) {
            return new Message.GlobalLockQueryRequest(
                    query.xid(), query.branchType(), query.resourceId(), LockModeText.without(query.lockKey()), "");
        }
        if (request instanceof Message.BranchReportRequest report
                && report.status() == BranchStatus.PHASE_ONE_READ_ONLY
                && !version.isAtLeast(ProtocolVersion.READ_ONLY_BRANCHES)) {
            // Takes no part in phase two either.
            return new Message.BranchReportRequest(
                    report.xid(),
                    report.branchId(),
                    BranchStatus.PHASE_ONE_FAILED,
                    report.resourceId(),
                    report.applicationData(),
                    report.branchType());
        }
        return request;
    }

    /** The answer as a coordinator of Seata's understands it: the reason of a failure as people read it. */
    public static Message.Response of(Message.Response response) {
        if (response instanceof Message.BranchCommitResponse commit) {
            return new Message.BranchCommitResponse(
                    readable(commit.result()), commit.xid(), commit.branchId(), commit.status());
        }
        if (response instanceof Message.BranchRollbackResponse rollback) {
            return new Message.BranchRollbackResponse(
                    readable(rollback.result()), rollback.xid(), rollback.branchId(), rollback.status());
        }
        return response;
    }

    private static Message.Result readable(Message.Result result) {
        String message = result.message();
        String readable = AttentionReason.without(ConflictText.of(message).readable());
        return readable.equals(message) ? result : Message.Result.failed(result.error(), readable);
    }
}
