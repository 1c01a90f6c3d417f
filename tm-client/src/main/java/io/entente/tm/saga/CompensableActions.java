package io.entente.tm.saga;

import io.entente.protocol.BranchStatus;
import io.entente.protocol.BranchType;
import io.entente.tm.CapturedTransaction;
import io.entente.tm.TransactionContext;
import io.entente.tm.branch.BranchChannel;
import io.entente.tm.branch.BranchException;
import io.entente.tm.branch.BranchRegistration;
import io.entente.tm.branch.BranchResource;
import io.entente.tm.branch.PhaseTwoAnswer;
import io.entente.tm.branch.PhaseTwoBranch;
import io.entente.tm.fence.Fence;
import io.entente.tm.fence.FencedBranch;
import io.entente.tm.payload.Payloads;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.NullNode;

/** Runs compensable actions as steps of global transactions, and undoes them when the coordinator asks for it. */
final class CompensableActions {

    private static final Logger log = LoggerFactory.getLogger(CompensableActions.class);

    /** Stands where steps of a {@link Saga} have its name. */
    private static final String SAGA = "@Compensable";

    private final BranchChannel channel;
    private final RunningSagas running;
    private final Payloads payloads;
    private final StepCompensations compensations;

    CompensableActions(
            BranchChannel channel, RunningSagas running, Payloads payloads, StepCompensations compensations) {
        this.channel = channel;
        this.running = running;
        this.payloads = payloads;
        this.compensations = compensations;
    }

    void serve(CompensableAction action) {
        channel.serve(new Served(action));
    }

    <T> T run(CompensableAction action, List<@Nullable Object> arguments, Callable<T> work) throws Exception {
        String xid = TransactionContext.xid();
        if (xid == null) {
            return work.call();
        }
        StepData data = new StepData(
                SAGA,
                action.name(),
                "",
                written(action, arguments),
                Map.of(),
                StepData.State.RUNNING,
                0,
                "",
                NullNode.getInstance());
        BranchRegistration branch =
                new BranchRegistration(xid, BranchType.SAGA_ANNOTATION, action.name(), "", data.toJson(payloads));
        CapturedTransaction transaction = TransactionContext.capture();
        AtWork atWork = new AtWork();
        running.add(xid, atWork);
        try {
            long branchId = register(branch, transaction);
            return run(action, work, new Step(branch, branchId, data), transaction, atWork);
        } finally {
            running.remove(xid, atWork);
        }
    }

    private record Step(BranchRegistration branch, long branchId, StepData data) {

        FencedBranch fenced() {
            return new FencedBranch(branch.xid(), branchId, branch.resourceId());
        }
    }

    private ArrayNode written(CompensableAction action, List<@Nullable Object> arguments) {
        ArrayNode written = payloads.array();
        for (int i = 0; i < arguments.size(); i++) {
            written.add(payloads.write(
                    "Argument " + (i + 1) + " of " + action.name(),
                    arguments.get(i),
                    action.parameterTypes().get(i)));
        }
        return written;
    }

    private long register(BranchRegistration branch, CapturedTransaction transaction) {
        try {
            return channel.register(branch);
        } catch (BranchException e) {
            String why = "step '" + branch.resourceId() + "' did not run, because its branch was not registered: "
                    + e.getMessage();
            transaction.vote(why);
            throw new SagaStepFailedException(SAGA, branch.xid(), branch.resourceId(), why, e);
        }
    }

    private <T> T run(
            CompensableAction action, Callable<T> work, Step step, CapturedTransaction transaction, AtWork atWork)
            throws Exception {
        if (!atWork.begin()) {
            channel.reportLater(step.branch, step.branchId, BranchStatus.PHASE_ONE_FAILED);
            String why = "step '" + action.name() + "' did not run, because the transaction is being rolled back";
            throw new SagaStepFailedException(
                    SAGA, step.branch.xid(), action.name(), why, new IllegalStateException(why));
        }
        T result;
        try (var suspended = TransactionContext.suspend()) {
            // For the logs only; the scope restores what was there.
            MDC.put(TransactionContext.MDC_KEY, step.branch.xid());
            Fence fence = action.fence();
            result = fence == null ? work.call() : fence.runTry(step.fenced(), connection -> work.call());
            // What cannot be kept must fail here and not in the compensation.
            JsonNode kept = action.resultType() == null
                    ? NullNode.getInstance()
                    : payloads.write("The result of " + action.name(), result, action.resultType());
            report(step, step.data.done(1, kept));
        } catch (Exception | Error e) {
            transaction.vote("step '" + action.name() + "' failed: " + e);
            report(step, step.data.failed(1, e, true));
            throw e;
        } finally {
            atWork.end();
        }
        return result;
    }

    /** Without it the compensation does not know the result, which it must be able to do without anyway. */
    private void report(Step step, StepData data) {
        try {
            BranchStatus status = data.isDone() ? BranchStatus.PHASE_ONE_DONE : BranchStatus.REGISTERED;
            channel.report(step.branch, step.branchId, status, data.toJson(payloads));
        } catch (BranchException e) {
            log.warn(
                    "xid={} branchId={}: how step {} ended could not be reported: {}",
                    step.branch.xid(),
                    step.branchId,
                    step.branch.resourceId(),
                    e.getMessage());
        }
    }

    private final class Served implements BranchResource {

        private final CompensableAction action;

        Served(CompensableAction action) {
            this.action = action;
        }

        @Override
        public BranchType type() {
            return BranchType.SAGA_ANNOTATION;
        }

        @Override
        public String id() {
            return action.name();
        }

        @Override
        public void phaseTwo(PhaseTwoBranch branch, PhaseTwoAnswer answer) {
            compensations.phaseTwo(branch, answer, action.name(), () -> undo(action, branch));
        }
    }

    private void undo(CompensableAction action, PhaseTwoBranch branch) throws Exception {
        StepData data = StepData.of(branch.applicationData(), payloads);
        Fence fence = action.fence();
        if (fence == null) {
            undo(action, data);
        } else {
            boolean ran =
                    fence.cancel(new FencedBranch(branch.xid(), branch.branchId(), branch.resourceId()), connection -> {
                        undo(action, data);
                        return Boolean.TRUE;
                    });
            log.debug("{}: {}", branch, ran ? "compensated" : "there was nothing to compensate");
        }
    }

    private void undo(CompensableAction action, StepData data) throws Exception {
        List<@Nullable Object> arguments = new ArrayList<>();
        for (int i = 0; i < action.parameterTypes().size(); i++) {
            arguments.add(payloads.read(
                    "Argument " + (i + 1) + " of " + action.name(),
                    data.input().path(i),
                    action.parameterTypes().get(i)));
        }
        Object result = action.resultType() == null || !data.isDone()
                ? null
                : payloads.read("The result of " + action.name(), data.result(), action.resultType());
        action.undo().run(arguments, result);
    }
}
