package io.entente.tc.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.entente.protocol.AttentionReason;
import io.entente.protocol.BranchStatus;
import io.entente.protocol.BranchType;
import io.entente.protocol.Resolution;
import io.entente.tc.transaction.OperatorAction.Outcome;
import org.junit.jupiter.api.Test;

/** What is kept of what operators had done, and why they had to. */
class OperatorActionTest {
    private final Heart heart = new Heart();
    private final String xid = heart.begin();
    private final long branch = heart.register(xid, "t:1").branchId();

    private void stop(String message) {
        heart.give(
                new Command.BranchAnswered(xid, branch, BranchStatus.PHASE_TWO_ROLLBACK_FAILED_UNRETRYABLE, message));
    }

    private void resolve(Resolution resolution, String by) {
        heart.now += 10;
        heart.give(new Command.Resolve(xid, branch, resolution, by));
        heart.now += 10;
    }

    @Test
    void each_has_its_outcome_also_when_the_transaction_has_ended() {
        heart.give(new Command.Rollback(xid));
        stop("row 1");
        resolve(Resolution.RETRY, "ann");
        stop("row 1 again");
        resolve(Resolution.RETRY, "bob");
        resolve(Resolution.MARK_DONE, "eve");

        long id = Transactions.idOf(xid);
        assertThat(heart.state.transaction(id)).isNull();
        assertThat(heart.state.actionsOfEnded(id))
                .containsExactly(
                        new OperatorAction(
                                branch, Resolution.RETRY, "ann", 1_000_010, Outcome.STOPPED, 1_000_020, "row 1 again"),
                        new OperatorAction(
                                branch, Resolution.RETRY, "bob", 1_000_030, Outcome.OVERTAKEN, 1_000_050, ""),
                        new OperatorAction(
                                branch, Resolution.MARK_DONE, "eve", 1_000_050, Outcome.DONE, 1_000_050, ""));
        assertThat(heart.snapshotted().actionsOfEnded(id)).isEqualTo(heart.state.actionsOfEnded(id));
        assertThat(heart.replayed().actionsOfEnded(id)).isEqualTo(heart.state.actionsOfEnded(id));
    }

    @Test
    void what_came_of_it_in_the_end_is_told_with_its_time() {
        heart.give(new Command.Rollback(xid));
        stop("row 1");
        resolve(Resolution.RETRY, "ann");
        heart.answer(xid, branch, BranchStatus.PHASE_TWO_ROLLED_BACK);

        assertThat(heart.state.actionsOfEnded(Transactions.idOf(xid)))
                .singleElement()
                .satisfies(action -> {
                    assertThat(action.outcome()).isEqualTo(Outcome.DONE);
                    assertThat(action.outcomeAt()).isEqualTo(heart.now);
                });
    }

    @Test
    void the_reason_is_told_to_machines_too() {
        heart.give(new Command.Rollback(xid));
        stop(AttentionReason.FENCE_VIOLATED.addedTo("the fence\nsays no"));
        assertThat(heart.transaction(xid).stuck(branch)).satisfies(stuck -> {
            assertThat(stuck.why()).isEqualTo(AttentionReason.FENCE_VIOLATED);
            assertThat(stuck.reason()).isEqualTo("the fence\nsays no");
        });
        resolve(Resolution.RETRY, "");
        stop("dirty data");
        assertThat(heart.transaction(xid).stuck(branch).why()).isEqualTo(AttentionReason.RESOURCE_MANAGER_GAVE_UP);
        resolve(Resolution.RETRY, "");
        heart.give(new Command.GiveUp(Transactions.idOf(xid), branch, "no database"));
        assertThat(heart.transaction(xid).stuck(branch)).satisfies(stuck -> {
            assertThat(stuck.why()).isEqualTo(AttentionReason.RETRY_BUDGET_USED_UP);
            assertThat(stuck.reason()).isEqualTo("no database");
        });
    }

    @Test
    void a_transaction_that_no_branch_is_stuck_in_any_more_needs_no_attention() {
        long later = heart.register(xid, BranchType.AT, "other", "x:1", false).branchId();
        heart.give(new Command.Rollback(xid));
        stop("row 1");
        assertThat(heart.state.needingAttention()).isEqualTo(1);

        heart.answer(xid, branch, BranchStatus.PHASE_TWO_ROLLED_BACK);

        assertThat(heart.transaction(xid).phase()).isEqualTo(Phase.ROLLING_BACK);
        assertThat(heart.transaction(xid).branches()).extracting(Branch::id).containsExactly(later);
        assertThat(heart.state.needingAttention()).isZero();
    }

    @Test
    void a_confirmation_holds_for_the_time_it_speaks_of() {
        heart.give(new Command.Rollback(xid));
        stop("row 1");
        long id = Transactions.idOf(xid);
        long first = heart.now;
        heart.give(new Command.ConfirmNotice(id, branch, first - 1, "r"));
        assertThat(heart.transaction(xid).isConfirmed(branch, "r")).isFalse();
        heart.give(new Command.ConfirmNotice(id, branch, first, "r"));
        assertThat(heart.transaction(xid).isConfirmed(branch, "r")).isTrue();
        assertThat(heart.transaction(xid).isConfirmed(branch, "another")).isFalse();
        assertThat(Heart.picture(heart.replayed())).isEqualTo(Heart.picture(heart.state));
        assertThat(Heart.picture(heart.snapshotted())).isEqualTo(Heart.picture(heart.state));

        resolve(Resolution.RETRY, "");
        stop("row 1");
        assertThat(heart.transaction(xid).isConfirmed(branch, "r")).isFalse();
        assertThat(heart.give(new Command.ConfirmNotice(id, branch, first, "r")).facts())
                .isEmpty();
    }

    @Test
    void a_transaction_is_found_by_its_number_too() {
        heart.give(new Command.Rollback(xid));
        stop("row 1");
        heart.give(new Command.Resolve(String.valueOf(Transactions.idOf(xid)), branch, Resolution.RETRY, "ann"));
        assertThat(heart.transaction(xid).actions()).hasSize(1);
        assertThat(Transactions.named(heart.state, "elsewhere:1:" + Transactions.idOf(xid)))
                .isNull();
    }
}
