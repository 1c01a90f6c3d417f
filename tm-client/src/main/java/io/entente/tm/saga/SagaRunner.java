package io.entente.tm.saga;

import io.entente.protocol.transport.CoordinatorUnreachableException;
import io.entente.tm.GlobalTransactionException;
import io.entente.tm.GlobalTransactionRolledBackException;
import io.entente.tm.GlobalTransactionTemplate;
import io.entente.tm.GlobalTransactionTimedOutException;
import io.entente.tm.TransactionContext;
import io.entente.tm.TransactionOptions;
import io.entente.tm.branch.BranchException;
import io.entente.tm.payload.Payloads;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Runs sagas for callers that wait for their end. */
final class SagaRunner {

    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);
    private static final Duration ORDER_PAUSE = Duration.ofMillis(250);

    private final GlobalTransactionTemplate transactions;
    private final CoordinatorQuestions questions;
    private final StepExecution execution;
    private final ForwardPart forward;
    private final RunningSagas running;
    private final Payloads payloads;
    private final SagaListener listener;
    private final Patience patience;

    SagaRunner(
            GlobalTransactionTemplate transactions,
            CoordinatorQuestions questions,
            StepExecution execution,
            ForwardPart forward,
            RunningSagas running,
            Payloads payloads,
            SagaListener listener,
            Patience patience) {
        this.transactions = transactions;
        this.questions = questions;
        this.execution = execution;
        this.forward = forward;
        this.running = running;
        this.payloads = payloads;
        this.listener = listener;
        this.patience = patience;
    }

    SagaResult run(Saga<?> saga, Object input) {
        JsonNode tree = payloads.write("The input of saga '" + saga.name() + "'", input, saga.inputType());
        boolean joins = TransactionContext.isActive();
        if (saga.hasForwardPart()) {
            requireForwardPossible(saga, joins);
        }
        TransactionOptions options = TransactionOptions.named(saga.name());
        Duration timeout = saga.timeout();
        return new Execution(saga, tree, joins).run(timeout == null ? options : options.withTimeout(timeout));
    }

    private void requireForwardPossible(Saga<?> saga, boolean joins) {
        if (joins) {
            throw new InvalidSagaException("Saga '" + saga.name() + "' cannot run within global transaction "
                    + TransactionContext.xid()
                    + ": it has a point of no return, and that transaction could still roll back behind it. Run the saga"
                    + " outside, or remove its pivot or recoverForward().");
        }
        if (!questions.understandsSagas()) {
            throw new InvalidSagaException("Saga '" + saga.name()
                    + "' has a pivot or recoverForward(), for which the coordinator must be one of Entente; the one that is"
                    + " connected is not. Let entente.server name another, or give each step a compensation and leave"
                    + " the pivot out.");
        }
    }

    /** One saga from begin to end. */
    private final class Execution {

        private final Saga<?> saga;
        private final JsonNode input;
        private final boolean joins;
        private @Nullable SagaRun run;
        private ForwardPart.@Nullable Waiting waiting;

        Execution(Saga<?> saga, JsonNode input, boolean joins) {
            this.saga = saga;
            this.input = input;
            this.joins = joins;
        }

        SagaResult run(TransactionOptions options) {
            try {
                SagaRun begun = transactions.execute(options, this::goBackwardPart);
                listener.at(SagaListener.Point.AFTER_DECISION, saga.name());
                ForwardPart.Waiting orders = waiting;
                if (orders != null) {
                    return new SagaResult(saga.name(), begun.xid(), goForward(begun, orders), payloads);
                }
                return new SagaResult(saga.name(), begun.xid(), begun.results(), payloads);
            } catch (StepFailure e) {
                SagaRun begun = begun(e);
                if (joins) {
                    throw new SagaStepFailedException(
                            saga.name(), begun.xid(), e.step(), String.valueOf(e.getMessage()), e.reason());
                }
                throw afterRollback(begun, e.step(), String.valueOf(e.getMessage()), withTroubles(e.reason(), e));
            } catch (GlobalTransactionRolledBackException | GlobalTransactionTimedOutException e) {
                SagaRun begun = run;
                if (begun == null || joins) {
                    throw e;
                }
                throw afterRollback(begun, null, String.valueOf(e.getMessage()), e);
            } finally {
                if (waiting != null) {
                    waiting.close();
                }
            }
        }

        private SagaRun begun(RuntimeException e) {
            SagaRun begun = run;
            if (begun == null) {
                throw e;
            }
            return begun;
        }

        /** Up to the decision; the way back is open. */
        private SagaRun goBackwardPart() {
            String xid = String.valueOf(TransactionContext.xid());
            // The same saga may run twice in a transaction of somebody else, and is another thing to do each time.
            String keyPrefix = joins ? xid + "/" + UUID.randomUUID().toString().substring(0, 8) : xid;
            SagaRun begun = new SagaRun(saga, xid, keyPrefix, input, Map.of());
            run = begun;
            running.add(xid, begun.atWork());
            try {
                for (List<StepDefinition> group : saga.backwardGroups()) {
                    execution.run(begun, group, Map.of());
                }
                listener.at(SagaListener.Point.BEFORE_DECISION, saga.name());
                if (saga.hasForwardPart()) {
                    waiting = forward.await(xid);
                    registerForward(begun);
                }
                return begun;
            } finally {
                running.remove(xid, begun.atWork());
            }
        }

        private void registerForward(SagaRun begun) {
            try {
                forward.register(begun);
            } catch (BranchException e) {
                throw StepFailure.beforeDecision(e);
            }
        }

        private Map<String, JsonNode> goForward(SagaRun begun, ForwardPart.Waiting orders) {
            Map<String, JsonNode> results = new HashMap<>(begun.results());
            Instant deadline = patience.deadline();
            String why = "the coordinator has not given the order to go on.";
            while (true) {
                ForwardPart.Order order = next(begun, orders);
                if (order != null) {
                    ForwardPart.End end = forward.carryOut(order);
                    if (end instanceof ForwardPart.Done done) {
                        results.putAll(done.results());
                        return results;
                    }
                    why = ((ForwardPart.NotYet) end).reason();
                } else {
                    try {
                        CoordinatorQuestions.Standing standing = questions.ask(begun.xid());
                        results.putAll(forward.resultsIn(saga, standing));
                        if (!standing.open()) {
                            return results;
                        }
                        why = standing.failures().isEmpty()
                                ? why
                                : standing.failures().strip();
                        if (standing.needsAttention()) {
                            throw unfinished(
                                    begun, SagaUnfinishedException.Direction.FORWARD, null, attention(why), null);
                        }
                    } catch (CoordinatorUnreachableException e) {
                        why = String.valueOf(e.getMessage());
                    }
                }
                if (patience.isOver(deadline)) {
                    throw unfinished(begun, SagaUnfinishedException.Direction.FORWARD, null, goesOn(why), null);
                }
            }
        }

        private ForwardPart.@Nullable Order next(SagaRun begun, ForwardPart.Waiting orders) {
            try {
                return orders.next(ORDER_PAUSE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw unfinished(
                        begun,
                        SagaUnfinishedException.Direction.FORWARD,
                        null,
                        goesOn("its caller was interrupted while waiting."),
                        e);
            }
        }

        /** The coordinator goes back; says how that ended. */
        private SagaException afterRollback(SagaRun begun, @Nullable String step, String why, Throwable cause) {
            Instant deadline = patience.deadline();
            Duration pause = FIRST_PAUSE;
            String trouble = "";
            boolean interrupted = false;
            while (true) {
                try {
                    CoordinatorQuestions.Standing standing = questions.ask(begun.xid());
                    if (!standing.open()) {
                        return new SagaCompensatedException(saga.name(), begun.xid(), step, why, cause);
                    }
                    trouble = standing.failures();
                    if (standing.needsAttention()) {
                        return unfinished(
                                begun,
                                SagaUnfinishedException.Direction.BACKWARD,
                                step,
                                SagaException.sentence(why) + " " + attention(trouble.strip()),
                                cause);
                    }
                } catch (CoordinatorUnreachableException e) {
                    trouble = " " + e.getMessage();
                }
                if (interrupted || patience.isOver(deadline)) {
                    return unfinished(
                            begun,
                            SagaUnfinishedException.Direction.BACKWARD,
                            step,
                            SagaException.sentence(why) + trouble + " The coordinator goes on with it.",
                            cause);
                }
                interrupted = !patience.paused(pause);
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
            }
        }

        private SagaUnfinishedException unfinished(
                SagaRun begun,
                SagaUnfinishedException.Direction direction,
                @Nullable String step,
                String why,
                @Nullable Throwable cause) {
            return new SagaUnfinishedException(saga.name(), begun.xid(), direction, step, why, cause);
        }
    }

    private static String attention(String why) {
        return "It needs attention at the coordinator: " + why;
    }

    private static String goesOn(String why) {
        return SagaException.sentence(why) + " The coordinator sees to it that it goes on.";
    }

    /** What went wrong on the way back belongs to what the caller sees. */
    private static Throwable withTroubles(Throwable reason, StepFailure failure) {
        for (Throwable trouble : failure.getSuppressed()) {
            if (trouble instanceof GlobalTransactionException) {
                reason.addSuppressed(trouble);
            }
        }
        return reason;
    }
}
