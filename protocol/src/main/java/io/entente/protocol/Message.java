package io.entente.protocol;

import java.util.List;

/**
 * What travels between a coordinator (TC), transaction managers (TM) and resource managers (RM).
 *
 * <p>The records follow the Seata v1 protocol one to one, but for the few that are marked as our extension. Texts are never null: the wire has no null, an absent text
 * is the empty one.
 */
public sealed interface Message {

    /** The number that announces this kind of message on the wire. */
    MessageType type();

    /** A message that its sender expects an answer to. */
    sealed interface Request extends Message {}

    /** The answer to a {@link Request}. */
    sealed interface Response extends Message {}

    /** An answer that says whether the request succeeded. */
    sealed interface ResultResponse extends Response {
        Result result();
    }

    /** A request about one global transaction that the sender takes part in. */
    sealed interface TransactionRequest extends Request {
        String xid();
    }

    /**
     * Success, or the reason of a failure.
     *
     * @param success whether the request did what it asked for
     * @param message for people; travels only with a failure
     * @param error for the client to react on
     */
    record Result(boolean success, String message, TransactionError error) {
        public static final Result OK = new Result(true, "", TransactionError.UNKNOWN);

        public static Result failed(TransactionError error, String message) {
            return new Result(false, message, error);
        }
    }

    /** TM to TC, first message on its connection. {@code extraData} holds {@code key=value} lines, the credentials. */
    record RegisterTmRequest(String version, String applicationId, String transactionServiceGroup, String extraData)
            implements Request {
        @Override
        public MessageType type() {
            return MessageType.REGISTER_TM;
        }

        /** Without {@code extraData}: whatever logs a message must not log credentials. */
        @Override
        public String toString() {
            return "RegisterTmRequest[" + applicationId + ", " + transactionServiceGroup + ", " + version + "]";
        }
    }

    /** @param version when the client is not {@code identified}, see {@link RegistrationRefusal} */
    record RegisterTmResponse(boolean identified, String version) implements Response {
        @Override
        public MessageType type() {
            return MessageType.REGISTER_TM_RESPONSE;
        }
    }

    /**
     * RM to TC, first message on its connection and again for each resource that joins later.
     *
     * @param resourceIds what this RM can commit and roll back; an id contains no comma, which separates them on the
     *     wire
     */
    record RegisterRmRequest(
            String version,
            String applicationId,
            String transactionServiceGroup,
            String extraData,
            List<String> resourceIds)
            implements Request {
        public RegisterRmRequest {
            resourceIds = List.copyOf(resourceIds);
        }

        @Override
        public MessageType type() {
            return MessageType.REGISTER_RM;
        }

        /** Without {@code extraData}: whatever logs a message must not log credentials. */
        @Override
        public String toString() {
            return "RegisterRmRequest[" + applicationId + ", " + transactionServiceGroup + ", " + version + ", "
                    + resourceIds + "]";
        }
    }

    record RegisterRmResponse(boolean identified, String version) implements Response {
        @Override
        public MessageType type() {
            return MessageType.REGISTER_RM_RESPONSE;
        }
    }

    record GlobalBeginRequest(int timeoutMillis, String transactionName) implements Request {
        @Override
        public MessageType type() {
            return MessageType.GLOBAL_BEGIN;
        }
    }

    record GlobalBeginResponse(Result result, String xid, String extraData) implements ResultResponse {
        @Override
        public MessageType type() {
            return MessageType.GLOBAL_BEGIN_RESPONSE;
        }
    }

    record GlobalCommitRequest(String xid, String extraData) implements TransactionRequest {
        @Override
        public MessageType type() {
            return MessageType.GLOBAL_COMMIT;
        }
    }

    record GlobalCommitResponse(Result result, GlobalStatus status) implements ResultResponse {
        @Override
        public MessageType type() {
            return MessageType.GLOBAL_COMMIT_RESPONSE;
        }
    }

    record GlobalRollbackRequest(String xid, String extraData) implements TransactionRequest {
        @Override
        public MessageType type() {
            return MessageType.GLOBAL_ROLLBACK;
        }
    }

    record GlobalRollbackResponse(Result result, GlobalStatus status) implements ResultResponse {
        @Override
        public MessageType type() {
            return MessageType.GLOBAL_ROLLBACK_RESPONSE;
        }
    }

