package io.entente.tc.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.entente.protocol.GlobalStatus;
import io.entente.tc.CoordinatorSettings;
import io.entente.tc.transaction.Phase;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Machines whose clock is set while transactions are open. */
class SteadyClockTest {
    private static final Duration TIMEOUT = Duration.ofMinutes(1);

    @TempDir
    Path directory;

    private final SteeredClock wall = new SteeredClock();
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000_000_000L);
    private CoordinatorUnderTest tc;
    private TestClient shop;

    @BeforeEach
    void start() {
        tc = CoordinatorUnderTest.start(
                CoordinatorSettings.in(directory).withPort(0), new SteadyClock(wall, nanos::get));
        shop = tc.client("shop", "stock-db");
    }

    @AfterEach
    void end() {
        tc.close();
    }

    private void elapses(Duration duration) {
        wall.advance(duration);
        nanos.addAndGet(duration.toNanos());
    }

    private String open() {
        String xid = shop.begin("purchase", Math.toIntExact(TIMEOUT.toMillis()));
        shop.branch(xid, "stock-db", "stock:1");
        return xid;
    }

    @ParameterizedTest
    @ValueSource(ints = {5, -5})
    void a_clock_that_is_set_times_nothing_out_and_keeps_nothing_from_timing_out(int hours) {
        String xid = open();
        elapses(TIMEOUT.minusSeconds(1));
        wall.advance(Duration.ofHours(hours));
        assertThat(shop.status(xid)).isEqualTo(GlobalStatus.BEGIN);

        elapses(Duration.ofSeconds(1));

        await().untilAsserted(() -> assertThat(tc.phase(xid)).isEqualTo(Phase.TIMEOUT_ROLLED_BACK));
    }

    @Test
    void a_clock_that_is_set_does_not_stop_a_commit() {
        String xid = open();
        wall.advance(Duration.ofHours(5));
        assertThat(shop.commit(xid).status()).isEqualTo(GlobalStatus.COMMITTED);
    }

    /** It would take hours more until the transaction's time is up. */
    @Test
    void a_coordinator_that_starts_with_a_clock_behind_its_log_goes_on_from_there() {
        String xid = open();
        elapses(Duration.ofSeconds(20));
        shop.begin();
        tc.close();
        wall.advance(Duration.ofHours(-3));
        start();
        assertThat(shop.status(xid)).isEqualTo(GlobalStatus.BEGIN);

        elapses(TIMEOUT.minusSeconds(20));

        await().untilAsserted(() -> assertThat(tc.phase(xid)).isEqualTo(Phase.TIMEOUT_ROLLED_BACK));
    }

    @Test
    void it_begins_with_the_wall_clock() {
        Instant before = wall.instant();
        SteadyClock clock = new SteadyClock(wall, nanos::get);
        assertThat(clock.instant()).isEqualTo(before);
        elapses(Duration.ofHours(1));
        assertThat(clock.instant()).isEqualTo(before.plus(Duration.ofHours(1)));
        wall.advance(Duration.ofDays(-1));
        assertThat(clock.instant()).isEqualTo(before.plus(Duration.ofHours(1)));
    }
}
