package io.entente.tc.server;

import com.fasterxml.jackson.annotation.JsonValue;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a resource manager has told about a branch, shown as the JSON it is, or as a text where it is none. Parsed when it is written to
 * the operator, which is not the coordinator's thread.
 */
record ApplicationData(String text) {
    /** More is for machines; and a page of a thousand branches has to fit into memory. */
    static final int MOST_CHARS = 100_000;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS, DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    @JsonValue
    Object shown() {
        if (text.length() > MOST_CHARS) {
            int end = Character.isHighSurrogate(text.charAt(MOST_CHARS - 1)) ? MOST_CHARS - 1 : MOST_CHARS;
            return text.substring(0, end) + "… (" + text.length() + " characters)";
        }
        if (!text.startsWith("{") && !text.startsWith("[")) {
            return text;
        }
        try {
            return JSON.readTree(text);
        } catch (JacksonException e) {
            return text;
        }
    }
}
