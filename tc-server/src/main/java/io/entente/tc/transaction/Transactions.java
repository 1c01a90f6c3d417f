package io.entente.tc.transaction;

import io.entente.protocol.AttentionReason;
import io.entente.protocol.BranchStatus;
import io.entente.protocol.BranchType;
import io.entente.protocol.ConflictText;
import io.entente.protocol.GlobalStatus;
import io.entente.protocol.Message.BranchRegisterResponse;
import io.entente.protocol.Message.BranchReportResponse;
import io.entente.protocol.Message.GlobalBeginResponse;
import io.entente.protocol.Message.GlobalCommitResponse;
import io.entente.protocol.Message.GlobalReportResponse;
import io.entente.protocol.Message.GlobalRollbackResponse;
import io.entente.protocol.Message.GlobalStatusResponse;
import io.entente.protocol.Message.Result;
import io.entente.protocol.TransactionError;
import io.entente.tc.lock.LockKeyText;
import io.entente.tc.lock.RowClaim;
import io.entente.tc.transaction.OperatorAction.Outcome;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rules of global transactions: what each command leads to. */
public final class Transactions {
    private Transactions() {}

    /**
     * Decides what {@code command} leads to. Changes nothing.
     *
     * @param now epoch millis
     */
    public static Decision decide(TransactionState state, Command command, long now) {
        return decide(state, command, Long.MAX_VALUE, now);
    }

    /** As {@link #decide(TransactionState, Command, long)}, once more for whoever waits with this ticket. */
    public static Decision decide(TransactionState state, Command command, long ticket, long now) {
        if (command instanceof Command.Begin begin) {
            return begin(state, begin, now);
        } else if (command instanceof Command.RegisterBranch register) {
            return register(state, register, ticket, now);
        } else if (command instanceof Command.Commit commit) {
            return commit(state, commit, now);
        } else if (command instanceof Command.BranchAnswered answered) {
            return branchAnswered(state, answered, now);
        } else if (command instanceof Command.Rollback rollback) {
            return rollback(state, rollback, now);
        } else if (command instanceof Command.ReportBranch report) {
            return report(state, report, now);
        } else if (command instanceof Command.QueryLock query) {
            return LockRules.query(state, query, ticket, now);
        } else if (command instanceof Command.CheckRead check) {
            return ReadRules.check(state, check, now);
        } else if (command instanceof Command.QueryStatus query) {
            return Decision.answer(new GlobalStatusResponse(Result.OK, status(state, query.xid())));
        } else if (command instanceof Command.Timeout timeout) {
            return timeOut(state, timeout, now);
        } else if (command instanceof Command.ConfirmNotice confirm) {
            return confirmed(state, confirm);
        } else if (command instanceof Command.Resolve resolve) {
            return Resolutions.decide(state, resolve, now);
        } else if (command instanceof Command.GiveUp giveUp) {
            return giveUp(state, giveUp, now);
        } else if (command instanceof Command.ReportEnd report) {
            return reportEnd(state, report, now);
        }
        throw new IllegalArgumentException("no rule for " + command);
    }

    private static Decision begin(TransactionState state, Command.Begin command, long now) {
        if (command.timeoutMillis() <= 0) {
            return Decision.answer(new GlobalBeginResponse(
                    Result.failed(
                            TransactionError.BEGIN_FAILED,
                            "timeout of " + command.timeoutMillis() + " ms for '" + command.name()
                                    + "'; it must be positive"),
                    "",
                    ""));
        }
        long id = state.nextId();
        String xid = command.xidPrefix() + id;
        return Decision.answer(
                new GlobalBeginResponse(Result.OK, xid, ""),
                new Fact.TransactionBegun(
                        id,
                        xid,
                        command.applicationId(),
                        command.group(),
                        command.name(),
                        command.timeoutMillis(),
                        now));
    }

