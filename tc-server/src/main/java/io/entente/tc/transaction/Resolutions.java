package io.entente.tc.transaction;

import io.entente.protocol.BranchType;
import io.entente.protocol.ConflictText;
import io.entente.protocol.Resolution;
import io.entente.tc.transaction.OperatorAction.Outcome;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rules of what an operator may have done about branches that are stuck.
 *
 * <p>Rows can be forced or accepted only where the resource manager has shown them: it is one that knows how, and the
 * operator knows about what. Anything else that is stuck can only be tried again, or be done by hand and then be marked so.
 */
public final class Resolutions {
    private Resolutions() {}

    /**
     * Why something cannot be done.
     *
     * @param unknown there is no such transaction or branch; otherwise there is, and it is in another state
     */
    public record Refusal(boolean unknown, String reason) {}

    /** What can be chosen for a branch; nothing when it is not stuck. */
    public static Set<Resolution> possible(TransactionState state, GlobalTransaction transaction, Branch branch) {
        Set<Resolution> possible = EnumSet.noneOf(Resolution.class);
        for (Resolution resolution : Resolution.values()) {
            if (transaction.isStuck(branch.id()) && refusal(state, transaction, branch, resolution) == null) {
                possible.add(resolution);
            }
        }
        return possible;
    }

    /** Why {@code command} cannot be carried out. Empty also when it is being carried out already. */
    public static Optional<Refusal> refusal(TransactionState state, Command.Resolve command) {
        GlobalTransaction transaction = Transactions.named(state, command.xid());
        if (transaction == null) {
            Phase outcome = state.outcome(Transactions.idOf(command.xid()));
            return unknown(command.xid() + (outcome == null ? " is not known here" : " has ended: " + outcome));
        }
        Long branchId = command.branchId();
        if (branchId != null) {
            Branch branch = transaction.branch(branchId);
            return branch == null
                    ? unknown(
                            "branch " + branchId + " of " + transaction.xid() + " is finished or was never registered")
                    : refused(refusal(state, transaction, branch, command.resolution()));
        }
        if (command.resolution() == Resolution.RELEASE_LOCKS) {
            return refused(LockReleases.refusal(transaction));
        }
        if (command.resolution() == Resolution.MARK_DONE) {
            return refused("MARK_DONE is for one branch at a time: name it, once you have looked at what it left");
        }
        List<Branch> stuck = stuck(transaction);
        for (Branch branch : stuck) {
            String reason = refusal(state, transaction, branch, command.resolution());
            if (reason != null) {
                // All or none: whoever forces two branches shall not find out later that it was only one.
                return refused(reason + ". Nothing was changed; branches can be resolved one by one");
            }
        }
        return stuck.isEmpty() && !isOpenSomewhere(transaction, command.resolution())
                ? refused(transaction.xid() + " is " + transaction.phase() + "; none of its branches is stuck")
                : Optional.empty();
    }

    /** Why this cannot be done about a branch; null when it can, or is being done. */
    public static @Nullable String refusal(
            TransactionState state, GlobalTransaction transaction, Branch branch, Resolution resolution) {
        String which = "branch " + branch.id() + " of " + transaction.xid();
        if (resolution == Resolution.MARK_DONE) {
            return notToBeMarked(transaction, branch, which);
        }
        if (resolution == Resolution.RELEASE_LOCKS) {
            return LockReleases.refusal(transaction, branch);
        }
        OperatorAction open = transaction.openAction(branch.id());
        if (open != null) {
            return open.resolution() == resolution
                    ? null
                    : which + " is being resolved with " + open.resolution() + "; wait for its outcome";
        }
        if (!transaction.isStuck(branch.id())) {
            return which + " is not stuck: there is nothing to resolve";
        }
        if (resolution == Resolution.RETRY) {
            return null;
        }
        if (branch.type() != BranchType.AT) {
            return which + " is a branch of mode " + branch.type() + "; " + resolution
                    + " is for rows, which only AT branches have. Mend the cause, then resolve it with RETRY";
        }
        String conflict = transaction.conflict(branch.id());
        if (conflict == null) {
            return which + " is not stuck over rows that its resource manager has shown: it has another reason, or the"
                    + " client is not one of Entente's. Mend the cause, then resolve it with RETRY";
        }
        return resolution == Resolution.FORCE_BEFORE_IMAGE
                ? notToBeForced(state, transaction, branch, conflict, which)
                : null;
    }

