package io.entente.tm.saga;

import io.entente.tm.payload.PayloadNotUsableException;
import io.entente.tm.payload.Payloads;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the coordinator keeps of a step: all that another process needs to undo it or to carry on.
 *
 * @param results of earlier steps, by name
 * @param lastError of the last attempt that failed; empty when none did
 * @param result JSON null unless the step is done
 */
record StepData(
        String saga,
        String step,
        String key,
        JsonNode input,
        Map<String, JsonNode> results,
        State state,
        int attempts,
        String lastError,
        JsonNode result) {

    private static final int LONGEST_ERROR = 1_000;

    enum State {
        RUNNING,
        FAILED,
        DONE
    }

    StepData {
        results = Map.copyOf(results);
    }

    static StepData begun(StepDefinition step, SagaRun run) {
        return new StepData(
                step.saga(),
                step.name(),
                run.keyOf(step),
                run.input(),
                run.results(),
                State.RUNNING,
                0,
                "",
                NullNode.getInstance());
    }

    StepData done(int attempt, JsonNode newResult) {
        return new StepData(saga, step, key, input, results, State.DONE, attempt, lastError, newResult);
    }

    StepData failed(int attempt, Throwable failure, boolean forGood) {
        String error = failure.toString();
        return new StepData(
                saga,
                step,
                key,
                input,
                results,
                forGood ? State.FAILED : State.RUNNING,
                attempt,
                error.length() <= LONGEST_ERROR ? error : error.substring(0, LONGEST_ERROR) + "…",
                result);
    }

    boolean isDone() {
        return state == State.DONE;
    }

    String toJson(Payloads payloads) {
        ObjectNode json = payloads.object();
        json.put("saga", saga).put("step", step).put("key", key).set("input", input);
        writeResults(json, results);
        json.put("state", state.name()).put("attempts", attempts).put("lastError", lastError);
        json.set("result", result);
        return json.toString();
    }

    /** @throws PayloadNotUsableException when it is no such JSON */
    static StepData of(String json, Payloads payloads) {
        JsonNode tree = payloads.parse("What the coordinator keeps of a step", json);
        String state = tree.path("state").asString("");
        return new StepData(
                tree.path("saga").asString(""),
                tree.path("step").asString(""),
                tree.path("key").asString(""),
                tree.path("input"),
                readResults(tree),
                state.equals("DONE") ? State.DONE : state.equals("FAILED") ? State.FAILED : State.RUNNING,
                tree.path("attempts").asInt(0),
                tree.path("lastError").asString(""),
                tree.path("result"));
    }

    static void writeResults(ObjectNode json, Map<String, JsonNode> results) {
        ObjectNode all = json.putObject("results");
        results.forEach(all::set);
    }

    static Map<String, JsonNode> readResults(JsonNode tree) {
        Map<String, JsonNode> results = new LinkedHashMap<>();
        tree.path("results").properties().forEach(entry -> results.put(entry.getKey(), entry.getValue()));
        return results;
    }
}
