package io.entente.tc.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.entente.protocol.BranchType;
import io.entente.protocol.EntenteExtension;
import io.entente.protocol.GlobalStatus;
import io.entente.protocol.Message;
import io.entente.protocol.TransactionError;
import io.entente.tc.CoordinatorSettings;
import io.entente.tc.coordinator.TestClient.Asked;
import io.entente.tc.transaction.Command;
import io.entente.tc.transaction.LockPatience;
import io.entente.tc.transaction.TransactionState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** More than the coordinator takes on. */
class OverloadTest {
    @TempDir
    Path directory;

    private @Nullable CoordinatorUnderTest tc;

    private CoordinatorUnderTest start(UnaryOperator<Limits> limits) {
        tc = CoordinatorUnderTest.start(
                CoordinatorSettings.in(directory).withPort(0).withLimits(limits.apply(Limits.ofThisProcess())),
                new SteeredClock());
        return tc;
    }

    @AfterEach
    void end() {
        if (tc != null) {
            tc.close();
        }
    }

    private static void assertRefused(TestClient shop, String limit) {
        assertThatThrownBy(shop::begin)
                .hasMessageContaining("BEGIN_FAILED")
                .hasMessageContaining("overloaded")
                .hasMessageContaining("'purchase'")
                .hasMessageContaining("entente.tc.limits." + limit)
                .hasMessageContaining(EntenteExtension.OVERLOADED);
    }

    @Test
    void beyond_so_many_open_transactions_none_is_begun_and_the_open_ones_end_as_ever() {
        CoordinatorUnderTest coordinator = start(limits -> limits.withOpenTransactions(2));
        TestClient shop = coordinator.client("shop", "stock-db");
        String first = shop.begin();
        String second = shop.begin();
        assertRefused(shop, "open-transactions");

        shop.branch(first, "stock-db", "stock:1");
        assertThat(shop.commit(first).status()).isEqualTo(GlobalStatus.COMMITTED);
        await().untilAsserted(() -> assertThat(coordinator.open()).isEqualTo(1));
        shop.branch(second, "stock-db", "stock:1");
        String third = shop.begin();
        assertRefused(shop, "open-transactions");
        assertThat(shop.rollback(second)).isEqualTo(GlobalStatus.ROLLED_BACK);
        assertThat(shop.rollback(third)).isEqualTo(GlobalStatus.ROLLED_BACK);
        assertThat(coordinator.look(TransactionState::bytes)).isZero();
    }

    @Test
    void beyond_so_many_bytes_none_is_begun_and_far_beyond_no_branch_is_taken_either() {
        CoordinatorUnderTest coordinator = start(limits -> limits.withStateBytes(1_000_000));
        TestClient shop = coordinator.extendedClient("shop", "stock-db").answering(TestClient.Asked::done);
        String xid = shop.begin();
        shop.register(xid, BranchType.AT, "stock-db", "stock:1", "x".repeat(1_000_000));
        assertRefused(shop, "state-bytes");
        shop.register(xid, BranchType.AT, "stock-db", "stock:2", "x".repeat(500_000));

        Message.BranchRegisterResponse refused = shop.register(xid, BranchType.AT, "stock-db", "stock:3", "");

        assertThat(refused.result().error()).isEqualTo(TransactionError.BRANCH_REGISTER_FAILED);
        assertThat(refused.result().message()).contains("overloaded", "entente.tc.limits.state-bytes", "roll back");
        assertThat(shop.rollback(xid)).isEqualTo(GlobalStatus.ROLLED_BACK);
        assertThat(coordinator.look(TransactionState::bytes)).isZero();
        shop.begin();
    }

    @Test
    void who_wants_a_row_that_many_wait_for_is_answered_at_once() {
        CoordinatorUnderTest coordinator = start(limits -> limits.withWaitingPerRow(2));
        TestClient shop = coordinator.extendedClient("shop", "stock-db");
        shop.branch(shop.begin(), "stock-db", "stock:1");
        List<CompletableFuture<Message.Response>> waiting = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            waiting.add(shop.registerLater(shop.begin(), "stock-db", "stock:1", "{\"lockWait\":60000}"));
        }
        await().untilAsserted(() -> assertThat(waiting(coordinator)).isEqualTo(2));

        var refused = shop.registerLater(shop.begin(), "stock-db", "stock:1", "{\"lockWait\":60000}")
                .orTimeout(20, TimeUnit.SECONDS)
                .join();