    private static @Nullable String notToBeForced(
            TransactionState state, GlobalTransaction transaction, Branch branch, String conflict, String which) {
        List<String> unforcible = ConflictText.unforcible(conflict);
        if (!unforcible.isEmpty()) {
            return which + " has rows in the way that cannot be forced, such as one that is gone or that a unique key"
                    + " forbids. Mend them and resolve the branch with RETRY, or leave the rows as they are with"
                    + " ACCEPT_CURRENT. They are: " + String.join("; ", unforcible);
        }
        return LockReleases.refusalToTakeAgain(state, transaction, branch, which);
    }

    /** Also for a branch that is not stuck, because its service may have gone for good, and time without it does not count. */
    private static @Nullable String notToBeMarked(GlobalTransaction transaction, Branch branch, String which) {
        if (transaction.phase() == Phase.ACTIVE) {
            return which + " belongs to a transaction of which nothing is decided yet";
        }
        return PhaseTwoOrder.ready(transaction).contains(branch)
                ? null
                : which
                        + " is not asked for anything now: others come before it, or it is kept as a step that was done";
    }

    private static Decision markDone(GlobalTransaction transaction, Branch branch, Command.Resolve command, long now) {
        List<Fact> facts = new ArrayList<>(ended(transaction, branch, Outcome.OVERTAKEN, "", now));
        facts.add(new Fact.ResolutionChosen(
                transaction.id(), branch.id(), command.resolution(), command.by(), now, true));
        facts.addAll(Transactions.withoutAction(transaction, branch, now));
        return new Decision(facts, null);
    }

    static Decision decide(TransactionState state, Command.Resolve command, long now) {
        GlobalTransaction transaction = Transactions.named(state, command.xid());
        if (transaction == null || refusal(state, command).isPresent()) {
            return Decision.silent();
        }
        Long only = command.branchId();
        if (command.resolution() == Resolution.RELEASE_LOCKS) {
            return LockReleases.decide(transaction, only, command.by(), now);
        }
        Branch done = only != null && command.resolution() == Resolution.MARK_DONE ? transaction.branch(only) : null;
        if (done != null) {
            return markDone(transaction, done, command, now);
        }
        List<Branch> stuck = stuck(transaction);
        List<Branch> chosen = stuck.stream()
                .filter(branch -> only == null || only == branch.id())
                .toList();
        List<Fact> facts = new ArrayList<>();
        for (Branch branch : chosen) {
            if (command.resolution() == Resolution.FORCE_BEFORE_IMAGE) {
                facts.addAll(LockReleases.takenAgain(transaction, branch));
            }
            facts.add(new Fact.ResolutionChosen(
                    transaction.id(), branch.id(), command.resolution(), command.by(), now, false));
        }
        if (!chosen.isEmpty() && chosen.size() == stuck.size()) {
            facts.add(new Fact.TransactionMoved(transaction.id(), Phase.Move.RETRY, now));
        }
        return new Decision(facts, null);
    }

    /** What was being done about a branch has come to this; empty when nothing was. */
    static List<Fact> ended(GlobalTransaction transaction, Branch branch, Outcome outcome, String note, long now) {
        OperatorAction open = transaction.openAction(branch.id());
        return open == null
                ? List.of()
                : List.of(new Fact.ActionEnded(
                        transaction.id(), branch.id(), open.resolution(), outcome, now, OperatorAction.cut(note)));
    }

    private static List<Branch> stuck(GlobalTransaction transaction) {
        return transaction.branches().stream()
                .filter(branch -> transaction.isStuck(branch.id()))
                .toList();
    }

    private static boolean isOpenSomewhere(GlobalTransaction transaction, Resolution resolution) {
        for (Branch branch : transaction.branches()) {
            OperatorAction open = transaction.openAction(branch.id());
            if (open != null && open.resolution() == resolution) {
                return true;
            }
        }
        return false;
    }

    private static Optional<Refusal> unknown(String reason) {
        return Optional.of(new Refusal(true, reason));
    }

    private static Optional<Refusal> refused(@Nullable String reason) {
        return Optional.ofNullable(reason).map(text -> new Refusal(false, text));
    }
}
