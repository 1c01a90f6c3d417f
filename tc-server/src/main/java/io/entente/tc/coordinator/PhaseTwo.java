package io.entente.tc.coordinator;

import io.entente.protocol.BranchStatus;
import io.entente.protocol.GlobalStatus;
import io.entente.protocol.Message;
import io.entente.protocol.Message.GlobalCommitResponse;
import io.entente.protocol.Message.GlobalRollbackResponse;
import io.entente.protocol.Message.Result;
import io.entente.protocol.Resolution;
import io.entente.tc.transaction.Branch;
import io.entente.tc.transaction.Command;
import io.entente.tc.transaction.Fact;
import io.entente.tc.transaction.GlobalTransaction;
import io.entente.tc.transaction.OperatorAction;
import io.entente.tc.transaction.Phase;
import io.entente.tc.transaction.PhaseTwoOrder;
import io.entente.tc.transaction.TransactionState;
import io.entente.tc.transaction.Transactions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries decisions out: asks resource managers to commit or roll back their branches, again and again until they have.
 *
 * <p>Nothing in here is durable and nothing needs to be: after a restart it begins anew from the state, and resource
 * managers do not mind being asked twice. Belongs to the coordinator's one thread.
 *
 * <p>{@link PhaseTwoOrder} says which branches can be asked. Who cannot be reached is tried for ever; who goes on answering
 * that it cannot is given up when the retry budget is used up.
 */
final class PhaseTwo {
    private static final Logger log = LoggerFactory.getLogger(PhaseTwo.class);

    /** An answer later than this counts as none. */
    static final long ANSWER_PATIENCE_MILLIS = 15_000;

    private static final long FULL_PAUSE_MILLIS = 500;

    /** Who wait for the end of the same transaction. */
    private static final int MOST_CALLERS = 64;

    private final TransactionState state;
    private final ResourceManagers resourceManagers;
    private final BackOff backOff;
    private final long retryBudgetMillis;
    /** Lets something out to the world once the facts of this moment are durable. */
    private final Consumer<Runnable> afterDurable;

    private final Map<Long, Attempt> attempts = new HashMap<>();
    private final InFlight inFlight = new InFlight();
    private final DueTimes dueTimes = new DueTimes();
    private final Map<Long, List<Waiting>> waiting = new HashMap<>();
    private final Outages outages = new Outages();
    private long failures;

    PhaseTwo(
            TransactionState state,
            ResourceManagers resourceManagers,
            BackOff backOff,
            long retryBudgetMillis,
            Consumer<Runnable> afterDurable) {
        this.state = state;
        this.resourceManagers = resourceManagers;
        this.backOff = backOff;
        this.retryBudgetMillis = retryBudgetMillis;
        this.afterDurable = afterDurable;
    }

    /** How it goes with one branch. */
    private static final class Attempt {
        private final long transactionId;
        private final String resourceId;
        private int failures;
        private boolean inFlight;
        private int bytes;
        private long connectionId;
        private long dueAt;
        private String lastFailure = "";
        /** For how long the resource manager has answered with failures, times without an answer not counted. */
        private long refusedMillis;
        /** Epoch millis of such an answer when nothing has come after it, else −1. */
        private long refusedAt = -1;

        Attempt(long transactionId, String resourceId) {
            this.transactionId = transactionId;
            this.resourceId = resourceId;
        }
    }

    private record Waiting(Caller caller, boolean forCommit) {}

    /** What an operator sees of a branch in phase two. */
    record Progress(int failures, String lastFailure, long nextTryAt) {}

    /** Follows the state; called after each fact was applied. */
    void onFact(Fact fact, long now) {
        if (fact instanceof Fact.TransactionMoved moved) {
            switch (moved.move()) {
                case DECIDE_COMMIT, DECIDE_ROLLBACK, TIME_OUT, RETRY -> goOn(moved.transactionId(), now);
                case GIVE_UP -> answerStuck(moved.transactionId());
                case END -> answerEnd(moved.transactionId());
            }
        } else if (fact instanceof Fact.ResolutionChosen chosen) {
            // Of what nobody is asked for, this does nothing.
            goOn(chosen.transactionId(), now);
        } else if (fact instanceof Fact.BranchFinished finished) {
            forget(finished.branchId());
            goOn(finished.transactionId(), now);
        } else if (fact instanceof Fact.BranchStuck stuck) {
            forget(stuck.branchId());
        }
    }

