package io.entente.tc.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.entente.protocol.BranchType;
import io.entente.protocol.Message;
import io.entente.protocol.TransactionError;
import io.entente.tc.CoordinatorSettings;
import io.entente.tc.TransactionCoordinator;
import io.entente.tc.lock.RowClaim;
import io.entente.tc.lock.RowKey;
import io.entente.tc.transaction.Command;
import io.entente.tc.transaction.LockPatience;
import io.entente.tc.transaction.LockPatience.Holding;
import io.entente.tc.transaction.Transactions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Waiting for rows, with a clock in hand. */
class LockWaitsTest {
    private static final long PATIENCE = 2_000;

    @TempDir
    Path directory;

    private final SteeredClock clock = new SteeredClock();
    private final List<WaitOutcome> outcomes = new CopyOnWriteArrayList<>();
    private TransactionCoordinator tc;

    @BeforeEach
    void start() {
        CoordinatorObserver observer = new CoordinatorObserver() {
            @Override
            public void onLockWait(List<RowClaim> rows, long millis, WaitOutcome outcome) {
                outcomes.add(outcome);
            }
        };
        tc = TransactionCoordinator.start(
                CoordinatorSettings.in(directory).withPort(0), clock, observer, failure -> {});
    }

    @AfterEach
    void stop() {
        tc.close();
    }

    private CompletableFuture<Message.Response> give(Command command, long connection) {
        CompletableFuture<Message.Response> answer = new CompletableFuture<>();
        tc.coordinator().submit(command, connection, answer::complete);
        return answer;
    }

    private String begin() {
        return begin(60_000);
    }

    private String begin(int timeout) {
        Message.Response answer = give(new Command.Begin("h:1:", "shop", "g", "purchase", timeout), 1)
                .join();
        return ((Message.GlobalBeginResponse) answer).xid();
    }

    private CompletableFuture<Message.Response> register(String xid, String rows, long wait, Holding holds) {
        return give(
                new Command.RegisterBranch(xid, BranchType.AT, "db", "shop:1", rows, "", new LockPatience(wait, holds)),
                1);
    }

    private CompletableFuture<Message.Response> wants(String xid, String rows) {
        return register(xid, rows, PATIENCE, Holding.LOCAL_TRANSACTION);
    }

    private void has(String xid, String rows) {
        assertGranted(register(xid, rows, 0, Holding.ATTEMPT));
    }

    private CompletableFuture<Message.Response> reads(String xid, String rows, Holding holds) {
        return give(new Command.QueryLock(xid, "db", rows, new LockPatience(PATIENCE, holds)), 1);
    }

    private void commit(String xid) {
        give(new Command.Commit(xid), 1).join();
    }

    /** Decided; no resource manager is there to do it. */
    private void beginToRollBack(String xid) {
        tc.coordinator().submit(new Command.Rollback(xid));
    }

    private int waiting() {
        return tc.coordinator().ask(view -> view.state().queues().size()).join();
    }

    private void awaitWaiting(int number) {
        assertThat(waiting()).isEqualTo(number);
    }

    /** Row 1. */
    private void assertHeldBy(String xid) {
        assertThat(tc.coordinator()
                        .ask(view -> view.state()
                                .locks()
                                .lock(new RowKey("db", "t", "1"))
                                .holders())
                        .join())
                .containsExactly(Transactions.idOf(xid));
    }

    private static void assertGranted(CompletableFuture<Message.Response> answer) {
        Message.ResultResponse response = (Message.ResultResponse) answer.join();
        assertThat(response.result().success()).as(response.result().message()).isTrue();
    }

    private static void assertRefused(
            CompletableFuture<Message.Response> answer, TransactionError error, String... why) {
        Message.ResultResponse response = (Message.ResultResponse) answer.join();
        assertThat(response.result().success()).isFalse();
        assertThat(response.result().error()).isEqualTo(error);
        assertThat(response.result().message()).contains(why);
    }

    @Test
    void who_could_have_a_row_with_its_holders_does_not_overtake_whoever_wants_it_alone() {
        String one = begin();
        String two = begin();
        String alone = begin();
        String late = begin();
        has(one, "%(n-)t:1");
        has(two, "%(n-)t:1");
        var all = wants(alone, "t:1");
        var joins = wants(late, "%(n-)t:1");
        awaitWaiting(2);
        commit(one);
        awaitWaiting(2);
        commit(two);
        awaitWaiting(1);
        assertGranted(all);
        commit(alone);
        awaitWaiting(0);
        assertGranted(joins);
    }

