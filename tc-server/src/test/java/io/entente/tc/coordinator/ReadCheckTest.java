package io.entente.tc.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.entente.protocol.BranchStatus;
import io.entente.protocol.BranchType;
import io.entente.protocol.Message;
import io.entente.protocol.Message.BranchRegisterResponse;
import io.entente.protocol.Message.ReadCheck;
import io.entente.protocol.Message.ReadCheckResponse;
import io.entente.protocol.TransactionError;
import io.entente.tc.CoordinatorSettings;
import io.entente.tc.TransactionCoordinator;
import io.entente.tc.transaction.Command;
import io.entente.tc.transaction.LockPatience;
import io.entente.tc.transaction.LockPatience.Holding;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whether what a query has read is committed, with a clock in hand. */
class ReadCheckTest {
    private static final long PATIENCE = 2_000;

    @TempDir
    Path directory;

    private final SteeredClock clock = new SteeredClock();
    private TransactionCoordinator tc;

    @BeforeEach
    void start() {
        tc = TransactionCoordinator.start(
                CoordinatorSettings.in(directory).withPort(0), clock, new CoordinatorObserver() {}, failure -> {});
    }

    @AfterEach
    void stop() {
        tc.close();
    }

    private CompletableFuture<Message.Response> give(Command command) {
        CompletableFuture<Message.Response> answer = new CompletableFuture<>();
        tc.coordinator().submit(command, 1, answer::complete);
        return answer;
    }

    private String begin() {
        Message.Response answer =
                give(new Command.Begin("h:1:", "shop", "g", "purchase", 60_000)).join();
        return ((Message.GlobalBeginResponse) answer).xid();
    }

    private CompletableFuture<Message.Response> wants(String xid, String rows, long wait) {
        return give(new Command.RegisterBranch(
                xid, BranchType.AT, "db", "shop:1", rows, "", new LockPatience(wait, Holding.LOCAL_TRANSACTION)));
    }

    /** Gets rows by a branch of their own. */
    private long has(String xid, String rows) {
        BranchRegisterResponse answer =
                (BranchRegisterResponse) wants(xid, rows, 0).join();
        assertThat(answer.result().success()).isTrue();
        return answer.branchId();
    }

    private void commit(String xid) {
        give(new Command.Commit(xid)).join();
    }

    private void beginToRollBack(String xid) {
        tc.coordinator().submit(new Command.Rollback(xid));
    }

    private void undo(String xid, long branchId) {
        tc.coordinator().submit(new Command.BranchAnswered(xid, branchId, BranchStatus.PHASE_TWO_ROLLED_BACK, ""));
    }

    private long mark() {
        return answer(check("", List.of(), "", ReadCheck.NO_MARK, Holding.NOTHING))
                .mark();
    }

    private CompletableFuture<Message.Response> check(
            String xid, List<String> tables, String rows, long mark, Holding holds) {
        return give(new Command.CheckRead(xid, "db", tables, rows, mark, new LockPatience(PATIENCE, holds)));
    }

    private CompletableFuture<Message.Response> hasRead(String xid, String table, long mark) {
        return check(xid, List.of(table), "", mark, Holding.NOTHING);
    }

    private int waiting() {
        return tc.coordinator().ask(view -> view.state().queues().size()).join();
    }

    private static ReadCheckResponse answer(CompletableFuture<Message.Response> answer) {
        ReadCheckResponse response = (ReadCheckResponse) answer.join();
        assertThat(response.result().success()).as(response.result().message()).isTrue();
        return response;
    }

    private static void assertCommitted(CompletableFuture<Message.Response> answer) {
        assertThat(answer(answer).committed()).isTrue();
    }

    private static void assertToBeReadAgain(CompletableFuture<Message.Response> answer) {
        assertThat(answer(answer).committed()).isFalse();
    }

    private static void assertRefused(
            CompletableFuture<Message.Response> answer, TransactionError error, String... why) {
        ReadCheckResponse response = (ReadCheckResponse) answer.join();
        assertThat(response.result().success()).isFalse();
        assertThat(response.result().error()).isEqualTo(error);
        assertThat(response.result().message()).contains(why);
    }

