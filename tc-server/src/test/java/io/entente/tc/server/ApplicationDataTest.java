package io.entente.tc.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class ApplicationDataTest {
    private static String shown(String text) {
        return JsonMapper.shared().writeValueAsString(new ApplicationData(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"input\":{\"seats\":2},\"attempts\":3,\"lastError\":\"full\"}",
                "[1,\"a\",null]",
                "{}",
                "{\"price\":12345678901234567890.10}"
            })
    void json_is_shown_as_json(String json) {
        assertThat(shown(json)).isEqualTo(json);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "plain", "{half", "{\"a\":1} and more", "[1,", "null", "7"})
    void what_is_none_is_shown_as_a_text(String text) {
        assertThat(shown(text)).isEqualTo("\"" + text.replace("\"", "\\\"") + "\"");
    }

    @Test
    void json_made_to_exhaust_the_reader_is_a_text() {
        String deep = "[".repeat(50_000) + "]".repeat(50_000);
        assertThat(shown(deep)).isEqualTo("\"" + deep + "\"");
    }

    @Test
    void more_than_a_person_reads_is_cut() {
        String most = "x".repeat(ApplicationData.MOST_CHARS);
        assertThat(shown(most)).isEqualTo("\"" + most + "\"");
        assertThat(shown(most + "x")).isEqualTo("\"" + most + "… (100001 characters)\"");
    }
}
