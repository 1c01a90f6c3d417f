package io.entente.tc.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.entente.protocol.BranchStatus;
import io.entente.protocol.BranchType;
import io.entente.protocol.GlobalStatus;
import io.entente.protocol.Message;
import io.entente.protocol.Resolution;
import io.entente.protocol.TransactionError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TransactionsTest {
    private final Heart heart = new Heart();

    private GlobalStatus commit(String xid) {
        return ((Message.GlobalCommitResponse)
                        heart.give(new Command.Commit(xid)).answer())
                .status();
    }

    private GlobalStatus status(String xid) {
        return ((Message.GlobalStatusResponse)
                        heart.give(new Command.QueryStatus(xid)).answer())
                .status();
    }

    @Test
    void a_transaction_without_branches_ends_with_its_decision() {
        String committed = heart.begin();
        String rolledBack = heart.begin();
        assertThat(commit(committed)).isEqualTo(GlobalStatus.COMMITTED);
        assertThat(heart.give(new Command.Rollback(rolledBack)).answer())
                .isEqualTo(new Message.GlobalRollbackResponse(Message.Result.OK, GlobalStatus.ROLLED_BACK));
        assertThat(heart.state.transactions()).isEmpty();
    }

    @Test
    void commit_of_at_branches_frees_the_rows_and_answers_at_once() {
        String xid = heart.begin();
        long branch = heart.register(xid, "t:1").branchId();
        assertThat(commit(xid)).isEqualTo(GlobalStatus.COMMITTED);
        assertThat(heart.state.locks().size()).isZero();
        assertThat(status(xid)).isEqualTo(GlobalStatus.ASYNC_COMMITTING);
        heart.answer(xid, branch, BranchStatus.PHASE_TWO_COMMITTED);
        assertThat(status(xid)).isEqualTo(GlobalStatus.COMMITTED);
    }

    @Test
    void commit_of_other_branches_is_answered_when_they_are_done() {
        String xid = heart.begin();
        heart.register(xid, BranchType.TCC, "action", "", false);
        assertThat(heart.give(new Command.Commit(xid)).answer()).isNull();
        assertThat(status(xid)).isEqualTo(GlobalStatus.COMMITTING);
    }

    @Test
    void rollback_keeps_the_rows_until_each_branch_is_undone() {
        String xid = heart.begin();
        long first = heart.register(xid, "t:1").branchId();
        long second = heart.register(xid, "t:1,2").branchId();
        assertThat(heart.give(new Command.Rollback(xid)).answer()).isNull();
        assertThat(heart.state.locks().size()).isEqualTo(2);
        heart.answer(xid, second, BranchStatus.PHASE_TWO_ROLLED_BACK);
        assertThat(heart.state.locks().size()).isEqualTo(1);
        heart.answer(xid, first, BranchStatus.PHASE_TWO_ROLLED_BACK);
        assertThat(heart.state.locks().size()).isZero();
        assertThat(status(xid)).isEqualTo(GlobalStatus.ROLLED_BACK);
    }

    @Test
    void nothing_registers_after_the_decision() {
        String xid = heart.begin();
        heart.register(xid, "t:1");
        heart.give(new Command.Rollback(xid));
        assertThat(heart.register(xid, "t:2").result().error())
                .isEqualTo(TransactionError.GLOBAL_TRANSACTION_STATUS_INVALID);
    }

    @Test
    void a_compensation_registers_after_the_decision_but_locks_nothing() {
        String xid = heart.begin();
        heart.register(xid, BranchType.SAGA, "app#group", "", false);
        heart.give(new Command.Rollback(xid));
        assertThat(heart.register(xid, BranchType.SAGA, "app#group", "", false).result())
                .isEqualTo(Message.Result.OK);
        assertThat(heart.register(xid, BranchType.SAGA, "app#group", "t:1", false)
                        .result()
                        .error())
                .isEqualTo(TransactionError.GLOBAL_TRANSACTION_STATUS_INVALID);
    }

    @Test
    void nothing_registers_with_a_transaction_that_is_over_unknown_or_late() {
        String ended = heart.begin();
        commit(ended);
        assertThat(heart.register(ended, "t:1").result().error())
                .isEqualTo(TransactionError.GLOBAL_TRANSACTION_NOT_ACTIVE);
        assertThat(heart.register("h:1:5", "t:1").result().error())
                .isEqualTo(TransactionError.GLOBAL_TRANSACTION_NOT_EXIST);
        String late = heart.begin(1_000);
        heart.now += 1_000;
        assertThat(heart.register(late, "t:1").result().error())
                .isEqualTo(TransactionError.GLOBAL_TRANSACTION_NOT_ACTIVE);
        assertThat(heart.state.locks().size()).isZero();
    }

    @Test
    void the_number_of_an_xid_does_not_make_it_ours() {
        String xid = heart.begin();
        assertThat(commit("elsewhere:8091:" + Transactions.idOf(xid))).isEqualTo(GlobalStatus.FINISHED);
        assertThat(status(xid)).isEqualTo(GlobalStatus.BEGIN);
    }

    @Test
    void a_conflict_names_the_holder() {
        String holder = heart.begin();
        heart.register(holder, "t:1");
        heart.now += 40;
        Message.Result refusal = heart.register(heart.begin(), "t:0,1").result();
        assertThat(refusal.error()).isEqualTo(TransactionError.LOCK_KEY_CONFLICT);
        assertThat(refusal.message()).contains("t:1 of db", holder, "'purchase' of shop", "begun 40 ms ago", "ACTIVE");
        assertThat(heart.state.locks().size()).isEqualTo(1);
    }

    @Test
    void who_sits_on_a_database_row_that_a_rollback_needs_is_sent_away() {
        String holder = heart.begin();
        heart.register(holder, "t:1");
        heart.give(new Command.Rollback(holder));
        String other = heart.begin();
        assertThat(heart.register(other, BranchType.AT, "db", "t:1", true)
                        .result()
                        .error())
                .isEqualTo(TransactionError.LOCK_KEY_CONFLICT_FAIL_FAST);
        assertThat(heart.register(other, BranchType.AT, "db", "t:1", false)
                        .result()
                        .error())
                .isEqualTo(TransactionError.LOCK_KEY_CONFLICT);
    }

    @Test
    void a_lock_query_takes_nothing() {
        String holder = heart.begin();
        heart.register(holder, "t:1");
        Command.QueryLock outside = new Command.QueryLock("", "db", "t:1", LockPatience.NONE);
        assertThat(((Message.GlobalLockQueryResponse) heart.give(outside).answer()).lockable())
                .isFalse();
        Command.QueryLock own = new Command.QueryLock(holder, "db", "t:1,2", LockPatience.NONE);
        assertThat(((Message.GlobalLockQueryResponse) heart.give(own).answer()).lockable())
                .isTrue();
        assertThat(heart.state.locks().size()).isEqualTo(1);
    }

    @Test
    void a_malformed_lock_key_is_refused_and_locks_nothing() {
        assertThat(heart.register(heart.begin(), "t:1;u").result().error())
                .isEqualTo(TransactionError.BRANCH_REGISTER_FAILED);
        assertThat(heart.state.locks().size()).isZero();
    }

    @Test
    void time_ends_a_transaction_that_nobody_decided() {
        String xid = heart.begin(1_000);
        heart.register(xid, "t:1");
        heart.now += 999;
        heart.give(new Command.Timeout(Transactions.idOf(xid)));
        assertThat(status(xid)).isEqualTo(GlobalStatus.BEGIN);
        heart.now += 1;
        heart.give(new Command.Timeout(Transactions.idOf(xid)));
        assertThat(status(xid)).isEqualTo(GlobalStatus.TIMEOUT_ROLLING_BACK);
        assertThat(commit(xid)).isEqualTo(GlobalStatus.TIMEOUT_ROLLING_BACK);
    }

    @Test
    void a_commit_that_comes_too_late_is_a_timeout_even_before_the_timer_fires() {
        String xid = heart.begin(1_000);
        heart.register(xid, "t:1");
        heart.now += 1_000;
        assertThat(commit(xid)).isEqualTo(GlobalStatus.TIMEOUT_ROLLING_BACK);
        assertThat(heart.transaction(xid).phase()).isEqualTo(Phase.TIMEOUT_ROLLING_BACK);
    }

    @Test
    void a_commit_after_a_rollback_makes_every_client_throw() {
        String open = heart.begin();
        heart.register(open, "t:1");
        heart.give(new Command.Rollback(open));
        String ended = heart.begin();
        heart.give(new Command.Rollback(ended));
        for (String xid : new String[] {open, ended}) {
            Message.GlobalCommitResponse answer = (Message.GlobalCommitResponse)
                    heart.give(new Command.Commit(xid)).answer();
            assertThat(answer.result().success()).isFalse();
            assertThat(answer.status()).isEqualTo(GlobalStatus.FINISHED);
        }
    }

    @Test
    void asking_twice_returns_the_first_outcome() {
        String xid = heart.begin();
        long branch = heart.register(xid, "t:1").branchId();
        assertThat(commit(xid)).isEqualTo(GlobalStatus.COMMITTED);
        assertThat(commit(xid)).isEqualTo(GlobalStatus.COMMITTED);
        heart.answer(xid, branch, BranchStatus.PHASE_TWO_COMMITTED);
        assertThat(heart.answer(xid, branch, BranchStatus.PHASE_TWO_COMMITTED).facts())
                .isEmpty();
        assertThat(commit(xid)).isEqualTo(GlobalStatus.COMMITTED);
        assertThat(heart.give(new Command.Rollback(xid)).answer())
                .isEqualTo(new Message.GlobalRollbackResponse(Message.Result.OK, GlobalStatus.COMMITTED));
    }

    @Test
    void the_largest_id_there_can_be_is_read_and_the_next_is_none() {
        assertThat(Transactions.idOf("h:1:9223372036854775807")).isEqualTo(Long.MAX_VALUE);
        assertThat(Transactions.idOf("h:1:9223372036854775808")).isEqualTo(-1);
        assertThat(Transactions.idOf("h:1:1152921504606846976")).isEqualTo(1L << 60);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "h:1:", "h:1:x", "h:1:-5", "h:1:99999999999999999999"})
    void an_xid_that_is_none_is_unknown(String xid) {
        assertThat(status(xid)).isEqualTo(GlobalStatus.FINISHED);
        assertThat(commit(xid)).isEqualTo(GlobalStatus.FINISHED);
    }

    @Test
    void a_branch_whose_local_work_failed_is_forgotten_with_its_rows() {
        String xid = heart.begin();
        long branch = heart.register(xid, "t:1").branchId();
        heart.give(new Command.ReportBranch(xid, branch, BranchStatus.PHASE_ONE_FAILED, ""));
        assertThat(heart.state.locks().size()).isZero();
        assertThat(heart.transaction(xid).branches()).isEmpty();
        assertThat(((Message.BranchReportResponse)
                                heart.give(new Command.ReportBranch(xid, branch, BranchStatus.PHASE_ONE_FAILED, ""))
                                        .answer())
                        .result()
                        .error())
                .isEqualTo(TransactionError.BRANCH_NOT_EXIST);
    }

    @Test
    void a_branch_that_cannot_be_undone_needs_attention_and_keeps_its_rows_until_it_can() {
        String xid = heart.begin();
        long branch = heart.register(xid, "t:1").branchId();
        heart.give(new Command.Rollback(xid));
        heart.give(new Command.BranchAnswered(
                xid, branch, BranchStatus.PHASE_TWO_ROLLBACK_FAILED_UNRETRYABLE, "row 1 was changed by an outsider"));
        assertThat(status(xid)).isEqualTo(GlobalStatus.ROLLBACK_FAILED);
        assertThat(heart.transaction(xid).stuck())
                .singleElement()
                .satisfies(stuck -> assertThat(stuck.reason()).contains("outsider"));
        assertThat(heart.state.locks().size()).isEqualTo(1);
        assertThat(heart.state.needingAttention()).isEqualTo(1);

        heart.give(new Command.Resolve(xid, null, Resolution.RETRY, ""));
        assertThat(status(xid)).isEqualTo(GlobalStatus.ROLLING_BACK);
        assertThat(heart.transaction(xid).stuck()).isEmpty();
        heart.answer(xid, branch, BranchStatus.PHASE_TWO_ROLLED_BACK);
        assertThat(status(xid)).isEqualTo(GlobalStatus.ROLLED_BACK);
        assertThat(heart.state.needingAttention()).isZero();
    }

    @Test
    void a_stuck_branch_does_not_hold_up_the_others() {
        String xid = heart.begin();
        long first = heart.register(xid, BranchType.AT, "db1", "t:1", false).branchId();
        long second = heart.register(xid, BranchType.AT, "db2", "t:2", false).branchId();
        heart.give(new Command.Rollback(xid));
        heart.answer(xid, second, BranchStatus.PHASE_TWO_ROLLBACK_FAILED_UNRETRYABLE);
        heart.answer(xid, first, BranchStatus.PHASE_TWO_ROLLED_BACK);
        assertThat(heart.transaction(xid).phase()).isEqualTo(Phase.ROLLBACK_NEEDS_ATTENTION);
        assertThat(heart.state.locks().size()).isEqualTo(1);
        heart.answer(xid, second, BranchStatus.PHASE_TWO_ROLLED_BACK);
        assertThat(status(xid)).isEqualTo(GlobalStatus.ROLLED_BACK);
    }

    @Test
    void an_answer_against_the_decision_changes_nothing() {
        String xid = heart.begin();
        long branch = heart.register(xid, "t:1").branchId();
        assertThat(heart.answer(xid, branch, BranchStatus.PHASE_TWO_COMMITTED).facts())
                .isEmpty();
        heart.give(new Command.Rollback(xid));
        assertThat(heart.answer(xid, branch, BranchStatus.PHASE_TWO_COMMITTED).facts())
                .isEmpty();
    }

    @Test
    void a_timeout_of_nothing_is_refused() {
        Message.GlobalBeginResponse answer =
                (Message.GlobalBeginResponse) heart.give(new Command.Begin("h:1:", "shop", "g", "purchase", 0))
                        .answer();
        assertThat(answer.result().error()).isEqualTo(TransactionError.BEGIN_FAILED);
        assertThat(answer.result().message()).contains("0 ms", "purchase");
    }

    @Test
    void a_saga_engine_ends_its_own_transaction() {
        String xid = heart.begin();
        heart.register(xid, BranchType.SAGA, "app#group", "", false);
        heart.give(new Command.ReportEnd(xid, GlobalStatus.ROLLED_BACK));
        assertThat(status(xid)).isEqualTo(GlobalStatus.ROLLED_BACK);
    }

    @Test
    void a_registration_that_is_asked_for_again_is_answered_with_the_same_branch() {
        String xid = heart.begin(60_000);
        Message.BranchRegisterResponse first = registered(xid, "item:1", 7);
        int locks = heart.state.locks().size();

        assertThat(registered(xid, "item:1", 7)).isEqualTo(first);
        assertThat(heart.transaction(xid).branches()).hasSize(1);
        assertThat(heart.state.locks().size()).isEqualTo(locks);
        assertThat(registered(xid, "item:1", 8).branchId()).isNotEqualTo(first.branchId());
        String other = heart.begin(60_000);
        assertThat(registered(other, "item:2", 7).branchId())
                .as("of another transaction")
                .isNotEqualTo(first.branchId());

        TransactionState restarted = heart.snapshotted();
        assertThat(restarted.transaction(Transactions.idOf(xid)).registeredBy(7))
                .isEqualTo(first.branchId());
        heart.give(new Command.Rollback(xid));
        assertThat(registered(xid, "item:1", 7).result().error())
                .isEqualTo(TransactionError.GLOBAL_TRANSACTION_STATUS_INVALID);
    }

    private Message.BranchRegisterResponse registered(String xid, String lockKey, long registration) {
        return (Message.BranchRegisterResponse) heart.give(new Command.RegisterBranch(
                        xid,
                        BranchType.AT,
                        "db",
                        "shop:10.0.0.1:5",
                        lockKey,
                        "",
                        new LockPatience(0, LockPatience.Holding.ATTEMPT),
                        registration))
                .answer();
    }
}
