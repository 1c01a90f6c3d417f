package io.entente.tm;

import io.entente.protocol.GlobalStatus;
import io.entente.protocol.TransactionError;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One global transaction from begin to end, on the side that began it and alone may end it. */
final class OwnedTransaction {

    private static final Logger log = LoggerFactory.getLogger(OwnedTransaction.class);

    private final PatientCoordinator coordinator;
    private final InstantSource clock;
    private final List<TransactionHook> commonHooks;
    private final String name;
    private final Duration timeout;
    private final Instant started;
    private final BoundTransaction bound;

    private OwnedTransaction(
            PatientCoordinator coordinator,
            InstantSource clock,
            List<TransactionHook> commonHooks,
            String name,
            Duration timeout,
            Instant started,
            BoundTransaction bound) {
        this.coordinator = coordinator;
        this.clock = clock;
        this.commonHooks = commonHooks;
        this.name = name;
        this.timeout = timeout;
        this.started = started;
        this.bound = bound;
    }

    static OwnedTransaction begin(
            PatientCoordinator coordinator,
            InstantSource clock,
            List<TransactionHook> commonHooks,
            String name,
            Duration timeout) {
        commonHooks.forEach(TransactionHook::beforeBegin);
        // Measured from before the request, so that the coordinator's time is never up before ours.
        Instant started = clock.instant();
        BoundTransaction bound = BoundTransaction.owned(coordinator.begin(name, timeout));
        log.debug("Begun. xid={} name={}", bound.xid(), name);
        return new OwnedTransaction(coordinator, clock, commonHooks, name, timeout, started, bound);
    }

    /** Only good for rolling back. */
    static OwnedTransaction ofAnotherProcess(PatientCoordinator coordinator, InstantSource clock, String xid) {
        return new OwnedTransaction(
                coordinator,
                clock,
                List.of(),
                "of another process",
                Duration.ZERO,
                clock.instant(),
                BoundTransaction.joined(xid));
    }

    BoundTransaction bound() {
        return bound;
    }

    void afterBegin() {
        callHooks("afterBegin", TransactionHook::afterBegin);
    }

    void afterCompletion() {
        callHooks("afterCompletion", TransactionHook::afterCompletion);
    }

    /** Commits, or throws the reason why not. */
    void commit() {
        requireCommittable();
        try {
            allHooks().forEach(TransactionHook::beforeCommit);
        } catch (RuntimeException | Error e) {
            rollBackBecauseOf(e);
            throw e;
        }
        requireCommittable();
        try {
            bound.endWork();
        } catch (WorkNotEndedException e) {
            rollBackAndThrow(
                    ": " + e.getMessage(),
                    message -> new GlobalTransactionRolledBackException(message, bound.xid(), e.getCause()));
        }
        requireCommittable();
        PatientCoordinator.Answer answer = coordinator.commit(bound.xid());
        GlobalTransactionException failure = failureOf(answer);
        if (failure != null) {
            throw failure;
        }
        callHooks("afterCommit", TransactionHook::afterCommit);
    }

    private void requireCommittable() {
        String reason = bound.rollbackOnlyReason();
        if (reason != null) {
            rollBackAndThrow(
                    ", because it was marked rollback-only: " + reason,
                    message -> new GlobalTransactionRolledBackException(message, bound.xid(), null));
        }
        Duration elapsed = Duration.between(started, clock.instant());
        if (elapsed.compareTo(timeout) > 0) {
            rollBackAndThrow(
                    ": it took " + elapsed.toMillis() + " ms and its timeout is " + timeout.toMillis()
                            + " ms. Make the work shorter or the timeout longer (timeoutMillis).",
                    message -> new GlobalTransactionTimedOutException(message, bound.xid(), null));
        }
    }

