package io.entente.tc.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.entente.protocol.BranchStatus;
import io.entente.protocol.BranchType;
import io.entente.protocol.ConflictText;
import io.entente.protocol.Resolution;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What follows when an operator decides about branches that are stuck. */
class ResolutionsTest {
    private static final String ROWS = "{\"rows\":[]}";
    private static final String CONFLICT = new ConflictText("row 1 was changed", ROWS).joined();

    private final Heart heart = new Heart();
    private final String xid = heart.begin();

    private long branch(BranchType type, String resource, String rows) {
        return heart.register(xid, type, resource, rows, false).branchId();
    }

    private void stop(long branch, String message) {
        heart.give(
                new Command.BranchAnswered(xid, branch, BranchStatus.PHASE_TWO_ROLLBACK_FAILED_UNRETRYABLE, message));
    }

    private Decision resolve(Long branch, Resolution resolution) {
        return heart.give(new Command.Resolve(xid, branch, resolution, "ann"));
    }

    private String refusal(Long branch, Resolution resolution) {
        return Resolutions.refusal(heart.state, new Command.Resolve(xid, branch, resolution, ""))
                .orElseThrow()
                .reason();
    }

    private void assertRefused(Long branch, Resolution resolution, String... why) {
        assertThat(refusal(branch, resolution)).contains(why);
        assertThat(resolve(branch, resolution).facts()).isEmpty();
    }

    private GlobalTransaction transaction() {
        return heart.transaction(xid);
    }

    private void assertSurvivesRestart() {
        assertThat(Heart.picture(heart.replayed())).isEqualTo(Heart.picture(heart.state));
        assertThat(Heart.picture(heart.snapshotted())).isEqualTo(Heart.picture(heart.state));
    }

    /** One AT branch, stuck over rows. */
    private long stuck() {
        long branch = branch(BranchType.AT, "db", "t:1");
        heart.give(new Command.Rollback(xid));
        stop(branch, CONFLICT);
        return branch;
    }

    @Test
    void the_rows_in_the_way_stand_beside_the_reason() {
        long branch = stuck();

        assertThat(transaction().stuck())
                .singleElement()
                .satisfies(stuck -> assertThat(stuck.reason()).isEqualTo("row 1 was changed"));
        assertThat(transaction().conflict(branch)).isEqualTo(ROWS);
        assertThat(Resolutions.possible(
                        heart.state, transaction(), transaction().branch(branch)))
                .isEqualTo(Set.of(Resolution.values()));
        assertSurvivesRestart();
    }

    @Test
    void a_resolution_lets_the_branch_go_on_and_keeps_its_rows_locked() {
        long branch = stuck();
        heart.now += 5;

        assertThat(resolve(branch, Resolution.FORCE_BEFORE_IMAGE).facts())
                .containsExactly(
                        new Fact.ResolutionChosen(
                                transaction().id(), branch, Resolution.FORCE_BEFORE_IMAGE, "ann", heart.now, false),
                        new Fact.TransactionMoved(transaction().id(), Phase.Move.RETRY, heart.now));

        assertThat(transaction().phase()).isEqualTo(Phase.ROLLING_BACK);
        assertThat(transaction().isStuck(branch)).isFalse();
        assertThat(transaction().conflict(branch)).isNull();
        assertThat(transaction().openAction(branch).resolution()).isEqualTo(Resolution.FORCE_BEFORE_IMAGE);
        assertThat(heart.state.locks().size()).isEqualTo(1);
        assertSurvivesRestart();

        heart.answer(xid, branch, BranchStatus.PHASE_TWO_ROLLED_BACK);
        assertThat(transaction()).isNull();
        assertThat(heart.state.locks().size()).isZero();
    }

    @Test
    void a_resolution_holds_for_one_answer_only() {
        long branch = stuck();
        resolve(branch, Resolution.FORCE_BEFORE_IMAGE);
        heart.answer(xid, branch, BranchStatus.PHASE_TWO_ROLLBACK_FAILED_RETRYABLE);
        assertThat(transaction().openAction(branch)).as("asked again").isNotNull();

        stop(branch, CONFLICT);

        assertThat(transaction().phase()).isEqualTo(Phase.ROLLBACK_NEEDS_ATTENTION);
        assertThat(transaction().openAction(branch)).isNull();
        assertThat(transaction().actions())
                .extracting(OperatorAction::resolution)
                .containsExactly(Resolution.FORCE_BEFORE_IMAGE);
        assertSurvivesRestart();
        heart.give(new Command.Resolve(xid, null, Resolution.RETRY, ""));
        assertThat(transaction().openAction(branch).resolution()).isEqualTo(Resolution.RETRY);
        assertSurvivesRestart();
    }

