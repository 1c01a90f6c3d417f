package io.entente.tm.saga;

import io.entente.protocol.BranchType;
import io.entente.protocol.GlobalStatus;
import io.entente.protocol.Message;
import io.entente.tm.payload.PayloadNotUsableException;
import io.entente.tm.payload.Payloads;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the progress of a saga from what the coordinator tells about its global transaction. */
final class ProgressReader {

    private final Payloads payloads;

    ProgressReader(Payloads payloads) {
        this.payloads = payloads;
    }

    /** Empty when the coordinator does not know the transaction. */
    Optional<SagaProgress> read(String xid, CoordinatorQuestions.Standing standing) {
        SagaProgress.Phase phase = phase(standing);
        if (phase == null) {
            return Optional.empty();
        }
        List<SagaProgress.StepProgress> steps = new ArrayList<>();
        List<Message.BranchProgress> branches = standing.branches();
        for (int i = 0; i < branches.size(); i++) {
            Message.BranchProgress branch = branches.get(i);
            boolean undone = isGoingBack(standing.status()) && i == branches.size() - 1;
            SagaProgress.StepProgress step =
                    branch.branchType() == BranchType.SAGA_ANNOTATION ? step(branch, undone) : null;
            if (step != null) {
                steps.add(step);
            }
        }
        String saga = steps.isEmpty() ? "" : steps.get(0).saga();
        return Optional.of(
                new SagaProgress(xid, saga, phase, steps, standing.failures().strip()));
    }

    private SagaProgress.@Nullable StepProgress step(Message.BranchProgress branch, boolean undone) {
        StepData data;
        try {
            data = StepData.of(branch.applicationData(), payloads);
        } catch (PayloadNotUsableException e) {
            // A step of another kind, registered by Seata's client for instance.
            return null;
        }
        if (data.saga().isEmpty()) {
            return null;
        }
        SagaProgress.StepState state = switch (data.state()) {
            case RUNNING -> SagaProgress.StepState.RUNNING;
            case FAILED -> SagaProgress.StepState.FAILED;
            case DONE -> SagaProgress.StepState.DONE;
        };
        return new SagaProgress.StepProgress(
                data.saga(),
                data.step(),
                undone ? SagaProgress.StepState.COMPENSATING : state,
                data.attempts(),
                branch.lastFailure().isEmpty() ? data.lastError() : branch.lastFailure(),
                data.result().toString());
    }

    private static boolean isGoingBack(GlobalStatus status) {
        return switch (status) {
            case ROLLING_BACK,
                    ROLLBACK_RETRYING,
                    TIMEOUT_ROLLING_BACK,
                    TIMEOUT_ROLLBACK_RETRYING,
                    ROLLBACK_FAILED,
                    TIMEOUT_ROLLBACK_FAILED,
                    ROLLBACK_RETRY_TIMEOUT -> true;
            default -> false;
        };
    }

    private static SagaProgress.@Nullable Phase phase(CoordinatorQuestions.Standing standing) {
        if (standing.needsAttention()) {
            return SagaProgress.Phase.NEEDS_ATTENTION;
        }
        if (isGoingBack(standing.status())) {
            return SagaProgress.Phase.COMPENSATING;
        }
        return switch (standing.status()) {
            case BEGIN -> SagaProgress.Phase.RUNNING;
            case COMMITTING, COMMIT_RETRYING, ASYNC_COMMITTING -> SagaProgress.Phase.FORWARD;
            case COMMITTED -> SagaProgress.Phase.DONE;
            case ROLLED_BACK, TIMEOUT_ROLLED_BACK -> SagaProgress.Phase.COMPENSATED;
            default -> null;
        };
    }
}
