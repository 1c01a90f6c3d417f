package io.entente.rm.undo.seata;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/** A JSON text as it stands there: nothing in it is taken for the name of a class, and no number is rounded. */
sealed interface Json {

    record Text(String value) implements Json {}

    /**
     * A number.
     *
     * @param text as written
     * @param whole whether it has neither point nor exponent
     */
    record Number(String text, boolean whole) implements Json {}

    record Bool(boolean value) implements Json {}

    record Null() implements Json {}

    record Items(List<Json> values) implements Json {}

    record Members(Map<String, Json> values) implements Json {}

    /**
     * Reads the whole text.
     *
     * @throws SeataRowException it is no JSON, ends early or goes on behind its end
     */
    static Json parse(byte[] text) throws SeataRowException {
        try (JsonParser from = Reading.FACTORY.createParser(ObjectReadContext.empty(), text)) {
            Json root = Reading.value(from, from.nextToken());
            if (from.nextToken() != null) {
                throw new SeataRowException("its content goes on behind its end");
            }
            return root;
        } catch (JacksonException | IllegalArgumentException e) {
            throw new SeataRowException("its content is damaged: " + e.getMessage(), e);
        }
    }

    /** How it is read. */
    final class Reading {

        /** Seata's rows are some 15 deep. */
        private static final int DEEPEST = 40;

        private static final JsonFactory FACTORY = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(DEEPEST)
                        .maxStringLength(Integer.MAX_VALUE)
                        .build())
                .build();

        private Reading() {}

        private static Json value(JsonParser from, @Nullable JsonToken token) {
            if (token == null) {
                throw new IllegalArgumentException("it ends early");
            }
            return switch (token) {
                case START_OBJECT -> members(from);
                case START_ARRAY -> items(from);
                case VALUE_STRING -> new Text(from.getString());
                case VALUE_NUMBER_INT -> new Number(from.getString(), true);
                case VALUE_NUMBER_FLOAT -> new Number(from.getString(), false);
                case VALUE_TRUE -> new Bool(true);
                case VALUE_FALSE -> new Bool(false);
                case VALUE_NULL -> new Null();
                default -> throw new IllegalArgumentException(token + " is not expected");
            };
        }

        private static Json items(JsonParser from) {
            List<Json> items = new ArrayList<>();
            for (JsonToken next = from.nextToken(); next != JsonToken.END_ARRAY; next = from.nextToken()) {
                items.add(value(from, next));
            }
            return new Items(items);
        }

        private static Json members(JsonParser from) {
            Map<String, Json> members = new LinkedHashMap<>();
            for (String name = from.nextName(); name != null; name = from.nextName()) {
                if (members.put(name, value(from, from.nextToken())) != null) {
                    throw new IllegalArgumentException("the property " + name + " is there twice");
                }
            }
            if (from.currentToken() != JsonToken.END_OBJECT) {
                throw new IllegalArgumentException("it ends early");
            }
            return new Members(members);
        }
    }
}