    @Test
    void those_who_did_the_same_get_a_row_together_when_it_is_free() {
        String alone = begin();
        has(alone, "t:1");
        var one = wants(begin(), "%(n-)t:1");
        var two = wants(begin(), "%(n-)t:1");
        var other = wants(begin(), "%(n+)t:1");
        awaitWaiting(3);
        commit(alone);
        awaitWaiting(1);
        assertGranted(one);
        assertGranted(two);
        assertThat(other).isNotDone();
    }

    @Test
    void who_holds_nothing_is_no_victim_but_goes_to_the_end_of_the_queue() {
        String holder = begin();
        String waiter = begin();
        has(holder, "t:2");
        var both = reads(waiter, "t:1,2", Holding.NOTHING);
        awaitWaiting(1);
        // It would stand behind the other, who waits for its row 2.
        assertGranted(wants(holder, "t:1"));
        assertRefused(both, TransactionError.LOCK_KEY_CONFLICT, "its place in the queue");
        var again = reads(waiter, "t:1,2", Holding.NOTHING);
        awaitWaiting(1);
        commit(holder);
        assertGranted(again);
    }

    @Test
    void of_two_who_have_a_row_together_and_want_it_alone_the_younger_gives_way() {
        String older = begin();
        String younger = begin();
        has(older, "%(n-)t:1");
        has(younger, "%(n-)t:1");
        var one = wants(older, "t:1");
        awaitWaiting(1);
        assertRefused(wants(younger, "t:1"), TransactionError.LOCK_KEY_CONFLICT_FAIL_FAST, "deadlock");
        awaitWaiting(1);
        commit(younger);
        awaitWaiting(0);
        assertGranted(one);
    }

    @Test
    void the_last_of_those_who_have_a_row_together_gets_it_alone_though_somebody_came_before() {
        String one = begin();
        String two = begin();
        has(one, "%(n-)t:1");
        has(two, "%(n-)t:1");
        var stranger = wants(begin(), "t:1");
        var alone = wants(two, "t:1");
        awaitWaiting(2);
        commit(one);
        assertThat(waiting()).isEqualTo(1);
        assertGranted(alone);
        assertThat(stranger).isNotDone();
        commit(two);
        awaitWaiting(0);
        assertGranted(stranger);
    }

    @Test
    void a_circle_through_somebody_who_stands_before_one_that_has_the_row_already_is_seen() {
        String first = begin();
        String second = begin();
        has(first, "%(n-)t:1");
        has(second, "%(n-)t:1");
        String last = begin();
        has(last, "t:2");
        var both = wants(begin(), "t:1,2");
        var alone = wants(second, "t:1");
        awaitWaiting(2);
        // It would stand behind the one that wants its row 2.
        var joins = wants(last, "%(n-)t:1");
        assertRefused(both, TransactionError.LOCK_KEY_CONFLICT_FAIL_FAST, "deadlock");
        commit(first);
        assertGranted(alone);
        assertThat(joins).isNotDone();
        commit(second);
        assertGranted(joins);
    }

    /** Who lets go of nothing by going to the end of a queue would come again and again until its time is over. */
    @ParameterizedTest
    @EnumSource(names = {"NOTHING", "ATTEMPT", "LOCAL_TRANSACTION"})
    void two_who_have_what_the_other_wants_are_a_deadlock_however_they_wait(Holding holds) {
        String older = begin();
        String younger = begin();
        has(older, "t:1");
        has(younger, "t:2");
        var one = reads(older, "t:2", Holding.NOTHING);
        awaitWaiting(1);
        assertRefused(reads(younger, "t:1", holds), TransactionError.LOCK_KEY_CONFLICT_FAIL_FAST, "deadlock");
        awaitWaiting(1);
        commit(younger);
        assertGranted(one);
    }

    @Test
    void a_row_that_is_had_together_is_told_by_one_of_its_holders_and_waited_for_while_that_works() {
        String one = begin();
        has(one, "%(n-)t:1");
        has(begin(), "%(n-)t:1");
        beginToRollBack(one);
        // Less of the same does not keep the holder from adding its part again.
        assertGranted(wants(begin(), "%(n-)t:1"));
        assertRefused(wants(begin(), "t:1"), TransactionError.LOCK_KEY_CONFLICT_FAIL_FAST, "ROLLING_BACK");
    }

    @Test
    void a_row_goes_to_those_who_wait_in_the_order_in_which_they_came() {
        String holder = begin();
        String first = begin();
        String second = begin();
        has(holder, "t:1");
        var one = wants(first, "t:1");
        var two = wants(second, "t:1");
        awaitWaiting(2);

        commit(holder);
        assertGranted(one);
        assertThat(two).isNotDone();
        commit(first);
        assertGranted(two);
        assertThat(outcomes).containsExactly(WaitOutcome.GRANTED, WaitOutcome.GRANTED);
        assertThat(waiting()).isZero();
    }

