package io.entente.tc.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.entente.protocol.BranchStatus;
import io.entente.protocol.BranchType;
import io.entente.protocol.GlobalStatus;
import io.entente.protocol.Message;
import io.entente.protocol.TransactionError;
import io.entente.tc.CoordinatorSettings;
import io.entente.tc.TransactionCoordinator;
import io.entente.tc.coordinator.TestClient.Asked;
import io.entente.tc.log.LogUnusableException;
import io.entente.tc.transaction.Fact;
import io.entente.tc.transaction.Phase;
import io.entente.tc.transaction.TransactionState;
import io.entente.tc.transaction.Transactions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Closing a coordinator and starting it again on the same directory, at every point of a transaction's life. */
class RestartTest {
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

    /** The clients go too; the new one of the same application is silent. */
    private void restart() {
        tc.close();
        tc = CoordinatorUnderTest.start(directory, clock);
        shop = tc.silentClient("shop", "stock-db", "account-db");
    }

    @Test
    void a_transaction_begun_before_is_committed_after() {
        String xid = shop.begin();
        restart();
        assertThat(shop.status(xid)).isEqualTo(GlobalStatus.BEGIN);
        restart();

        long branch = shop.branch(xid, "stock-db", "stock:1");
        assertThat(shop.commit(xid).status()).isEqualTo(GlobalStatus.COMMITTED);
        Asked asked = shop.nextAsked();
        assertThat(asked.branchId()).isEqualTo(branch);
        assertThat(asked.xid()).isEqualTo(xid);
        asked.answer(asked.done());
        await().untilAsserted(() -> assertThat(tc.open()).isZero());
    }

    @Test
    void locks_and_branches_are_as_they_were() {
        String xid = shop.begin();
        shop.branch(xid, "stock-db", "stock:1,2");
        long failed = shop.branch(xid, "stock-db", "stock:2,3");
        shop.branch(xid, BranchType.TCC, "account-db", "");
        shop.report(xid, failed, BranchStatus.PHASE_ONE_FAILED);
        List<String> before = tc.look(RestartTest::picture);

        restart();

        assertThat(tc.look(RestartTest::picture)).isEqualTo(before).hasSizeGreaterThan(5);
        String other = shop.begin();
        var conflict = shop.register(other, BranchType.AT, "stock-db", "stock:2", "");
        assertThat(conflict.result().error()).isEqualTo(TransactionError.LOCK_KEY_CONFLICT);
        assertThat(conflict.result().message()).contains(xid);
        assertThat(shop.branch(other, "stock-db", "stock:3")).isPositive();
    }

    @Test
    void a_saga_behind_its_pivot_carries_on_after_the_restart() {
        shop.silent();
        String xid = shop.begin();
        long first = shop.branch(xid, BranchType.SAGA_ANNOTATION, "stock-db", "");
        shop.branch(xid, BranchType.SAGA, "account-db", "");
        assertThat(shop.commit(xid).status()).isEqualTo(GlobalStatus.COMMITTED);
        long second = shop.branch(xid, BranchType.SAGA_ANNOTATION, "stock-db/second", "");
        shop.report(xid, second, BranchStatus.PHASE_ONE_DONE, "result");
        List<String> before = tc.look(RestartTest::picture);

        restart();

        assertThat(tc.look(RestartTest::picture)).isEqualTo(before);
        assertThat(shop.branch(xid, BranchType.SAGA_ANNOTATION, "stock-db", "")).isEqualTo(first);
        assertThat(shop.branch(xid, BranchType.SAGA_ANNOTATION, "stock-db/second", ""))
                .isEqualTo(second);
        Asked forward = shop.nextAsked();
        assertThat(forward.type()).isEqualTo(BranchType.SAGA);
        forward.answer(forward.done());
        await().untilAsserted(() -> assertThat(tc.phase(xid)).isEqualTo(Phase.COMMITTED));
        assertThat(shop.history()).hasSize(1);
    }

