package io.entente.tc.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.entente.protocol.BranchStatus;
import io.entente.protocol.BranchType;
import io.entente.protocol.GlobalStatus;
import io.entente.protocol.Message;
import io.entente.protocol.TransactionError;
import io.entente.tc.coordinator.TestClient.Asked;
import io.entente.tc.transaction.Phase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The life of a global transaction over real sockets, as long as everybody plays along. */
class TransactionLifeTest {
    @TempDir
    Path directory;

    private final SteeredClock clock = new SteeredClock();
    private CoordinatorUnderTest tc;
    private TestClient shop;

    @BeforeEach
    void start() {
        tc = CoordinatorUnderTest.start(directory, clock);
        shop = tc.client("shop", "stock-db", "account-db");
    }

    @AfterEach
    void stop() {
        tc.close();
    }

    @Test
    void committing_asks_every_branch_and_frees_its_rows() {
        String xid = shop.begin();
        long stock = shop.branch(xid, "stock-db", "stock:1,2");
        long account = shop.branch(xid, "account-db", "account:7");
        assertThat(tc.locks()).isEqualTo(3);

        Message.GlobalCommitResponse answer = shop.commit(xid);

        assertThat(answer.result().success()).isTrue();
        assertThat(answer.status()).isEqualTo(GlobalStatus.COMMITTED);
        assertThat(tc.locks()).isZero();
        assertThat(List.of(shop.nextAsked(), shop.nextAsked()))
                .allMatch(asked -> asked.commit() && asked.xid().equals(xid))
                .extracting(Asked::branchId)
                .containsExactlyInAnyOrder(stock, account);
        await().untilAsserted(() -> assertThat(tc.open()).isZero());
        assertThat(shop.status(xid)).isEqualTo(GlobalStatus.COMMITTED);
    }

    @Test
    void rolling_back_goes_backwards_in_each_resource_and_answers_after_the_last_branch() {
        shop.silent();
        String xid = shop.begin();
        long first = shop.branch(xid, "stock-db", "stock:1");
        long other = shop.branch(xid, "account-db", "account:7");
        long last = shop.branch(xid, "stock-db", "stock:1");

        CompletableFuture<GlobalStatus> answer = shop.rollbackLater(xid);

        Asked one = shop.nextAsked();
        Asked two = shop.nextAsked();
        assertThat(List.of(one.branchId(), two.branchId())).containsExactlyInAnyOrder(last, other);
        one.answer(one.done());
        two.answer(two.done());
        Asked three = shop.nextAsked();
        assertThat(three.branchId()).isEqualTo(first);
        assertThat(answer).isNotDone();
        assertThat(tc.locks()).isEqualTo(1);
        three.answer(three.done());
        assertThat(answer.join()).isEqualTo(GlobalStatus.ROLLED_BACK);
        assertThat(tc.locks()).isZero();
        assertThat(shop.history()).hasSize(3).noneMatch(Asked::commit);
    }

    @Test
    void branches_that_the_application_undoes_are_cancelled_one_after_the_other() {
        shop.silent();
        String xid = shop.begin();
        long reserve = shop.branch(xid, BranchType.TCC, "stock-db", "");
        long freeze = shop.branch(xid, BranchType.TCC, "account-db", "");

        CompletableFuture<GlobalStatus> answer = shop.rollbackLater(xid);

        Asked one = shop.nextAsked();
        assertThat(one.branchId()).isEqualTo(freeze);
        assertThat(shop.status(xid)).isEqualTo(GlobalStatus.ROLLING_BACK);
        assertThat(shop.history()).hasSize(1);
        one.answer(one.done());
        Asked two = shop.nextAsked();
        assertThat(two.branchId()).isEqualTo(reserve);
        two.answer(two.done());
        assertThat(answer.join()).isEqualTo(GlobalStatus.ROLLED_BACK);
    }

    @Test
    void a_commit_with_a_tcc_branch_is_answered_after_the_confirm() {
        shop.silent();
        String xid = shop.begin();
        shop.register(xid, BranchType.TCC, "stock-db", "", "{\"actionContext\":{}}");

        CompletableFuture<GlobalStatus> answer = shop.commitLater(xid);

        Asked confirm = shop.nextAsked();
        assertThat(confirm.type()).isEqualTo(BranchType.TCC);
        assertThat(confirm.applicationData()).isEqualTo("{\"actionContext\":{}}");
        assertThat(shop.status(xid)).isEqualTo(GlobalStatus.COMMITTING);
        CompletableFuture<GlobalStatus> again = shop.commitLater(xid);
        assertThat(shop.status(xid)).isEqualTo(GlobalStatus.COMMITTING);
        assertThat(answer).isNotDone();
        assertThat(again).isNotDone();
        confirm.answer(BranchStatus.PHASE_TWO_COMMITTED);
        assertThat(answer.join()).isEqualTo(GlobalStatus.COMMITTED);
        assertThat(again.join()).isEqualTo(GlobalStatus.COMMITTED);
    }

