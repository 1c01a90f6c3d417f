package io.entente.tm.saga;

import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Marks the rows of fenced steps whose saga is done, so that they are deleted by age. In the background. */
final class FenceEnds {

    private static final Logger log = LoggerFactory.getLogger(FenceEnds.class);

    private final StepThreads threads;

    FenceEnds(StepThreads threads) {
        this.threads = threads;
    }

    void end(List<StepExecution.FencedStep> steps) {
        if (!steps.isEmpty()) {
            List<StepExecution.FencedStep> all = List.copyOf(steps);
            threads.run(() -> all.forEach(FenceEnds::end));
        }
    }

    private static void end(StepExecution.FencedStep step) {
        try {
            step.fence().confirm(step.branch(), connection -> Boolean.TRUE);
        } catch (Exception e) {
            log.warn("{}: its row of the fence is not marked as finished and stays: {}", step.branch(), e.toString());
        }
    }
}