    @Test
    void nobody_overtakes_but_the_holder() {
        String holder = begin();
        String first = begin();
        String late = begin();
        has(holder, "t:1");
        var one = wants(first, "t:1,2");
        awaitWaiting(1);
        assertRefused(
                register(late, "t:2", 0, Holding.ATTEMPT), TransactionError.LOCK_KEY_CONFLICT, "waited for by", first);
        has(holder, "t:1");
        commit(holder);
        assertGranted(one);
    }

    @Test
    void whoever_waits_too_long_is_told_for_whom() {
        String holder = begin();
        String waiter = begin();
        String behind = begin();
        has(holder, "t:1");
        var answer = wants(waiter, "t:1,2");
        awaitWaiting(1);
        var next = register(behind, "t:2", 60_000, Holding.ATTEMPT);
        awaitWaiting(2);

        clock.advance(Duration.ofMillis(PATIENCE - 1));
        awaitWaiting(2);
        clock.advance(Duration.ofMillis(25));

        assertRefused(
                answer,
                TransactionError.LOCK_KEY_CONFLICT,
                holder,
                "'purchase' of shop",
                "which is ACTIVE",
                "waited 20");
        assertGranted(next);
        assertThat(outcomes).containsExactly(WaitOutcome.TIMED_OUT, WaitOutcome.GRANTED);
    }

    @Test
    void without_patience_nobody_waits() {
        String holder = begin();
        has(holder, "t:1");
        assertRefused(register(begin(), "t:1", 0, Holding.ATTEMPT), TransactionError.LOCK_KEY_CONFLICT, holder);
    }

    @ParameterizedTest
    @EnumSource(Holding.class)
    void whoever_has_what_a_rollback_needs_is_answered_at_once(Holding holds) {
        String holder = begin();
        String waiter = begin();
        has(holder, "t:1,2");
        var before = register(waiter, "t:1", PATIENCE, holds);
        awaitWaiting(1);

        beginToRollBack(holder);
        var after = register(waiter, "t:2", PATIENCE, holds);

        if (holds == Holding.NOTHING) {
            awaitWaiting(2);
            assertThat(before).isNotDone();
            assertThat(after).isNotDone();
        } else {
            TransactionError error = holds == Holding.LOCAL_TRANSACTION
                    ? TransactionError.LOCK_KEY_CONFLICT_FAIL_FAST
                    : TransactionError.LOCK_KEY_CONFLICT;
            assertRefused(before, error, holder, "ROLLING_BACK");
            assertRefused(after, error, holder, "ROLLING_BACK");
            assertThat(outcomes).containsExactly(WaitOutcome.REFUSED);
        }
    }

    @Test
    void of_several_rows_the_one_is_told_whose_holder_rolls_back() {
        String active = begin();
        String rollingBack = begin();
        has(active, "t:1");
        has(rollingBack, "t:2");
        beginToRollBack(rollingBack);
        assertRefused(
                wants(begin(), "t:1,2"),
                TransactionError.LOCK_KEY_CONFLICT_FAIL_FAST,
                "row t:2 of db is locked by " + rollingBack);
    }

    @Test
    void of_two_that_wait_for_each_other_the_younger_gives_way() {
        String older = begin();
        String younger = begin();
        has(older, "t:1");
        has(younger, "t:2");
        var youngerWants = wants(younger, "t:1");
        awaitWaiting(1);
        var olderWants = wants(older, "t:2");

        assertRefused(
                youngerWants,
                TransactionError.LOCK_KEY_CONFLICT_FAIL_FAST,
                "deadlock",
                older,
                younger,
                "row t:1 of db",
                "row t:2 of db",
                "gives way");
        assertThat(olderWants).isNotDone();
        commit(younger);
        assertGranted(olderWants);
        assertThat(outcomes).containsExactly(WaitOutcome.DEADLOCK, WaitOutcome.GRANTED);
    }

    @Test
    void whoever_closes_the_circle_and_is_the_youngest_is_answered_itself() {
        String older = begin();
        String younger = begin();
        has(older, "t:1");
        has(younger, "t:2");
        var olderWants = wants(older, "t:2");
        awaitWaiting(1);
        assertRefused(wants(younger, "t:1"), TransactionError.LOCK_KEY_CONFLICT_FAIL_FAST, "deadlock");
        assertThat(olderWants).isNotDone();
        awaitWaiting(1);
    }

    @Test
    void a_transaction_that_is_decided_waits_no_longer() {
        String holder = begin();
        String waiter = begin();
        has(holder, "t:1");
        var answer = wants(waiter, "t:1");
        awaitWaiting(1);
        give(new Command.Rollback(waiter), 1).join();
        assertRefused(answer, TransactionError.GLOBAL_TRANSACTION_NOT_ACTIVE, waiter);
        assertThat(waiting()).isZero();
    }

