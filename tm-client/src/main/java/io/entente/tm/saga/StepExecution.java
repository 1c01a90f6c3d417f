package io.entente.tm.saga;

import io.entente.protocol.BranchStatus;
import io.entente.protocol.BranchType;
import io.entente.tm.TransactionContext;
import io.entente.tm.branch.BranchChannel;
import io.entente.tm.branch.BranchException;
import io.entente.tm.branch.BranchRegistration;
import io.entente.tm.branch.CoordinatorSilentException;
import io.entente.tm.fence.Fence;
import io.entente.tm.fence.FencedBranch;
import io.entente.tm.fence.PhaseOneTooLateException;
import io.entente.tm.payload.PayloadNotUsableException;
import io.entente.tm.payload.Payloads;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;

/**
 * Does steps: each is registered before it runs and reported after it, so that the coordinator always knows at least as
 * much as may have happened.
 */
final class StepExecution {

    private static final Logger log = LoggerFactory.getLogger(StepExecution.class);
    private static final int REPORTS = 3;

    private final BranchChannel channel;
    private final Payloads payloads;
    private final StepThreads threads;
    private final SagaListener listener;

    StepExecution(BranchChannel channel, Payloads payloads, StepThreads threads, SagaListener listener) {
        this.channel = channel;
        this.payloads = payloads;
        this.threads = threads;
        this.listener = listener;
    }

    /** How a step came out. */
    private sealed interface End {}

    private record Done(JsonNode result) implements End {}

    private record Failed(Throwable cause, int attempts) implements End {}

    /** It was registered, and then not allowed to begin. */
    private record NotRun() implements End {}

    private record Registered(StepDefinition step, BranchRegistration branch, long branchId, StepData data) {}

    /**
     * Does the steps of a group and adds their results to {@code run}.
     *
     * @param known what the coordinator knows of them already, by step name
     * @throws StepFailure when one failed for good; all have ended
     */
    void run(SagaRun run, List<StepDefinition> group, Map<String, StepData> known) {
        List<Registered> begun = new ArrayList<>();
        for (StepDefinition step : group) {
            StepData before = known.get(step.name());
            if (before != null && before.isDone()) {
                run.add(step, before.result());
            } else {
                begun.add(register(run, step, before, begun));
            }
        }
        List<End> ends = begun.size() == 1
                ? List.of(attempt(run, begun.get(0)))
                : threads.callAll(begun.stream()
                        .<Callable<End>>map(each -> () -> attempt(run, each))
                        .toList());
        takeIn(run, begun, ends);
    }

    private static void takeIn(SagaRun run, List<Registered> begun, List<End> ends) {
        StepFailure failure = null;
        StepFailure notRun = null;
        for (int i = 0; i < ends.size(); i++) {
            Registered each = begun.get(i);
            End end = ends.get(i);
            if (end instanceof Done done) {
                run.add(each.step, done.result);
            } else if (end instanceof Failed failed) {
                StepFailure next = new StepFailure(each.step, failed.attempts, failed.cause);
                failure = failure == null ? next : failure.and(next);
            } else {
                notRun = new StepFailure(
                        each.step,
                        0,
                        new IllegalStateException("the coordinator ended the saga before the step began"));
            }
        }
        if (failure != null || notRun != null) {
            throw failure != null ? failure : notRun;
        }
    }

    private Registered register(
            SagaRun run, StepDefinition step, @Nullable StepData before, List<Registered> registeredWithIt) {
        StepData data = before == null ? StepData.begun(step, run) : before;
        BranchRegistration branch = new BranchRegistration(
                run.xid(), BranchType.SAGA_ANNOTATION, step.resourceId(), "", data.toJson(payloads));
        listener.at(SagaListener.Point.BEFORE_REGISTER, step.name());
        try {
            long branchId = channel.register(branch);
            listener.at(SagaListener.Point.AFTER_REGISTER, step.name());
            return new Registered(step, branch, branchId, data);
        } catch (BranchException e) {
            if (!step.forward()) {
                registeredWithIt.forEach(this::forget);
            }
            throw new StepFailure(step, 0, e);
        }
    }

    /** The step has not run, and will not: nothing needs to be compensated. */
    private void forget(Registered each) {
        channel.reportLater(each.branch, each.branchId, BranchStatus.PHASE_ONE_FAILED);
    }

