package io.entente.tc.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.entente.protocol.BranchType;
import io.entente.tc.coordinator.TestClient.Asked;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** A resource manager that is away does not fill the log, whatever waits for it. */
@ExtendWith(OutputCaptureExtension.class)
class OutagesTest {
    private static final int BRANCHES = 50;
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    private final SteeredClock clock = new SteeredClock();
    private CoordinatorUnderTest tc;
    private TestClient shop;
    private TestClient account;

    @BeforeEach
    void start() {
        tc = CoordinatorUnderTest.start(directory, clock);
        shop = tc.client("shop", "stock-db");
        account = tc.client("account", "account-db", "freeze");
    }

    @AfterEach
    void stop() {
        tc.close();
    }

    private void leave(TestClient client) {
        client.close();
        await().untilAsserted(() -> assertThat(tc.running().sessions().all()).hasSize(2));
    }

    /** The lines of the log about resource managers that are there or not. */
    private static long lines(CapturedOutput output, String begin) {
        return output.getAll().lines().filter(line -> line.contains(begin)).count();
    }

    @Test
    void who_is_away_is_told_once_and_who_is_back_once(CapturedOutput output) {
        List<String> xids = new ArrayList<>();
        long last = 0;
        for (int i = 0; i < BRANCHES; i++) {
            String xid = shop.begin();
            xids.add(xid);
            last = account.branch(xid, "account-db", "account:" + i);
        }
        leave(account);
        xids.forEach(shop::startRollback);
        for (int round = 0; round < 5; round++) {
            int failures = round;
            long branch = last;
            await().untilAsserted(() -> assertThat(tc.failures(branch)).isGreaterThan(failures));
            clock.advance(LONGEST_PAUSE);
        }

        assertThat(lines(output, "No resource manager for account-db is connected"))
                .isEqualTo(1);
        assertThat(lines(output, "Phase two of branch")).isZero();
        assertThat(lines(output, "connected again")).isZero();

        account = tc.client("account", "account-db", "freeze");
        account.answering(Asked::done);
        await().untilAsserted(() -> assertThat(tc.open()).isZero());
        assertThat(lines(output, "A resource manager for account-db is connected again"))
                .isEqualTo(1);
        assertThat(output).contains(BRANCHES + " branches have waited for it");
    }

    @Test
    void what_only_its_own_application_can_do_is_away_with_it(CapturedOutput output) {
        String xid = shop.begin();
        long branch = account.branch(xid, BranchType.TCC, "freeze", "");
        leave(account);
        tc.client("reports", "freeze");
        shop.startRollback(xid);
        await().untilAsserted(() -> assertThat(tc.failures(branch)).isPositive());

        await().untilAsserted(() -> assertThat(output)
                .contains("No resource manager for freeze of application account is connected: phase two waits for it,"
                        + " now with 1 branches"));
        tc.client("account", "freeze");
        await().untilAsserted(() -> assertThat(tc.open()).isZero());
        assertThat(output).contains("A resource manager for freeze of application account is connected again");
    }

    @Test
    void a_connection_that_breaks_is_told_once_however_much_was_asked_over_it(CapturedOutput output) {
        TestClient hanging = tc.silentClient("hanging", "hanging-db");
        for (int i = 0; i < BRANCHES; i++) {
            String xid = shop.begin();
            hanging.branch(xid, "hanging-db", "t:" + i);
            shop.startRollback(xid);
            hanging.nextAsked();
        }

        hanging.close();

        await().untilAsserted(() ->
                assertThat(output).contains("broke with " + BRANCHES + " branches of phase two unanswered"));
        assertThat(lines(output, "Phase two of branch")).isZero();
        tc.client("hanging", "hanging-db");
        await().untilAsserted(() -> assertThat(tc.open()).isZero());
    }
}
