package io.entente.tc.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.entente.protocol.BranchStatus;
import io.entente.protocol.BranchType;
import io.entente.protocol.ConflictText;
import io.entente.protocol.Resolution;
import io.entente.tc.lock.RowClaim;
import io.entente.tc.transaction.OperatorAction.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Operators who let go of the row locks of what cannot be rolled back yet. */
class LockReleasesTest {
    private static final String CONFLICT = new ConflictText("row 1 was changed", "{\"rows\":[]}").joined();

    private final Heart heart = new Heart();
    private final String xid = heart.begin();

    private void stop(long branch) {
        heart.give(
                new Command.BranchAnswered(xid, branch, BranchStatus.PHASE_TWO_ROLLBACK_FAILED_UNRETRYABLE, CONFLICT));
    }

    private long stuck(String rows) {
        long branch = heart.register(xid, rows).branchId();
        heart.give(new Command.Rollback(xid));
        stop(branch);
        return branch;
    }

    private Decision resolve(Long branch, Resolution resolution) {
        return heart.give(new Command.Resolve(xid, branch, resolution, "ann"));
    }

    private String refusal(Long branch, Resolution resolution) {
        return Resolutions.refusal(heart.state, new Command.Resolve(xid, branch, resolution, ""))
                .orElseThrow()
                .reason();
    }

    private GlobalTransaction transaction() {
        return heart.transaction(xid);
    }

    private boolean canHave(String otherXid, String rows) {
        return heart.register(otherXid, rows).result().success();
    }

    private void assertSurvivesRestart() {
        assertThat(Heart.picture(heart.replayed())).isEqualTo(Heart.picture(heart.state));
        assertThat(Heart.picture(heart.snapshotted())).isEqualTo(Heart.picture(heart.state));
    }

    @Test
    void the_rows_are_free_and_the_branch_is_as_stuck_as_before() {
        long branch = stuck("t:1,2");
        String other = heart.begin();
        assertThat(canHave(other, "t:1")).isFalse();

        resolve(branch, Resolution.RELEASE_LOCKS);

        assertThat(canHave(other, "t:1")).isTrue();
        assertThat(transaction().phase()).isEqualTo(Phase.ROLLBACK_NEEDS_ATTENTION);
        assertThat(transaction().isStuck(branch)).isTrue();
        assertThat(transaction().conflict(branch)).isNotNull();
        assertThat(transaction().releasedRows(branch))
                .extracting(RowClaim::toString)
                .containsExactly("t:1 of db", "t:2 of db");
        assertThat(transaction().actions()).singleElement().satisfies(action -> {
            assertThat(action.resolution()).isEqualTo(Resolution.RELEASE_LOCKS);
            assertThat(action.by()).isEqualTo("ann");
            assertThat(action.outcome()).isEqualTo(Outcome.DONE);
            assertThat(action.note()).isEqualTo("2 rows: t:1,2");
        });
        assertSurvivesRestart();
        assertThat(resolve(branch, Resolution.RELEASE_LOCKS).facts())
                .as("repeated")
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = Resolution.class,
            names = {"RETRY", "ACCEPT_CURRENT"})
    void it_can_be_resolved_afterwards_whoever_has_its_rows(Resolution resolution) {
        long branch = stuck("t:1");
        resolve(branch, Resolution.RELEASE_LOCKS);
        String other = heart.begin();
        assertThat(canHave(other, "t:1")).isTrue();

        resolve(branch, resolution);
        heart.answer(xid, branch, BranchStatus.PHASE_TWO_ROLLED_BACK);

        assertThat(heart.state.outcome(Transactions.idOf(xid))).isEqualTo(Phase.ROLLED_BACK);
        assertThat(heart.state.locks().size()).as("the other's").isEqualTo(1);
        assertSurvivesRestart();
    }

