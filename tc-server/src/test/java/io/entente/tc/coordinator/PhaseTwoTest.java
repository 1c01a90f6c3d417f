package io.entente.tc.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.entente.protocol.BranchStatus;
import io.entente.protocol.BranchType;
import io.entente.protocol.GlobalStatus;
import io.entente.protocol.Message;
import io.entente.protocol.TransactionError;
import io.entente.tc.coordinator.TestClient.Asked;
import io.entente.tc.transaction.Command;
import io.entente.tc.transaction.Phase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Phase two when resource managers fail, fall silent or go away. */
class PhaseTwoTest {
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final Duration ANSWER_PATIENCE = Duration.ofMillis(PhaseTwo.ANSWER_PATIENCE_MILLIS);

    @TempDir
    Path directory;

    private final SteeredClock clock = new SteeredClock();
    private CoordinatorUnderTest tc;
    private TestClient shop;

    @BeforeEach
    void start() {
        tc = CoordinatorUnderTest.start(directory, clock);
        shop = tc.client("shop", "stock-db");
    }

    @AfterEach
    void stop() {
        tc.close();
    }

    @Test
    void a_branch_that_may_succeed_later_is_asked_until_it_does() {
        AtomicInteger tries = new AtomicInteger();
        shop.answering(asked -> tries.incrementAndGet() <= 2
                ? BranchStatus.PHASE_TWO_ROLLBACK_FAILED_RETRYABLE
                : BranchStatus.PHASE_TWO_ROLLED_BACK);
        String xid = shop.begin();
        long branch = shop.branch(xid, "stock-db", "stock:1");

        assertThat(shop.rollback(xid)).isEqualTo(GlobalStatus.ROLLBACK_RETRYING);

        assertThat(tc.locks()).isEqualTo(1);
        assertThat(tc.failures(branch)).isEqualTo(1);
        clock.advance(LONGEST_PAUSE);
        await().untilAsserted(() -> assertThat(tc.failures(branch)).isEqualTo(2));
        assertThat(shop.rollback(xid)).isEqualTo(GlobalStatus.ROLLBACK_RETRYING);
        clock.advance(LONGEST_PAUSE);
        await().untilAsserted(() -> assertThat(tc.phase(xid)).isEqualTo(Phase.ROLLED_BACK));
        assertThat(tries).hasValue(3);
        assertThat(tc.locks()).isZero();
    }

    @Test
    void a_confirm_that_may_succeed_later_is_reported_as_such() {
        shop.answering(asked -> BranchStatus.PHASE_TWO_COMMIT_FAILED_RETRYABLE);
        String xid = shop.begin();
        shop.branch(xid, BranchType.TCC, "stock-db", "");

        assertThat(shop.commit(xid).status()).isEqualTo(GlobalStatus.COMMIT_RETRYING);

        shop.answering(Asked::done);
        clock.advance(LONGEST_PAUSE);
        await().untilAsserted(() -> assertThat(tc.phase(xid)).isEqualTo(Phase.COMMITTED));
    }

    @Test
    void a_branch_that_cannot_be_undone_keeps_its_rows_until_an_operator_retries() {
        shop.silent();
        String xid = shop.begin();
        long branch = shop.branch(xid, "stock-db", "stock:1");
        CompletableFuture<GlobalStatus> answer = shop.rollbackLater(xid);

        shop.nextAsked()
                .answer(
                        Message.Result.failed(TransactionError.UNKNOWN, "row 1 was changed by an outsider"),
                        BranchStatus.PHASE_TWO_ROLLBACK_FAILED_UNRETRYABLE);

        assertThat(answer.join()).isEqualTo(GlobalStatus.ROLLBACK_FAILED);
        assertThat(tc.phase(xid)).isEqualTo(Phase.ROLLBACK_NEEDS_ATTENTION);
        assertThat(tc.locks()).isEqualTo(1);
        assertThat(tc.stuck(xid)).satisfies(stuck -> {
            assertThat(stuck.branchId()).isEqualTo(branch);
            assertThat(stuck.reason()).isEqualTo("row 1 was changed by an outsider");
        });
        assertThat(shop.rollback(xid)).isEqualTo(GlobalStatus.ROLLBACK_FAILED);
        assertThat(shop.commit(xid).status()).isEqualTo(GlobalStatus.FINISHED);
        clock.advance(LONGEST_PAUSE.multipliedBy(10));
        assertThat(tc.needingAttention()).isEqualTo(1);
        assertThat(shop.history()).hasSize(1);

        tc.retry(xid);

        Asked again = shop.nextAsked();
        assertThat(again.branchId()).isEqualTo(branch);
        again.answer(again.done());
        await().untilAsserted(() -> assertThat(tc.phase(xid)).isEqualTo(Phase.ROLLED_BACK));
        assertThat(tc.locks()).isZero();
        assertThat(tc.needingAttention()).isZero();
    }