    private static Decision register(TransactionState state, Command.RegisterBranch command, long ticket, long now) {
        GlobalTransaction transaction = find(state, command.xid());
        Result refusal = refusalToJoin(state, transaction, command, now);
        if (refusal != null || transaction == null) {
            return refused(refusal == null ? unknown(command.xid()) : refusal);
        }
        Long registered = transaction.registeredBy(command.registration());
        if (registered != null) {
            // The answer got lost; by now it is asked for at another coordinator, or over another connection.
            return Decision.answer(new BranchRegisterResponse(Result.OK, registered));
        }
        List<RowClaim> rows;
        try {
            rows = LockKeyText.parse(command.resourceId(), command.lockKey());
        } catch (IllegalArgumentException e) {
            return refused(Result.failed(TransactionError.BRANCH_REGISTER_FAILED, String.valueOf(e.getMessage())));
        }
        if (command.type() == BranchType.SAGA_ANNOTATION && transaction.phase().isCommit()) {
            Branch known = transaction.journalOf(command.resourceId());
            if (known != null) {
                // A saga that carries on after a crash cannot know which of its steps were registered.
                return Decision.answer(new BranchRegisterResponse(Result.OK, known.id()));
            }
        }
        LockRules.Blocked blocked = LockRules.blocked(
                state, transaction.id(), rows, command.patience().holds(), ticket, now);
        if (blocked != null) {
            return Decision.blocked(new BranchRegisterResponse(blocked.refusal(), 0), blocked.waitFor(), blocked.row());
        }
        long branchId = state.nextId();
        BranchRegisterResponse answer = new BranchRegisterResponse(Result.OK, branchId);
        Fact fact = new Fact.BranchRegistered(
                transaction.id(),
                branchId,
                command.type(),
                command.resourceId(),
                command.clientId(),
                command.lockKey(),
                command.applicationData(),
                now);
        return command.registration() == 0
                ? Decision.answer(answer, fact)
                : Decision.answer(
                        answer, fact, new Fact.RegistrationKnown(transaction.id(), branchId, command.registration()));
    }

    private static @Nullable Result refusalToJoin(
            TransactionState state, @Nullable GlobalTransaction transaction, Command.RegisterBranch command, long now) {
        if (command.resourceId().isEmpty()) {
            return Result.failed(
                    TransactionError.BRANCH_REGISTER_FAILED,
                    "a branch of " + command.xid()
                            + " names no resource; phase two could not find its resource manager");
        }
        if (transaction == null) {
            return state.outcome(idOf(command.xid())) == null
                    ? null
                    : Result.failed(
                            TransactionError.GLOBAL_TRANSACTION_NOT_ACTIVE,
                            command.xid() + " has ended: " + status(state, command.xid()));
        }
        if (command.type() == BranchType.SAGA && command.lockKey().isEmpty()) {
            // A saga engine registers compensations too, long after the decision. They lock nothing.
            return null;
        }
        if (command.type() == BranchType.SAGA_ANNOTATION
                && command.lockKey().isEmpty()
                && transaction.phase().isCommit()) {
            // The commit of a saga is its point of no return; the steps behind it come now.
            return null;
        }
        if (transaction.phase() != Phase.ACTIVE) {
            return Result.failed(
                    TransactionError.GLOBAL_TRANSACTION_STATUS_INVALID,
                    describe(transaction, now) + " is already decided: " + transaction.phase());
        }
        if (now >= transaction.deadline()) {
            return Result.failed(
                    TransactionError.GLOBAL_TRANSACTION_NOT_ACTIVE,
                    describe(transaction, now) + " has passed its timeout of " + transaction.timeoutMillis() + " ms");
        }
        return null;
    }

    private static Decision refused(Result result) {
        return Decision.answer(new BranchRegisterResponse(result, 0));
    }

    private static Decision report(TransactionState state, Command.ReportBranch command, long now) {
        GlobalTransaction transaction = find(state, command.xid());
        if (transaction == null) {
            return Decision.answer(new BranchReportResponse(unknown(command.xid())));
        }
        Branch branch = transaction.branch(command.branchId());
        if (branch == null) {
            return Decision.answer(new BranchReportResponse(Result.failed(
                    TransactionError.BRANCH_NOT_EXIST,
                    "branch " + command.branchId() + " of " + command.xid() + " is finished or was never registered")));
        }
        BranchReportResponse answer = new BranchReportResponse(Result.OK);
        boolean nothingDone = command.status() == BranchStatus.PHASE_ONE_FAILED
                || (command.status() == BranchStatus.PHASE_ONE_READ_ONLY);
        if (nothingDone) {
            return new Decision(finish(transaction, branch, now), answer);
        }
        if (!command.applicationData().isEmpty() && !command.applicationData().equals(branch.applicationData())) {
            return Decision.answer(
                    answer, new Fact.BranchDataChanged(transaction.id(), branch.id(), command.applicationData()));
        }
        return Decision.answer(answer);
    }

