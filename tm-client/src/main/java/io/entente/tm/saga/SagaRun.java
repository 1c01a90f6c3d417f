package io.entente.tm.saga;

import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** One saga under way in this process. Thread-safe. */
final class SagaRun {

    private final Saga<?> saga;
    private final String xid;
    private final String keyPrefix;
    private final JsonNode input;
    private final Map<String, JsonNode> results;
    private final AtWork atWork = new AtWork();

    SagaRun(Saga<?> saga, String xid, String keyPrefix, JsonNode input, Map<String, JsonNode> results) {
        this.saga = saga;
        this.xid = xid;
        this.keyPrefix = keyPrefix;
        this.input = input;
        this.results = new LinkedHashMap<>(results);
    }

    Saga<?> saga() {
        return saga;
    }

    String xid() {
        return xid;
    }

    String keyPrefix() {
        return keyPrefix;
    }

    String keyOf(StepDefinition step) {
        return keyPrefix + "/" + step.name();
    }

    JsonNode input() {
        return input;
    }

    /** Its steps. */
    AtWork atWork() {
        return atWork;
    }

    synchronized Map<String, JsonNode> results() {
        return new LinkedHashMap<>(results);
    }

    synchronized void add(StepDefinition step, JsonNode result) {
        results.put(step.name(), result);
    }
}
