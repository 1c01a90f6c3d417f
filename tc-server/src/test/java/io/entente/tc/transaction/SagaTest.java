package io.entente.tc.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.entente.protocol.BranchStatus;
import io.entente.protocol.BranchType;
import io.entente.protocol.GlobalStatus;
import io.entente.protocol.Message;
import io.entente.protocol.Message.Result;
import io.entente.protocol.Resolution;
import io.entente.protocol.TransactionError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Steps of a saga before and after its pivot, which is the decision to commit. */
class SagaTest {
    private final Heart heart = new Heart();
    private final String xid = heart.begin();

    private long step(String name) {
        return heart.register(xid, BranchType.SAGA_ANNOTATION, "trip/" + name, "", false)
                .branchId();
    }

    private long forwardPart() {
        return heart.register(xid, BranchType.SAGA, "trip", "", false).branchId();
    }

    private Message.Response commit() {
        return heart.give(new Command.Commit(xid)).answer();
    }

    private static Message.GlobalCommitResponse committed() {
        return new Message.GlobalCommitResponse(Result.OK, GlobalStatus.COMMITTED);
    }

    @Test
    void a_saga_whose_steps_are_done_ends_with_its_commit() {
        step("car");
        step("hotel");
        assertThat(commit()).isEqualTo(committed());
        assertThat(heart.transaction(xid)).isNull();
        assertThat(commit()).isEqualTo(committed());
        assertThat(Heart.picture(heart.replayed())).isEqualTo(Heart.picture(heart.state));
    }

    @Test
    void the_commit_is_answered_at_the_pivot_and_the_rest_runs_on() {
        step("car");
        heart.register(xid, "t:1");
        long forward = forwardPart();

        assertThat(commit()).isEqualTo(committed());
        assertThat(commit()).isEqualTo(committed());
        assertThat(heart.give(new Command.QueryStatus(xid)).answer())
                .isEqualTo(new Message.GlobalStatusResponse(Result.OK, GlobalStatus.ASYNC_COMMITTING));

        long flight = step("flight");
        heart.answer(xid, forward, BranchStatus.PHASE_TWO_COMMITTED);
        assertThat(heart.transaction(xid).branches())
                .as("the AT branch still keeps the journal")
                .hasSize(3)
                .anyMatch(branch -> branch.id() == flight);
        heart.answer(xid, heart.transaction(xid).branches().get(1).id(), BranchStatus.PHASE_TWO_COMMITTED);
        assertThat(heart.state.outcome(Transactions.idOf(xid))).isEqualTo(Phase.COMMITTED);
        assertThat(Heart.picture(heart.replayed())).isEqualTo(Heart.picture(heart.state));
    }

    @ParameterizedTest
    @EnumSource(
            value = BranchType.class,
            names = {"TCC", "XA"})
    void a_saga_mixed_with_what_can_refuse_is_answered_when_that_is_done(BranchType type) {
        step("car");
        long forward = forwardPart();
        long refusing = heart.register(xid, type, "bank", "", false).branchId();
        assertThat(commit()).isNull();
        assertThat(commit()).isNull();
        heart.answer(xid, refusing, BranchStatus.PHASE_TWO_COMMITTED);
        heart.answer(xid, forward, BranchStatus.PHASE_TWO_COMMITTED);
        assertThat(heart.state.outcome(Transactions.idOf(xid))).isEqualTo(Phase.COMMITTED);
    }

    @Test
    void a_step_registers_once_after_the_pivot_however_often_it_is_tried() {
        forwardPart();
        long car = step("car");
        commit();
        long flight = step("flight");
        heart.give(new Command.ReportBranch(xid, flight, BranchStatus.PHASE_ONE_DONE, "seat 7"));

        Decision again = heart.give(new Command.RegisterBranch(
                xid,
                BranchType.SAGA_ANNOTATION,
                "trip/flight",
                "shop:10.0.0.2:7",
                "",
                "from the start",
                LockPatience.NONE));

        assertThat(again.facts()).isEmpty();
        assertThat(again.answer()).isEqualTo(new Message.BranchRegisterResponse(Result.OK, flight));
        assertThat(heart.transaction(xid).branch(flight).applicationData()).isEqualTo("seat 7");
        assertThat(step("car")).isEqualTo(car);
    }

    @Test
    void before_the_pivot_each_registration_is_a_branch_of_its_own() {
        assertThat(step("car")).isNotEqualTo(step("car"));
    }

    @Test
    void steps_behind_the_pivot_lock_nothing() {
        forwardPart();
        commit();
        assertThat(heart.register(xid, BranchType.SAGA_ANNOTATION, "trip/flight", "t:1", false)
                        .result()
                        .error())
                .isEqualTo(TransactionError.GLOBAL_TRANSACTION_STATUS_INVALID);
    }