    private static Decision commit(TransactionState state, Command.Commit command, long now) {
        GlobalTransaction transaction = find(state, command.xid());
        if (transaction == null) {
            Phase outcome = state.outcome(idOf(command.xid()));
            return outcome == null
                    ? Decision.answer(new GlobalCommitResponse(Result.OK, GlobalStatus.FINISHED))
                    : Decision.answer(commitAnswer(outcome, outcome.status(), command.xid()));
        }
        if (transaction.phase() == Phase.COMMITTING && !transaction.isCommitCertain()) {
            return Decision.silent();
        }
        if (transaction.phase() != Phase.ACTIVE) {
            GlobalStatus status = transaction.phase().isCommit() && transaction.isCommitCertain()
                    ? GlobalStatus.COMMITTED
                    : transaction.phase().status();
            return Decision.answer(commitAnswer(transaction.phase(), status, command.xid()));
        }
        if (now >= transaction.deadline()) {
            return new Decision(
                    decided(transaction, Phase.Move.TIME_OUT, now),
                    new GlobalCommitResponse(Result.OK, GlobalStatus.TIMEOUT_ROLLING_BACK));
        }
        List<Fact> facts = decided(transaction, Phase.Move.DECIDE_COMMIT, now);
        // Branches of other modes may still refuse for a while, and their callers rely on the answer meaning "done".
        return transaction.isCommitCertain()
                ? new Decision(facts, new GlobalCommitResponse(Result.OK, GlobalStatus.COMMITTED))
                : new Decision(facts, null);
    }

    /** Seata's clients take most statuses of a lost commit for success; only these make them throw. */
    private static GlobalCommitResponse commitAnswer(Phase phase, GlobalStatus status, String xid) {
        if (phase == Phase.ROLLING_BACK || phase == Phase.ROLLED_BACK || phase == Phase.ROLLBACK_NEEDS_ATTENTION) {
            return new GlobalCommitResponse(
                    Result.failed(
                            TransactionError.GLOBAL_TRANSACTION_STATUS_INVALID,
                            xid + " cannot be committed: its rollback was decided before, it is " + phase),
                    GlobalStatus.FINISHED);
        }
        return new GlobalCommitResponse(
                Result.OK,
                phase == Phase.TIMEOUT_ROLLBACK_NEEDS_ATTENTION ? GlobalStatus.TIMEOUT_ROLLING_BACK : status);
    }

    private static Decision rollback(TransactionState state, Command.Rollback command, long now) {
        GlobalTransaction transaction = find(state, command.xid());
        if (transaction == null) {
            Phase outcome = state.outcome(idOf(command.xid()));
            return Decision.answer(
                    new GlobalRollbackResponse(Result.OK, outcome == null ? GlobalStatus.FINISHED : outcome.status()));
        }
        if (transaction.phase() == Phase.ACTIVE) {
            List<Fact> facts = decided(transaction, Phase.Move.DECIDE_ROLLBACK, now);
            return transaction.branches().isEmpty()
                    ? new Decision(facts, new GlobalRollbackResponse(Result.OK, GlobalStatus.ROLLED_BACK))
                    : new Decision(facts, null);
        }
        return transaction.phase().isPhaseTwo() && !transaction.phase().isCommit()
                ? Decision.silent()
                : Decision.answer(new GlobalRollbackResponse(Result.OK, transaction.status()));
    }

    private static Decision timeOut(TransactionState state, Command.Timeout command, long now) {
        GlobalTransaction transaction = state.transaction(command.transactionId());
        if (transaction == null || transaction.phase() != Phase.ACTIVE || now < transaction.deadline()) {
            return Decision.silent();
        }
        return new Decision(decided(transaction, Phase.Move.TIME_OUT, now), null);
    }

    private static Decision confirmed(TransactionState state, Command.ConfirmNotice command) {
        GlobalTransaction transaction = state.transaction(command.transactionId());
        Fact.BranchStuck stuck = transaction == null ? null : transaction.stuck(command.branchId());
        // What is confirmed late may speak of an earlier time that the branch was stuck.
        return transaction == null
                        || stuck == null
                        || stuck.at() != command.stuckAt()
                        || transaction.isConfirmed(command.branchId(), command.receiver())
                ? Decision.silent()
                : Decision.silent(new Fact.NoticeConfirmed(transaction.id(), command.branchId(), command.receiver()));
    }