    record GlobalStatusRequest(String xid, String extraData) implements TransactionRequest {
        @Override
        public MessageType type() {
            return MessageType.GLOBAL_STATUS;
        }
    }

    record GlobalStatusResponse(Result result, GlobalStatus status) implements ResultResponse {
        @Override
        public MessageType type() {
            return MessageType.GLOBAL_STATUS_RESPONSE;
        }
    }

    /** A saga engine on the TM's side tells how its transaction ended. */
    record GlobalReportRequest(String xid, String extraData, GlobalStatus status) implements TransactionRequest {
        @Override
        public MessageType type() {
            return MessageType.GLOBAL_REPORT;
        }
    }

    record GlobalReportResponse(Result result, GlobalStatus status) implements ResultResponse {
        @Override
        public MessageType type() {
            return MessageType.GLOBAL_REPORT_RESPONSE;
        }
    }

    /**
     * RM to TC before the local commit.
     *
     * @param lockKey rows to lock, {@code table:key,key;table:key}; empty where the mode locks nothing
     * @param applicationData JSON of the mode; AT says here whether it owns the local transaction
     */
    record BranchRegisterRequest(
            String xid, BranchType branchType, String resourceId, String lockKey, String applicationData)
            implements TransactionRequest {
        @Override
        public MessageType type() {
            return MessageType.BRANCH_REGISTER;
        }
    }

    /** {@code branchId} is 0 on failure. */
    record BranchRegisterResponse(Result result, long branchId) implements ResultResponse {
        @Override
        public MessageType type() {
            return MessageType.BRANCH_REGISTER_RESPONSE;
        }
    }

    /** Seata's clients leave {@code resourceId} empty and send {@code branchType} AT whatever the mode: go by the id. */
    record BranchReportRequest(
            String xid,
            long branchId,
            BranchStatus status,
            String resourceId,
            String applicationData,
            BranchType branchType)
            implements TransactionRequest {
        @Override
        public MessageType type() {
            return MessageType.BRANCH_REPORT;
        }
    }

    record BranchReportResponse(Result result) implements ResultResponse {
        @Override
        public MessageType type() {
            return MessageType.BRANCH_REPORT_RESPONSE;
        }
    }

    /** Asks whether rows are free, without taking them: {@code SELECT … FOR UPDATE}. */
    record GlobalLockQueryRequest(
            String xid, BranchType branchType, String resourceId, String lockKey, String applicationData)
            implements TransactionRequest {
        @Override
        public MessageType type() {
            return MessageType.GLOBAL_LOCK_QUERY;
        }
    }

    record GlobalLockQueryResponse(Result result, boolean lockable) implements ResultResponse {
        @Override
        public MessageType type() {
            return MessageType.GLOBAL_LOCK_QUERY_RESPONSE;
        }
    }

    /** TC to RM, phase two. {@code resourceId} is never empty: Seata's clients stop reading where it is. */
    record BranchCommitRequest(
            String xid, long branchId, BranchType branchType, String resourceId, String applicationData)
            implements TransactionRequest {
        @Override
        public MessageType type() {
            return MessageType.BRANCH_COMMIT;
        }
    }

    record BranchCommitResponse(Result result, String xid, long branchId, BranchStatus status)
            implements ResultResponse {
        @Override
        public MessageType type() {
            return MessageType.BRANCH_COMMIT_RESPONSE;
        }
    }

    record BranchRollbackRequest(
            String xid, long branchId, BranchType branchType, String resourceId, String applicationData)
            implements TransactionRequest {
        @Override
        public MessageType type() {
            return MessageType.BRANCH_ROLLBACK;
        }
    }

    record BranchRollbackResponse(Result result, String xid, long branchId, BranchStatus status)
            implements ResultResponse {
        @Override
        public MessageType type() {
            return MessageType.BRANCH_ROLLBACK_RESPONSE;
        }
    }

    /** TC to RM: clean undo rows older than {@code saveDays} days. The only request nobody answers. */
    record UndoLogDeleteRequest(BranchType branchType, String resourceId, int saveDays) implements Message {
        @Override
        public MessageType type() {
            return MessageType.UNDO_LOG_DELETE;
        }
    }

    /** Several requests in one frame. {@code messageIds} has one id per message, or is empty for the oldest clients. */
    record MergedRequest(List<Message> messages, List<Integer> messageIds) implements Message {
        public MergedRequest {
            messages = List.copyOf(messages);
            messageIds = List.copyOf(messageIds);
        }