        assertThat(((Message.ResultResponse) refused).result().error()).isEqualTo(TransactionError.LOCK_KEY_CONFLICT);
        assertThat(waiting).noneMatch(CompletableFuture::isDone);
    }

    private static int waiting(CoordinatorUnderTest coordinator) {
        return coordinator.look(state -> state.queues().size());
    }

    /** With a log that writes nothing for a while. */
    @Test
    void while_too_much_waits_for_the_log_nothing_is_begun_and_nothing_else_is_turned_away() {
        HeldLog log = new HeldLog(directory);
        AtomicReference<@Nullable Throwable> fatal = new AtomicReference<>();
        Coordinator coordinator = new Coordinator(
                log,
                IdSpace.of(IdSpace.DEFAULT_GROUP),
                (branch, failures, entente) -> null,
                new SteeredClock(),
                new BackOff(100, 30_000, new Random()),
                600_000,
                Long.MAX_VALUE,
                Limits.ofThisProcess().withQueuedCommands(10),
                new CoordinatorObserver() {},
                notice -> {},
                fatal::set);
        coordinator.start();
        log.letGo();
        try {
            String xid =
                    begin(coordinator).orTimeout(20, TimeUnit.SECONDS).join().xid();
            log.hold();
            List<CompletableFuture<?>> held = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                held.add(give(coordinator, register(xid, i)));
            }
            assertThat(held).noneMatch(CompletableFuture::isDone);
            assertThat(coordinator.isFlooded()).isFalse();

            Message.GlobalBeginResponse refused = begin(coordinator).getNow(null);

            assertThat(refused.result().error()).isEqualTo(TransactionError.BEGIN_FAILED);
            assertThat(refused.result().message()).contains("entente.tc.limits.queued-commands is 10");
            assertThat(refused.extraData()).isEqualTo(EntenteExtension.OVERLOADED);
            for (int i = 10; i < 20; i++) {
                held.add(give(coordinator, register(xid, i)));
            }
            held.add(give(coordinator, new Command.Commit(xid)));
            assertThat(coordinator.isFlooded()).isTrue();

            log.letGo();
            CompletableFuture.allOf(held.toArray(CompletableFuture[]::new))
                    .orTimeout(20, TimeUnit.SECONDS)
                    .join();
            await().untilAsserted(() -> assertThat(coordinator.queued()).isZero());
            assertThat(coordinator.isFlooded()).isFalse();
            assertThat(begin(coordinator)
                            .orTimeout(20, TimeUnit.SECONDS)
                            .join()
                            .result()
                            .success())
                    .isTrue();
            assertThat(fatal.get()).isNull();
        } finally {
            log.letGo();
            coordinator.close();
            log.close();
        }
    }

    private static Command register(String xid, int row) {
        return new Command.RegisterBranch(xid, BranchType.AT, "db", "shop:h:1", "t:" + row, "", LockPatience.NONE);
    }

    private static CompletableFuture<Message.Response> give(Coordinator coordinator, Command command) {
        CompletableFuture<Message.Response> answer = new CompletableFuture<>();
        coordinator.submit(command, answer::complete);
        return answer;
    }

    private static CompletableFuture<Message.GlobalBeginResponse> begin(Coordinator coordinator) {
        return give(coordinator, new Command.Begin("h:1:", "shop", "g", "purchase", 60_000))
                .thenApply(Message.GlobalBeginResponse.class::cast);
    }

    @Test
    void resource_managers_that_say_nothing_hold_up_nobody_else() {
        CoordinatorUnderTest coordinator = start(limits -> limits);
        TestClient mute = coordinator.silentClient("mute", "mute-db");
        List<String> unanswered = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            String xid = mute.begin();
            mute.branch(xid, "mute-db", "t:" + i);
            mute.startRollback(xid);
            unanswered.add(xid);
        }
        TestClient gone = coordinator.client("gone", "gone-db");
        String orphan = gone.begin();
        gone.branch(orphan, "gone-db", "t:1");
        gone.close();
        TestClient shop = coordinator.client("shop", "stock-db");
        shop.startRollback(orphan);

        for (int i = 0; i < 50; i++) {
            String xid = shop.begin();
            shop.branch(xid, "stock-db", "stock:" + i);
            assertThat(i % 2 == 0 ? shop.commit(xid).status() : shop.rollback(xid))
                    .isEqualTo(i % 2 == 0 ? GlobalStatus.COMMITTED : GlobalStatus.ROLLED_BACK);
        }

        await().untilAsserted(() -> assertThat(coordinator.open()).isEqualTo(unanswered.size() + 1));
        await().untilAsserted(() -> assertThat(mute.history()).hasSize(unanswered.size()));
        for (Asked asked : mute.history()) {
            asked.answer(asked.done());
        }
        await().untilAsserted(() -> assertThat(coordinator.open()).isEqualTo(1));
    }
}