    @Test
    void a_transaction_waits_no_longer_than_its_time() {
        String holder = begin();
        String waiter = begin(500);
        has(holder, "t:1");
        var answer = wants(waiter, "t:1");
        awaitWaiting(1);
        clock.advance(Duration.ofMillis(600));
        Message.ResultResponse response = (Message.ResultResponse) answer.join();
        assertThat(response.result().success()).isFalse();
        assertThat(waiting()).isZero();
    }

    @Test
    void nobody_waits_behind_a_connection_that_is_closed() {
        String holder = begin();
        String gone = begin();
        String behind = begin();
        has(holder, "t:1");
        var answer = give(
                new Command.RegisterBranch(
                        gone, BranchType.AT, "db", "x", "t:1", "", new LockPatience(PATIENCE, Holding.ATTEMPT)),
                77);
        awaitWaiting(1);
        var next = wants(behind, "t:1");
        awaitWaiting(2);
        tc.coordinator().onConnectionClosed(77);
        awaitWaiting(1);
        assertThat(answer).isNotDone();
        commit(holder);
        assertGranted(next);
        assertHeldBy(behind);
    }

    @Test
    void who_takes_a_wait_back_is_answered_and_those_behind_get_on() {
        String holder = begin();
        String gone = begin();
        String behind = begin();
        has(holder, "t:1");
        CompletableFuture<Message.Response> answer = new CompletableFuture<>();
        tc.coordinator()
                .submit(
                        new Command.RegisterBranch(
                                gone, BranchType.AT, "db", "x", "t:1", "", new LockPatience(PATIENCE, Holding.ATTEMPT)),
                        new Asker(77, 5),
                        answer::complete);
        awaitWaiting(1);
        var next = wants(behind, "t:1");
        tc.coordinator().withdraw(new Asker(77, 6));
        tc.coordinator().withdraw(new Asker(78, 5));
        awaitWaiting(2);
        tc.coordinator().withdraw(new Asker(77, 5));
        awaitWaiting(1);
        assertThat(((Message.ResultResponse) answer.join()).result().success()).isFalse();
        assertThat(outcomes).containsExactly(WaitOutcome.CANCELLED);
        commit(holder);
        assertGranted(next);
        assertHeldBy(behind);
        tc.coordinator().withdraw(new Asker(77, 5));
        assertHeldBy(behind);
    }

    @Test
    void readers_wait_their_turn_and_hold_nothing() {
        String holder = begin();
        String writer = begin();
        has(holder, "t:1");
        var outside = reads("", "t:1", Holding.NOTHING);
        var inside = reads(begin(), "t:1", Holding.ATTEMPT);
        awaitWaiting(2);
        var write = wants(writer, "t:1");
        awaitWaiting(3);
        var late = reads("", "t:1", Holding.NOTHING);
        awaitWaiting(4);

        commit(holder);

        assertGranted(outside);
        assertGranted(inside);
        assertGranted(write);
        assertThat(late).isNotDone();
        commit(writer);
        assertGranted(late);
    }

    @Test
    void a_clock_that_is_set_back_makes_nobody_wait_longer() {
        String holder = begin();
        has(holder, "t:1");
        var answer = wants(begin(), "t:1");
        awaitWaiting(1);
        clock.advance(Duration.ofMillis(1_500));
        awaitWaiting(1);
        clock.advance(Duration.ofMillis(-3_600_000));
        awaitWaiting(1);
        clock.advance(Duration.ofMillis(600));
        assertRefused(answer, TransactionError.LOCK_KEY_CONFLICT, holder);
    }

    @Test
    void a_restart_forgets_who_waited_and_nothing_else() {
        String holder = begin();
        has(holder, "t:1");
        var answer = wants(begin(), "t:1");
        awaitWaiting(1);
        tc.close();
        start();
        assertThat(answer).isNotDone();
        assertThat(waiting()).isZero();
        assertThat(tc.coordinator().ask(view -> view.state().locks().size()).join())
                .isEqualTo(1);
        await().untilAsserted(() -> assertThat(tc.coordinator()
                        .ask(view -> view.state().transactions().size())
                        .join())
                .isEqualTo(2));
    }

    @Test
    void what_is_granted_is_a_fact() {
        String holder = begin();
        String waiter = begin();
        has(holder, "t:1");
        var answer = wants(waiter, "t:1");
        awaitWaiting(1);
        commit(holder);
        assertGranted(answer);
        tc.close();
        start();
        assertHeldBy(waiter);
    }
}
