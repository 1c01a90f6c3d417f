package io.entente.tm.saga;

import io.entente.protocol.AttentionReason;
import io.entente.protocol.BranchType;
import io.entente.tm.TransactionContext;
import io.entente.tm.branch.BranchChannel;
import io.entente.tm.branch.BranchResource;
import io.entente.tm.branch.PhaseTwoAnswer;
import io.entente.tm.branch.PhaseTwoBranch;
import io.entente.tm.branch.PhaseTwoWorkers;
import io.entente.tm.fence.Fence;
import io.entente.tm.fence.FencedBranch;
import io.entente.tm.payload.PayloadNotUsableException;
import io.entente.tm.payload.Payloads;
import java.io.Serial;
import java.sql.Connection;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** Undoes steps when the coordinator asks for it, those of other instances too. */
final class StepCompensations implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(StepCompensations.class);

    private final RunningSagas running;
    private final Payloads payloads;
    private final SagaListener listener;
    private final PhaseTwoWorkers workers;

    StepCompensations(RunningSagas running, Payloads payloads, SagaListener listener, int threads) {
        this.running = running;
        this.payloads = payloads;
        this.listener = listener;
        this.workers = new PhaseTwoWorkers("entente-saga-compensation", threads);
    }

    /** Makes this process undo the steps of {@code saga}. */
    void serve(Saga<?> saga, BranchChannel channel) {
        for (StepDefinition step : saga.steps()) {
            channel.serve(new Served(saga, step));
        }
    }

    private final class Served implements BranchResource {

        private final Saga<?> saga;
        private final StepDefinition step;

        Served(Saga<?> saga, StepDefinition step) {
            this.saga = saga;
            this.step = step;
        }

        @Override
        public BranchType type() {
            return BranchType.SAGA_ANNOTATION;
        }

        @Override
        public String id() {
            return step.resourceId();
        }

        @Override
        public void phaseTwo(PhaseTwoBranch branch, PhaseTwoAnswer answer) {
            StepCompensations.this.phaseTwo(branch, answer, step.name(), () -> compensate(saga, step, branch));
        }
    }

    /** Undoes one step. */
    interface Work {
        void run() throws Exception;
    }

    /** There is nothing that could undo a step. */
    private static final class NotUndoableException extends Exception {

        @Serial
        private static final long serialVersionUID = 1L;

        NotUndoableException(String message) {
            super(message);
        }
    }

    /** Runs {@code work} when no step of its transaction is at work here any more, and answers. Returns at once. */
    void phaseTwo(PhaseTwoBranch branch, PhaseTwoAnswer answer, String step, Work work) {
        if (branch.isCommit()) {
            // Asked for by servers of Seata's only.
            answer.done();
            return;
        }
        var unused = running.stop(branch.xid())
                .thenRun(() -> workers.run(branch, answer, () -> compensate(branch, answer, step, work)));
    }

    private void compensate(PhaseTwoBranch branch, PhaseTwoAnswer answer, String step, Work work) {
        listener.at(SagaListener.Point.BEFORE_COMPENSATION, step);
        try (var suspended = TransactionContext.suspend()) {
            // For the logs only; the scope restores what was there.
            MDC.put(TransactionContext.MDC_KEY, branch.xid());
            work.run();
        } catch (NotUndoableException | PayloadNotUsableException e) {
            log.error("{}: not compensated", branch, e);
            answer.giveUp(
                    AttentionReason.COMPENSATION_IMPOSSIBLE,
                    "step '" + step + "' cannot be compensated: " + e.getMessage());
            return;
        } catch (Exception | LinkageError | AssertionError e) {
            log.warn("{}: the compensation failed and is asked for again", branch, e);
            answer.tryAgain("the compensation of step '" + step + "' failed: " + e);
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            return;
        }
        listener.at(SagaListener.Point.AFTER_COMPENSATION, step);
        answer.done();
    }

    private void compensate(Saga<?> saga, StepDefinition step, PhaseTwoBranch branch) throws Exception {
        StepData data = StepData.of(branch.applicationData(), payloads);
        Compensation<Object, Object> compensation = step.compensation();
        if (compensation == null) {
            leave(step, data);
            return;
        }
        Fence fence = step.fence();
        if (fence == null) {
            compensation.run(call(saga, step, branch, data, null));
            return;
        }
        boolean ran = fence.cancel(new FencedBranch(branch.xid(), branch.branchId(), step.resourceId()), connection -> {
            compensation.run(call(saga, step, branch, data, connection));
            return Boolean.TRUE;
        });
        log.debug("{}: {}", branch, ran ? "compensated" : "there was nothing to compensate");
    }

    private static void leave(StepDefinition step, StepData data) throws NotUndoableException {
        if (step.uncompensated() == StepDefinition.Uncompensated.FATAL) {
            throw new NotUndoableException("it is the pivot of saga '" + step.saga() + "', which "
                    + (data.isDone() ? "took effect" : "may have taken effect")
                    + ", but the saga has to go back, because its process ended or its time was up before the coordinator"
                    + " knew. The pivot '" + step.name() + "' has no compensation. Find out by its key " + data.key()
                    + " what holds, undo it by hand, and then finish this branch at the coordinator.");
        }
    }

    private Call call(
            Saga<?> saga, StepDefinition step, PhaseTwoBranch branch, StepData data, @Nullable Connection connection) {
        return new Call(payloads, branch.xid(), saga, step, data, data.attempts(), connection);
    }

    /** Ends what has begun or is queued. */
    @Override
    public void close() {
        workers.close();
    }
}
