package io.entente.tc.transaction;

import io.entente.protocol.Resolution;
import io.entente.tc.lock.LockKeyText;
import io.entente.tc.lock.LockTable;
import io.entente.tc.lock.RowClaim;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Letting go of the row locks of what cannot be rolled back yet, so that others need not wait for it.
 *
 * <p>The rows are as the branch left them, and others may read and change them from then on. The branch is undone later all
 * the same, and compares each row when it is: where others wrote meanwhile, it stops over a conflict. Only to force rows is
 * to overwrite without comparing, so that takes the locks again first, and is refused while others have them.
 */
final class LockReleases {
    private LockReleases() {}

    /** Why the locks of a branch are not let go; null when they can be, or were. */
    static @Nullable String refusal(GlobalTransaction transaction, Branch branch) {
        String which = "branch " + branch.id() + " of " + transaction.xid();
        String ofAll = refusalOfAny(transaction);
        if (ofAll != null) {
            return ofAll;
        }
        OperatorAction open = transaction.openAction(branch.id());
        if (open != null && open.resolution() == Resolution.FORCE_BEFORE_IMAGE) {
            return which + " is being resolved with FORCE_BEFORE_IMAGE, which would overwrite what others write to its"
                    + " rows once they have them; wait for its outcome";
        }
        return hasOrHadRows(transaction, branch) ? null : which + " has locked no rows";
    }

    /** Why the locks of all branches are not let go; null when they can be, or were. */
    static @Nullable String refusal(GlobalTransaction transaction) {
        String ofAll = refusalOfAny(transaction);
        if (ofAll != null) {
            return ofAll;
        }
        boolean any = false;
        for (Branch branch : transaction.branches()) {
            if (hasOrHadRows(transaction, branch)) {
                any = true;
                String reason = refusal(transaction, branch);
                if (reason != null) {
                    return reason + ". Nothing was changed; branches can be resolved one by one";
                }
            }
        }
        return any ? null : transaction.xid() + " has locked no rows";
    }

    private static @Nullable String refusalOfAny(GlobalTransaction transaction) {
        if (transaction.phase() == Phase.ACTIVE) {
            return transaction.xid() + " is ACTIVE: its locks keep others from building on what may still be undone."
                    + " It lets them go when it ends, at the latest by its timeout of " + transaction.timeoutMillis()
                    + " ms";
        }
        return transaction.phase().isCommit()
                ? transaction.xid() + " is " + transaction.phase()
                        + ": it let go of its row locks when its commit was decided"
                : null;
    }

    private static boolean hasOrHadRows(GlobalTransaction transaction, Branch branch) {
        return !branch.rows().isEmpty()
                || !transaction.releasedRows(branch.id()).isEmpty();
    }

    /** @param only null for all branches of the transaction */
    static Decision decide(GlobalTransaction transaction, @Nullable Long only, String by, long now) {
        List<Fact> facts = new ArrayList<>();
        for (Branch branch : transaction.branches()) {
            boolean meant = only == null || only == branch.id();
            if (meant && !branch.rows().isEmpty()) {
                String rows = LockKeyText.format(branch.rows());
                facts.add(new Fact.ResolutionChosen(
                        transaction.id(), branch.id(), Resolution.RELEASE_LOCKS, by, now, true));
                facts.add(new Fact.ActionEnded(
                        transaction.id(),
                        branch.id(),
                        Resolution.RELEASE_LOCKS,
                        OperatorAction.Outcome.DONE,
                        now,
                        OperatorAction.cut(branch.rows().size() + " rows: " + rows)));
                facts.add(new Fact.LocksReleased(transaction.id(), branch.id(), rows));
            }
        }
        return new Decision(facts, null);
    }

    /** Why the branch cannot lock again what was let go of; null when it can, or need not. */
    static @Nullable String refusalToTakeAgain(
            TransactionState state, GlobalTransaction transaction, Branch branch, String which) {
        List<RowClaim> rows = transaction.releasedRows(branch.id());
        LockTable.Conflict held = state.locks().conflict(transaction.id(), rows);
        if (held == null) {
            return null;
        }
        GlobalTransaction holder = state.transaction(held.holder());
        return which + " has let go of its locks, and its row " + held.row() + " is locked by "
                + (holder == null
                        ? held.holder()
                        : holder.xid() + " ('" + holder.name() + "' of " + holder.applicationId() + "), which is "
                                + holder.phase())
                + ": forcing would overwrite its work. Wait until it has ended, or choose RETRY or ACCEPT_CURRENT";
    }

    /** Only to be called when nobody is in the way. */
    static List<Fact> takenAgain(GlobalTransaction transaction, Branch branch) {
        return transaction.releasedRows(branch.id()).isEmpty()
                ? List.of()
                : List.of(new Fact.LocksTakenAgain(transaction.id(), branch.id()));
    }
}