    private void assertWaits(CompletableFuture<Message.Response> answer) {
        assertThat(waiting()).isPositive();
        assertThat(answer).isNotDone();
    }

    @Test
    void what_nobody_holds_is_committed() {
        long mark = mark();
        has(begin(), "other:1");
        assertCommitted(hasRead(begin(), "t", mark));
        assertCommitted(hasRead("", "t", mark));
    }

    @Test
    void whoever_has_no_mark_of_this_coordinator_has_to_read_again() {
        long mark = mark();
        assertToBeReadAgain(hasRead("", "t", ReadCheck.NO_MARK));
        assertToBeReadAgain(hasRead("", "t", mark + 1));
        assertToBeReadAgain(hasRead("", "t", mark - 1));
        tc.close();
        clock.advance(Duration.ofMillis(1));
        start();
        assertToBeReadAgain(hasRead("", "t", mark));
        assertCommitted(hasRead("", "t", mark()));
    }

    @Test
    void a_reader_waits_for_the_commit_and_what_it_has_read_stands() {
        long mark = mark();
        String one = begin();
        String two = begin();
        has(one, "t:1");
        has(two, "t:2");
        var reader = hasRead(begin(), "t", mark);
        assertWaits(reader);
        commit(one);
        assertWaits(reader);
        commit(two);
        assertCommitted(reader);
    }

    @Test
    void those_who_come_later_are_not_waited_for() {
        long mark = mark();
        String holder = begin();
        has(holder, "t:1");
        var reader = hasRead("", "t", mark);
        String late = begin();
        long undone = has(late, "t:2");
        has(begin(), "t:3");
        assertWaits(reader);
        beginToRollBack(late);
        undo(late, undone);
        commit(holder);
        assertCommitted(reader);
    }

    @Test
    void a_reader_keeps_no_row_from_anybody() {
        long mark = mark();
        String holder = begin();
        has(holder, "t:1");
        var reader = hasRead("", "t", mark);
        String writer = begin();
        var wants = wants(writer, "t:1", PATIENCE);
        assertThat(waiting()).isEqualTo(2);
        commit(holder);
        assertCommitted(reader);
        assertThat(((BranchRegisterResponse) wants.join()).result().success()).isTrue();
    }

    @Test
    void what_is_undone_has_to_be_read_again_when_it_is_undone() {
        long mark = mark();
        String holder = begin();
        long first = has(holder, "t:1");
        long second = has(holder, "t:2,3");
        var reader = hasRead("", "t", mark);
        assertWaits(reader);
        beginToRollBack(holder);
        assertWaits(reader);
        undo(holder, second);
        assertWaits(reader);
        undo(holder, first);
        assertToBeReadAgain(reader);
    }

    @Test
    void what_was_undone_before_the_question_has_to_be_read_again() {
        long mark = mark();
        String holder = begin();
        long branch = has(holder, "t:1");
        beginToRollBack(holder);
        undo(holder, branch);
        assertToBeReadAgain(hasRead("", "t", mark));
        assertToBeReadAgain(check("", List.of(), "t:1", mark, Holding.NOTHING));
        assertCommitted(check("", List.of(), "t:2", mark, Holding.NOTHING));
        assertCommitted(hasRead("", "other", mark));
        assertCommitted(hasRead("", "t", mark()));
    }

    /** The reader may have seen the first branch, and not yet the second. */
    @Test
    void what_came_in_parts_has_to_be_read_again_when_it_is_committed() {
        long mark = mark();
        String holder = begin();
        has(holder, "t:1");
        var table = hasRead("", "t", mark);
        var row = check("", List.of(), "t:1", mark, Holding.NOTHING);
        has(holder, "t:2");
        commit(holder);
        assertToBeReadAgain(table);
        assertCommitted(row);
        assertToBeReadAgain(hasRead("", "t", mark));
        assertCommitted(check("", List.of(), "t:1", mark, Holding.NOTHING));
    }