    @Test
    void a_request_that_is_repeated_changes_nothing_and_another_one_has_to_wait() {
        long branch = stuck();
        resolve(branch, Resolution.ACCEPT_CURRENT);

        for (Long again : new Long[] {branch, null}) {
            Command.Resolve repeated = new Command.Resolve(xid, again, Resolution.ACCEPT_CURRENT, "bob");
            assertThat(Resolutions.refusal(heart.state, repeated)).isEmpty();
            assertThat(heart.give(repeated).facts()).isEmpty();
        }
        assertRefused(branch, Resolution.FORCE_BEFORE_IMAGE, "is being resolved with ACCEPT_CURRENT");
        assertRefused(null, Resolution.FORCE_BEFORE_IMAGE, "none of its branches is stuck");
    }

    @Test
    void one_of_two_stuck_branches_is_resolved_alone() {
        long first = branch(BranchType.AT, "db", "t:1");
        long second = branch(BranchType.AT, "other", "t:1");
        heart.give(new Command.Rollback(xid));
        stop(first, CONFLICT);
        stop(second, CONFLICT);

        resolve(first, Resolution.ACCEPT_CURRENT);

        assertThat(transaction().phase()).isEqualTo(Phase.ROLLBACK_NEEDS_ATTENTION);
        assertThat(transaction().isStuck(first)).isFalse();
        assertThat(transaction().isStuck(second)).isTrue();
        assertSurvivesRestart();
        heart.answer(xid, first, BranchStatus.PHASE_TWO_ROLLED_BACK);
        assertSurvivesRestart();
        resolve(null, Resolution.RETRY);
        assertThat(transaction().phase()).isEqualTo(Phase.ROLLING_BACK);
        heart.answer(xid, second, BranchStatus.PHASE_TWO_ROLLED_BACK);
        assertThat(heart.state.outcome(Transactions.idOf(xid))).isEqualTo(Phase.ROLLED_BACK);
    }

    @Test
    void all_stuck_branches_are_resolved_together_or_none() {
        long first = branch(BranchType.AT, "db", "t:1");
        long second = branch(BranchType.AT, "other", "t:1");
        heart.give(new Command.Rollback(xid));
        stop(first, CONFLICT);
        stop(second, "the disk is full");

        assertRefused(null, Resolution.FORCE_BEFORE_IMAGE, "branch " + second, "Nothing was changed");
        assertThat(transaction().isStuck(first)).isTrue();

        assertThat(resolve(null, Resolution.RETRY).facts()).hasSize(3);
        assertThat(transaction().stuck()).isEmpty();
    }

    @Test
    void only_rows_that_were_shown_can_be_forced_or_accepted() {
        long branch = branch(BranchType.AT, "db", "t:1");
        heart.give(new Command.Rollback(xid));
        assertRefused(branch, Resolution.RETRY, "branch " + branch, "is not stuck");
        stop(branch, "row 1 was changed by an outsider");

        assertRefused(branch, Resolution.FORCE_BEFORE_IMAGE, "is not stuck over rows", "RETRY");
        assertRefused(branch, Resolution.ACCEPT_CURRENT, "not one of Entente's");
        assertThat(Resolutions.possible(
                        heart.state, transaction(), transaction().branch(branch)))
                .containsExactly(Resolution.RETRY, Resolution.MARK_DONE, Resolution.RELEASE_LOCKS);

        resolve(branch, Resolution.RETRY);
        assertThat(transaction().isStuck(branch)).isFalse();
    }

    @Test
    void what_cannot_be_forced_is_not_offered_to_be() {
        long branch = branch(BranchType.AT, "db", "t:1");
        heart.give(new Command.Rollback(xid));
        String rows = "{\"rows\":[{\"key\":\"\\\"forcible\\\":true\",\"forcible\":false}],\"rowsLeftOut\":0}";
        stop(branch, new ConflictText("row 1 was deleted", rows).joined());

        assertThat(Resolutions.possible(
                        heart.state, transaction(), transaction().branch(branch)))
                .containsExactly(
                        Resolution.RETRY, Resolution.ACCEPT_CURRENT, Resolution.MARK_DONE, Resolution.RELEASE_LOCKS);
        assertRefused(branch, Resolution.FORCE_BEFORE_IMAGE, "cannot be forced", "RETRY", "ACCEPT_CURRENT");
    }