    @Test
    void a_branch_that_is_done_after_all_needs_no_attention() {
        shop.silent();
        String xid = shop.begin();
        shop.branch(xid, "stock-db", "stock:1");
        shop.startRollback(xid);
        Asked first = shop.nextAsked();
        clock.advance(ANSWER_PATIENCE);
        await().untilAsserted(() -> assertThat(tc.failures(first.branchId())).isEqualTo(1));
        clock.advance(LONGEST_PAUSE);
        Asked second = shop.nextAsked();

        second.answer(BranchStatus.PHASE_TWO_ROLLBACK_FAILED_UNRETRYABLE);
        await().untilAsserted(() -> assertThat(tc.phase(xid)).isEqualTo(Phase.ROLLBACK_NEEDS_ATTENTION));
        first.answer(BranchStatus.PHASE_TWO_ROLLED_BACK);

        await().untilAsserted(() -> assertThat(tc.phase(xid)).isEqualTo(Phase.ROLLED_BACK));
        assertThat(tc.locks()).isZero();
        assertThat(tc.needingAttention()).isZero();
    }

    @Test
    void who_does_not_answer_is_asked_again_when_patience_ends() {
        shop.silent();
        String xid = shop.begin();
        long branch = shop.branch(xid, "stock-db", "stock:1");
        shop.startRollback(xid);
        shop.nextAsked();

        clock.advance(ANSWER_PATIENCE.minusMillis(1));
        assertThat(tc.failures(branch)).isZero();
        clock.advance(Duration.ofMillis(21));
        await().untilAsserted(() -> assertThat(tc.failures(branch)).isEqualTo(1));
        clock.advance(LONGEST_PAUSE);

        Asked again = shop.nextAsked();
        assertThat(again.branchId()).isEqualTo(branch);
        again.answer(again.done());
        await().untilAsserted(() -> assertThat(tc.phase(xid)).isEqualTo(Phase.ROLLED_BACK));
    }

    @Test
    void a_late_answer_counts_even_when_patience_has_ended() {
        shop.silent();
        String xid = shop.begin();
        long branch = shop.branch(xid, "stock-db", "stock:1");
        shop.startRollback(xid);
        Asked asked = shop.nextAsked();
        clock.advance(ANSWER_PATIENCE.plusMillis(20));
        await().untilAsserted(() -> assertThat(tc.failures(branch)).isEqualTo(1));

        asked.answer(asked.done());

        await().untilAsserted(() -> assertThat(tc.phase(xid)).isEqualTo(Phase.ROLLED_BACK));
    }

    @Test
    void a_resource_manager_that_went_away_is_asked_again_as_soon_as_it_is_back() {
        TestClient account = tc.silentClient("account", "account-db");
        String xid = shop.begin();
        long branch = account.branch(xid, "account-db", "account:7");
        shop.startRollback(xid);
        account.nextAsked();

        account.close();
        await().untilAsserted(() -> assertThat(tc.failures(branch)).isEqualTo(1));
        TestClient back = tc.client("account", "account-db");

        assertThat(back.nextAsked().branchId()).isEqualTo(branch);
        await().untilAsserted(() -> assertThat(tc.phase(xid)).isEqualTo(Phase.ROLLED_BACK));
    }

    @Test
    void any_application_with_the_database_can_finish_an_at_branch() {
        TestClient account = tc.client("account", "account-db");
        String xid = shop.begin();
        long branch = account.branch(xid, "account-db", "account:7");
        account.close();
        await().untilAsserted(() -> assertThat(tc.running().sessions().all()).hasSize(2));
        assertThat(shop.rollback(xid)).isEqualTo(GlobalStatus.ROLLBACK_RETRYING);

        TestClient reports = tc.client("reports", "account-db");

        assertThat(reports.nextAsked().branchId()).isEqualTo(branch);
        await().untilAsserted(() -> assertThat(tc.phase(xid)).isEqualTo(Phase.ROLLED_BACK));
    }