    private void forget(long branchId) {
        land(attempts.remove(branchId));
        outages.forget(branchId);
    }

    /** Takes up the work that a restart interrupted. */
    void recover(long now) {
        for (GlobalTransaction transaction : List.copyOf(state.transactions())) {
            goOn(transaction.id(), now);
        }
    }

    /** {@code caller} wants to know how the transaction's phase two ends. */
    void await(long transactionId, Caller caller, boolean forCommit) {
        List<Waiting> callers = waiting.computeIfAbsent(transactionId, id -> new ArrayList<>(1));
        if (callers.size() == MOST_CALLERS) {
            // Who has asked again since is not hurt by an answer to the first time.
            GlobalTransaction open = state.transaction(transactionId);
            tell(callers.remove(0), open == null ? GlobalStatus.FINISHED : open.status());
        }
        callers.add(new Waiting(caller, forCommit));
        GlobalTransaction transaction = state.transaction(transactionId);
        if (transaction != null && isPausing(transaction)) {
            answerRetrying(transaction);
        }
    }

    /** True while nobody works at the transaction: the next try, and with it the next news, may be half a minute away. */
    private boolean isPausing(GlobalTransaction transaction) {
        for (Branch branch : transaction.branches()) {
            Attempt attempt = attempts.get(branch.id());
            if (attempt != null && attempt.inFlight) {
                return false;
            }
        }
        return true;
    }

    /**
     * A resource manager answered that it could not, but may later.
     *
     * @return what has to be done about it when this went on for too long
     */
    Command.@Nullable GiveUp onRetryableAnswer(long branchId, BranchStatus status, String message, long now) {
        Attempt attempt = attempts.get(branchId);
        if (attempt == null || !attempt.inFlight) {
            return null;
        }
        String reason = message.isEmpty() ? explain(status) : message;
        long refusedMillis = attempt.refusedMillis + (attempt.refusedAt < 0 ? 0 : Math.max(0, now - attempt.refusedAt));
        warnOf(branchId, attempt, failed(branchId, attempt, reason, now));
        attempt.refusedMillis = refusedMillis;
        attempt.refusedAt = now;
        return refusedMillis < retryBudgetMillis
                ? null
                : new Command.GiveUp(
                        attempt.transactionId,
                        branchId,
                        reason + " (tried " + attempt.failures + " times; entente.tc.retry-budget of "
                                + retryBudgetMillis + " ms is used up)");
    }

    private static String explain(BranchStatus status) {
        return switch (status) {
            case COMMIT_FAILED_XAER_NOTA_RETRYABLE, ROLLBACK_FAILED_XAER_NOTA_RETRYABLE ->
                "the database does not know the XA branch (XAER_NOTA): it was never prepared, another connection still"
                        + " holds it, or it was resolved by hand";
            default -> "the resource manager answered " + status;
        };
    }

    /** A resource manager still works at what it was asked over this connection: its answer may take longer. */
    void onAtWork(long connectionId, List<Message.BranchAtWork> branches, long now) {
        for (Message.BranchAtWork branch : branches) {
            Attempt attempt = attempts.get(branch.branchId());
            if (attempt != null
                    && attempt.inFlight
                    && attempt.connectionId == connectionId
                    && attempt.transactionId == Transactions.idOf(branch.xid())) {
                schedule(branch.branchId(), attempt, now + ANSWER_PATIENCE_MILLIS);
            }
        }
    }

