package io.entente.tm.saga;

import static io.entente.tm.saga.Trip.CAR;
import static io.entente.tm.saga.Trip.FLIGHT;
import static io.entente.tm.saga.Trip.HOTEL;
import static io.entente.tm.saga.Trip.LISBON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.entente.testkit.EmbeddedCoordinator;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ForwardSagaTest {

    private final Trip trip = new Trip();
    private EmbeddedCoordinator coordinator;
    private Instance instance;

    @BeforeEach
    void start() {
        coordinator = EmbeddedCoordinator.start();
        instance = Instance.start(coordinator);
    }

    @AfterEach
    void stop() {
        instance.close();
        coordinator.close();
    }

    private void beImpatient() {
        instance.close();
        instance = Instance.start(coordinator, Duration.ofMillis(300), point -> {});
    }

    private static SagaBuilder<String> saga() {
        return Saga.named("saga", String.class);
    }

    @Test
    void a_trip_goes_on_behind_its_pivot_to_the_end() {
        SagaResult result = instance.sagas().run(trip.forward(), LISBON);
        assertThat(trip.log()).containsExactly("+car", "+hotel", "+flight", "+ticket for carhotel");
        assertThat(result.result(CAR).with()).isEqualTo("nothing");
        assertThat(result.result(HOTEL).with()).isEqualTo("car");
        assertThat(result.result(FLIGHT).with()).isEqualTo("carhotel");
        assertThat(result.steps()).contains("send ticket");
        Trip.awaitEnd(coordinator);
    }

    @Test
    void what_fails_up_to_the_pivot_leads_back() {
        trip.fail("car");
        assertThatThrownBy(() -> instance.sagas().run(trip.forward(), LISBON))
                .isInstanceOf(SagaCompensatedException.class);
        trip.heal("car");
        trip.fail("hotel");
        assertThatThrownBy(() -> instance.sagas().run(instanceSaga(), LISBON))
                .isInstanceOf(SagaCompensatedException.class);
        assertThat(trip.log()).containsExactly("+car", "-car", "+car", "+hotel", "-hotel", "-car");
        assertThat(trip.booked()).isEmpty();
    }

    /** A second instance would define the saga anew; here a new name does. */
    private Saga<Trip.Request> instanceSaga() {
        return Saga.named("another trip", Trip.Request.class)
                .step(CAR, call -> trip.book(call, "car", ""))
                .compensate(call -> trip.cancel(call, "car"))
                .pivot(HOTEL, call -> trip.book(call, "hotel", ""))
                .compensate(call -> trip.cancel(call, "hotel"))
                .build();
    }

    @Test
    void a_pivot_that_cannot_be_undone_says_by_throwing_that_it_did_nothing() {
        List<String> log = new CopyOnWriteArrayList<>();
        Saga<String> saga = saga().step("a", call -> log.add("+a"))
                .compensate(call -> log.add("-a"))
                .pivot("pay", call -> {
                    throw new IllegalStateException("declined");
                })
                .step("b", call -> log.add("+b"))
                .build();
        assertThatThrownBy(() -> instance.sagas().run(saga, "input"))
                .isInstanceOf(SagaCompensatedException.class)
                .hasMessageContaining("declined");
        assertThat(log).containsExactly("+a", "-a");
    }

    @Test
    void a_pivot_that_cannot_be_undone_and_says_nothing_needs_attention() {
        Saga<String> saga = saga().step("a", call -> {})
                .compensate(call -> {})
                .pivot("pay", call -> {
                    new CountDownLatch(1).await();
                })
                .timeout(Duration.ofMillis(50))
                .build();
        SagaUnfinishedException thrown = catchThrowableOfType(
                SagaUnfinishedException.class, () -> instance.sagas().run(saga, "input"));
        assertThat(thrown.direction()).isEqualTo(SagaUnfinishedException.Direction.BACKWARD);
        assertThat(thrown).hasMessageContainingAll("needs attention", "pivot 'pay'", thrown.xid() + "/pay", "by hand");
    }

    @Test
    void a_pivot_that_came_too_late_is_undone_if_it_can_be() {
        List<String> log = new CopyOnWriteArrayList<>();
        Saga<String> saga = saga().timeout(Duration.ofSeconds(30))
                .pivot("pay", call -> {
                    log.add("+pay");
                    coordinator.advanceTime(Duration.ofSeconds(31));
                })
                .compensate(call -> log.add("-pay " + call.isSurelyDone()))
                .step("b", call -> log.add("+b"))
                .build();
        assertThatThrownBy(() -> instance.sagas().run(saga, "input"))
                .isInstanceOf(SagaCompensatedException.class)
                // Whether the end or the next request came first.
                .hasMessageMatching(".*(timed out|point of no return could not be registered).*");
        assertThat(log).first().isEqualTo("+pay");
        assertThat(log).hasSize(2).last().asString().startsWith("-pay");
    }

    @Test
    void a_step_behind_the_pivot_is_tried_until_it_is_done() {
        AtomicInteger attempts = new AtomicInteger();
        List<Integer> seen = new CopyOnWriteArrayList<>();
        Saga<String> saga = saga().pivot("pay", call -> {})
                .step("b", Integer.class, call -> {
                    seen.add(call.attempt());
                    if (attempts.incrementAndGet() < 8) {
                        throw new IllegalStateException("not yet");
                    }
                    return call.attempt();
                })
                .build();
        SagaResult result = instance.sagas().run(saga, "input");
        assertThat(result.result("b", Integer.class)).isEqualTo(8);
        assertThat(seen).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
    }

    @Test
    void a_saga_whose_forward_step_keeps_failing_is_left_to_the_coordinator_which_has_it_finished() {
        beImpatient();
        trip.fail("flight");
        SagaUnfinishedException thrown = catchThrowableOfType(
                SagaUnfinishedException.class, () -> instance.sagas().run(trip.forward(), LISBON));
        assertThat(thrown.direction()).isEqualTo(SagaUnfinishedException.Direction.FORWARD);
        assertThat(thrown)
                .hasMessageContainingAll("passed its point of no return", "no flight left. The coordinator sees");
        assertThat(instance.sagas().progress(thrown.xid())).hasValueSatisfying(progress -> {
            assertThat(progress.phase()).isEqualTo(SagaProgress.Phase.FORWARD);
            assertThat(progress.steps())
                    .extracting(step -> step.name() + " " + step.state())
                    .startsWith("reserve car DONE", "book hotel DONE")
                    .hasSize(3);
            assertThat(progress.steps().get(2).lastError()).contains("no flight left");
            assertThat(progress.steps().get(2).attempts()).isPositive();
        });
        trip.heal("flight");
        Trip.awaitEnd(coordinator);
        assertThat(trip.booked()).containsExactlyInAnyOrder("car", "hotel", "flight");
        assertThat(trip.log()).endsWith("+ticket for carhotel").doesNotContain("-car");
    }

    @Test
    void a_saga_whose_forward_step_never_works_needs_attention() {
        try (EmbeddedCoordinator impatient =
                        EmbeddedCoordinator.start(settings -> settings.withRetryBudgetMillis(500));
                Instance here = Instance.start(impatient)) {
            trip.fail("flight");
            SagaUnfinishedException thrown = catchThrowableOfType(
                    SagaUnfinishedException.class, () -> here.sagas().run(trip.forward(), LISBON));
            assertThat(thrown).hasMessageContainingAll("needs attention", "no flight left");
            assertThat(here.sagas().progress(thrown.xid()))
                    .hasValueSatisfying(
                            progress -> assertThat(progress.phase()).isEqualTo(SagaProgress.Phase.NEEDS_ATTENTION));
        }
    }

    @Test
    void a_saga_that_another_instance_finishes_returns_to_its_caller() {
        List<String> log = new CopyOnWriteArrayList<>();
        try (Instance other = Instance.start(coordinator, finishedBy(log, true))) {
            Saga<String> saga = finishedBy(log, false);
            SagaResult result = instance.sagas().run(saga, "input");
            assertThat(log)
                    .startsWith("+pay", "failed", "failed", "failed", "failed")
                    .endsWith("+b pay");
            assertThat(result.result("pay", String.class)).isEqualTo("pay");
            // Known here only if the other one was seen at it before it was done with everything.
            assertThat(result.find(Step.named("b", String.class)).orElse("b")).isEqualTo("b");
            assertThat(other.points()).contains("BEFORE_END saga");
        }
    }

    private static Saga<String> finishedBy(List<String> log, boolean able) {
        return saga().pivot("pay", String.class, call -> {
                    log.add("+pay");
                    return "pay";
                })
                .step("b", String.class, call -> {
                    if (!able) {
                        log.add("failed");
                        throw new IllegalStateException("not here");
                    }
                    log.add("+b " + call.result("pay", String.class));
                    return "b";
                })
                .build();
    }

    @Test
    void a_saga_that_recovers_forward_has_no_way_back_from_the_start() {
        AtomicInteger failures = new AtomicInteger();
        List<String> log = new CopyOnWriteArrayList<>();
        Saga<String> saga = saga().recoverForward()
                .step("a", String.class, call -> {
                    log.add("+a");
                    if (failures.incrementAndGet() < 6) {
                        throw new IllegalStateException("not yet");
                    }
                    return "A";
                })
                .parallel(group -> group.step("b", String.class, call -> call.result("a", String.class) + "b")
                        .step("c", String.class, call -> call.result("a", String.class) + "c"))
                .build();
        SagaResult result = instance.sagas().run(saga, "input");
        assertThat(result.result("b", String.class) + result.result("c", String.class))
                .isEqualTo("AbAc");
        assertThat(log).hasSize(6);
    }

    @Test
    void time_that_is_up_does_not_stop_what_is_behind_the_pivot() {
        Saga<String> saga = saga().timeout(Duration.ofSeconds(30))
                .pivot("pay", call -> {})
                .step("b", String.class, call -> {
                    coordinator.advanceTime(Duration.ofSeconds(31));
                    return "done";
                })
                .step("c", String.class, call -> call.result("b", String.class))
                .build();
        assertThat(instance.sagas().run(saga, "input").result("c", String.class))
                .isEqualTo("done");
    }

    @Test
    void a_saga_with_a_pivot_takes_part_in_no_other_transaction() {
        assertThatThrownBy(() -> instance.client()
                        .transactions()
                        .execute("outer", () -> instance.sagas().run(trip.forward(), LISBON)))
                .isInstanceOf(InvalidSagaException.class)
                .hasMessageContainingAll("'trip' cannot run within global transaction", "point of no return");
        assertThat(trip.log()).isEmpty();
    }

    @Test
    void a_saga_with_a_pivot_needs_a_coordinator_of_our_own() {
        CoordinatorQuestions seata = new CoordinatorQuestions() {
            @Override
            public boolean understandsSagas() {
                return false;
            }

            @Override
            public Standing ask(String xid) {
                throw new IllegalStateException("not asked");
            }
        };
        try (Sagas sagas = new Sagas(
                instance.client(),
                instance.client().transactions(),
                seata,
                SagaSettings.standard(),
                (point, where) -> {})) {
            assertThatThrownBy(() -> sagas.run(trip.forward(), LISBON))
                    .isInstanceOf(InvalidSagaException.class)
                    .hasMessageContainingAll("'trip' has a pivot", "entente.server");
            assertThat(sagas.run(trip.drive(), LISBON).steps()).hasSize(1);
        }
        assertThat(trip.log()).containsExactly("+car");
    }
}
