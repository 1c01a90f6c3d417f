package io.entente.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LockModeTextTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "stock:1|stock:1",
                "%(n-)stock:1|stock:1",
                "%(n-)stock:1,2;stock:3;%(m+_n-)other:4|stock:1,2;stock:3;other:4",
                "stock:%(n-)1|stock:%(n-)1",
                "%28n-)stock:1|%28n-)stock:1"
            })
    void a_coordinator_of_seata_is_sent_the_rows_without_modes(String lockKey, String without) {
        assertThat(LockModeText.without(lockKey)).isEqualTo(without);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "n-", "a%2Cb+_n-"})
    void a_mode_is_read_as_it_was_written(String mode) {
        String lockKey = LockModeText.of(mode) + "stock:1";
        int end = LockModeText.end(lockKey, 0, lockKey.length());
        assertThat(lockKey.substring(end)).isEqualTo("stock:1");
        assertThat(LockModeText.in(lockKey, 0, end)).isEqualTo(mode);
    }

    @Test
    void nothing_is_the_empty_mode() {
        assertThat(LockModeText.of("")).isEmpty();
        assertThat(LockModeText.without("")).isEmpty();
    }
}
