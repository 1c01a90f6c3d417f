package io.entente.tc.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class IdSpaceTest {
    private static final IdSpace DEFAULT = IdSpace.of(IdSpace.DEFAULT_GROUP);
    private static final long NOW = Instant.parse("2026-11-28T00:00:00Z").toEpochMilli();
    private static final long LATER = Instant.parse("2100-01-01T00:00:00Z").toEpochMilli();

    @Test
    void a_number_belongs_to_one_group() {
        IdSpace orders = IdSpace.of("orders");
        IdSpace travel = IdSpace.of("travel");

        for (long when : new long[] {NOW, LATER}) {
            assertThat(orders.contains(orders.first(when))).isTrue();
            assertThat(orders.contains(travel.first(when))).isFalse();
            assertThat(orders.contains(DEFAULT.first(when))).isFalse();
            assertThat(DEFAULT.contains(DEFAULT.first(when))).isTrue();
            assertThat(DEFAULT.contains(orders.first(when))).isFalse();
        }
        assertThat(orders.overlaps(travel)).isFalse();
        assertThat(orders.overlaps(IdSpace.of("orders"))).isTrue();
        assertThat(orders.overlaps(DEFAULT)).isFalse();
    }

    @Test
    void numbers_are_positive_and_go_up_with_the_time_of_the_founding() {
        IdSpace orders = IdSpace.of("orders");

        assertThat(orders.first(NOW)).isPositive().isLessThan(orders.first(NOW + 1_000));
        assertThat(orders.first(LATER)).isGreaterThan(orders.first(NOW + 1_000));
        assertThat(orders.first(0)).isPositive();
        assertThat(DEFAULT.first(NOW)).isPositive().isLessThan(DEFAULT.first(NOW + 1));
    }

    @Test
    void no_number_is_none_of_any_group() {
        assertThat(DEFAULT.contains(-1)).isFalse();
        assertThat(IdSpace.of("orders").contains(-1)).isFalse();
    }
}
