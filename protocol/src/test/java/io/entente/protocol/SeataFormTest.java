package io.entente.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class SeataFormTest {
    private static final ProtocolVersion V2_0 = ProtocolVersion.parse("2.0.0");
    private static final ProtocolVersion V2_6 = ProtocolVersion.parse("2.6.0");

    private static Message.BranchRegisterRequest registration(BranchType type, String lockKey, String data) {
        return new Message.BranchRegisterRequest("x:1:2", type, "r", lockKey, data);
    }

    private static Message.BranchReportRequest report(BranchType type, BranchStatus status) {
        return new Message.BranchReportRequest("x:1:2", 3, status, "r", "", type);
    }

    @Test
    void a_branch_names_its_rows_without_modes_and_says_what_seatas_clients_say() {
        String ours = RowLockWait.ofLocalTransaction(Duration.ofSeconds(2)).text();
        assertThat(SeataForm.of(registration(BranchType.AT, "%(n-)stock:1;item:2", ours), V2_6))
                .isEqualTo(registration(BranchType.AT, "stock:1;item:2", "{\"autoCommit\":false}"));

        String attempt = RowLockWait.ofAttempt(Duration.ofSeconds(2)).text();
        assertThat(SeataForm.of(registration(BranchType.AT, "stock:1", attempt), V2_6))
                .isEqualTo(registration(BranchType.AT, "stock:1", ""));
    }

    @Test
    void a_question_about_rows_names_them_and_nothing_else() {
        assertThat(SeataForm.of(
                        new Message.GlobalLockQueryRequest("", BranchType.AT, "r", "%(n-)stock:1", "{\"lockWait\":5}"),
                        V2_6))
                .isEqualTo(new Message.GlobalLockQueryRequest("", BranchType.AT, "r", "stock:1", ""));
    }

    @Test
    void what_other_modes_keep_at_the_coordinator_stays_as_it_is() {
        for (BranchType type : List.of(BranchType.TCC, BranchType.XA)) {
            Message.Request registration = registration(type, "", "{\"arguments\":[{\"lockWait\":5}]}");
            assertThat(SeataForm.of(registration, V2_0)).isSameAs(registration);
        }
    }

    @Test
    void an_old_coordinator_is_told_in_older_words_that_a_branch_takes_no_part() {
        Message.Request readOnly = report(BranchType.XA, BranchStatus.PHASE_ONE_READ_ONLY);
        assertThat(SeataForm.of(readOnly, V2_0)).isEqualTo(report(BranchType.XA, BranchStatus.PHASE_ONE_FAILED));
        assertThat(SeataForm.of(readOnly, V2_6)).isSameAs(readOnly);
    }

    @Test
    void what_a_coordinator_cannot_read_has_no_form() {
        Message step = registration(BranchType.SAGA_ANNOTATION, "", "{}");
        Message done = report(BranchType.SAGA_ANNOTATION, BranchStatus.PHASE_ONE_DONE);
        assertThat(SeataForm.exists(step, V2_0)).isFalse();
        assertThat(SeataForm.exists(done, V2_0)).isFalse();
        assertThat(SeataForm.exists(step, V2_6)).isTrue();
        assertThat(SeataForm.exists(done, V2_6)).isTrue();
        assertThat(SeataForm.exists(new Message.TransactionQuery("x:1:2"), V2_6))
                .isFalse();
        assertThat(SeataForm.exists(registration(BranchType.AT, "stock:1", ""), V2_0))
                .isTrue();
    }

    @Test
    void why_a_branch_is_stuck_is_told_to_people_alone() {
        String conflict = new ConflictText("stock(id=1) was changed", "{\"rows\":[],\"rowsLeftOut\":0}").joined();
        assertThat(SeataForm.of(rolledBack(conflict))).isEqualTo(rolledBack("stock(id=1) was changed"));

        String fence = AttentionReason.FENCE_VIOLATED.addedTo("the fence says otherwise");
        assertThat(SeataForm.of(committed(fence))).isEqualTo(committed("the fence says otherwise"));

        Message.Response plain = rolledBack("lock timeout");
        assertThat(SeataForm.of(plain)).isEqualTo(plain);
    }

    private static Message.Response rolledBack(String reason) {
        return new Message.BranchRollbackResponse(
                Message.Result.failed(TransactionError.BRANCH_ROLLBACK_FAILED_UNRETRYABLE, reason),
                "x:1:2",
                3,
                BranchStatus.PHASE_TWO_ROLLBACK_FAILED_UNRETRYABLE);
    }

    private static Message.Response committed(String reason) {
        return new Message.BranchCommitResponse(
                Message.Result.failed(TransactionError.UNKNOWN, reason),
                "x:1:2",
                3,
                BranchStatus.PHASE_TWO_COMMIT_FAILED_UNRETRYABLE);
    }
}