    private static Decision branchAnswered(TransactionState state, Command.BranchAnswered command, long now) {
        GlobalTransaction transaction = find(state, command.xid());
        Branch branch = transaction == null ? null : transaction.branch(command.branchId());
        if (transaction == null || branch == null || transaction.phase() == Phase.ACTIVE) {
            // A second answer to a question asked twice.
            return Decision.silent();
        }
        boolean commit = transaction.phase().isCommit();
        if (commit && !PhaseTwoOrder.ready(transaction).contains(branch)) {
            // An answer to what nobody asked; the saga still needs this step.
            return Decision.silent();
        }
        return switch (command.status()) {
            case PHASE_TWO_COMMITTED ->
                commit ? new Decision(finish(transaction, branch, now), null) : Decision.silent();
            case PHASE_TWO_ROLLED_BACK, PHASE_ONE_FAILED ->
                commit ? Decision.silent() : new Decision(finish(transaction, branch, now), null);
            case PHASE_TWO_COMMIT_FAILED_UNRETRYABLE, PHASE_TWO_ROLLBACK_FAILED_UNRETRYABLE ->
                giveUp(
                        transaction,
                        branch,
                        command.message().isEmpty()
                                ? "the resource manager answered " + command.status() + "; its log says why"
                                : command.message(),
                        now);
            default -> Decision.silent();
        };
    }

    private static Decision giveUp(TransactionState state, Command.GiveUp command, long now) {
        GlobalTransaction transaction = state.transaction(command.transactionId());
        Branch branch = transaction == null ? null : transaction.branch(command.branchId());
        if (transaction == null || branch == null || transaction.phase() == Phase.ACTIVE) {
            return Decision.silent();
        }
        return giveUp(transaction, branch, AttentionReason.RETRY_BUDGET_USED_UP.addedTo(command.reason()), now);
    }

    private static Decision giveUp(GlobalTransaction transaction, Branch branch, String reason, long now) {
        if (transaction.isStuck(branch.id())) {
            return Decision.silent();
        }
        ConflictText text = ConflictText.of(reason);
        AttentionReason why = text.rows().isEmpty() ? AttentionReason.in(reason) : AttentionReason.CONFLICT;
        String readable = AttentionReason.without(text.readable());
        List<Fact> facts = new ArrayList<>(Resolutions.ended(transaction, branch, Outcome.STOPPED, readable, now));
        facts.add(new Fact.BranchStuck(transaction.id(), branch.id(), why, readable, now));
        if (!text.rows().isEmpty()) {
            facts.add(new Fact.ConflictReported(transaction.id(), branch.id(), text.rows()));
        }
        if (!transaction.phase().needsAttention()) {
            facts.add(new Fact.TransactionMoved(transaction.id(), Phase.Move.GIVE_UP, now));
        }
        return new Decision(facts, null);
    }

    private static Decision reportEnd(TransactionState state, Command.ReportEnd command, long now) {
        GlobalTransaction transaction = find(state, command.xid());
        if (transaction == null) {
            return Decision.answer(new GlobalReportResponse(Result.OK, GlobalStatus.FINISHED));
        }
        Phase.Move move = switch (command.status()) {
            case COMMITTED, FINISHED -> Phase.Move.DECIDE_COMMIT;
            case ROLLED_BACK, TIMEOUT_ROLLED_BACK -> Phase.Move.DECIDE_ROLLBACK;
            default -> null;
        };
        if (move == null || transaction.phase() != Phase.ACTIVE) {
            return Decision.answer(new GlobalReportResponse(Result.OK, transaction.status()));
        }
        boolean undoneByItsEngine =
                transaction.branches().stream().allMatch(branch -> branch.type() == BranchType.SAGA);
        if (!undoneByItsEngine) {
            return new Decision(
                    decided(transaction, move, now), new GlobalReportResponse(Result.OK, transaction.status()));
        }
        // The branches first: after the decision, phase two would ask for what the engine has done already.
        List<Fact> facts = new ArrayList<>();
        for (Branch branch : transaction.branches()) {
            facts.add(new Fact.BranchFinished(transaction.id(), branch.id()));
        }
        facts.add(new Fact.TransactionMoved(transaction.id(), move, now));
        facts.add(new Fact.TransactionMoved(transaction.id(), Phase.Move.END, now));
        return new Decision(facts, new GlobalReportResponse(Result.OK, command.status()));
    }

