package io.entente.tc.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.entente.protocol.BranchStatus;
import io.entente.protocol.BranchType;
import io.entente.protocol.Message;
import io.entente.protocol.TransactionError;
import io.entente.tc.CoordinatorSettings;
import io.entente.tc.coordinator.TestClient.Asked;
import io.entente.tc.transaction.Phase;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How long a resource manager may go on answering that it cannot, before an operator has to look. */
class RetryBudgetTest {
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final int ROUNDS = 20;
    private static final Duration BUDGET = LONGEST_PAUSE.multipliedBy(ROUNDS);

    @TempDir
    Path directory;

    private final SteeredClock clock = new SteeredClock();
    private CoordinatorUnderTest tc;
    private TestClient bank;
    private String xid;
    private long branch;

    @BeforeEach
    void start() {
        tc = CoordinatorUnderTest.start(
                CoordinatorSettings.in(directory).withPort(0).withRetryBudgetMillis(BUDGET.toMillis()), clock);
        bank = tc.silentClient("bank", "settle");
        xid = bank.begin();
        branch = bank.branch(xid, BranchType.TCC, "settle", "");
    }

    @AfterEach
    void stop() {
        tc.close();
    }

    @Test
    void ten_minutes_are_the_default() {
        assertThat(CoordinatorSettings.in(directory).retryBudgetMillis())
                .isEqualTo(Duration.ofMinutes(10).toMillis());
    }

    private static void refuse(Asked asked, String reason) {
        asked.answer(
                Message.Result.failed(TransactionError.UNKNOWN, reason),
                asked.commit()
                        ? BranchStatus.PHASE_TWO_COMMIT_FAILED_RETRYABLE
                        : BranchStatus.PHASE_TWO_ROLLBACK_FAILED_RETRYABLE);
    }

    /** Answers {@code times} times that it cannot, with the longest pause in between. */
    private void refuse(TestClient client, int times) {
        for (int i = 0; i < times; i++) {
            if (i > 0) {
                clock.advance(LONGEST_PAUSE);
            }
            int before = tc.failures(branch);
            refuse(client.nextAsked(), "account 7 is blocked");
            await().untilAsserted(() -> assertThat(tc.failures(branch)).isNotEqualTo(before));
        }
    }

    @Test
    void a_confirm_that_fails_for_longer_needs_attention_with_the_reason_and_is_taken_up_anew() {
        var unused = bank.commitLater(xid);
        refuse(bank, ROUNDS);
        assertThat(tc.phase(xid)).isEqualTo(Phase.COMMITTING);
        clock.advance(LONGEST_PAUSE);
        refuse(bank.nextAsked(), "account 7 is still blocked");

        await().untilAsserted(() -> assertThat(tc.phase(xid)).isEqualTo(Phase.COMMIT_NEEDS_ATTENTION));
        assertThat(tc.stuck(xid)).satisfies(stuck -> {
            assertThat(stuck.branchId()).isEqualTo(branch);
            assertThat(stuck.reason())
                    .isEqualTo(
                            "account 7 is still blocked (tried 21 times; entente.tc.retry-budget of 600000 ms is used up)");
        });
        clock.advance(BUDGET);
        assertThat(tc.failures(branch)).isZero();
        assertThat(bank.history()).hasSize(ROUNDS + 1);

        tc.retry(xid);
        refuse(bank, ROUNDS);
        assertThat(tc.phase(xid)).as("the budget is a new one").isEqualTo(Phase.COMMITTING);
        clock.advance(LONGEST_PAUSE);
        Asked last = bank.nextAsked();
        last.answer(last.done());
        await().untilAsserted(() -> assertThat(tc.phase(xid)).isEqualTo(Phase.COMMITTED));
        assertThat(tc.needingAttention()).isZero();
    }

    @Test
    void the_time_in_which_nobody_could_be_reached_does_not_count() {
        bank.startRollback(xid);
        refuse(bank, ROUNDS);
        bank.close();
        clock.advance(BUDGET.multipliedBy(6));
        await().untilAsserted(() -> assertThat(tc.failures(branch)).isGreaterThan(ROUNDS));

        TestClient back = tc.silentClient("bank", "settle");
        int before = tc.failures(branch);
        refuse(back.nextAsked(), "account 7 is blocked");
        await().untilAsserted(() -> assertThat(tc.failures(branch)).isGreaterThan(before));
        assertThat(tc.phase(xid)).isEqualTo(Phase.ROLLING_BACK);

        clock.advance(LONGEST_PAUSE);
        refuse(back.nextAsked(), "account 7 is blocked");
        await().untilAsserted(() -> assertThat(tc.phase(xid)).isEqualTo(Phase.ROLLBACK_NEEDS_ATTENTION));
    }

    @Test
    void who_does_not_answer_is_asked_for_ever() {
        bank.startRollback(xid);
        for (int i = 1; i <= 10; i++) {
            bank.nextAsked();
            int failures = i;
            clock.advance(BUDGET);
            await().untilAsserted(() -> assertThat(tc.failures(branch)).isEqualTo(failures));
            clock.advance(LONGEST_PAUSE);
        }
        assertThat(tc.phase(xid)).isEqualTo(Phase.ROLLING_BACK);
    }

    @Test
    void a_clock_that_is_set_back_uses_nothing_up_and_gives_nothing_back() {
        bank.startRollback(xid);
        refuse(bank, 2);
        clock.advance(BUDGET.negated());
        assertThat(tc.needingAttention()).isZero();
        clock.advance(LONGEST_PAUSE);
        refuse(bank, ROUNDS - 2);
        assertThat(tc.phase(xid)).isEqualTo(Phase.ROLLING_BACK);
        clock.advance(LONGEST_PAUSE);
        refuse(bank, 1);
        assertThat(tc.phase(xid)).isEqualTo(Phase.ROLLBACK_NEEDS_ATTENTION);
    }

    @Test
    void an_xa_branch_that_its_database_does_not_know_is_asked_again_and_the_reason_is_clear() {
        String other = bank.begin();
        branch = bank.branch(other, BranchType.XA, "settle", "");
        var unused = bank.commitLater(other);
        bank.nextAsked().answer(BranchStatus.COMMIT_FAILED_XAER_NOTA_RETRYABLE);
        await().untilAsserted(() -> assertThat(tc.failures(branch)).isEqualTo(1));
        assertThat(tc.lastFailure(branch)).contains("does not know the XA branch", "XAER_NOTA");

        clock.advance(LONGEST_PAUSE);
        Asked again = bank.nextAsked();
        again.answer(again.done());
        await().untilAsserted(() -> assertThat(tc.phase(other)).isEqualTo(Phase.COMMITTED));
    }
}