    private End attempt(SagaRun run, Registered registered) {
        StepDefinition step = registered.step;
        StepData data = registered.data;
        boolean nothingHappened = data.attempts() == 0 && data.lastError().isEmpty();
        Throwable failure = null;
        for (int tried = 1; ; tried++) {
            listener.at(SagaListener.Point.BEFORE_RUN, step.name());
            if (!run.atWork().begin()) {
                return ended(registered, failure, data);
            }
            int attempt = data.attempts() + 1;
            AtomicBoolean returned = new AtomicBoolean();
            try {
                JsonNode result = perform(run, registered, attempt, returned);
                listener.at(SagaListener.Point.AFTER_RUN, step.name());
                reportDone(registered, data.done(attempt, result));
                listener.at(SagaListener.Point.AFTER_REPORT, step.name());
                return new Done(result);
            } catch (BranchException e) {
                return new Failed(e, attempt);
            } catch (Exception | StackOverflowError | LinkageError | AssertionError e) {
                failure = e;
            } finally {
                run.atWork().end();
            }
            // What is thrown behind the action, by the fence or for its result, says nothing about its effect.
            nothingHappened &= !returned.get() && step.provesThatNothingHappened(failure);
            Duration pause = isWorthRepeating(failure) ? step.retry().pauseAfter(tried, failure) : null;
            data = data.failed(attempt, failure, pause == null);
            log.debug("xid={} step {} failed, attempt {}", run.xid(), step.resourceId(), attempt, failure);
            boolean toForget = pause == null && nothingHappened && !step.forward();
            reportFailed(registered, data, toForget ? BranchStatus.PHASE_ONE_FAILED : BranchStatus.REGISTERED);
            if (pause == null || !isPaused(run, pause)) {
                if (!step.forward()) {
                    // Those that run beside it need not try again.
                    var unused = run.atWork().stop();
                }
                return new Failed(failure, attempt);
            }
        }
    }

    private End ended(Registered registered, @Nullable Throwable failure, StepData data) {
        if (failure != null) {
            return new Failed(failure, data.attempts());
        }
        if (!registered.step.forward() && data.attempts() == 0) {
            forget(registered);
        }
        return new NotRun();
    }

    private static boolean isPaused(SagaRun run, Duration pause) {
        try {
            return run.atWork().pause(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static boolean isWorthRepeating(Throwable failure) {
        if (failure instanceof InterruptedException) {
            Thread.currentThread().interrupt();
            return false;
        }
        return !(failure instanceof Error)
                && !(failure instanceof PhaseOneTooLateException)
                && !(failure instanceof PayloadNotUsableException)
                // Two attempts at the same time are more than an idempotency key has to cope with.
                && !(failure instanceof StepTimedOutException late && late.isStillRunning());
    }

    private JsonNode perform(SagaRun run, Registered registered, int attempt, AtomicBoolean returned) throws Exception {
        StepDefinition step = registered.step;
        return threads.call(
                () -> {
                    try (var suspended = TransactionContext.suspend()) {
                        // For the logs only; the scope restores what was there.
                        MDC.put(TransactionContext.MDC_KEY, run.xid());
                        Fence fence = step.fence();
                        if (fence == null) {
                            return act(run, registered, attempt, null, returned);
                        }
                        String result = fence.runStep(
                                fencedBranch(registered),
                                connection -> act(run, registered, attempt, connection, returned)
                                        .toString());
                        return result == null
                                ? NullNode.getInstance()
                                : payloads.parse("The result of step '" + step.name() + "'", result);
                    }
                },
                step.timeout());
    }

    private static FencedBranch fencedBranch(Registered registered) {
        return new FencedBranch(registered.branch.xid(), registered.branchId, registered.step.resourceId());
    }

    private JsonNode act(
            SagaRun run, Registered registered, int attempt, @Nullable Connection connection, AtomicBoolean returned)
            throws Exception {
        StepDefinition step = registered.step;
        Call call = new Call(payloads, run.xid(), run.saga(), step, registered.data, attempt, connection);
        Object result = step.action().run(call);
        returned.set(true);
        return result == null
                ? NullNode.getInstance()
                : payloads.write(
                        "The result of step '" + step.name() + "' of saga '" + step.saga() + "'", result, step.type());
    }

    /** Only what is reported can be relied on after a crash; what is not known to have arrived is sent again. */
    private void reportDone(Registered registered, StepData data) throws BranchException {
        String json = data.toJson(payloads);
        for (int sent = 1; ; sent++) {
            try {
                channel.report(registered.branch, registered.branchId, BranchStatus.PHASE_ONE_DONE, json);
                return;
            } catch (CoordinatorSilentException e) {
                if (sent == REPORTS) {
                    throw e;
                }
            }
        }
    }

    /** Without it the coordinator shows an older state, and a compensation comes that would not be needed. */
    private void reportFailed(Registered registered, StepData data, BranchStatus status) {
        try {
            channel.report(registered.branch, registered.branchId, status, data.toJson(payloads));
        } catch (BranchException e) {
            log.warn(
                    "xid={} branchId={}: the failure of step {} could not be reported: {}",
                    registered.branch.xid(),
                    registered.branchId,
                    registered.step.resourceId(),
                    e.getMessage());
        }
    }
}
