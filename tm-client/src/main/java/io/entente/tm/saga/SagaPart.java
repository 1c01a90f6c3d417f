package io.entente.tm.saga;

import java.util.List;

/**
 * One step, or several that run at the same time.
 *
 * @param parallel whether it was added as a group
 * @param nested whether the group was made with groups in it
 */
record SagaPart(List<StepSpec> steps, boolean parallel, boolean nested) {

    SagaPart(StepSpec step) {
        this(List.of(step), false, false);
    }

    SagaPart(List<StepSpec> group, boolean nested) {
        this(group, true, nested);
    }
}
