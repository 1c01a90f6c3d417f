package io.entente.tm.saga;

import io.entente.tm.payload.PayloadNotUsableException;
import io.entente.tm.payload.Payloads;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the coordinator keeps of a saga that can only go forward.
 *
 * @param keyPrefix what the keys of its steps begin with
 * @param results of the steps up to the point of no return, by name
 */
record ForwardData(String saga, String keyPrefix, JsonNode input, Map<String, JsonNode> results) {

    ForwardData {
        results = Map.copyOf(results);
    }

    String toJson(Payloads payloads) {
        ObjectNode json = payloads.object();
        json.put("saga", saga).put("keyPrefix", keyPrefix).set("input", input);
        StepData.writeResults(json, results);
        return json.toString();
    }

    /** @throws PayloadNotUsableException when it is no such JSON */
    static ForwardData of(String json, Payloads payloads) {
        JsonNode tree = payloads.parse("What the coordinator keeps of a saga", json);
        return new ForwardData(
                tree.path("saga").asString(""),
                tree.path("keyPrefix").asString(""),
                tree.path("input"),
                StepData.readResults(tree));
    }
}
