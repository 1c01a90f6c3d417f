package io.entente.tm.saga;

import io.entente.protocol.AttentionReason;
import io.entente.protocol.BranchType;
import io.entente.protocol.Message;
import io.entente.protocol.transport.CoordinatorUnreachableException;
import io.entente.tm.branch.BranchChannel;
import io.entente.tm.branch.BranchException;
import io.entente.tm.branch.BranchRegistration;
import io.entente.tm.branch.BranchResource;
import io.entente.tm.branch.PhaseTwoAnswer;
import io.entente.tm.branch.PhaseTwoBranch;
import io.entente.tm.branch.PhaseTwoWorkers;
import io.entente.tm.payload.PayloadNotUsableException;
import io.entente.tm.payload.Payloads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * Carries sagas on behind their point of no return. The decision to commit is that point, and the order to commit the
 * saga's branch is the order to go on: the coordinator gives it to the process that runs the saga, and to another one when
 * that has died, again and again until one says that all is done.
 */
final class ForwardPart implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ForwardPart.class);

    private final BranchChannel channel;
    private final CoordinatorQuestions questions;
    private final StepExecution execution;
    private final Payloads payloads;
    private final SagaListener listener;
    private final PhaseTwoWorkers workers;
    private final Map<String, Waiting> waiting = new ConcurrentHashMap<>();

    ForwardPart(
            BranchChannel channel,
            CoordinatorQuestions questions,
            StepExecution execution,
            Payloads payloads,
            SagaListener listener,
            int threads) {
        this.channel = channel;
        this.questions = questions;
        this.execution = execution;
        this.payloads = payloads;
        this.listener = listener;
        this.workers = new PhaseTwoWorkers("entente-saga-forward", threads);
    }

    /** Makes this process carry {@code saga} on. */
    void serve(Saga<?> saga) {
        channel.serve(new Served(saga));
    }

    /** Has the coordinator know all that is needed to go on; to be followed by the commit. */
    void register(SagaRun run) throws BranchException {
        ForwardData data = new ForwardData(run.saga().name(), run.keyPrefix(), run.input(), run.results());
        channel.register(
                new BranchRegistration(run.xid(), BranchType.SAGA, run.saga().name(), "", data.toJson(payloads)));
    }

    /** From now on, orders for this saga go to whoever waits. */
    Waiting await(String xid) {
        Waiting here = new Waiting(xid);
        waiting.put(xid, here);
        return here;
    }

    /** An order of the coordinator. */
    record Order(Saga<?> saga, PhaseTwoBranch branch, PhaseTwoAnswer answer) {}

    /** How carrying out an order ended. */
    sealed interface End {}

    /** @param results of all steps */
    record Done(Map<String, JsonNode> results) implements End {}

    record NotYet(String reason) implements End {}

    private final class Served implements BranchResource {

        private final Saga<?> saga;

        Served(Saga<?> saga) {
            this.saga = saga;
        }

        @Override
        public BranchType type() {
            return BranchType.SAGA;
        }

        @Override
        public String id() {
            return saga.name();
        }

        @Override
        public void phaseTwo(PhaseTwoBranch branch, PhaseTwoAnswer answer) {
            if (!branch.isCommit()) {
                // Nothing of what it stands for has begun.
                answer.done();
                return;
            }
            Order order = new Order(saga, branch, answer);
            Waiting caller = waiting.get(branch.xid());
            if (caller == null || !caller.offer(order)) {
                work(order);
            }
        }
    }

    private void work(Order order) {
        workers.run(order.branch, order.answer, () -> {
            var unused = carryOut(order);
        });
    }

    /** Does what is left of the saga and answers the order. */
    End carryOut(Order order) {
        End end;
        order.answer.begun();
        try {
            end = carryOn(order.saga, order.branch);
        } catch (StepFailure | CoordinatorUnreachableException e) {
            String reason = "saga '" + order.saga.name() + "' cannot go on yet: " + e.getMessage();
            log.warn("{}: {}", order.branch, reason, e);
            order.answer.tryAgain(reason);
            return new NotYet(reason);
        } catch (PayloadNotUsableException e) {
            String reason = "saga '" + order.saga.name() + "' cannot go on: " + e.getMessage();
            log.error("{}: {}", order.branch, reason, e);
            order.answer.giveUp(AttentionReason.SAGA_CANNOT_GO_ON, reason);
            return new NotYet(reason);
        } catch (RuntimeException | Error e) {
            // Whatever it is, an order without an answer would keep every other instance from going on.
            order.answer.tryAgain("saga '" + order.saga.name() + "' cannot go on yet: " + e);
            throw e;
        }
        listener.at(SagaListener.Point.BEFORE_END, order.saga.name());
        order.answer.done();
        return end;
    }

    private Done carryOn(Saga<?> saga, PhaseTwoBranch branch) {
        ForwardData data = ForwardData.of(branch.applicationData(), payloads);
        CoordinatorQuestions.Standing standing = questions.ask(branch.xid());
        Map<String, StepData> known = new HashMap<>();
        readJournal(saga, standing, known);
        SagaRun run = new SagaRun(saga, branch.xid(), data.keyPrefix(), data.input(), data.results());
        if (standing.open()) {
            for (List<StepDefinition> group : saga.forwardGroups()) {
                execution.run(run, group, known);
            }
        }
        return new Done(run.results());
    }

    private void readJournal(Saga<?> saga, CoordinatorQuestions.Standing standing, Map<String, StepData> known) {
        for (Message.BranchProgress branch : standing.branches()) {
            if (branch.branchType() != BranchType.SAGA_ANNOTATION) {
                continue;
            }
            for (StepDefinition step : saga.steps()) {
                if (step.resourceId().equals(branch.resourceId())) {
                    known.put(step.name(), StepData.of(branch.applicationData(), payloads));
                }
            }
        }
    }

    /** Results that the journal of a saga has. */
    Map<String, JsonNode> resultsIn(Saga<?> saga, CoordinatorQuestions.Standing standing) {
        Map<String, StepData> known = new HashMap<>();
        readJournal(saga, standing, known);
        Map<String, JsonNode> results = new HashMap<>();
        known.forEach((step, data) -> {
            if (data.isDone()) {
                results.put(step, data.result());
            }
        });
        return results;
    }

    /** Somebody who runs a saga, and carries out orders for it on his own thread. */
    final class Waiting implements AutoCloseable {

        private final String xid;
        private final BlockingQueue<Order> orders = new LinkedBlockingQueue<>();
        private boolean gone;

        private Waiting(String xid) {
            this.xid = xid;
        }

        private synchronized boolean offer(Order order) {
            return !gone && orders.offer(order);
        }

        /** The next order, null when none comes in time. */
        @Nullable
        Order next(Duration patience) throws InterruptedException {
            return orders.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
        }

        /** Waits no longer; orders that nobody has taken are carried out by others. */
        @Override
        public void close() {
            waiting.remove(xid, this);
            List<Order> left = new ArrayList<>();
            synchronized (this) {
                gone = true;
                orders.drainTo(left);
            }
            left.forEach(ForwardPart.this::work);
        }
    }

    /** Ends what has begun or is queued. */
    @Override
    public void close() {
        workers.close();
    }
}