    /** @param why ends the sentence that this was rolled back, or is to be when the coordinator could not do it yet */
    private void rollBackAndThrow(String why, Function<String, GlobalTransactionException> exception) {
        PatientCoordinator.Answer answer = askForRollback();
        String verb = rollbackProblem(answer) == null ? " was rolled back" : " is still to be rolled back";
        GlobalTransactionException reason = exception.apply(this + verb + " instead of committed" + why);
        confirmRollback(answer, reason);
        throw reason;
    }

    /** Rolls back. A failure to do so is logged and attached to {@code cause}, which stays what the caller sees. */
    void rollBackBecauseOf(Throwable cause) {
        confirmRollback(askForRollback(), cause);
    }

    private PatientCoordinator.Answer askForRollback() {
        callHooks("beforeRollback", TransactionHook::beforeRollback);
        return coordinator.rollback(bound.xid());
    }

    private void confirmRollback(PatientCoordinator.Answer answer, Throwable cause) {
        String problem = rollbackProblem(answer);
        if (problem == null) {
            log.debug("Rolled back. xid={} name={} because={}", bound.xid(), name, cause.toString());
            callHooks("afterRollback", TransactionHook::afterRollback);
            return;
        }
        GlobalTransactionOutcomeUnknownException unknown =
                new GlobalTransactionOutcomeUnknownException(problem, bound.xid(), causeOf(answer));
        if (answer instanceof PatientCoordinator.Told) {
            // Where it could not be rolled back, and why, is in the log of whoever tried, as an error.
            log.warn("Rollback not confirmed. xid={} name={}: {}", bound.xid(), name, problem);
        } else {
            log.error("Rollback not confirmed. xid={} name={}: {}", bound.xid(), name, problem);
        }
        cause.addSuppressed(unknown);
    }

    private @Nullable GlobalTransactionException failureOf(PatientCoordinator.Answer answer) {
        if (answer instanceof PatientCoordinator.Told told) {
            return failureOf(told.status(), told.repeated());
        }
        if (answer instanceof PatientCoordinator.Refused refused) {
            TransactionError error = refused.refusal().error();
            if (error == TransactionError.TRANSACTION_TIMEOUT) {
                return timedOut("the coordinator refused the commit with "
                        + refused.refusal().getMessage());
            }
            if (error == TransactionError.GLOBAL_TRANSACTION_STATUS_INVALID
                    || error == TransactionError.GLOBAL_TRANSACTION_NOT_ACTIVE) {
                // A commit decided earlier would be answered with success again, so it was the other decision.
                return rolledBack("the coordinator refused the commit with "
                        + refused.refusal().getMessage());
            }
            if (error == TransactionError.GLOBAL_TRANSACTION_NOT_EXIST) {
                return failureOf(GlobalStatus.FINISHED, refused.repeated());
            }
        }
        return unknown(silence(answer, "commit"), causeOf(answer));
    }

    private @Nullable GlobalTransactionException failureOf(GlobalStatus status, boolean repeated) {
        return switch (status) {
            case COMMITTED, COMMITTING, COMMIT_RETRYING, ASYNC_COMMITTING -> null;
            case TIMEOUT_ROLLING_BACK, TIMEOUT_ROLLBACK_RETRYING, TIMEOUT_ROLLED_BACK ->
                timedOut("the coordinator answered the commit with " + status);
            case TIMEOUT_ROLLBACK_FAILED ->
                timedOut("the coordinator answered the commit with " + status
                        + ": a branch could not be rolled back and waits for a person at the coordinator");
            case ROLLING_BACK, ROLLBACK_RETRYING, ROLLED_BACK ->
                rolledBack("the coordinator answered the commit with " + status);
            case ROLLBACK_FAILED, ROLLBACK_RETRY_TIMEOUT, STOP_ROLLBACK_OR_ROLLBACK_RETRY ->
                rolledBack("the coordinator answered the commit with " + status
                        + ": a branch could not be rolled back and waits for a person at the coordinator");
            case FINISHED ->
                repeated
                        ? unknown(
                                "the coordinator has no record of it any more, and an earlier request to commit may have been"
                                        + " carried out without its answer arriving",
                                null)
                        : rolledBack(
                                "the coordinator has no record of it, so it was ended before this commit was asked for:"
                                        + " by its timeout or by a restart of the coordinator");
            case COMMIT_FAILED, COMMIT_RETRY_TIMEOUT, STOP_COMMIT_OR_COMMIT_RETRY ->
                unknown(
                        "the coordinator decided to commit but answered with " + status
                                + ": a branch could not be committed and waits for a person at the coordinator",
                        null);
            case UNKNOWN, BEGIN, DELETING -> unknown("the coordinator answered the commit with " + status, null);
        };
    }