    @Test
    void a_row_that_one_transaction_wrote_twice_has_to_be_read_again() {
        long mark = mark();
        String holder = begin();
        has(holder, "t:1");
        var row = check("", List.of(), "t:1", mark, Holding.NOTHING);
        has(holder, "t:1");
        commit(holder);
        assertToBeReadAgain(row);
        assertToBeReadAgain(check("", List.of(), "t:1", mark, Holding.NOTHING));
    }

    @Test
    void a_commit_of_one_branch_makes_nothing_doubtful() {
        long mark = mark();
        String holder = begin();
        has(holder, "t:1,2;u:1");
        commit(holder);
        assertCommitted(check("", List.of("t", "u"), "", mark, Holding.NOTHING));
    }

    @Test
    void a_reader_of_a_row_does_not_wait_for_other_rows() {
        long mark = mark();
        has(begin(), "t:1");
        assertCommitted(check("", List.of(), "t:2", mark, Holding.NOTHING));
        assertWaits(check("", List.of(), "t:1,2", mark, Holding.NOTHING));
    }

    @Test
    void all_who_share_a_row_are_waited_for() {
        long mark = mark();
        String one = begin();
        String two = begin();
        has(one, "%(n-)t:1");
        has(two, "%(n-)t:1");
        var reader = check("", List.of(), "t:1", mark, Holding.NOTHING);
        commit(one);
        assertWaits(reader);
        commit(two);
        assertCommitted(reader);
    }

    @Test
    void own_rows_do_not_count() {
        long mark = mark();
        String own = begin();
        has(own, "t:1");
        assertCommitted(hasRead(own, "t", mark));
    }

    @Test
    void whose_time_is_up_is_told_the_holder() {
        long mark = mark();
        has(begin(), "t:1");
        var reader = hasRead(begin(), "t", mark);
        assertWaits(reader);
        clock.advance(Duration.ofMillis(PATIENCE));
        assertRefused(
                reader, TransactionError.LOCK_KEY_CONFLICT, "row t:1 of db", "purchase", "shop", "waited 2000 ms");
        assertThat(waiting()).isZero();
    }

    @Test
    void who_has_rows_in_the_database_gives_way_to_a_rollback() {
        long mark = mark();
        String holder = begin();
        has(holder, "t:1");
        var reader = check(begin(), List.of("t"), "", mark, Holding.LOCAL_TRANSACTION);
        assertWaits(reader);
        beginToRollBack(holder);
        assertRefused(reader, TransactionError.LOCK_KEY_CONFLICT_FAIL_FAST, "ROLLING_BACK");
        assertRefused(
                check(begin(), List.of("t"), "", mark, Holding.LOCAL_TRANSACTION),
                TransactionError.LOCK_KEY_CONFLICT_FAIL_FAST,
                "ROLLING_BACK");
    }

    @Test
    void a_reader_and_a_writer_that_wait_for_each_other_are_a_deadlock() {
        long mark = mark();
        String older = begin();
        String younger = begin();
        has(older, "t:1");
        has(younger, "u:1");
        var reader = hasRead(older, "u", mark);
        assertWaits(reader);
        var writer = wants(younger, "t:1", PATIENCE);
        BranchRegisterResponse refused = (BranchRegisterResponse) writer.join();
        assertThat(refused.result().message()).contains("deadlock", "u:1", "t:1");
        var other = hasRead(younger, "t", mark);
        assertRefused(other, TransactionError.LOCK_KEY_CONFLICT_FAIL_FAST, "deadlock");
        commit(younger);
        assertCommitted(reader);
    }

    @Test
    void what_cannot_be_read_is_refused() {
        long mark = mark();
        assertRefused(
                check("", List.of(), "t", mark, Holding.NOTHING), TransactionError.LOCKABLE_CHECK_FAILED, "malformed");
        assertRefused(
                check("", Collections.nCopies(1_001, "t"), "", mark, Holding.NOTHING),
                TransactionError.LOCKABLE_CHECK_FAILED,
                "1001 tables");
    }
}