    @Test
    void committing_twice_returns_the_first_outcome() {
        shop.silent();
        String xid = shop.begin();
        shop.branch(xid, "stock-db", "stock:1");

        assertThat(shop.commit(xid).status()).isEqualTo(GlobalStatus.COMMITTED);
        Asked asked = shop.nextAsked();
        assertThat(shop.commit(xid).status()).isEqualTo(GlobalStatus.COMMITTED);
        assertThat(shop.rollback(xid)).isEqualTo(GlobalStatus.ASYNC_COMMITTING);
        asked.answer(asked.done());
        await().untilAsserted(() -> assertThat(tc.open()).isZero());

        assertThat(shop.commit(xid).status()).isEqualTo(GlobalStatus.COMMITTED);
        assertThat(shop.rollback(xid)).isEqualTo(GlobalStatus.COMMITTED);
        assertThat(shop.status(xid)).isEqualTo(GlobalStatus.COMMITTED);
        assertThat(shop.history()).hasSize(1);
    }

    @Test
    void rolling_back_twice_returns_the_first_outcome() {
        shop.silent();
        String xid = shop.begin();
        shop.branch(xid, "stock-db", "stock:1");

        CompletableFuture<GlobalStatus> first = shop.rollbackLater(xid);
        Asked asked = shop.nextAsked();
        CompletableFuture<GlobalStatus> second = shop.rollbackLater(xid);
        assertThat(shop.status(xid)).isEqualTo(GlobalStatus.ROLLING_BACK);
        asked.answer(asked.done());

        assertThat(first.join()).isEqualTo(GlobalStatus.ROLLED_BACK);
        assertThat(second.join()).isEqualTo(GlobalStatus.ROLLED_BACK);
        assertThat(shop.rollback(xid)).isEqualTo(GlobalStatus.ROLLED_BACK);
        assertThat(shop.status(xid)).isEqualTo(GlobalStatus.ROLLED_BACK);
        assertThat(shop.history()).hasSize(1);
    }

    @Test
    void a_commit_after_the_rollback_is_refused_with_a_status_that_makes_clients_throw() {
        String xid = shop.begin();
        shop.branch(xid, "stock-db", "stock:1");
        shop.rollback(xid);

        Message.GlobalCommitResponse answer = shop.commit(xid);

        assertThat(answer.status()).isEqualTo(GlobalStatus.FINISHED);
        assertThat(answer.result().success()).isFalse();
        assertThat(answer.result().message()).contains(xid, "rollback was decided before");
    }

    @Test
    void time_is_up_and_the_coordinator_rolls_back_by_itself() {
        shop.silent();
        String xid = shop.begin("slow", 1_000);
        shop.branch(xid, "stock-db", "stock:1");

        clock.advance(Duration.ofMillis(1_001));

        Asked asked = shop.nextAsked();
        assertThat(asked.commit()).isFalse();
        assertThat(shop.commit(xid).status()).isEqualTo(GlobalStatus.TIMEOUT_ROLLING_BACK);
        asked.answer(asked.done());
        await().untilAsserted(() -> assertThat(tc.open()).isZero());
        assertThat(shop.commit(xid).status()).isEqualTo(GlobalStatus.TIMEOUT_ROLLED_BACK);
        assertThat(shop.rollback(xid)).isEqualTo(GlobalStatus.TIMEOUT_ROLLED_BACK);
        assertThat(tc.locks()).isZero();
    }

    @Test
    void a_commit_that_comes_too_late_rolls_back() {
        String xid = shop.begin("slow", 1_000);
        shop.branch(xid, "stock-db", "stock:1");

        clock.advance(Duration.ofSeconds(1));

        // The coordinator may have noticed before the commit came, and may even be done.
        assertThat(shop.commit(xid).status()).isIn(GlobalStatus.TIMEOUT_ROLLING_BACK, GlobalStatus.TIMEOUT_ROLLED_BACK);
        assertThat(shop.nextAsked().commit()).isFalse();
        await().untilAsserted(() -> assertThat(tc.phase(xid)).isEqualTo(Phase.TIMEOUT_ROLLED_BACK));
    }

    @Test
    void registering_is_refused_once_the_transaction_is_decided_late_or_unknown() {
        shop.silent();
        String decided = shop.begin();
        shop.branch(decided, "stock-db", "stock:1");
        shop.startRollback(decided);
        shop.nextAsked();
        assertRefused(decided, TransactionError.GLOBAL_TRANSACTION_STATUS_INVALID, "already decided: ROLLING_BACK");

        String ended = shop.begin();
        shop.commit(ended);
        assertRefused(ended, TransactionError.GLOBAL_TRANSACTION_NOT_ACTIVE, "has ended");

        String late = shop.begin("slow", 1_000);
        clock.advance(Duration.ofSeconds(1));
        // Either it has passed its deadline, or the coordinator has already ended it for that.
        assertRefused(late, TransactionError.GLOBAL_TRANSACTION_NOT_ACTIVE, late);

        assertRefused("127.0.0.1:1:12345", TransactionError.GLOBAL_TRANSACTION_NOT_EXIST, "127.0.0.1:1:12345");
        assertRefused("no xid at all", TransactionError.GLOBAL_TRANSACTION_NOT_EXIST, "no xid at all");
    }

