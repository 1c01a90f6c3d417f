package io.entente.tc.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.entente.protocol.BranchStatus;
import io.entente.protocol.BranchType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Answers in phase two that come twice, late, out of order, or against the decision, for each type of branch. */
class LateAnswersTest {
    private final Heart heart = new Heart();
    private final String xid = heart.begin();

    @ParameterizedTest
    @EnumSource(BranchType.class)
    void they_change_nothing_when_it_is_rolled_back(BranchType type) {
        long first = heart.register(xid, type, "resource", "", false).branchId();
        long other = heart.register(xid, BranchType.TCC, "other", "", false).branchId();
        assertThat(heart.answer(xid, first, BranchStatus.PHASE_TWO_ROLLED_BACK).facts())
                .as("before the decision")
                .isEmpty();
        heart.give(new Command.GiveUp(Transactions.idOf(xid), first, "before the decision"));
        assertThat(heart.transaction(xid).phase()).isEqualTo(Phase.ACTIVE);
        heart.give(new Command.Rollback(xid));
        for (BranchStatus retryable : new BranchStatus[] {
            BranchStatus.PHASE_TWO_COMMITTED,
            BranchStatus.PHASE_TWO_ROLLBACK_FAILED_RETRYABLE,
            BranchStatus.ROLLBACK_FAILED_XAER_NOTA_RETRYABLE,
            BranchStatus.COMMIT_FAILED_XAER_NOTA_RETRYABLE
        }) {
            assertThat(heart.answer(xid, first, retryable).facts()).isEmpty();
        }
        // The earlier branch first: it was asked before a restart, say.
        assertThat(heart.answer(xid, first, BranchStatus.PHASE_TWO_ROLLED_BACK).facts())
                .hasSize(1);
        assertThat(heart.answer(xid, first, BranchStatus.PHASE_TWO_ROLLED_BACK).facts())
                .isEmpty();
        assertThat(heart.answer(xid, first, BranchStatus.PHASE_TWO_ROLLBACK_FAILED_UNRETRYABLE)
                        .facts())
                .isEmpty();
        heart.give(new Command.GiveUp(Transactions.idOf(xid), first, "too late"));
        assertThat(heart.transaction(xid).phase()).isEqualTo(Phase.ROLLING_BACK);
        heart.answer(xid, other, BranchStatus.PHASE_TWO_ROLLED_BACK);
        assertThat(heart.answer(xid, other, BranchStatus.PHASE_TWO_ROLLED_BACK).facts())
                .isEmpty();
        assertThat(heart.state.outcome(Transactions.idOf(xid))).isEqualTo(Phase.ROLLED_BACK);
    }

    @ParameterizedTest
    @EnumSource(value = BranchType.class, mode = EnumSource.Mode.EXCLUDE, names = "SAGA_ANNOTATION")
    void they_change_nothing_when_it_is_committed(BranchType type) {
        long first = heart.register(xid, type, "resource", "", false).branchId();
        long other = heart.register(xid, type, "other", "", false).branchId();
        heart.give(new Command.Commit(xid));
        for (BranchStatus status : new BranchStatus[] {
            BranchStatus.PHASE_TWO_ROLLED_BACK,
            BranchStatus.PHASE_ONE_FAILED,
            BranchStatus.PHASE_TWO_COMMIT_FAILED_RETRYABLE,
            BranchStatus.COMMIT_FAILED_XAER_NOTA_RETRYABLE
        }) {
            assertThat(heart.answer(xid, first, status).facts()).isEmpty();
        }
        assertThat(heart.answer(xid, other, BranchStatus.PHASE_TWO_COMMITTED).facts())
                .hasSize(1);
        assertThat(heart.answer(xid, other, BranchStatus.PHASE_TWO_COMMITTED).facts())
                .isEmpty();
        assertThat(heart.answer(xid, other, BranchStatus.PHASE_TWO_COMMIT_FAILED_UNRETRYABLE)
                        .facts())
                .isEmpty();
        heart.answer(xid, first, BranchStatus.PHASE_TWO_COMMITTED);
        assertThat(heart.answer(xid, first, BranchStatus.PHASE_TWO_COMMITTED).facts())
                .isEmpty();
        assertThat(heart.state.outcome(Transactions.idOf(xid))).isEqualTo(Phase.COMMITTED);
    }
}
