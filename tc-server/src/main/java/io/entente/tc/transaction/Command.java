package io.entente.tc.transaction;

import io.entente.protocol.BranchStatus;
import io.entente.protocol.BranchType;
import io.entente.protocol.GlobalStatus;
import io.entente.protocol.Resolution;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Something that somebody wants, or that time or a resource manager brings. */
public sealed interface Command {

    /**
     * A new global transaction.
     *
     * @param xidPrefix text in front of its id; tells clients where the coordinator is
     */
    record Begin(String xidPrefix, String applicationId, String group, String name, int timeoutMillis)
            implements Command {}

    /**
     * A resource manager is about to commit locally.
     *
     * @param patience what to do when others have the rows
     * @param registration the same when it is asked again; 0 when the client does not say
     */
    record RegisterBranch(
            String xid,
            BranchType type,
            String resourceId,
            String clientId,
            String lockKey,
            String applicationData,
            LockPatience patience,
            long registration)
            implements Command {

        /** Of a client that does not ask again. */
        public RegisterBranch(
                String xid,
                BranchType type,
                String resourceId,
                String clientId,
                String lockKey,
                String applicationData,
                LockPatience patience) {
            this(xid, type, resourceId, clientId, lockKey, applicationData, patience, 0);
        }
    }

    record ReportBranch(String xid, long branchId, BranchStatus status, String applicationData) implements Command {}

    /**
     * Whether rows are free for a transaction.
     *
     * @param xid empty for a reader outside of global transactions
     */
    record QueryLock(String xid, String resourceId, String lockKey, LockPatience patience) implements Command {}

    /**
     * Whether what a query has read is committed.
     *
     * @param xid empty for a reader outside of global transactions
     * @param tables of which any row may have been read, as lock keys name them
     * @param lockKey rows that may have been read besides
     * @param mark see {@link io.entente.protocol.Message.ReadCheck}
     */
    record CheckRead(
            String xid, String resourceId, List<String> tables, String lockKey, long mark, LockPatience patience)
            implements Command {
        public CheckRead {
            tables = List.copyOf(tables);
        }
    }

    record Commit(String xid) implements Command {}

    record Rollback(String xid) implements Command {}

    record QueryStatus(String xid) implements Command {}

    /** A saga engine on the client's side tells how its transaction ended. */
    record ReportEnd(String xid, GlobalStatus status) implements Command {}

    /** A resource manager's answer in phase two. */
    record BranchAnswered(String xid, long branchId, BranchStatus status, String message) implements Command {}

    /**
     * A resource manager has answered with failures for so long that only an operator can help.
     *
     * @param reason its last answer, and how often it was asked
     */
    record GiveUp(long transactionId, long branchId, String reason) implements Command {}

    /** The clock has reached the end of a transaction's time. */
    record Timeout(long transactionId) implements Command {}

    /**
     * A receiver of notices has confirmed that it was told that a branch is stuck.
     *
     * @param stuckAt since when, in epoch millis, as it was told
     */
    record ConfirmNotice(long transactionId, long branchId, long stuckAt, String receiver) implements Command {}

    /**
     * An operator says what to do about branches that are stuck.
     *
     * @param xid or its number alone
     * @param branchId null for every branch of the transaction that it can be meant for
     * @param by who says so; empty when that is not known
     */
    record Resolve(String xid, @Nullable Long branchId, Resolution resolution, String by) implements Command {}
}
