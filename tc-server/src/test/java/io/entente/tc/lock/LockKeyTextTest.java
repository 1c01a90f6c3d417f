package io.entente.tc.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LockKeyTextTest {

    @Test
    void tables_and_keys_are_told_apart() {
        assertThat(LockKeyText.parse("r", "t:1,2;u:a_b"))
                .containsExactly(new RowKey("r", "t", "1"), new RowKey("r", "t", "2"), new RowKey("r", "u", "a_b"));
    }

    @Test
    void a_row_named_twice_is_one_row() {
        assertThat(LockKeyText.parse("r", "t:1,1;t:1")).containsExactly(new RowKey("r", "t", "1"));
    }

    @Test
    void only_the_first_colon_ends_the_table() {
        assertThat(LockKeyText.parse("r", "t:a:b")).containsExactly(new RowKey("r", "t", "a:b"));
    }

    @Test
    void no_text_means_no_rows() {
        assertThat(LockKeyText.parse("r", "")).isEmpty();
    }

    @Test
    void what_is_written_is_read_again() {
        for (String text : List.of("t:1", "t:1,2,3", "t:1;u:2,3", "s.t:a_b,%2C")) {
            assertThat(LockKeyText.format(LockKeyText.parse("r", text))).isEqualTo(text);
        }
        assertThat(LockKeyText.format(List.of())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"t", "t:", ":1", "t:1;u", "t:1;;u:2", "t:1,", "t:,1", "t:1,,2", ";"})
    void a_text_that_would_leave_a_row_unlocked_is_refused(String text) {
        assertThatThrownBy(() -> LockKeyText.parse("r", text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected table:key");
    }
}