        @Override
        public MessageType type() {
            return MessageType.MERGED;
        }
    }

    /** All answers to one {@link MergedRequest}, in its order. */
    record MergedResponse(List<Message> messages) implements Message {
        public MergedResponse {
            messages = List.copyOf(messages);
        }

        @Override
        public MessageType type() {
            return MessageType.MERGED_RESPONSE;
        }
    }

    /** Any of the answers to merged requests, each with the id of its own request; known to clients from 1.5 on. */
    record BatchResponse(List<Message> messages, List<Integer> messageIds) implements Message {
        public BatchResponse {
            messages = List.copyOf(messages);
            messageIds = List.copyOf(messageIds);
        }

        @Override
        public MessageType type() {
            return MessageType.BATCH_RESPONSE;
        }
    }

    /**
     * RM to TC, extension, nobody answers: branches it was asked to commit or roll back and still works at, so that the
     * TC goes on waiting for their answers.
     */
    record BranchesAtWork(List<BranchAtWork> branches) implements Message {
        public BranchesAtWork {
            branches = List.copyOf(branches);
        }

        @Override
        public MessageType type() {
            return MessageType.BRANCHES_AT_WORK;
        }
    }

    /** One of {@link BranchesAtWork}. */
    record BranchAtWork(String xid, long branchId) {}

    /**
     * RM to TC, extension, nobody answers this: the request that this client has sent over the same connection shall not
     * wait for rows any longer. It is answered as if its time were up, if it still waits.
     *
     * @param requestId of its frame
     */
    record RowWaitWithdrawal(int requestId) implements Message {
        @Override
        public MessageType type() {
            return MessageType.ROW_WAIT_WITHDRAWAL;
        }
    }

    /** Extension: how far a global transaction is, branch by branch. */
    record TransactionQuery(String xid) implements TransactionRequest {
        @Override
        public MessageType type() {
            return MessageType.TRANSACTION_QUERY;
        }
    }

    /**
     * @param found whether the transaction is known and has not ended
     * @param status of a transaction that was not found: how it ended, or {@link GlobalStatus#FINISHED} when that is not
     *     known
     * @param branches those that are not finished, in the order of their registration
     */
    record TransactionQueryResponse(Result result, boolean found, GlobalStatus status, List<BranchProgress> branches)
            implements ResultResponse {
        public TransactionQueryResponse {
            branches = List.copyOf(branches);
        }

        @Override
        public MessageType type() {
            return MessageType.TRANSACTION_QUERY_RESPONSE;
        }
    }

    /**
     * One branch in a {@link TransactionQueryResponse}.
     *
     * @param failures tries of phase two that failed since the coordinator's start or the last intervention
     * @param lastFailure why the last of them failed, or why the branch needs attention; empty when nothing did; cut to
     *     what the wire can carry
     */
    record BranchProgress(
            long branchId,
            BranchType branchType,
            String resourceId,
            String applicationData,
            int failures,
            String lastFailure) {}

    /**
     * RM to TC, extension: whether what a query has read is committed. It may have seen changes of whoever holds rows of it
     * now, or has let go of some since {@code mark}.
     *
     * @param xid of the reader, whose own rows do not count; empty outside of global transactions
     * @param tables as lock keys name them, of which any row may count
     * @param lockKey single rows that count besides
     * @param mark from an answer that came before the query began; {@link #NO_MARK} asks for one only
     * @param applicationData see {@link RowLockWait}
     */
    record ReadCheck(
            String xid, String resourceId, List<String> tables, String lockKey, long mark, String applicationData)
            implements TransactionRequest {

        /** Nothing is known yet; no coordinator gives it out. */
        public static final long NO_MARK = 0;

        public ReadCheck {
            tables = List.copyOf(tables);
        }

        @Override
        public MessageType type() {
            return MessageType.READ_CHECK;
        }
    }

    /**
     * @param committed whether what was read is committed; otherwise it has to be read again, later than this answer
     * @param mark for queries that begin later than this answer
     */
    record ReadCheckResponse(Result result, boolean committed, long mark) implements ResultResponse {
        @Override
        public MessageType type() {
            return MessageType.READ_CHECK_RESPONSE;
        }
    }

    /** A kind of message from a newer peer: ignored, so that it may try its luck. */
    record Unknown(int typeCode) implements Message {
        @Override
        public MessageType type() {
            return MessageType.UNKNOWN;
        }
    }
}