    @Test
    void what_an_application_undoes_itself_can_only_be_retried() {
        long branch = branch(BranchType.TCC, "freeze", "");
        heart.give(new Command.Rollback(xid));
        stop(branch, CONFLICT);

        assertRefused(branch, Resolution.FORCE_BEFORE_IMAGE, "of mode TCC", "RETRY");
        assertThat(resolve(branch, Resolution.RETRY).facts()).hasSize(2);
    }

    @Test
    void what_is_not_there_is_said_to_be_not_there() {
        long branch = stuck();
        assertRefused(branch + 1000, Resolution.RETRY, "is finished or was never registered");
        Command.Resolve unknown = new Command.Resolve("x:1:7", branch, Resolution.RETRY, "");
        assertThat(Resolutions.refusal(heart.state, unknown))
                .hasValue(new Resolutions.Refusal(true, "x:1:7 is not known here"));
        // The number is known, the coordinator that gave it out is another one.
        Command.Resolve foreign =
                new Command.Resolve("x:9:" + Transactions.idOf(xid), branch, Resolution.FORCE_BEFORE_IMAGE, "");
        assertThat(heart.give(foreign).facts()).isEmpty();

        resolve(branch, Resolution.RETRY);
        heart.answer(xid, branch, BranchStatus.PHASE_TWO_ROLLED_BACK);
        assertRefused(branch, Resolution.RETRY, xid + " has ended: ROLLED_BACK");
    }

    @Test
    void of_many_resolutions_the_latest_are_remembered() {
        long branch = stuck();
        for (int i = 0; i < 2 * Attention.MOST_ENDED; i++) {
            resolve(branch, i % 2 == 0 ? Resolution.RETRY : Resolution.ACCEPT_CURRENT);
            stop(branch, CONFLICT);
        }
        resolve(branch, Resolution.FORCE_BEFORE_IMAGE);

        assertThat(transaction().actions()).hasSize(Attention.MOST_ENDED).last().satisfies(last -> {
            assertThat(last.resolution()).isEqualTo(Resolution.FORCE_BEFORE_IMAGE);
            assertThat(transaction().openAction(branch)).isSameAs(last);
        });
        assertSurvivesRestart();
    }

    @Test
    void what_was_done_by_hand_is_marked_and_its_rows_are_free() {
        long branch = stuck();

        assertThat(resolve(branch, Resolution.MARK_DONE).facts()).hasSize(4);

        assertThat(heart.transaction(xid)).isNull();
        assertThat(heart.state.outcome(Transactions.idOf(xid))).isEqualTo(Phase.ROLLED_BACK);
        assertThat(heart.state.locks().size()).isZero();
        assertSurvivesRestart();
    }

    @Test
    void a_branch_of_any_mode_can_be_marked_and_the_others_go_on() {
        long confirmed = branch(BranchType.TCC, "stock", "");
        long other = branch(BranchType.AT, "db", "t:1");
        heart.give(new Command.Rollback(xid));
        stop(other, "no more");
        assertThat(transaction().phase()).isEqualTo(Phase.ROLLBACK_NEEDS_ATTENTION);

        resolve(other, Resolution.MARK_DONE);

        assertThat(transaction().phase()).isEqualTo(Phase.ROLLING_BACK);
        assertThat(transaction().branches()).extracting(Branch::id).containsExactly(confirmed);
        assertThat(transaction().actions())
                .singleElement()
                .satisfies(chosen -> assertThat(chosen.by()).isEqualTo("ann"));
        assertSurvivesRestart();
        assertThat(resolve(confirmed, Resolution.MARK_DONE).facts()).isNotEmpty();
        assertThat(heart.transaction(xid)).isNull();
    }

    /** Whose service has gone for good is never stuck, because silence does not count as failure. */
    @Test
    void a_branch_that_nobody_answers_for_can_be_marked_too() {
        long branch = branch(BranchType.TCC, "gone", "");
        heart.give(new Command.Commit(xid));

        resolve(branch, Resolution.MARK_DONE);

        assertThat(heart.state.outcome(Transactions.idOf(xid))).isEqualTo(Phase.COMMITTED);
        // Its answer comes after all.
        assertThat(heart.give(new Command.BranchAnswered(xid, branch, BranchStatus.PHASE_TWO_COMMITTED, ""))
                        .facts())
                .isEmpty();
    }

    @Test
    void nothing_is_marked_before_the_decision_nor_for_all_at_once() {
        long branch = branch(BranchType.AT, "db", "t:1");
        assertRefused(branch, Resolution.MARK_DONE, "nothing is decided yet");
        heart.give(new Command.Rollback(xid));
        stop(branch, CONFLICT);
        assertRefused(null, Resolution.MARK_DONE, "one branch at a time");
    }
}