    private static List<Fact> decided(GlobalTransaction transaction, Phase.Move move, long now) {
        Fact decision = new Fact.TransactionMoved(transaction.id(), move, now);
        return isDoneWith(transaction.branches(), move == Phase.Move.DECIDE_COMMIT)
                ? withEnd(transaction, transaction.branches(), List.of(decision), now)
                : List.of(decision);
    }

    /** The branch is done, and with the last one the transaction. */
    private static List<Fact> finish(GlobalTransaction transaction, Branch branch, long now) {
        List<Fact> facts = new ArrayList<>(Resolutions.ended(transaction, branch, Outcome.DONE, "", now));
        facts.addAll(withoutAction(transaction, branch, now));
        return facts;
    }

    /** As when the branch is done, without what becomes of an operator's action. */
    static List<Fact> withoutAction(GlobalTransaction transaction, Branch branch, long now) {
        Fact finished = new Fact.BranchFinished(transaction.id(), branch.id());
        if (transaction.phase() == Phase.ACTIVE) {
            return List.of(finished);
        }
        List<Branch> left =
                transaction.branches().stream().filter(each -> each != branch).toList();
        boolean ends = isDoneWith(left, transaction.phase().isCommit());
        boolean othersAreStuck = left.stream().anyMatch(each -> transaction.isStuck(each.id()));
        // A late answer to an earlier try can tell that what an operator should have looked at is done after all.
        boolean goesOn = transaction.phase().needsAttention() && (ends || !othersAreStuck);
        List<Fact> facts = goesOn
                ? List.of(finished, new Fact.TransactionMoved(transaction.id(), Phase.Move.RETRY, now))
                : List.of(finished);
        return ends ? withEnd(transaction, left, facts, now) : facts;
    }

    /** Whether nobody has to be asked for a transaction that has only these branches left. */
    private static boolean isDoneWith(List<Branch> left, boolean commit) {
        return (commit ? PhaseTwoOrder.withoutJournal(left) : left).isEmpty();
    }

    /** The journal goes before {@code last}, so that it never is all that is left. */
    private static List<Fact> withEnd(GlobalTransaction transaction, List<Branch> journal, List<Fact> last, long now) {
        List<Fact> facts = new ArrayList<>();
        for (Branch branch : journal) {
            facts.add(new Fact.BranchFinished(transaction.id(), branch.id()));
        }
        facts.addAll(last);
        facts.add(new Fact.TransactionMoved(transaction.id(), Phase.Move.END, now));
        return facts;
    }

    /** Where the transaction stands, or how it ended; FINISHED when that is not known. */
    public static GlobalStatus status(TransactionState state, String xid) {
        GlobalTransaction transaction = find(state, xid);
        if (transaction != null) {
            return transaction.status();
        }
        Phase outcome = state.outcome(idOf(xid));
        return outcome == null ? GlobalStatus.FINISHED : outcome.status();
    }

    /** The open transaction of this name, null when there is none. */
    public static @Nullable GlobalTransaction find(TransactionState state, String xid) {
        GlobalTransaction transaction = state.transaction(idOf(xid));
        // The number alone could be another coordinator's.
        return transaction != null && transaction.xid().equals(xid) ? transaction : null;
    }

    /** As {@link #find}, for people, who may write the number alone. */
    public static @Nullable GlobalTransaction named(TransactionState state, String xidOrNumber) {
        return xidOrNumber.indexOf(':') < 0 ? state.transaction(idOf(xidOrNumber)) : find(state, xidOrNumber);
    }

    /** The number behind the last colon, −1 when there is none. */
    public static long idOf(String xid) {
        int start = xid.lastIndexOf(':') + 1;
        if (start == xid.length()) {
            return -1;
        }
        long id = 0;
        for (int i = start; i < xid.length(); i++) {
            int digit = xid.charAt(i) - '0';
            if (digit < 0 || digit > 9 || id > (Long.MAX_VALUE - digit) / 10) {
                return -1;
            }
            id = id * 10 + digit;
        }
        return id;
    }

    private static Result unknown(String xid) {
        return Result.failed(
                TransactionError.GLOBAL_TRANSACTION_NOT_EXIST,
                "global transaction '" + xid
                        + "' is not known here: it ended long ago, or was begun at another coordinator");
    }

    /** A transaction, for those who wait for it. */
    static String describe(GlobalTransaction transaction, long now) {
        return transaction.xid() + " ('" + transaction.name() + "' of " + transaction.applicationId() + ", begun "
                + Math.max(0, now - transaction.begunAt()) + " ms ago)";
    }
}
