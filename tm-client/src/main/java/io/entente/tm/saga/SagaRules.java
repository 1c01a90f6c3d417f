package io.entente.tm.saga;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What makes a saga one that can be run, carried on and undone. */
final class SagaRules {

    /** What a row of the fence and the coordinators' stores have room for. */
    private static final int LONGEST_RESOURCE = 200;

    private SagaRules() {}

    static void check(String saga, List<SagaPart> parts, boolean recoversForward, @Nullable Duration timeout) {
        checkName("The name of the saga", saga, "Saga.named(\"trip\", TripRequest.class)");
        if (timeout != null && (timeout.toMillis() < 1 || timeout.toMillis() > Integer.MAX_VALUE)) {
            throw new InvalidSagaException(
                    "The timeout of saga '" + saga + "' is " + timeout + "; it must be between 1 ms and 24 days.");
        }
        if (parts.isEmpty()) {
            throw new InvalidSagaException("Saga '" + saga
                    + "' has no steps. Add one: .step(\"reserve car\", call -> …).compensate(call -> …)");
        }
        checkGroups(saga, parts);
        checkPivots(saga, parts, recoversForward);
        Set<String> names = new HashSet<>();
        boolean forward = recoversForward;
        for (SagaPart part : parts) {
            for (StepSpec step : part.steps()) {
                checkName("The name of a step of saga '" + saga + "'", step.name, ".step(\"reserve car\", call -> …)");
                if (saga.length() + step.name.length() > LONGEST_RESOURCE) {
                    throw new InvalidSagaException("The names of saga '" + saga + "' and its step '" + step.name
                            + "' have more than " + LONGEST_RESOURCE + " characters together. Shorten one.");
                }
                if (!names.add(step.name)) {
                    throw new InvalidSagaException("Saga '" + saga + "' has two steps named '" + step.name
                            + "'; the coordinator could not tell one from the other. Name one differently, for example '"
                            + step.name + " 2'.");
                }
                checkStep(saga, step, forward, recoversForward);
                forward |= step.pivot;
            }
        }
    }

    private static void checkName(String what, String name, String example) {
        if (name.isBlank() || name.contains(",") || name.contains("/")) {
            throw new InvalidSagaException(what + " is '" + name
                    + "'; it must not be blank or contain a comma or a slash, which separate names at the coordinator."
                    + " Write for example " + example + ".");
        }
    }

    private static void checkGroups(String saga, List<SagaPart> parts) {
        for (SagaPart part : parts) {
            if (!part.parallel()) {
                continue;
            }
            if (part.nested()) {
                throw new InvalidSagaException(
                        "Saga '" + saga + "' has a parallel(…) within a parallel(…). Put all steps"
                                + " that run at the same time into one group.");
            }
            if (part.steps().size() < 2) {
                throw new InvalidSagaException("A parallel(…) of saga '" + saga + "' has "
                        + part.steps().size()
                        + " steps; it needs two or more. Write: .parallel(group -> group.step(\"a\", …).compensate(…)"
                        + ".step(\"b\", …).compensate(…))");
            }
            for (StepSpec step : part.steps()) {
                if (step.pivot) {
                    throw new InvalidSagaException("The pivot '" + step.name + "' of saga '" + saga
                            + "' is in a parallel(…): the others of its group would be neither before nor after it. Put the"
                            + " pivot behind the group: .parallel(…).pivot(\"" + step.name + "\", …)");
                }
            }
        }
    }

    private static void checkPivots(String saga, List<SagaPart> parts, boolean recoversForward) {
        List<String> pivots = parts.stream()
                .flatMap(part -> part.steps().stream())
                .filter(step -> step.pivot)
                .map(step -> step.name)
                .toList();
        if (pivots.size() > 1) {
            throw new InvalidSagaException("Saga '" + saga + "' has more than one pivot: " + pivots
                    + ". There is one point of no return. Keep the first: behind it, steps are tried again until they are"
                    + " done.");
        }
        if (recoversForward && !pivots.isEmpty()) {
            throw new InvalidSagaException("Saga '" + saga + "' has recoverForward() and a pivot, '" + pivots.get(0)
                    + "'. With recoverForward() there is no way back from the start. Remove one of the two.");
        }
    }

    private static void checkStep(String saga, StepSpec step, boolean forward, boolean recoversForward) {
        String where = "Step '" + step.name + "' of saga '" + saga + "'";
        if (step.compensation != null && step.nothingToCompensate) {
            throw new InvalidSagaException(
                    where + " has both compensate(…) and noCompensation(). Remove the one that is not meant.");
        }
        if (forward && step.compensation != null) {
            throw new InvalidSagaException(where + " has a compensation that would never run: "
                    + (recoversForward ? "with recoverForward()" : "behind the pivot")
                    + " steps are tried again until they are done. Remove compensate(…)"
                    + (recoversForward ? " or recoverForward()." : " or put the step before the pivot."));
        }
        if (!forward && !step.pivot && step.compensation == null && !step.nothingToCompensate) {
            throw new InvalidSagaException(where + " has no compensation. Add .compensate(call -> …) behind .step(\""
                    + step.name + "\", …), or .noCompensation() when there is nothing to undo.");
        }
        if (step.timeout != null && step.timeout.toMillis() < 1) {
            throw new InvalidSagaException("The timeout of step '" + step.name + "' of saga '" + saga + "' is "
                    + step.timeout + "; it must be 1 ms or more.");
        }
    }
}