    private void assertRefused(String xid, TransactionError error, String text) {
        Message.BranchRegisterResponse answer = shop.register(xid, BranchType.AT, "stock-db", "stock:9", "");
        assertThat(answer.result().success()).isFalse();
        assertThat(answer.result().error()).isEqualTo(error);
        assertThat(answer.result().message()).contains(text);
        assertThat(answer.branchId()).isZero();
    }

    @Test
    void a_locked_row_is_refused_with_the_name_of_its_holder() {
        TestClient billing = tc.client("billing", "stock-db");
        String holder = shop.begin("purchase", 60_000);
        shop.branch(holder, "stock-db", "stock:1,2");
        clock.advance(Duration.ofMillis(1_234));
        String other = billing.begin("refund", 60_000);

        var answer = billing.register(other, BranchType.AT, "stock-db", "stock:3,2", "{\"autoCommit\":false}");

        assertThat(answer.result().error()).isEqualTo(TransactionError.LOCK_KEY_CONFLICT);
        assertThat(answer.result().message())
                .contains("stock:2 of stock-db", holder, "'purchase'", "of shop", "1234 ms ago");
        var query = billing.queryLock(other, "stock-db", "stock:1");
        assertThat(query.lockable()).isFalse();
        assertThat(query.result().message()).contains(holder);
        assertThat(billing.queryLock(other, "stock-db", "stock:3").lockable()).isTrue();
        assertThat(billing.queryLock("", "stock-db", "stock:1").lockable()).isFalse();
        assertThat(shop.queryLock(holder, "stock-db", "stock:1").lockable()).isTrue();
        assertThat(tc.locks()).isEqualTo(2);

        shop.commit(holder);

        assertThat(billing.branch(other, "stock-db", "stock:3,2")).isPositive();
    }

    @Test
    void only_who_sits_on_database_rows_is_told_not_to_wait_for_a_holder_that_rolls_back() {
        shop.silent();
        String holder = shop.begin();
        shop.branch(holder, "stock-db", "stock:1");
        String other = shop.begin();
        assertThat(conflict(other, "{\"autoCommit\":false}")).isEqualTo(TransactionError.LOCK_KEY_CONFLICT);

        shop.startRollback(holder);
        shop.nextAsked();

        assertThat(conflict(other, "{\"autoCommit\":false}")).isEqualTo(TransactionError.LOCK_KEY_CONFLICT_FAIL_FAST);
        assertThat(conflict(other, "{\"skipCheckLock\":true, \"autoCommit\" : false}"))
                .isEqualTo(TransactionError.LOCK_KEY_CONFLICT_FAIL_FAST);
        assertThat(conflict(other, "{\"autoCommit\":true}")).isEqualTo(TransactionError.LOCK_KEY_CONFLICT);
        assertThat(conflict(other, "")).isEqualTo(TransactionError.LOCK_KEY_CONFLICT);
    }

    private TransactionError conflict(String xid, String applicationData) {
        var answer = shop.register(xid, BranchType.AT, "stock-db", "stock:1", applicationData);
        assertThat(answer.result().success()).isFalse();
        return answer.result().error();
    }

    @Test
    void a_branch_whose_local_work_failed_frees_its_rows_and_is_not_asked() {
        String xid = shop.begin();
        long failed = shop.branch(xid, "stock-db", "stock:1");
        long fine = shop.branch(xid, "account-db", "account:7");

        assertThat(shop.report(xid, failed, BranchStatus.PHASE_ONE_FAILED)
                        .result()
                        .success())
                .isTrue();

        assertThat(tc.locks()).isEqualTo(1);
        assertThat(shop.report(xid, failed, BranchStatus.PHASE_ONE_FAILED)
                        .result()
                        .error())
                .isEqualTo(TransactionError.BRANCH_NOT_EXIST);
        assertThat(shop.rollback(xid)).isEqualTo(GlobalStatus.ROLLED_BACK);
        assertThat(shop.history()).extracting(Asked::branchId).containsExactly(fine);
    }

    @Test
    void a_malformed_lock_key_locks_nothing() {
        String xid = shop.begin();

        var answer = shop.register(xid, BranchType.AT, "stock-db", "stock:1;account", "");

        assertThat(answer.result().error()).isEqualTo(TransactionError.BRANCH_REGISTER_FAILED);
        assertThat(answer.result().message()).contains("'account'", "expected table:key");
        assertThat(tc.locks()).isZero();
    }

    @Test
    void nothing_is_known_of_strangers() {
        assertThat(shop.status("127.0.0.1:1:12345")).isEqualTo(GlobalStatus.FINISHED);
        assertThat(shop.rollback("127.0.0.1:1:12345")).isEqualTo(GlobalStatus.FINISHED);
        assertThat(shop.commit("127.0.0.1:1:12345").status()).isEqualTo(GlobalStatus.FINISHED);
    }
}
