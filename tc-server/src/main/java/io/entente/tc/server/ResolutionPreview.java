package io.entente.tc.server;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.entente.protocol.AttentionReason;
import io.entente.protocol.BranchType;
import io.entente.protocol.Resolution;
import io.entente.tc.coordinator.Coordinator;
import io.entente.tc.lock.LockQueues.Waiter;
import io.entente.tc.lock.RowClaim;
import io.entente.tc.lock.RowLock;
import io.entente.tc.transaction.Branch;
import io.entente.tc.transaction.Command;
import io.entente.tc.transaction.Fact;
import io.entente.tc.transaction.GlobalTransaction;
import io.entente.tc.transaction.Phase;
import io.entente.tc.transaction.Resolutions;
import io.entente.tc.transaction.Transactions;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What would follow if an operator chose this now. Nothing has been done.
 *
 * @param possible whether all of it would be accepted now
 * @param refusal why not; null when it would be
 * @param branches those that it would be done about
 * @param unknown not shown: there is no such transaction or branch
 */
record ResolutionPreview(
        String xid,
        Resolution resolution,
        Phase phase,
        boolean possible,
        @Nullable String refusal,
        List<BranchPreview> branches,
        @JsonIgnore Resolutions.@Nullable Refusal unknown) {

    /** More is for machines. */
    private static final int MOST_ROWS = 1_000;

    private static final int MOST_WAITERS = 100;

    /**
     * What would be done about one branch.
     *
     * @param refusal why it cannot be done; null when it can
     * @param effect what would happen, for people
     * @param code why it is stuck; null when it is not
     * @param rows what would become of the rows in its way, as far as its resource manager has shown them; null when it has
     *     shown none
     * @param lockedRows its row locks; at most 1000
     * @param locksEnd when they end
     */
    record BranchPreview(
            String branchId,
            BranchType type,
            String resourceId,
            @Nullable String refusal,
            String effect,
            @Nullable AttentionReason code,
            @Nullable PreviewedRows rows,
            List<LockedRow> lockedRows,
            LocksEnd locksEnd) {}

    /** When row locks end. */
    enum LocksEnd {
        /** With the request. */
        AT_ONCE,
        /** When the resource manager has answered that the branch is done; they stay when it stops again. */
        WHEN_DONE,
        /** It has none. */
        NONE
    }

    /**
     * A row that is locked.
     *
     * @param stays who would have it all the same: another branch of the transaction, or transactions that share it
     * @param waiting who waits for it, in order; at most 100
     */
    record LockedRow(String table, String key, List<String> stays, List<WaitingTransaction> waiting) {}

    /** @param xid empty for a reader outside of global transactions */
    record WaitingTransaction(String xid, String name, String applicationId) {}

    static ResolutionPreview of(Coordinator.View view, Command.Resolve command) {
        Optional<Resolutions.Refusal> refusal = Resolutions.refusal(view.state(), command);
        GlobalTransaction transaction = Transactions.named(view.state(), command.xid());
        if (transaction == null || refusal.filter(Resolutions.Refusal::unknown).isPresent()) {
            return new ResolutionPreview(
                    command.xid(), command.resolution(), Phase.ACTIVE, false, null, List.of(), refusal.orElse(null));
        }
        List<BranchPreview> branches = transaction.branches().stream()
                .filter(branch -> isMeant(transaction, branch, command))
                .map(branch -> of(view, transaction, branch, command.resolution()))
                .toList();
        return new ResolutionPreview(
                transaction.xid(),
                command.resolution(),
                transaction.phase(),
                refusal.isEmpty(),
                refusal.map(Resolutions.Refusal::reason).orElse(null),
                branches,
                null);
    }

    private static boolean isMeant(GlobalTransaction transaction, Branch branch, Command.Resolve command) {
        Long only = command.branchId();
        if (only != null) {
            return branch.id() == only;
        }
        return command.resolution() == Resolution.RELEASE_LOCKS
                ? !branch.rows().isEmpty()
                : transaction.isStuck(branch.id());
    }

    private static BranchPreview of(
            Coordinator.View view, GlobalTransaction transaction, Branch branch, Resolution resolution) {
        Fact.BranchStuck stuck = transaction.stuck(branch.id());
        String conflict = transaction.conflict(branch.id());
        return new BranchPreview(
                String.valueOf(branch.id()),
                branch.type(),
                branch.resourceId(),
                Resolutions.refusal(view.state(), transaction, branch, resolution),
                effect(transaction, resolution),
                stuck == null ? null : stuck.why(),
                conflict == null ? null : new PreviewedRows(conflict, resolution),
                branch.rows().stream()
                        .limit(MOST_ROWS)
                        .map(claim -> lockedRow(view, transaction, branch, claim))
                        .toList(),
                branch.rows().isEmpty()
                        ? LocksEnd.NONE
                        : resolution == Resolution.MARK_DONE || resolution == Resolution.RELEASE_LOCKS
                                ? LocksEnd.AT_ONCE
                                : LocksEnd.WHEN_DONE);
    }

    private static String effect(GlobalTransaction transaction, Resolution resolution) {
        String what = transaction.phase().isCommit() ? "commit" : "roll back";
        return switch (resolution) {
            case RETRY ->
                "The resource manager is asked to " + what + " the branch once more. What it finds in the way as before"
                        + " stops it again.";
            case FORCE_BEFORE_IMAGE ->
                "The resource manager rolls the branch back, in one local transaction: the rows in the way get their old"
                        + " values, and what others have written to these columns is lost; a number that the branch"
                        + " has only added to or taken from gets that back instead. All its other rows, which only its"
                        + " undo log knows, are put back too. Rows that somebody has changed since they were shown are"
                        + " overwritten as well."
                        + (transaction.phase().needsAttention() ? "" : " It has to be stuck for that.");
            case ACCEPT_CURRENT ->
                "The resource manager rolls the branch back, in one local transaction: the rows in the way stay as they"
                        + " are, and all its other rows, which only its undo log knows, are put back.";
            case MARK_DONE ->
                "Nobody is asked: the branch counts as done, its rows stay as they are, and its undo row, if there is"
                        + " one, is deleted when it is old.";
            case RELEASE_LOCKS ->
                "The row locks are let go: others read and change these rows as the branch left them. The branch stays,"
                        + " and is still to be rolled back; where others have changed a row by then, it stops over"
                        + " that row.";
        };
    }

    private static LockedRow lockedRow(
            Coordinator.View view, GlobalTransaction transaction, Branch branch, RowClaim claim) {
        RowLock lock = view.state().locks().lock(claim.row());
        RowLock left = lock == null ? null : lock.without(transaction.id(), claim.mode());
        List<String> stays = left == null
                ? List.of()
                : left.holders().stream()
                        .map(view.state()::transaction)
                        .flatMap(holder -> holder == null ? null : Stream.of(holder.xid()))
                        .toList();
        return new LockedRow(
                claim.row().table(),
                claim.row().key(),
                stays,
                view.state().queues().of(claim.row()).stream()
                        .limit(MOST_WAITERS)
                        .map(waiter -> waiting(view, waiter))
                        .toList());
    }

    private static WaitingTransaction waiting(Coordinator.View view, Waiter waiter) {
        GlobalTransaction transaction = view.state().transaction(waiter.transactionId());
        return transaction == null
                ? new WaitingTransaction("", "", "")
                : new WaitingTransaction(transaction.xid(), transaction.name(), transaction.applicationId());
    }
}