    /** Whatever was asked over this connection will not be answered over it. */
    void onConnectionClosed(long connectionId, long now) {
        int unanswered = inFlight.count(connectionId);
        if (unanswered == 0) {
            return;
        }
        log.warn(
                "The connection to a resource manager broke with {} branches of phase two unanswered; they are tried again",
                unanswered);
        attempts.forEach((branchId, attempt) -> {
            if (attempt.inFlight && attempt.connectionId == connectionId) {
                failed(branchId, attempt, "the connection to the resource manager broke", now);
            }
        });
    }

    /** A resource manager for these resources has come: whoever waits for one need not wait longer. */
    void onResourcesAvailable(Set<String> resourceIds, long now) {
        attempts.forEach((branchId, attempt) -> {
            if (!attempt.inFlight && resourceIds.contains(attempt.resourceId)) {
                schedule(branchId, attempt, now);
            }
        });
    }

    void onTime(long now) {
        dueTimes.expire(now, branchId -> {
            Attempt attempt = attempts.get(branchId);
            if (attempt == null || attempt.dueAt > now) {
                return;
            }
            if (attempt.inFlight) {
                String reason = "no answer within " + ANSWER_PATIENCE_MILLIS + " ms";
                warnOf(branchId, attempt, failed(branchId, attempt, reason, now));
            } else {
                send(branchId, attempt, now);
            }
        });
        outages.tell();
    }

    /** Another coordinator goes on with what is left; those who wait for the end are told what they may be sure of. */
    void handOver() {
        for (long transactionId : List.copyOf(waiting.keySet())) {
            GlobalTransaction transaction = state.transaction(transactionId);
            if (transaction != null) {
                answerRetrying(transaction);
            }
        }
    }

    long nextDue() {
        return dueTimes.next();
    }

    /** Failed tries since the start. */
    long failures() {
        return failures;
    }

    @Nullable
    Progress progress(long branchId) {
        Attempt attempt = attempts.get(branchId);
        return attempt == null ? null : new Progress(attempt.failures, attempt.lastFailure, attempt.dueAt);
    }

    private void goOn(long transactionId, long now) {
        GlobalTransaction transaction = state.transaction(transactionId);
        if (transaction == null || transaction.phase() == Phase.ACTIVE) {
            return;
        }
        // One branch that needs an operator holds back only those that have to wait for it.
        for (Branch branch : PhaseTwoOrder.ready(transaction)) {
            if (!attempts.containsKey(branch.id()) && !transaction.isStuck(branch.id())) {
                Attempt attempt = new Attempt(transactionId, branch.resourceId());
                attempts.put(branch.id(), attempt);
                send(branch.id(), attempt, now);
            }
        }
    }

    private void send(long branchId, Attempt attempt, long now) {
        GlobalTransaction transaction = state.transaction(attempt.transactionId);
        Branch branch = transaction == null ? null : transaction.branch(branchId);
        if (transaction == null || branch == null) {
            forget(branchId);
            return;
        }
        OperatorAction chosen = transaction.openAction(branchId);
        Resolution resolution = chosen == null ? Resolution.RETRY : chosen.resolution();
        boolean entente = resolution != Resolution.RETRY;
        attempt.bytes = branch.applicationData().length();
        ResourceManagers.Line line = withRoom(branch, attempt, entente);
        if (line == null) {
            failed(branchId, attempt, outages.nobodyFor(branch, entente, now), now);
            return;
        }
        outages.somebodyFor(branch, entente, now);
        Message request = request(transaction, branch, resolution);
        if (!inFlight.hasRoom(line.connectionId(), attempt.bytes)) {
            inFlight.wait(attempt.resourceId, branchId);
            schedule(branchId, attempt, now + FULL_PAUSE_MILLIS);
            return;
        }
        attempt.inFlight = true;
        attempt.connectionId = line.connectionId();
        inFlight.sent(attempt.connectionId, attempt.bytes);
        schedule(branchId, attempt, now + ANSWER_PATIENCE_MILLIS);
        afterDurable.accept(() -> line.send(request));
    }