    @Test
    void a_decided_commit_is_carried_out_after_the_restart() {
        shop.silent();
        String xid = shop.begin();
        long done = shop.branch(xid, "stock-db", "stock:1");
        long open = shop.branch(xid, "account-db", "account:7");
        shop.commit(xid);
        for (Asked asked : List.of(shop.nextAsked(), shop.nextAsked())) {
            if (asked.branchId() == done) {
                asked.answer(asked.done());
            }
        }
        await().untilAsserted(() -> assertThat(branches(xid)).isEqualTo(1));

        restart();

        assertThat(shop.commit(xid).status()).isEqualTo(GlobalStatus.COMMITTED);
        Asked again = shop.nextAsked();
        assertThat(again.branchId()).isEqualTo(open);
        assertThat(again.commit()).isTrue();
        again.answer(again.done());
        await().untilAsserted(() -> assertThat(tc.phase(xid)).isEqualTo(Phase.COMMITTED));
        assertThat(shop.history()).hasSize(1);
    }

    @Test
    void a_rollback_goes_on_where_it_was() {
        shop.silent();
        String xid = shop.begin();
        long first = shop.branch(xid, "stock-db", "stock:1");
        long second = shop.branch(xid, "stock-db", "stock:2");
        shop.startRollback(xid);
        Asked asked = shop.nextAsked();
        assertThat(asked.branchId()).isEqualTo(second);
        asked.answer(asked.done());
        assertThat(shop.nextAsked().branchId()).isEqualTo(first);

        restart();

        assertThat(tc.locks()).isEqualTo(1);
        CompletableFuture<GlobalStatus> answer = shop.rollbackLater(xid);
        Asked again = shop.nextAsked();
        assertThat(again.branchId()).isEqualTo(first);
        assertThat(again.commit()).isFalse();
        assertThat(shop.status(xid)).isEqualTo(GlobalStatus.ROLLING_BACK);
        again.answer(again.done());
        // A caller that is there before the resource manager is told that it goes on.
        assertThat(answer.join()).isIn(GlobalStatus.ROLLED_BACK, GlobalStatus.ROLLBACK_RETRYING);
        await().untilAsserted(() -> assertThat(tc.phase(xid)).isEqualTo(Phase.ROLLED_BACK));
        assertThat(tc.locks()).isZero();
    }

    @Test
    void clients_come_back_by_themselves_and_answer_what_they_were_asked_before() {
        shop.silent();
        String xid = shop.begin();
        shop.branch(xid, "stock-db", "stock:1");
        int port = tc.port();
        TestClient staying = TestClient.connectSilent(port, "staying", "stock-db");
        String theirs = staying.begin();
        staying.branch(theirs, "stock-db", "stock:2");
        staying.startRollback(theirs);
        Asked before = staying.nextAsked();

        tc.close();
        tc = CoordinatorUnderTest.start(CoordinatorSettings.in(directory).withPort(port), clock);

        staying.awaitConnected();
        assertThat(staying.nextAsked().branchId()).isEqualTo(before.branchId());
        before.answer(before.done());
        await().untilAsserted(() -> assertThat(tc.phase(theirs)).isEqualTo(Phase.ROLLED_BACK));
        await().ignoreExceptions()
                .untilAsserted(() -> assertThat(staying.status(xid)).isEqualTo(GlobalStatus.BEGIN));
        staying.close();
    }

    @Test
    void what_needs_attention_still_does() {
        shop.answering(asked -> BranchStatus.PHASE_TWO_ROLLBACK_FAILED_UNRETRYABLE);
        String xid = shop.begin();
        shop.branch(xid, "stock-db", "stock:1");
        assertThat(shop.rollback(xid)).isEqualTo(GlobalStatus.ROLLBACK_FAILED);
        Fact.BranchStuck stuck = tc.stuck(xid);

        restart();

        assertThat(shop.status(xid)).isEqualTo(GlobalStatus.ROLLBACK_FAILED);
        assertThat(tc.stuck(xid)).isEqualTo(stuck).isNotNull();
        assertThat(tc.locks()).isEqualTo(1);
        assertThat(tc.needingAttention()).isEqualTo(1);
        tc.retry(xid);
        Asked asked = shop.nextAsked();
        asked.answer(asked.done());
        await().untilAsserted(() -> assertThat(tc.phase(xid)).isEqualTo(Phase.ROLLED_BACK));
    }

