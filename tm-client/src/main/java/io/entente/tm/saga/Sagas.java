package io.entente.tm.saga;

import io.entente.protocol.transport.CoordinatorUnreachableException;
import io.entente.tm.EntenteClient;
import io.entente.tm.GlobalTransactionException;
import io.entente.tm.GlobalTransactionTemplate;
import io.entente.tm.branch.BranchChannel;
import io.entente.tm.payload.PayloadNotUsableException;
import io.entente.tm.payload.Payloads;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Runs sagas, and carries out compensations and what is left of sagas for instances of the application that died.
 * Thread-safe.
 *
 * <p>Every saga is to be {@linkplain #serve served} when the process starts: only then can it go on with what another
 * process began.
 */
public final class Sagas implements AutoCloseable {

    private final BranchChannel channel;
    private final Duration requestTimeout;
    private final CoordinatorQuestions questions;
    private final Payloads payloads = new Payloads();
    private final StepThreads threads;
    private final StepCompensations compensations;
    private final ForwardPart forward;
    private final SagaRunner runner;
    private final CompensableActions actions;
    private final Map<String, CompensableAction> servedActions = new ConcurrentHashMap<>();
    private final Map<String, Saga<?>> served = new ConcurrentHashMap<>();

    Sagas(
            EntenteClient client,
            GlobalTransactionTemplate transactions,
            CoordinatorQuestions questions,
            SagaSettings settings,
            SagaListener listener) {
        this.channel = client.branches();
        this.requestTimeout = client.settings().requestTimeout();
        this.questions = questions;
        this.threads = new StepThreads(settings.threads());
        RunningSagas running = new RunningSagas();
        StepExecution execution = new StepExecution(channel, payloads, threads, listener);
        this.compensations = new StepCompensations(running, payloads, listener, settings.threads());
        this.actions = new CompensableActions(channel, running, payloads, compensations);
        this.forward = new ForwardPart(channel, questions, execution, payloads, listener, settings.threads());
        this.runner = new SagaRunner(
                transactions,
                questions,
                execution,
                forward,
                running,
                payloads,
                listener,
                Patience.of(settings.patience()));
    }

    /** Runs sagas over a client, as usual. */
    public static Sagas of(EntenteClient client) {
        return of(client, client.transactions(), SagaSettings.standard());
    }

    /** @param transactions begins the global transactions; with hooks, say */
    public static Sagas of(EntenteClient client, GlobalTransactionTemplate transactions, SagaSettings settings) {
        return new Sagas(client, transactions, new ChannelQuestions(client.branches()), settings, (point, where) -> {});
    }

    /**
     * Makes this process undo and carry on {@code saga}. Doing it again changes nothing.
     *
     * @throws InvalidSagaException when another saga has its name
     */
    public void serve(Saga<?> saga) {
        Saga<?> present = served.putIfAbsent(saga.name(), saga);
        if (present != null) {
            requireSame(present, saga);
            return;
        }
        compensations.serve(saga, channel);
        if (saga.hasForwardPart()) {
            forward.serve(saga);
        }
    }

    private static void requireSame(Saga<?> present, Saga<?> saga) {
        if (!present.equals(saga)) {
            throw new InvalidSagaException("There are two sagas named '" + saga.name()
                    + "'; the coordinator could not tell one from the other. Name one differently, or, if it is meant to be"
                    + " the same, build it once and share it.");
        }
    }

    /**
     * Makes this process undo {@code action}. To be called once, when the process starts.
     *
     * @throws InvalidSagaException when another action has its name
     */
    public void serve(CompensableAction action) {
        if (servedActions.putIfAbsent(action.name(), action) != null) {
            throw new InvalidSagaException("There are two compensable actions named '" + action.name()
                    + "'; the coordinator could not tell one from the other. Name one differently.");
        }
        actions.serve(action);
    }

    /**
     * Runs {@code work} as a step of the global transaction on this thread, and outside of it; without one it just runs. When
     * it throws, the transaction can only roll back, unless the caller waives such votes.
     *
     * @param arguments kept at the coordinator for the compensation, before {@code work} runs
     * @throws SagaStepFailedException the step could not be registered, or the transaction is rolling back; {@code work}
     *     has not run
     * @throws PayloadNotUsableException the arguments cannot be kept as JSON, and {@code work} has not run; or its result
     *     cannot, and it has
     * @throws Exception what {@code work} or the database of the fence throws
     */
    public <T> T run(CompensableAction action, List<@Nullable Object> arguments, Callable<T> work) throws Exception {
        return actions.run(action, arguments, work);
    }

    /**
     * Waits for the coordinator to know the sagas that were served before.
     *
     * @throws CoordinatorUnreachableException after {@code patience}; the message says what was tried
     */
    public void awaitConnected(Duration patience) {
        channel.awaitConnected(patience);
    }

    /**
     * Runs a saga to its end. Within a global transaction the saga takes part in it: what it does is compensated when that
     * rolls back.
     *
     * @param input kept at the coordinator as JSON, as are the results of the steps
     * @throws SagaCompensatedException a step failed, or the time was up, and all is undone
     * @throws SagaUnfinishedException it is decided what becomes of the saga, but not all of it has happened yet
     * @throws SagaStepFailedException a step failed of a saga within a global transaction, which rolls back therefore
     * @throws GlobalTransactionException it was not begun, or the coordinator did not answer for so long that nobody knows
     *     what becomes of it
     * @throws PayloadNotUsableException the input cannot be written as JSON
     * @throws InvalidSagaException another saga has its name, or it has a pivot and cannot be run here
     */
    public <I> SagaResult run(Saga<I> saga, I input) {
        if (!served.containsKey(saga.name())) {
            serve(saga);
            channel.awaitConnected(requestTimeout);
        } else {
            serve(saga);
        }
        return runner.run(saga, input);
    }

    /**
     * How far the saga of a global transaction is; empty when the coordinator does not know the transaction, or has
     * forgotten how it ended.
     *
     * @throws CoordinatorUnreachableException no answer in time
     */
    public Optional<SagaProgress> progress(String xid) {
        return new ProgressReader(payloads).read(xid, questions.ask(xid));
    }

    /** Ends the compensations and sagas that were begun for the coordinator. To be called before the client is closed. */
    @Override
    public void close() {
        threads.close();
        compensations.close();
        forward.close();
    }
}