    /** The nearest, or the next one when that has too much to do; null when there is none. */
    private ResourceManagers.@Nullable Line withRoom(Branch branch, Attempt attempt, boolean entente) {
        ResourceManagers.Line nearest = resourceManagers.find(branch, attempt.failures, entente);
        if (nearest == null || inFlight.hasRoom(nearest.connectionId(), attempt.bytes)) {
            return nearest;
        }
        ResourceManagers.Line next = resourceManagers.find(branch, attempt.failures + 1, entente);
        return next != null && inFlight.hasRoom(next.connectionId(), attempt.bytes) ? next : nearest;
    }

    private static Message request(GlobalTransaction transaction, Branch branch, Resolution resolution) {
        return transaction.phase().isCommit()
                ? new Message.BranchCommitRequest(
                        transaction.xid(), branch.id(), branch.type(), branch.resourceId(), branch.applicationData())
                : new Message.BranchRollbackRequest(
                        transaction.xid(),
                        branch.id(),
                        branch.type(),
                        branch.resourceId(),
                        resolution.addedTo(branch.applicationData()));
    }

    /** Puts the next try off; returns for how long. */
    private long failed(long branchId, Attempt attempt, String reason, long now) {
        failures++;
        land(attempt);
        attempt.failures++;
        attempt.lastFailure = reason;
        attempt.refusedAt = -1;
        long pause = backOff.pauseMillis(attempt.failures);
        schedule(branchId, attempt, now + pause);
        GlobalTransaction transaction = state.transaction(attempt.transactionId);
        if (transaction != null) {
            log.debug("Phase two of branch {} of {} has failed: {}", branchId, transaction.xid(), reason);
            answerRetrying(transaction);
        }
        return pause;
    }

    private void warnOf(long branchId, Attempt attempt, long pause) {
        GlobalTransaction transaction = state.transaction(attempt.transactionId);
        // Less and less often of the same branch: what fails for an hour shall not fill the disk of the coordinator's
        // log.
        if (transaction != null && Integer.bitCount(attempt.failures) == 1) {
            log.warn(
                    "Phase two of branch {} of {} ({}) has failed {} times, next try in {} ms: {}",
                    branchId,
                    transaction.xid(),
                    transaction.phase(),
                    attempt.failures,
                    pause,
                    attempt.lastFailure);
        }
    }

    /** Nothing is waited for any more. */
    private void land(@Nullable Attempt attempt) {
        if (attempt != null && attempt.inFlight) {
            attempt.inFlight = false;
            inFlight.landed(attempt.connectionId, attempt.bytes);
            long next = inFlight.next(attempt.resourceId);
            Attempt waiting = next < 0 ? null : attempts.get(next);
            if (waiting != null && waiting.failures == 0 && !waiting.inFlight) {
                schedule(next, waiting, 0);
            }
        }
    }

    private void schedule(long branchId, Attempt attempt, long at) {
        attempt.dueAt = at;
        dueTimes.add(branchId, at);
    }

    private void answerStuck(long transactionId) {
        GlobalTransaction transaction = state.transaction(transactionId);
        if (transaction != null) {
            answer(transactionId, transaction.status());
        }
    }

    private void answerEnd(long transactionId) {
        Phase end = state.outcome(transactionId);
        if (end != null) {
            answer(transactionId, end.status());
        }
    }

    private void answerRetrying(GlobalTransaction transaction) {
        answer(
                transaction.id(),
                switch (transaction.phase()) {
                    case COMMITTING -> GlobalStatus.COMMIT_RETRYING;
                    case ROLLING_BACK -> GlobalStatus.ROLLBACK_RETRYING;
                    case TIMEOUT_ROLLING_BACK -> GlobalStatus.TIMEOUT_ROLLBACK_RETRYING;
                    default -> transaction.status();
                });
    }

    private void answer(long transactionId, GlobalStatus status) {
        List<Waiting> callers = waiting.remove(transactionId);
        if (callers == null) {
            return;
        }
        for (Waiting each : callers) {
            tell(each, status);
        }
    }

    private void tell(Waiting who, GlobalStatus status) {
        afterDurable.accept(() -> who.caller.answer(
                who.forCommit
                        ? new GlobalCommitResponse(Result.OK, status)
                        : new GlobalRollbackResponse(Result.OK, status)));
    }
}