    @Test
    void only_the_same_application_can_finish_a_tcc_branch() {
        TestClient account = tc.client("account", "freeze");
        String xid = shop.begin();
        long branch = account.branch(xid, BranchType.TCC, "freeze", "");
        account.close();
        await().untilAsserted(() -> assertThat(tc.running().sessions().all()).hasSize(2));
        assertThat(shop.rollback(xid)).isEqualTo(GlobalStatus.ROLLBACK_RETRYING);

        TestClient reports = tc.client("reports", "freeze");
        await().untilAsserted(() -> assertThat(tc.failures(branch)).isEqualTo(2));
        TestClient otherInstance = tc.client("account", "freeze");

        assertThat(otherInstance.nextAsked().branchId()).isEqualTo(branch);
        await().untilAsserted(() -> assertThat(tc.phase(xid)).isEqualTo(Phase.ROLLED_BACK));
        assertThat(reports.history()).isEmpty();
    }

    @Test
    void the_instance_that_registered_a_branch_is_asked_while_it_is_there() {
        TestClient first = tc.client("account", "account-db");
        TestClient second = tc.client("account", "account-db");
        for (TestClient registrar : List.of(second, first, second)) {
            String xid = shop.begin();
            long branch = registrar.branch(xid, "account-db", "account:7");
            assertThat(shop.rollback(xid)).isEqualTo(GlobalStatus.ROLLED_BACK);
            assertThat(registrar.nextAsked().branchId()).isEqualTo(branch);
        }
    }

    @Test
    void many_large_requests_at_once_do_not_stop_the_coordinator() {
        String xid = shop.begin();
        String large = "x".repeat(7_000_000);

        List<CompletableFuture<Message.Response>> answers = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            answers.add(shop.registerLater(xid, "stock-db", "stock:" + i, large));
        }

        assertThat(answers)
                .allSatisfy(answer -> assertThat(((Message.BranchRegisterResponse) answer.join()).branchId())
                        .isPositive());
        assertThat(tc.fatal()).isNull();
    }

    @Test
    void another_instance_is_asked_when_the_nearest_one_keeps_failing() {
        shop.answering(asked -> BranchStatus.PHASE_TWO_ROLLBACK_FAILED_RETRYABLE);
        String xid = shop.begin();
        shop.branch(xid, "stock-db", "stock:1");
        tc.client("shop", "stock-db");
        assertThat(shop.rollback(xid)).isEqualTo(GlobalStatus.ROLLBACK_RETRYING);

        clock.advance(LONGEST_PAUSE);

        await().untilAsserted(() -> assertThat(tc.phase(xid)).isEqualTo(Phase.ROLLED_BACK));
        assertThat(shop.history()).hasSize(1);
    }

    @Test
    void a_saga_that_its_engine_has_ended_is_not_undone_again() {
        String saga = shop.begin();
        shop.branch(saga, BranchType.SAGA, "stock-db", "");
        CompletableFuture<Message.Response> ended = new CompletableFuture<>();
        tc.running().coordinator().submit(new Command.ReportEnd(saga, GlobalStatus.ROLLED_BACK), ended::complete);
        assertThat(ended).succeedsWithin(Duration.ofSeconds(30));
        assertThat(tc.phase(saga)).isEqualTo(Phase.ROLLED_BACK);

        String next = shop.begin();
        shop.branch(next, "stock-db", "stock:1");
        shop.rollback(next);

        assertThat(shop.history()).extracting(Asked::xid).containsExactly(next);
    }

    @Test
    void a_transaction_with_a_long_timeout_times_out_as_late_as_it_says() {
        String xid =
                shop.begin("stocktaking", Math.toIntExact(Duration.ofDays(1).toMillis()));
        shop.branch(xid, "stock-db", "stock:1");

        clock.advance(Duration.ofHours(23));
        assertThat(shop.status(xid)).isEqualTo(GlobalStatus.BEGIN);
        clock.advance(Duration.ofHours(1));

        await().untilAsserted(() -> assertThat(tc.phase(xid)).isEqualTo(Phase.TIMEOUT_ROLLED_BACK));
    }

    @Test
    void a_clock_that_is_set_back_does_not_put_off_the_next_try() {
        AtomicInteger tries = new AtomicInteger();
        shop.answering(asked -> tries.incrementAndGet() == 1
                ? BranchStatus.PHASE_TWO_ROLLBACK_FAILED_RETRYABLE
                : BranchStatus.PHASE_TWO_ROLLED_BACK);
        String xid = shop.begin();
        shop.branch(xid, "stock-db", "stock:1");
        assertThat(shop.rollback(xid)).isEqualTo(GlobalStatus.ROLLBACK_RETRYING);

        clock.advance(Duration.ofHours(-1));
        assertThat(shop.status(xid)).isEqualTo(GlobalStatus.ROLLING_BACK);
        clock.advance(LONGEST_PAUSE);

        await().untilAsserted(() -> assertThat(tc.phase(xid)).isEqualTo(Phase.ROLLED_BACK));
    }
}
