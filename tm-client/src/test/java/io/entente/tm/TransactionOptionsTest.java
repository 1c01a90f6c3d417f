package io.entente.tm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class TransactionOptionsTest {

    private final TransactionOptions plain = TransactionOptions.named("t");

    @Test
    void everything_rolls_back_unless_excluded() {
        assertThat(plain.rollsBackOn(new IOException())).isTrue();
        assertThat(plain.rollsBackOn(new StackOverflowError())).isTrue();
        assertThat(plain.withRollbackFor(IOException.class).rollsBackOn(new IllegalStateException()))
                .isTrue();
        assertThat(plain.withNoRollbackFor(IOException.class).rollsBackOn(new FileNotFoundException()))
                .isFalse();
    }

    @Test
    void the_nearest_class_wins_whatever_the_order() {
        TransactionOptions one =
                plain.withNoRollbackFor(IOException.class).withRollbackFor(FileNotFoundException.class);
        TransactionOptions other =
                plain.withRollbackFor(FileNotFoundException.class).withNoRollbackFor(IOException.class);
        for (TransactionOptions options : List.of(one, other)) {
            assertThat(options.rollsBackOn(new FileNotFoundException())).isTrue();
            assertThat(options.rollsBackOn(new IOException())).isFalse();
        }
        TransactionOptions inverse =
                plain.withRollbackFor(IOException.class).withNoRollbackFor(FileNotFoundException.class);
        assertThat(inverse.rollsBackOn(new FileNotFoundException())).isFalse();
    }

    @Test
    void between_rules_for_the_same_class_rollback_wins() {
        assertThat(plain.withNoRollbackFor(IOException.class)
                        .withRollbackFor(IOException.class)
                        .rollsBackOn(new IOException()))
                .isTrue();
        assertThat(plain.withRollbackFor(IOException.class)
                        .withNoRollbackFor(IOException.class)
                        .rollsBackOn(new IOException()))
                .isTrue();
    }

    @Test
    void a_class_name_matches_with_and_without_its_package_but_not_in_part() {
        assertThat(named("java.io.IOException").rollsBackOn(new FileNotFoundException()))
                .isFalse();
        assertThat(named("IOException").rollsBackOn(new FileNotFoundException()))
                .isFalse();
        assertThat(named("Exception").rollsBackOn(new FileNotFoundException())).isFalse();
        assertThat(named("FileNotFound").rollsBackOn(new FileNotFoundException()))
                .isTrue();
    }

    private static TransactionOptions named(String exception) {
        return new TransactionOptions(
                "t",
                null,
                Propagation.REQUIRED,
                List.of(new RollbackRule(exception, false)),
                null,
                GlobalIsolation.DEFAULT);
    }

    @Test
    void values_that_cannot_be_used_are_refused_by_name() {
        assertThatThrownBy(() -> TransactionOptions.named(" ")).hasMessageContaining("name");
        assertThatThrownBy(() -> plain.withTimeout(Duration.ZERO))
                .hasMessageContaining("'t'")
                .hasMessageContaining("PT0S");
        assertThatThrownBy(() -> plain.withTimeout(Duration.ofDays(30))).hasMessageContaining("24 days");
        assertThatThrownBy(() -> plain.withLockWait(Duration.ofMillis(-1))).hasMessageContaining("PT-0.001S");
        assertThatThrownBy(() -> plain.withLockWait(Duration.ofDays(2))).hasMessageContaining("a day");
        assertThatThrownBy(() -> new RollbackRule(" ", true)).hasMessageContaining("blank");
    }
}
