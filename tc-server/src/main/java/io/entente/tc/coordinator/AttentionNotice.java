package io.entente.tc.coordinator;

import io.entente.protocol.AttentionReason;
import io.entente.tc.transaction.Branch;
import io.entente.tc.transaction.Fact;
import io.entente.tc.transaction.GlobalTransaction;
import io.entente.tc.transaction.Phase;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A branch has come to need an operator, or a transaction no longer does.
 *
 * @param phase of the transaction after that
 * @param at epoch millis
 * @param stuck what is the matter with which branch; null when the transaction no longer needs attention
 * @param ended how that ended; null when it has begun
 */
public record AttentionNotice(
        long transactionId,
        String xid,
        String name,
        String applicationId,
        String group,
        long begunAt,
        Phase phase,
        long at,
        @Nullable Stuck stuck,
        @Nullable Ended ended) {

    /**
     * A branch that cannot go on by itself.
     *
     * @param branch without its rows
     */
    public record Stuck(Branch branch, AttentionReason why, String reason) {}

    /**
     * The transaction goes on, or has ended.
     *
     * @param afterMillis for how long it needed attention
     * @param how for people: what operators chose last, or that there was a late answer
     */
    public record Ended(long afterMillis, String how) {}

    /** Unique for what happened; the same whenever it is told again. */
    public String id() {
        return xid + "/" + (stuck == null ? "ended" : stuck.branch.id()) + "/" + at;
    }

    static AttentionNotice began(GlobalTransaction transaction, Branch branch, Fact.BranchStuck stuck) {
        Branch shown = new Branch(
                branch.id(),
                branch.type(),
                branch.resourceId(),
                branch.clientId(),
                List.of(),
                "",
                branch.registeredAt());
        return of(transaction, transaction.phase(), stuck.at(), new Stuck(shown, stuck.why(), stuck.reason()), null);
    }

    /** @param next the phase that the transaction is about to enter */
    static AttentionNotice ended(GlobalTransaction transaction, Phase next, long at, long afterMillis, String how) {
        return of(transaction, next, at, null, new Ended(afterMillis, how));
    }

    private static AttentionNotice of(
            GlobalTransaction transaction, Phase phase, long at, @Nullable Stuck stuck, @Nullable Ended ended) {
        return new AttentionNotice(
                transaction.id(),
                transaction.xid(),
                transaction.name(),
                transaction.applicationId(),
                transaction.group(),
                transaction.begunAt(),
                phase,
                at,
                stuck,
                ended);
    }

    /**
     * What a receiver has not confirmed yet of all that needs attention now, the oldest first.
     *
     * @param most how many at most
     */
    public static List<AttentionNotice> unconfirmed(Coordinator.View view, String receiver, int most) {
        List<AttentionNotice> notices = new ArrayList<>();
        for (GlobalTransaction transaction : view.state().inNeedOfAttention()) {
            for (Fact.BranchStuck stuck : transaction.stuck()) {
                Branch branch = transaction.branch(stuck.branchId());
                if (branch != null && !transaction.isConfirmed(branch.id(), receiver)) {
                    notices.add(began(transaction, branch, stuck));
                    if (notices.size() == most) {
                        return notices;
                    }
                }
            }
        }
        return notices;
    }
}