    @Test
    void to_overwrite_takes_the_locks_again() {
        long branch = stuck("%(n-)t:1");
        resolve(branch, Resolution.RELEASE_LOCKS);
        String other = heart.begin();

        resolve(branch, Resolution.FORCE_BEFORE_IMAGE);

        assertThat(canHave(other, "t:1")).isFalse();
        assertThat(canHave(other, "%(n-)t:1")).as("in the same mode").isTrue();
        assertThat(transaction().releasedRows(branch)).isEmpty();
        assertThat(refusal(branch, Resolution.RELEASE_LOCKS)).contains("is being resolved with FORCE_BEFORE_IMAGE");
        assertSurvivesRestart();
        stop(branch);
        resolve(branch, Resolution.RELEASE_LOCKS);
        assertThat(transaction().releasedRows(branch)).hasSize(1);
        assertSurvivesRestart();
    }

    @Test
    void nobody_is_overwritten_who_has_a_row_by_now() {
        long branch = stuck("t:1");
        resolve(branch, Resolution.RELEASE_LOCKS);
        String other = heart.begin();
        assertThat(canHave(other, "t:1")).isTrue();

        assertThat(refusal(branch, Resolution.FORCE_BEFORE_IMAGE))
                .contains("t:1 of db", other, "'purchase' of shop", "ACTIVE", "RETRY");
        assertThat(resolve(branch, Resolution.FORCE_BEFORE_IMAGE).facts()).isEmpty();
        assertThat(Resolutions.possible(
                        heart.state, transaction(), transaction().branch(branch)))
                .doesNotContain(Resolution.FORCE_BEFORE_IMAGE)
                .contains(Resolution.RETRY, Resolution.ACCEPT_CURRENT);

        heart.give(new Command.Commit(other));
        heart.answer(other, heart.transaction(other).branches().get(0).id(), BranchStatus.PHASE_TWO_COMMITTED);
        assertThat(resolve(branch, Resolution.FORCE_BEFORE_IMAGE).facts()).isNotEmpty();
    }

    @Test
    void the_locks_of_all_branches_go_at_once_also_of_those_that_only_wait() {
        long first = heart.register(xid, "t:1").branchId();
        long second = heart.register(xid, "t:1,2").branchId();
        heart.give(new Command.Rollback(xid));
        stop(second);
        String other = heart.begin();

        resolve(second, Resolution.RELEASE_LOCKS);
        assertThat(canHave(other, "t:2")).isTrue();
        assertThat(canHave(other, "t:1")).as("the first branch has it too").isFalse();

        resolve(null, Resolution.RELEASE_LOCKS);
        assertThat(canHave(other, "t:1")).isTrue();
        assertThat(transaction().releasedRows(first)).hasSize(1);
        assertThat(transaction().actions()).hasSize(2);
        assertSurvivesRestart();
    }

    @Test
    void what_has_no_locks_to_let_go_of_says_so() {
        long branch = heart.register(xid, "t:1").branchId();
        assertThat(refusal(branch, Resolution.RELEASE_LOCKS)).contains("is ACTIVE", "timeout of 60000 ms");
        assertThat(refusal(null, Resolution.RELEASE_LOCKS)).contains("is ACTIVE");
        long tcc = heart.register(xid, BranchType.TCC, "freeze", "", false).branchId();
        heart.give(new Command.Rollback(xid));
        assertThat(refusal(tcc, Resolution.RELEASE_LOCKS)).contains("has locked no rows");
        assertThat(resolve(null, Resolution.RELEASE_LOCKS).facts()).hasSize(3);

        String committed = heart.begin();
        heart.register(committed, BranchType.TCC, "freeze", "t:9", false);
        heart.give(new Command.Commit(committed));
        assertThat(Resolutions.refusal(heart.state, new Command.Resolve(committed, null, Resolution.RELEASE_LOCKS, ""))
                        .orElseThrow()
                        .reason())
                .contains("let go of its row locks when its commit was decided");
    }
}
