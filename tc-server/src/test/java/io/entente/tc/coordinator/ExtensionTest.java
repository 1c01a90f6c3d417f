package io.entente.tc.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.entente.protocol.BranchStatus;
import io.entente.protocol.BranchType;
import io.entente.protocol.GlobalStatus;
import io.entente.protocol.Message;
import io.entente.protocol.Message.BranchProgress;
import io.entente.protocol.Message.Result;
import io.entente.protocol.Message.TransactionQueryResponse;
import io.entente.protocol.TransactionError;
import io.entente.protocol.transport.CoordinatorUnreachableException;
import io.entente.tc.coordinator.TestClient.Asked;
import io.entente.tc.transaction.Phase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What our own clients can say and ask beyond Seata's protocol. */
class ExtensionTest {
    private static final Duration ANSWER_PATIENCE = Duration.ofMillis(PhaseTwo.ANSWER_PATIENCE_MILLIS);
    private static final Duration MOST_OF_IT = ANSWER_PATIENCE.minusSeconds(2);

    @TempDir
    Path directory;

    private final SteeredClock clock = new SteeredClock();
    private CoordinatorUnderTest tc;
    private TestClient trip;

    @BeforeEach
    void start() {
        tc = CoordinatorUnderTest.start(directory, clock);
        trip = tc.extendedClient("trip", "trip", "trip/car", "trip/flight");
    }

    @AfterEach
    void stop() {
        tc.close();
    }

    /** Returns when what {@code client} told before has been heard. */
    private static void heard(TestClient client) {
        assertThat(client.queryLock("", "trip", "t:1").lockable()).isTrue();
    }

    /** A saga behind its pivot; the client has been asked to carry on. */
    private String pivoted() {
        String xid = trip.begin("trip", 60_000);
        trip.branch(xid, BranchType.SAGA_ANNOTATION, "trip/car", "");
        trip.branch(xid, BranchType.SAGA, "trip", "");
        assertThat(trip.commit(xid).status()).isEqualTo(GlobalStatus.COMMITTED);
        return xid;
    }

    @Test
    void who_announces_it_understands_it_and_nobody_else() {
        assertThat(trip.understandsEntente()).isTrue();
        TestClient plain = tc.client("shop", "stock-db");
        assertThat(plain.understandsEntente()).isFalse();
        assertThatThrownBy(() -> plain.query("x:1:2")).isInstanceOf(CoordinatorUnreachableException.class);
    }

    @Test
    void who_says_that_it_is_at_work_is_not_asked_again() {
        String xid = pivoted();
        Asked forward = trip.nextAsked();
        for (int i = 0; i < 10; i++) {
            clock.advance(MOST_OF_IT);
            trip.tellAtWork(forward);
            heard(trip);
        }
        assertThat(tc.failures(forward.branchId())).isZero();
        assertThat(trip.history()).hasSize(1);

        clock.advance(ANSWER_PATIENCE.plusMillis(20));
        await().untilAsserted(() -> assertThat(tc.failures(forward.branchId())).isEqualTo(1));
        assertThat(tc.lastFailure(forward.branchId())).contains("no answer within 15000 ms");
        trip.tellAtWork(forward);
        forward.answer(forward.done());
        await().untilAsserted(() -> assertThat(tc.phase(xid)).isEqualTo(Phase.COMMITTED));
    }

    @Test
    void only_who_was_asked_can_say_that_it_is_at_work() {
        pivoted();
        Asked forward = trip.nextAsked();
        TestClient other = tc.extendedClient("trip", "trip");
        clock.advance(MOST_OF_IT);
        other.tellAtWork(forward);
        heard(other);
        trip.tellAtWork(new Asked(true, "h:1:5", forward.branchId(), BranchType.SAGA, "trip", "", answer -> {}));
        heard(trip);
        clock.advance(MOST_OF_IT);
        await().untilAsserted(() -> assertThat(tc.failures(forward.branchId())).isEqualTo(1));
    }