    @Test
    void outcomes_are_remembered_and_time_goes_on() {
        String committed = shop.begin();
        shop.commit(committed);
        String rolledBack = shop.begin();
        shop.rollback(rolledBack);
        String slow = shop.begin("slow", 1_000);
        shop.branch(slow, "stock-db", "stock:1");

        restart();

        assertThat(shop.status(committed)).isEqualTo(GlobalStatus.COMMITTED);
        assertThat(shop.status(rolledBack)).isEqualTo(GlobalStatus.ROLLED_BACK);
        clock.advance(Duration.ofMillis(1_001));
        Asked asked = shop.nextAsked();
        assertThat(asked.xid()).isEqualTo(slow);
        assertThat(asked.commit()).isFalse();
        asked.answer(asked.done());
        await().untilAsserted(() -> assertThat(tc.phase(slow)).isEqualTo(Phase.TIMEOUT_ROLLED_BACK));
    }

    @Test
    void ids_are_never_given_out_again() {
        long last = 0;
        for (int start = 0; start < 4; start++) {
            String xid = shop.begin();
            long branch = shop.branch(xid, "account-db", "account:" + start);
            assertThat(Transactions.idOf(xid)).isGreaterThan(last);
            assertThat(branch).isGreaterThan(Transactions.idOf(xid));
            last = branch;
            if (start % 2 == 0) {
                shop.answering(Asked::done);
                shop.rollback(xid);
                await().untilAsserted(() -> assertThat(tc.phase(xid)).isEqualTo(Phase.ROLLED_BACK));
            }
            restart();
        }
    }

    @Test
    void a_snapshot_holds_everything() {
        tc.close();
        CoordinatorSettings settings =
                CoordinatorSettings.in(directory).withPort(0).withSnapshotMegabytes(1);
        tc = CoordinatorUnderTest.start(settings, clock);
        shop = tc.client("shop", "stock-db", "account-db");
        String open = shop.begin();
        shop.branch(open, "stock-db", "stock:1");
        String stuck = shop.begin();
        shop.branch(stuck, "stock-db", "stock:2");
        shop.answering(asked -> BranchStatus.PHASE_TWO_ROLLBACK_FAILED_UNRETRYABLE);
        shop.rollback(stuck);
        shop.answering(Asked::done);

        while (tc.running().logStatistics().snapshots() < 3) {
            writeThreeHundredKilobytes();
        }
        await().untilAsserted(() -> assertThat(tc.open()).isEqualTo(2));
        List<String> before = tc.look(RestartTest::picture);
        Fact.BranchStuck reason = tc.stuck(stuck);
        tc.close();
        tc = CoordinatorUnderTest.start(settings, clock);

        assertThat(tc.look(RestartTest::picture)).isEqualTo(before);
        shop = tc.client("shop", "stock-db", "account-db");
        assertThat(shop.status(open)).isEqualTo(GlobalStatus.BEGIN);
        assertThat(shop.commit(open).status()).isEqualTo(GlobalStatus.COMMITTED);
        assertThat(shop.status(stuck)).isEqualTo(GlobalStatus.ROLLBACK_FAILED);
        assertThat(tc.stuck(stuck)).isEqualTo(reason).isNotNull();
        assertThat(tc.locks()).isEqualTo(1);
    }

    private void writeThreeHundredKilobytes() {
        String xid = shop.begin();
        String data = "x".repeat(30_000);
        List<CompletableFuture<Message.Response>> answers = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            answers.add(shop.registerLater(xid, "account-db", "account:" + i, data));
        }
        assertThat(answers)
                .allSatisfy(answer -> assertThat(((Message.BranchRegisterResponse) answer.join())
                                .result()
                                .success())
                        .isTrue());
        shop.rollback(xid);
    }

    @Test
    void a_second_coordinator_on_the_same_directory_is_refused() {
        assertThatThrownBy(() -> TransactionCoordinator.start(
                        CoordinatorSettings.in(directory).withPort(0)))
                .isInstanceOf(LogUnusableException.class)
                .hasMessageContaining(directory.toString());
        assertThat(shop.begin()).isNotEmpty();
    }

    private int branches(String xid) {
        return tc.look(
                state -> state.transaction(Transactions.idOf(xid)).branches().size());
    }

    /** Everything a coordinator knows, in comparable form. */
    static List<String> picture(TransactionState state) {
        List<String> picture = new ArrayList<>();
        state.describe(fact -> picture.add(fact.toString()));
        List<String> locks = new ArrayList<>();
        state.locks().forEach((row, lock) -> locks.add(row + " = " + lock));
        locks.sort(String::compareTo);
        picture.addAll(locks);
        picture.add("attention " + state.needingAttention());
        return picture;
    }
}
