package io.entente.tm.payload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What phase one writes down is what phase two reads. */
class PayloadsTest {

    private final Payloads payloads = new Payloads();

    record Freeze(String account, BigDecimal amount, Instant at, List<LocalDate> days, Map<String, Long> counts) {}

    /** Can be made, but without what it holds. */
    static final class Forgetful {
        private int hidden;

        static Forgetful of(String digits) {
            Forgetful made = new Forgetful();
            made.hidden = Integer.parseInt(digits);
            return made;
        }

        public int getNumber() {
            return hidden;
        }
    }

    record HalfShown(String kept) {
        public String getSecret() {
            return kept + " doubled";
        }
    }

    @Test
    void a_record_of_exact_values_comes_back_as_it_was() {
        Freeze freeze = new Freeze(
                "ann",
                new BigDecimal("12345678901234567890.123400"),
                Instant.parse("2026-11-21T10:15:30.123456789Z"),
                List.of(LocalDate.of(2026, 11, 21)),
                Map.of("n", Long.MAX_VALUE));
        String text = payloads.write("argument 1", freeze, Freeze.class).toString();
        assertThat(payloads.read("argument 1", payloads.parse("x", text), Freeze.class))
                .isEqualTo(freeze);
    }

    @Test
    void null_stays_null() {
        assertThat(payloads.read("it", payloads.write("it", null, String.class), String.class))
                .isNull();
    }

    @Test
    void what_could_not_be_read_in_phase_two_fails_in_phase_one() {
        assertThatExceptionOfType(PayloadNotUsableException.class)
                .isThrownBy(() -> payloads.write("argument 2 of freeze", new Object(), Runnable.class))
                .withMessageContaining("argument 2 of freeze")
                .withMessageContaining("java.lang.Runnable");
        assertThatExceptionOfType(PayloadNotUsableException.class)
                .isThrownBy(() -> payloads.write("argument 1", Forgetful.of("7"), Forgetful.class))
                .withMessageContaining("read back as {\"number\":0}");
    }

    @Test
    void text_that_is_no_json_is_named() {
        assertThatExceptionOfType(PayloadNotUsableException.class)
                .isThrownBy(() -> payloads.parse("application data of branch 7", "{oops"))
                .withMessageContaining("application data of branch 7");
    }

    @Test
    void derived_getters_do_no_harm() {
        HalfShown value = new HalfShown("a");
        assertThat(payloads.read("it", payloads.write("it", value, HalfShown.class), HalfShown.class))
                .isEqualTo(value);
    }
}
