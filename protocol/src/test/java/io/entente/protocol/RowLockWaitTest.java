package io.entente.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients say of their patience. */
class RowLockWaitTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"autoCommit\":false,\"lockWait\":1500} | 1500 | true | false",
                "{\"holdsNothing\":true,\"lockWait\":0} | 0 | false | true",
                "{\"autoCommit\":false} | -1 | true | false",
                "{\"lockWait\":20} | 20 | false | false"
            })
    void what_is_written_is_read(String text, long millis, boolean transaction, boolean nothing) {
        RowLockWait read = RowLockWait.in(text);
        assertThat(read).isEqualTo(new RowLockWait(millis, transaction, nothing));
        assertThat(read.text()).isEqualTo(text);
    }

    @Test
    void who_has_nothing_to_say_sends_nothing() {
        assertThat(new RowLockWait(-1, false, false).text()).isEmpty();
        assertThat(RowLockWait.in("")).isEqualTo(new RowLockWait(-1, false, false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"lockWait\":\"soon\"}",
                "{\"lockWait\":}",
                "{\"lockWait\"",
                "{\"lockWait\":-5}",
                "{\"autoCommit\" : true}",
                "{\"skipCheckLock\":true}"
            })
    void what_is_not_understood_is_as_if_it_were_not_there(String text) {
        assertThat(RowLockWait.in(text)).isEqualTo(new RowLockWait(-1, false, false));
    }

    @Test
    void a_number_too_long_to_be_one_is_cut() {
        assertThat(RowLockWait.in("{\"lockWait\":99999999999999999999}").millis())
                .isEqualTo(999_999_999);
    }

    @Test
    void spaces_as_other_writers_of_json_put_them() {
        assertThat(RowLockWait.in("{ \"autoCommit\" : false, \"lockWait\" : 7 }"))
                .isEqualTo(new RowLockWait(7, true, false));
    }
}
