package io.entente.tm.branch;

import static org.assertj.core.api.Assertions.assertThat;

import io.entente.protocol.AttentionReason;
import io.entente.protocol.BranchStatus;
import io.entente.protocol.BranchType;
import io.entente.protocol.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** However often the coordinator asks, a branch is worked on once at a time and answered once. */
class WorkInHandTest {

    private final WorkInHand works = new WorkInHand();
    private final List<Message.Response> first = new ArrayList<>();
    private final List<Message.Response> second = new ArrayList<>();

    private static PhaseTwoBranch branch(PhaseTwoBranch.Decision decision) {
        return new PhaseTwoBranch("x:1:1", 7, BranchType.TCC, "freeze", "", decision);
    }

    @Test
    void a_repeated_request_starts_nothing_and_gets_the_answer() {
        PhaseTwoBranch branch = branch(PhaseTwoBranch.Decision.COMMIT);
        WorkInHand.Work work = Objects.requireNonNull(works.begin(branch, first::add));
        assertThat(works.begin(branch, second::add)).isNull();
        assertThat(works.begun()).as("what only waits is not at work").isEmpty();
        work.begun();
        assertThat(works.begun()).containsExactly(new WorkInHand.Key("x:1:1", 7));
        work.done();
        assertThat(first).isEmpty();
        assertThat(second)
                .singleElement()
                .satisfies(answer -> assertThat(((Message.BranchCommitResponse) answer).status())
                        .isEqualTo(BranchStatus.PHASE_TWO_COMMITTED));
        assertThat(works.begun()).isEmpty();
    }

    @Test
    void only_the_first_answer_counts_and_then_it_may_be_asked_for_again() {
        PhaseTwoBranch branch = branch(PhaseTwoBranch.Decision.ROLLBACK);
        WorkInHand.Work work = Objects.requireNonNull(works.begin(branch, first::add));
        work.tryAgain("no database");
        work.done();
        assertThat(first).singleElement().satisfies(answer -> {
            Message.BranchRollbackResponse response = (Message.BranchRollbackResponse) answer;
            assertThat(response.status()).isEqualTo(BranchStatus.PHASE_TWO_ROLLBACK_FAILED_RETRYABLE);
            assertThat(response.result().message()).isEqualTo("no database");
        });
        WorkInHand.Work again = Objects.requireNonNull(works.begin(branch, second::add));
        work.giveUp(AttentionReason.FENCE_VIOLATED, "the late answer of the first try must not answer the second");
        assertThat(second).isEmpty();
        again.giveUp(AttentionReason.FENCE_VIOLATED, "changed by hand");
        assertThat(second)
                .singleElement()
                .satisfies(answer -> assertThat(((Message.BranchRollbackResponse) answer).status())
                        .isEqualTo(BranchStatus.PHASE_TWO_ROLLBACK_FAILED_UNRETRYABLE));
    }
}
