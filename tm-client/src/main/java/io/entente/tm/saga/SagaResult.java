package io.entente.tm.saga;

import io.entente.tm.payload.Payloads;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A saga that is done. */
public final class SagaResult {

    private final String saga;
    private final String xid;
    private final Map<String, JsonNode> results;
    private final Payloads payloads;

    SagaResult(String saga, String xid, Map<String, JsonNode> results, Payloads payloads) {
        this.saga = saga;
        this.xid = xid;
        this.results = Map.copyOf(results);
        this.payloads = payloads;
    }

    /** The global transaction. */
    public String xid() {
        return xid;
    }

    /**
     * The result of a step.
     *
     * @throws NoSuchElementException when there is no such step, it has no result, or it was done by another instance of
     *     the application, in place of this one, which did not learn the result
     */
    public <R> R result(Step<R> step) {
        return find(step)
                .orElseThrow(() -> new NoSuchElementException("Step '" + step.name() + "' of saga '" + saga + "' (xid "
                        + xid + ") has no result that is known here; there are results of " + steps()
                        + ". A step that another instance did in place of this one is done, but its result may not be"
                        + " known here: use find(…)."));
    }

    /** As {@link #result(Step)}. */
    public <R> R result(String step, Class<R> type) {
        return result(new Step<>(step, type));
    }

    /** The result of a step, as far as it has one and it is known here. */
    public <R> Optional<R> find(Step<R> step) {
        JsonNode result = results.get(step.name());
        if (result == null) {
            return Optional.empty();
        }
        @Nullable
        Object value =
                payloads.read("The result of step '" + step.name() + "' of saga '" + saga + "'", result, step.type());
        return Optional.ofNullable(value).map(step.type()::cast);
    }

    /** Names of the steps that are known here to be done. */
    public Set<String> steps() {
        return results.keySet();
    }
}