    @Test
    void no_step_registers_after_a_rollback_or_the_deadline_or_the_end() {
        step("car");
        heart.give(new Command.Rollback(xid));
        assertRefused(xid, TransactionError.GLOBAL_TRANSACTION_STATUS_INVALID);

        String late = heart.begin(1_000);
        heart.now += 1_000;
        assertRefused(late, TransactionError.GLOBAL_TRANSACTION_NOT_ACTIVE);

        String ended = heart.begin();
        heart.give(new Command.Commit(ended));
        assertRefused(ended, TransactionError.GLOBAL_TRANSACTION_NOT_ACTIVE);
    }

    private void assertRefused(String transaction, TransactionError error) {
        assertThat(heart.register(transaction, BranchType.SAGA_ANNOTATION, "trip/flight", "", false)
                        .result()
                        .error())
                .isEqualTo(error);
    }

    @Test
    void what_a_step_did_can_be_reported_in_any_phase_and_outlives_a_restart() {
        long car = step("car");
        long forward = forwardPart();
        heart.give(new Command.ReportBranch(xid, car, BranchStatus.PHASE_ONE_DONE, "car 1"));
        commit();
        assertThat(heart.give(new Command.ReportBranch(xid, car, BranchStatus.PHASE_ONE_DONE, "car 2"))
                        .answer())
                .isEqualTo(new Message.BranchReportResponse(Result.OK));
        heart.give(new Command.ReportBranch(xid, forward, BranchStatus.PHASE_ONE_DONE, "at hotel"));
        for (TransactionState state : new TransactionState[] {heart.state, heart.replayed(), heart.snapshotted()}) {
            assertThat(state.transaction(Transactions.idOf(xid)).branches())
                    .extracting(Branch::applicationData)
                    .containsExactly("car 2", "at hotel");
        }
    }

    @Test
    void a_forward_part_that_gives_up_needs_attention_and_its_steps_still_register() {
        long forward = forwardPart();
        commit();
        heart.give(new Command.BranchAnswered(
                xid, forward, BranchStatus.PHASE_TWO_COMMIT_FAILED_UNRETRYABLE, "no seat in any plane"));
        assertThat(heart.transaction(xid).phase()).isEqualTo(Phase.COMMIT_NEEDS_ATTENTION);
        assertThat(commit()).as("the first outcome").isEqualTo(committed());
        long flight = step("flight");
        assertThat(step("flight")).isEqualTo(flight);

        heart.give(new Command.Resolve(xid, null, Resolution.RETRY, ""));
        heart.answer(xid, forward, BranchStatus.PHASE_TWO_COMMITTED);
        assertThat(heart.state.outcome(Transactions.idOf(xid))).isEqualTo(Phase.COMMITTED);
        assertThat(heart.state.needingAttention()).isZero();
    }

    @Test
    void a_late_answer_ends_a_saga_that_was_given_up_with_its_journal() {
        step("car");
        long forward = forwardPart();
        commit();
        heart.give(new Command.GiveUp(Transactions.idOf(xid), forward, "too often"));
        heart.answer(xid, forward, BranchStatus.PHASE_TWO_COMMITTED);
        assertThat(heart.state.outcome(Transactions.idOf(xid))).isEqualTo(Phase.COMMITTED);
        assertThat(heart.state.needingAttention()).isZero();
        assertThat(Heart.picture(heart.replayed())).isEqualTo(Heart.picture(heart.state));
    }

    @Test
    void a_journal_that_an_old_log_left_alone_is_asked() {
        long car = step("car");
        heart.state.apply(new Fact.TransactionMoved(Transactions.idOf(xid), Phase.Move.DECIDE_COMMIT, heart.now));
        assertThat(PhaseTwoOrder.ready(heart.transaction(xid)))
                .singleElement()
                .satisfies(branch -> assertThat(branch.id()).isEqualTo(car));
        heart.answer(xid, car, BranchStatus.PHASE_TWO_COMMITTED);
        assertThat(heart.state.outcome(Transactions.idOf(xid))).isEqualTo(Phase.COMMITTED);
    }

    @Test
    void an_answer_for_a_step_that_nobody_asked_does_not_take_it_from_the_journal() {
        long car = step("car");
        forwardPart();
        commit();
        for (BranchStatus status : BranchStatus.values()) {
            assertThat(heart.answer(xid, car, status).facts()).as(status.name()).isEmpty();
        }
        assertThat(step("car")).isEqualTo(car);
    }
}
