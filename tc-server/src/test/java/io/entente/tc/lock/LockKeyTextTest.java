package io.entente.tc.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LockKeyTextTest {

    private static RowClaim claim(String table, String key, String mode) {
        return new RowClaim(new RowKey("r", table, key), mode);
    }

    @Test
    void a_mode_before_the_table_is_that_of_its_rows() {
        assertThat(LockKeyText.parse("r", "t:1;%(n-)t:2,3;%(n-%2Cm-)u:1"))
                .containsExactly(
                        claim("t", "1", ""), claim("t", "2", "n-"), claim("t", "3", "n-"), claim("u", "1", "n-%2Cm-"));
        assertThat(LockKeyText.parse("r", "%28t:1")).containsExactly(claim("%28t", "1", ""));
    }

    @Test
    void a_row_in_several_modes_is_had_alone() {
        assertThat(LockKeyText.parse("r", "%(n-)t:1,2;t:1;%(n+)t:2;%(n-)t:2;%(n-)t:3,3"))
                .containsExactly(claim("t", "1", ""), claim("t", "2", ""), claim("t", "3", "n-"));
    }

    @Test
    void tables_and_keys_are_told_apart() {
        assertThat(LockKeyText.parse("r", "t:1,2;u:a_b"))
                .containsExactly(claim("t", "1", ""), claim("t", "2", ""), claim("u", "a_b", ""));
    }

    @Test
    void a_row_named_twice_is_one_row() {
        assertThat(LockKeyText.parse("r", "t:1,1;t:1")).containsExactly(claim("t", "1", ""));
    }

    @Test
    void only_the_first_colon_ends_the_table() {
        assertThat(LockKeyText.parse("r", "t:a:b")).containsExactly(claim("t", "a:b", ""));
    }

    @Test
    void no_text_means_no_rows() {
        assertThat(LockKeyText.parse("r", "")).isEmpty();
    }

    @Test
    void what_is_written_is_read_again() {
        for (String text : List.of("t:1", "t:1,2,3", "t:1;u:2,3", "s.t:a_b,%2C", "%(n-)t:1,2;t:3;%(n+)t:4")) {
            assertThat(LockKeyText.format(LockKeyText.parse("r", text))).isEqualTo(text);
        }
        assertThat(LockKeyText.format(List.of())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"t", "t:", ":1", "t:1;u", "t:1;;u:2", "t:1,", "t:,1", "t:1,,2", ";", "%()t:1"})
    void a_text_that_would_leave_a_row_unlocked_is_refused(String text) {
        assertThatThrownBy(() -> LockKeyText.parse("r", text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected");
    }

    @ParameterizedTest
    @ValueSource(strings = {"%(n-", "%(n-;t:1", "%(n-)", "%(n-)t", "%(n-):1", "%(t:1"})
    void a_mode_that_does_not_end_or_has_no_table_is_refused(String text) {
        assertThatThrownBy(() -> LockKeyText.parse("r", text)).isInstanceOf(IllegalArgumentException.class);
    }
}
