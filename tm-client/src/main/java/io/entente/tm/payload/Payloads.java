package io.entente.tm.payload;

import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Turns arguments and results into JSON and back, by their declared types: records, beans, collections, java.time,
 * BigDecimal without loss. Jackson modules on the class path are used. Properties that a newer version of a class does
 * not have any more are ignored. Thread-safe.
 */
public final class Payloads {

    private final JsonMapper mapper = JsonMapper.builder()
            .findAndAddModules()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    /**
     * {@code value} as a JSON tree, checked to be readable as {@code type} again: what cannot be read in phase two must
     * fail in phase one.
     *
     * @param what the value is, for the error message
     * @throws PayloadNotUsableException saying which value of which type, and why
     */
    public JsonNode write(String what, @Nullable Object value, Type type) {
        try {
            JsonNode tree = mapper.valueToTree(value);
            Object again = mapper.convertValue(tree, mapper.constructType(type));
            JsonNode rewritten = mapper.valueToTree(again);
            if (!tree.equals(rewritten)) {
                throw new PayloadNotUsableException(
                        what + " of type " + type.getTypeName() + " does not survive being written as JSON: " + tree
                                + " is read back as " + rewritten + ". Use a record, or a class with a constructor or"
                                + " setters for all its properties.",
                        new IllegalStateException("lost in JSON"));
            }
            return tree;
        } catch (JacksonException | IllegalArgumentException e) {
            throw new PayloadNotUsableException(
                    what + " of type " + type.getTypeName() + " cannot be written as JSON and read again: "
                            + e.getMessage()
                            + " Pass plain data: records, beans, collections, java.time, numbers, text.",
                    e);
        }
    }

    /**
     * @throws PayloadNotUsableException when {@code tree} is no {@code type}
     */
    public @Nullable Object read(String what, JsonNode tree, Type type) {
        try {
            return mapper.convertValue(tree, mapper.constructType(type));
        } catch (JacksonException | IllegalArgumentException e) {
            throw new PayloadNotUsableException(
                    what + " cannot be read as " + type.getTypeName() + ": " + e.getMessage() + " It was written as "
                            + tree + ". Was the class changed while transactions were under way?",
                    e);
        }
    }

    /** @throws PayloadNotUsableException when {@code text} is no JSON */
    public JsonNode parse(String what, String text) {
        try {
            return mapper.readTree(text);
        } catch (JacksonException e) {
            throw new PayloadNotUsableException(what + " is not JSON: " + text, e);
        }
    }

    /** An empty JSON object. */
    public ObjectNode object() {
        return mapper.createObjectNode();
    }

    /** An empty JSON array. */
    public ArrayNode array() {
        return mapper.createArrayNode();
    }
}
