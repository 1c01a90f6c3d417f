package io.entente.tc.session;

import io.entente.protocol.GlobalStatus;
import io.entente.protocol.Message;
import io.entente.protocol.Message.Result;
import io.entente.protocol.TransactionError;
import io.entente.tc.coordinator.NotLeadingException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What requests are answered that nothing was done for, in the way of Seata's coordinators. */
final class Refusal {
    private Refusal() {}

    /** Why a coordinator that does not lead does nothing. */
    static Result notLeading(@Nullable String leader) {
        return Result.failed(
                TransactionError.NOT_RAFT_LEADER, String.valueOf(new NotLeadingException(leader).getMessage()));
    }

    /** @return null for what nobody waits for an answer to */
    static Message.@Nullable Response of(Message message, Result result) {
        if (message instanceof Message.GlobalBeginRequest) {
            return new Message.GlobalBeginResponse(result, "", "");
        } else if (message instanceof Message.GlobalCommitRequest) {
            return new Message.GlobalCommitResponse(result, GlobalStatus.UNKNOWN);
        } else if (message instanceof Message.GlobalRollbackRequest) {
            return new Message.GlobalRollbackResponse(result, GlobalStatus.UNKNOWN);
        } else if (message instanceof Message.GlobalStatusRequest) {
            return new Message.GlobalStatusResponse(result, GlobalStatus.UNKNOWN);
        } else if (message instanceof Message.GlobalReportRequest) {
            return new Message.GlobalReportResponse(result, GlobalStatus.UNKNOWN);
        } else if (message instanceof Message.BranchRegisterRequest) {
            return new Message.BranchRegisterResponse(result, 0);
        } else if (message instanceof Message.BranchReportRequest) {
            return new Message.BranchReportResponse(result);
        } else if (message instanceof Message.GlobalLockQueryRequest) {
            return new Message.GlobalLockQueryResponse(result, false);
        } else if (message instanceof Message.TransactionQuery) {
            return new Message.TransactionQueryResponse(result, false, GlobalStatus.UNKNOWN, List.of());
        } else if (message instanceof Message.ReadCheck) {
            return new Message.ReadCheckResponse(result, false, Message.ReadCheck.NO_MARK);
        }
        return null;
    }
}
