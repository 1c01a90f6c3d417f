package io.entente.tc.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.entente.tc.transaction.Command;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the coordinator lets out while the disk has not answered. */
class DurabilityTest {
    private static final Command BEGIN = new Command.Begin("127.0.0.1:1:", "shop", "group", "purchase", 60_000);

    @TempDir
    Path directory;

    private final SteeredClock clock = new SteeredClock();
    private final AtomicReference<@Nullable Throwable> fatal = new AtomicReference<>();
    private HeldLog log;
    private Coordinator coordinator;

    @BeforeEach
    void start() {
        log = new HeldLog(directory);
        coordinator = new Coordinator(
                log,
                IdSpace.of(IdSpace.DEFAULT_GROUP),
                (branch, failures, entente) -> null,
                clock,
                new BackOff(100, 30_000, new Random()),
                600_000,
                Long.MAX_VALUE,
                Limits.ofThisProcess()
                        .withQueuedCommands(10_000_000)
                        .withOpenTransactions(1_000_000)
                        .withStateBytes(Long.MAX_VALUE / 2),
                new CoordinatorObserver() {},
                notice -> {},
                fatal::set);
        coordinator.start();
    }

    @AfterEach
    void stop() {
        log.letGo();
        coordinator.close();
        log.close();
    }

    private CompletableFuture<Integer> open() {
        return coordinator.ask(view -> view.state().transactions().size());
    }

    @Test
    void a_question_is_answered_when_what_its_answer_tells_is_durable() throws InterruptedException {
        CountDownLatch passed = new CountDownLatch(1);
        coordinator.submit(BEGIN);
        CompletableFuture<Integer> answer = open();
        var unused = coordinator.ask(view -> {
            passed.countDown();
            return true;
        });
        assertThat(passed.await(30, TimeUnit.SECONDS)).isTrue();

        assertThat(answer).isNotDone();

        log.letGo();
        assertThat(answer).succeedsWithin(Duration.ofSeconds(30)).isEqualTo(1);
    }

    @Test
    void where_another_could_lead_what_has_long_been_durable_is_told_behind_a_barrier() throws InterruptedException {
        log.letGo();
        coordinator.submit(BEGIN);
        assertThat(open()).succeedsWithin(Duration.ofSeconds(30)).isEqualTo(1);
        log.contest();
        CountDownLatch passed = new CountDownLatch(2);
        CompletableFuture<Integer> answer = open();
        for (int turn = 0; turn < 2; turn++) {
            var unused = coordinator.ask(view -> {
                passed.countDown();
                return true;
            });
        }
        assertThat(passed.await(30, TimeUnit.SECONDS)).isTrue();

        assertThat(answer).isNotDone();

        log.letGo();
        assertThat(answer).succeedsWithin(Duration.ofSeconds(30)).isEqualTo(1);
    }

    @Test
    void transactions_that_time_out_together_do_not_make_one_huge_entry() {
        log.letGo();
        int many = 500_000;
        for (int i = 0; i < many; i++) {
            coordinator.submit(BEGIN);
        }
        assertThat(open()).succeedsWithin(Duration.ofSeconds(60)).isEqualTo(many);

        clock.advance(Duration.ofMinutes(2));

        assertThat(open()).succeedsWithin(Duration.ofSeconds(60));
        assertThat(open()).succeedsWithin(Duration.ofSeconds(60)).isEqualTo(0);
        assertThat(log.largestEntry()).isLessThan(17 * 1024 * 1024);
        assertThat(fatal).hasNullValue();
    }
}