    @Test
    void the_steps_of_a_saga_are_told_with_what_they_know() {
        String xid = pivoted();
        Asked forward = trip.nextAsked();
        assertThat(forward.type()).isEqualTo(BranchType.SAGA);
        long flight = trip.register(xid, BranchType.SAGA_ANNOTATION, "trip/flight", "", "{\"attempts\":1}")
                .branchId();
        trip.report(xid, flight, BranchStatus.PHASE_ONE_DONE, "{\"attempts\":2,\"result\":\"7A\"}");
        assertThat(trip.register(xid, BranchType.SAGA_ANNOTATION, "trip/flight", "", "{}")
                        .branchId())
                .isEqualTo(flight);
        forward.answer(
                Result.failed(TransactionError.UNKNOWN, "hotel does not answer"),
                BranchStatus.PHASE_TWO_COMMIT_FAILED_RETRYABLE);
        await().untilAsserted(() -> assertThat(tc.failures(forward.branchId())).isEqualTo(1));

        TransactionQueryResponse answer = trip.query(xid);

        assertThat(answer.result()).isEqualTo(Result.OK);
        assertThat(answer.found()).isTrue();
        assertThat(answer.status()).isEqualTo(GlobalStatus.ASYNC_COMMITTING);
        assertThat(answer.branches())
                .hasSize(3)
                .contains(
                        new BranchProgress(forward.branchId(), BranchType.SAGA, "trip", "", 1, "hotel does not answer"),
                        new BranchProgress(
                                flight,
                                BranchType.SAGA_ANNOTATION,
                                "trip/flight",
                                "{\"attempts\":2,\"result\":\"7A\"}",
                                0,
                                ""));

        forward.answer(BranchStatus.PHASE_TWO_COMMIT_FAILED_UNRETRYABLE);
        await().untilAsserted(() -> assertThat(tc.phase(xid)).isEqualTo(Phase.COMMIT_NEEDS_ATTENTION));
        assertThat(trip.query(xid).status()).isEqualTo(GlobalStatus.COMMIT_FAILED);
        assertThat(trip.query(xid).branches())
                .filteredOn(branch -> branch.branchId() == forward.branchId())
                .singleElement()
                .satisfies(branch -> assertThat(branch.lastFailure()).contains("UNRETRYABLE"));

        forward.answer(forward.done());
        await().untilAsserted(() -> assertThat(tc.phase(xid)).isEqualTo(Phase.COMMITTED));
        assertThat(trip.history())
                .as("steps are not asked to commit")
                .extracting(Asked::type)
                .containsOnly(BranchType.SAGA);
        assertThat(trip.query(xid))
                .isEqualTo(new TransactionQueryResponse(Result.OK, false, GlobalStatus.COMMITTED, List.of()));
        assertThat(trip.query("127.0.0.1:1:5"))
                .isEqualTo(new TransactionQueryResponse(Result.OK, false, GlobalStatus.FINISHED, List.of()));
    }

    @Test
    void an_answer_too_long_for_a_frame_says_so_instead_of_breaking_the_connection() {
        String xid = trip.begin();
        trip.register(xid, BranchType.SAGA_ANNOTATION, "trip/car", "", "x".repeat(4_000_000));
        trip.register(xid, BranchType.SAGA_ANNOTATION, "trip/flight", "", "x".repeat(4_000_000));

        Message.TransactionQueryResponse answer = trip.query(xid);

        assertThat(answer.result().success()).isFalse();
        assertThat(answer.result().message()).contains(xid, "8000", "REST");
        assertThat(answer.status()).isEqualTo(GlobalStatus.BEGIN);
        assertThat(tc.running().sessions().all()).hasSize(2);
    }

    @Test
    void the_steps_of_a_saga_are_compensated_backwards_also_by_another_instance() {
        String xid = trip.begin();
        long car = trip.branch(xid, BranchType.SAGA_ANNOTATION, "trip/car", "");
        long flight = trip.branch(xid, BranchType.SAGA_ANNOTATION, "trip/flight", "");
        trip.close();
        TestClient heir = tc.extendedClient("trip", "trip", "trip/car", "trip/flight");
        heir.answering(Asked::done);

        assertThat(heir.rollback(xid)).isEqualTo(GlobalStatus.ROLLED_BACK);

        assertThat(heir.history()).extracting(Asked::branchId).containsExactly(flight, car);
    }
}