    private GlobalTransactionTimedOutException timedOut(String why) {
        return new GlobalTransactionTimedOutException(
                this + " timed out after " + timeout.toMillis() + " ms and is rolled back: " + why
                        + ". Make the work shorter or the timeout longer (timeoutMillis).",
                bound.xid(),
                null);
    }

    private GlobalTransactionRolledBackException rolledBack(String why) {
        return new GlobalTransactionRolledBackException(
                this + " is rolled back instead of committed: " + why + ".", bound.xid(), null);
    }

    private GlobalTransactionOutcomeUnknownException unknown(String why, @Nullable Throwable cause) {
        return new GlobalTransactionOutcomeUnknownException(
                this + " may or may not be committed: " + why + ". Look up this XID at the coordinator before repeating"
                        + " the work; the branches follow its decision as soon as they can be reached.",
                bound.xid(),
                cause);
    }

    private @Nullable String rollbackProblem(PatientCoordinator.Answer answer) {
        if (answer instanceof PatientCoordinator.Told told) {
            return switch (told.status()) {
                case ROLLING_BACK,
                        ROLLBACK_RETRYING,
                        ROLLED_BACK,
                        TIMEOUT_ROLLING_BACK,
                        TIMEOUT_ROLLBACK_RETRYING,
                        TIMEOUT_ROLLED_BACK,
                        FINISHED -> null;
                default ->
                    this + " should roll back, but the coordinator answered with " + told.status()
                            + ". Look up this XID at the coordinator.";
            };
        }
        if (answer instanceof PatientCoordinator.Refused refused
                && refused.refusal().error() == TransactionError.GLOBAL_TRANSACTION_NOT_EXIST) {
            return null;
        }
        return this + " should roll back, but " + silence(answer, "rollback")
                + ". The coordinator rolls it back by itself when its timeout is up; its row locks stay until then.";
    }

    private static String silence(PatientCoordinator.Answer answer, String request) {
        if (answer instanceof PatientCoordinator.Silent silent) {
            return "the coordinator did not answer " + silent.attempts() + " request(s) to " + request + " within "
                    + silent.waited().toMillis() + " ms (last: " + silent.last().getMessage() + ")";
        }
        Throwable refusal = causeOf(answer);
        return "the coordinator refused the " + request + " with " + (refusal == null ? answer : refusal.getMessage());
    }

    private static @Nullable Throwable causeOf(PatientCoordinator.Answer answer) {
        if (answer instanceof PatientCoordinator.Silent silent) {
            return silent.last();
        }
        return answer instanceof PatientCoordinator.Refused refused ? refused.refusal() : null;
    }

    private List<TransactionHook> allHooks() {
        List<TransactionHook> all = new ArrayList<>(commonHooks);
        all.addAll(bound.hooks());
        return all;
    }

    private void callHooks(String step, Consumer<TransactionHook> call) {
        for (TransactionHook hook : allHooks()) {
            try {
                call.accept(hook);
            } catch (RuntimeException | Error e) {
                // Not even an Error may keep the rollback from being asked for, or hide a commit that happened.
                log.warn("Hook {} failed in {}; the transaction goes on. xid={}", hook, step, bound.xid(), e);
            }
        }
    }

    @Override
    public String toString() {
        return "Global transaction '" + name + "' (xid " + bound.xid() + ", coordinator " + coordinator.address() + ")";
    }
}
