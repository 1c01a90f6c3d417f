package io.entente.tm.saga;

import static io.entente.tm.saga.Trip.CAR;
import static io.entente.tm.saga.Trip.FLIGHT;
import static io.entente.tm.saga.Trip.HOTEL;
import static io.entente.tm.saga.Trip.LISBON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.entente.testkit.EmbeddedCoordinator;
import io.entente.tm.CoordinatorUnavailableException;
import io.entente.tm.TransactionContext;
import io.entente.tm.payload.PayloadNotUsableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.MDC;

class BackwardSagaTest {

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

    private SagaBuilder<String> saga() {
        return Saga.named("saga", String.class);
    }

    private SagaResult run(Saga<String> saga) {
        return instance.sagas().run(saga, "input");
    }

    private <T extends Throwable> T failure(Class<T> type, Saga<String> saga) {
        return catchThrowableOfType(type, () -> run(saga));
    }

    @Test
    void a_trip_is_booked_and_its_results_are_typed() {
        SagaResult result = instance.sagas().run(trip.backward(), LISBON);
        assertThat(trip.log()).containsExactly("+car", "+hotel", "+flight");
        assertThat(result.result(CAR)).isEqualTo(new Trip.Booking("car", "Lisbon", "nothing"));
        assertThat(result.result(HOTEL).with()).isEqualTo("car");
        assertThat(result.result(FLIGHT).with()).isEqualTo("carhotel");
        assertThat(result.steps()).containsExactlyInAnyOrder("reserve car", "book hotel", "book flight");
        assertThatThrownBy(() -> result.result("book boat", String.class))
                .hasMessageContaining("book boat")
                .hasMessageContaining("reserve car");
        Trip.awaitEnd(coordinator);
        assertThat(instance.sagas().progress(result.xid()))
                .hasValueSatisfying(progress -> assertThat(progress.phase()).isEqualTo(SagaProgress.Phase.DONE));
    }

    @ParameterizedTest
    @CsvSource({"car,+car -car", "hotel,+car +hotel -hotel -car", "flight,+car +hotel +flight -flight -hotel -car"})
    void whatever_fails_is_undone_in_reverse_order(String what, String log) {
        trip.fail(what);
        SagaCompensatedException thrown = catchThrowableOfType(
                SagaCompensatedException.class, () -> instance.sagas().run(trip.backward(), LISBON));
        assertThat(thrown)
                .hasCauseInstanceOf(Trip.NoneLeft.class)
                .hasMessageContainingAll("Saga 'trip'", thrown.xid(), "failed at attempt 1", "no " + what + " left");
        assertThat(thrown.failedStep()).endsWith(what);
        assertThat(thrown.saga()).isEqualTo("trip");
        assertThat(String.join(" ", trip.log())).isEqualTo(log);
        assertThat(trip.booked()).isEmpty();
        assertThat(Trip.openTransactions(coordinator)).isZero();
    }

    @Test
    void steps_and_compensations_are_outside_of_the_transaction_and_share_a_key() {
        List<String> seen = new CopyOnWriteArrayList<>();
        Saga<String> saga = saga().step("a", String.class, call -> {
                    seen.add(call.key() + " " + call.attempt() + " " + TransactionContext.xid());
                    assertThat(MDC.get(TransactionContext.MDC_KEY)).isEqualTo(call.xid());
                    return "result of a";
                })
                .compensate(call -> seen.add(call.key() + " " + call.attempt() + " " + TransactionContext.xid() + " "
                        + call.outcome().orElse("?") + " " + call.isSurelyDone() + " " + call.input()))
                .step("b", call -> {
                    throw new IllegalStateException("no");
                })
                .compensate(call -> seen.add(
                        call.outcome().isPresent() + " " + call.isSurelyDone() + " " + call.result("a", String.class)))
                .build();
        String xid = failure(SagaCompensatedException.class, saga).xid();
        assertThat(MDC.get(TransactionContext.MDC_KEY)).isNull();
        assertThat(seen)
                .containsExactly(
                        xid + "/a 1 null", "false false result of a", xid + "/a 1 null result of a true input");
    }

    @Test
    void a_step_is_tried_again_with_the_same_key() {
        List<String> keys = new ArrayList<>();
        Saga<String> saga = saga().step("a", Integer.class, call -> {
                    keys.add(call.key());
                    if (call.attempt() < 3) {
                        throw new IllegalStateException("not yet");
                    }
                    return call.attempt();
                })
                .noCompensation()
                .retry(Retry.times(2).every(Duration.ofMillis(1)))
                .build();
        SagaResult result = run(saga);
        assertThat(result.result("a", Integer.class)).isEqualTo(3);
        assertThat(keys).hasSize(3).containsOnly(result.xid() + "/a");
    }

    @Test
    void an_exception_not_worth_a_retry_fails_the_step_at_once() {
        AtomicInteger attempts = new AtomicInteger();
        Saga<String> saga = saga().step("a", call -> {
                    attempts.incrementAndGet();
                    throw new IllegalStateException("for ever");
                })
                .noCompensation()
                .retry(Retry.times(5).every(Duration.ofMillis(1)).notOn(IllegalStateException.class))
                .build();
        assertThat(failure(SagaCompensatedException.class, saga)).hasRootCauseMessage("for ever");
        assertThat(attempts).hasValue(1);
    }

    @Test
    void a_step_that_surely_did_nothing_is_not_compensated() {
        List<String> log = new CopyOnWriteArrayList<>();
        Saga<String> saga = saga().step("a", call -> {})
                .compensate(call -> log.add("-a"))
                .step("b", call -> {
                    throw new IllegalArgumentException("rejected");
                })
                .compensate(call -> log.add("-b"))
                .nothingHappenedOn(IllegalArgumentException.class)
                .build();
        assertThat(failure(SagaCompensatedException.class, saga)).hasRootCauseMessage("rejected");
        assertThat(log).containsExactly("-a");
    }

    @Test
    void one_attempt_that_may_have_done_something_is_enough_to_compensate() {
        List<String> log = new CopyOnWriteArrayList<>();
        Saga<String> saga = saga().step("a", call -> {
                    throw call.attempt() == 1
                            ? new IllegalStateException("?")
                            : new IllegalArgumentException("rejected");
                })
                .compensate(call -> log.add("-a after " + call.attempt()))
                .nothingHappenedOn(IllegalArgumentException.class)
                .retry(Retry.times(1).every(Duration.ofMillis(1)))
                .build();
        assertThat(failure(SagaCompensatedException.class, saga)).hasRootCauseMessage("rejected");
        assertThat(log).containsExactly("-a after 2");
    }

    @Test
    void a_step_that_takes_too_long_is_interrupted_and_compensated() {
        List<String> log = new CopyOnWriteArrayList<>();
        Saga<String> saga = saga().step("a", call -> {
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        log.add("interrupted");
                        throw e;
                    }
                })
                .compensate(call -> log.add("-a"))
                .timeout(Duration.ofMillis(50))
                .build();
        SagaCompensatedException thrown = failure(SagaCompensatedException.class, saga);
        assertThat(thrown).hasCauseInstanceOf(StepTimedOutException.class).hasMessageContaining("50 ms");
        assertThat(((StepTimedOutException) thrown.getCause()).isStillRunning()).isFalse();
        assertThat(log).containsExactly("interrupted", "-a");
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void a_step_that_ignores_its_interrupt_is_not_tried_a_second_time_beside_itself() {
        CountDownLatch forEver = new CountDownLatch(1);
        AtomicInteger attempts = new AtomicInteger();
        Saga<String> saga = saga().step("a", call -> {
                    attempts.incrementAndGet();
                    awaitDeafly(forEver);
                })
                .noCompensation()
                .timeout(Duration.ofMillis(50))
                .retry(Retry.times(5).every(Duration.ofMillis(1)))
                .build();
        SagaCompensatedException thrown = failure(SagaCompensatedException.class, saga);
        forEver.countDown();
        assertThat(((StepTimedOutException) thrown.getCause()).isStillRunning()).isTrue();
        assertThat(attempts).hasValue(1);
    }

    private static void awaitDeafly(CountDownLatch latch) {
        while (true) {
            try {
                latch.await();
                return;
            } catch (InterruptedException e) {
                // deaf
            }
        }
    }

    @Test
    void a_timed_out_step_that_is_tried_again_may_succeed() {
        Saga<String> saga = saga().step("a", Integer.class, call -> {
                    if (call.attempt() == 1) {
                        new CountDownLatch(1).await();
                    }
                    return call.attempt();
                })
                .noCompensation()
                .timeout(Duration.ofMillis(100))
                .retry(Retry.times(1).every(Duration.ofMillis(1)))
                .build();
        assertThat(run(saga).result("a", Integer.class)).isEqualTo(2);
    }

    @Test
    void parallel_steps_run_at_the_same_time_with_the_callers_logging_context() {
        CyclicBarrier together = new CyclicBarrier(3);
        List<String> users = new CopyOnWriteArrayList<>();
        StepAction<String, String> meet = call -> {
            users.add(String.valueOf(MDC.get("user")));
            together.await(20, TimeUnit.SECONDS);
            return call.result("first", String.class)
                    + call.key().substring(call.key().indexOf('/'));
        };
        Saga<String> saga = saga().step("first", String.class, call -> "1")
                .noCompensation()
                .parallel(group -> group.step("a", String.class, meet)
                        .noCompensation()
                        .step("b", String.class, meet)
                        .noCompensation()
                        .step("c", String.class, meet)
                        .timeout(Duration.ofSeconds(20))
                        .noCompensation())
                .step("last", String.class, call -> call.result("a", String.class) + call.result("c", String.class))
                .noCompensation()
                .build();
        try (var user = MDC.putCloseable("user", "ann")) {
            assertThat(run(saga).result("last", String.class)).isEqualTo("1/a1/c");
        }
        assertThat(users).containsExactly("ann", "ann", "ann");
    }

    @Test
    void parallel_steps_all_end_before_they_are_undone_in_reverse_order() throws Exception {
        List<String> log = new CopyOnWriteArrayList<>();
        CountDownLatch failed = new CountDownLatch(1);
        CountDownLatch ran = new CountDownLatch(1);
        Saga<String> saga = saga().parallel(group -> group.step("a", call -> {
                            failed.await(20, TimeUnit.SECONDS);
                            Awaitility.await().pollDelay(Duration.ofMillis(100)).until(() -> true);
                            log.add("+a");
                        })
                        .compensate(call -> log.add("-a"))
                        .step("b", call -> {
                            ran.await(20, TimeUnit.SECONDS);
                            failed.countDown();
                            throw new IllegalStateException("no");
                        })
                        .compensate(call -> log.add("-b"))
                        .step("c", call -> {
                            log.add("+c");
                            ran.countDown();
                        })
                        .compensate(call -> log.add("-c")))
                .build();
        SagaCompensatedException thrown = failure(SagaCompensatedException.class, saga);
        assertThat(thrown.failedStep()).isEqualTo("b");
        assertThat(log)
                .contains("+c")
                .containsSubsequence("+a", "-c", "-b", "-a")
                .hasSize(5);
    }

    @Test
    void when_all_threads_are_busy_steps_run_on_the_callers_thread() {
        try (Sagas narrow = Sagas.of(
                instance.client(),
                instance.client().transactions(),
                SagaSettings.standard().withThreads(1))) {
            List<String> threads = new CopyOnWriteArrayList<>();
            Saga<String> saga = saga().parallel(group -> group.step("a", call -> {
                                threads.add(Thread.currentThread().getName());
                                Awaitility.await().until(() -> threads.size() == 2);
                            })
                            .noCompensation()
                            .step(
                                    "b",
                                    call -> threads.add(Thread.currentThread().getName()))
                            .noCompensation())
                    .build();
            narrow.run(saga, "input");
            assertThat(threads).contains(Thread.currentThread().getName()).hasSize(2);
        }
    }

    @Test
    void a_compensation_that_fails_is_repeated_until_it_succeeds() {
        AtomicInteger tries = new AtomicInteger();
        List<String> log = new CopyOnWriteArrayList<>();
        Saga<String> saga = saga().step("a", call -> {})
                .compensate(call -> log.add("-a"))
                .step("b", call -> {
                    throw new IllegalStateException("no");
                })
                .compensate(call -> {
                    log.add("-b");
                    if (tries.incrementAndGet() < 3) {
                        throw new IllegalStateException("not yet");
                    }
                })
                .build();
        failure(SagaCompensatedException.class, saga);
        assertThat(log).containsExactly("-b", "-b", "-b", "-a");
    }

    @Test
    void a_saga_whose_compensation_keeps_failing_is_left_to_the_coordinator_which_tells_why() {
        instance.close();
        instance = Instance.start(coordinator, Duration.ofMillis(300), point -> {});
        trip.fail("flight");
        trip.fail("cancel hotel");
        SagaUnfinishedException thrown = catchThrowableOfType(
                SagaUnfinishedException.class, () -> instance.sagas().run(trip.backward(), LISBON));
        assertThat(thrown.direction()).isEqualTo(SagaUnfinishedException.Direction.BACKWARD);
        assertThat(thrown)
                .hasCauseInstanceOf(Trip.NoneLeft.class)
                .hasMessageContainingAll("not compensated yet", "no way to cancel hotel left", "trip/book hotel");
        assertThat(instance.sagas().progress(thrown.xid())).hasValueSatisfying(progress -> {
            assertThat(progress.phase()).isEqualTo(SagaProgress.Phase.COMPENSATING);
            assertThat(progress.saga()).isEqualTo("trip");
            assertThat(progress.trouble()).contains("no way to cancel hotel left");
            assertThat(progress.steps())
                    .extracting(step -> step.name() + " " + step.state())
                    .containsExactly("reserve car DONE", "book hotel COMPENSATING");
            assertThat(progress.steps().get(1).lastError()).contains("no way to cancel hotel left");
        });
        trip.heal("cancel hotel");
        Trip.awaitEnd(coordinator);
        assertThat(trip.booked()).isEmpty();
        assertThat(instance.sagas().progress(thrown.xid()))
                .hasValueSatisfying(progress -> assertThat(progress.phase()).isEqualTo(SagaProgress.Phase.COMPENSATED));
    }

    @Test
    void a_compensation_that_never_works_needs_attention() {
        try (EmbeddedCoordinator impatient =
                        EmbeddedCoordinator.start(settings -> settings.withRetryBudgetMillis(200));
                Instance here = Instance.start(impatient)) {
            trip.fail("hotel");
            trip.fail("cancel car");
            SagaUnfinishedException thrown = catchThrowableOfType(
                    SagaUnfinishedException.class, () -> here.sagas().run(trip.backward(), LISBON));
            assertThat(thrown).hasMessageContainingAll("needs attention", "no way to cancel car left");
            assertThat(here.sagas().progress(thrown.xid()))
                    .hasValueSatisfying(
                            progress -> assertThat(progress.phase()).isEqualTo(SagaProgress.Phase.NEEDS_ATTENTION));
        }
    }

    @Test
    void progress_tells_attempts_errors_and_results_while_the_saga_runs() throws Exception {
        CountDownLatch look = new CountDownLatch(1);
        CountDownLatch seen = new CountDownLatch(1);
        List<String> xids = new CopyOnWriteArrayList<>();
        Saga<String> saga = saga().step("a", String.class, call -> "done")
                .noCompensation()
                .step("b", call -> {
                    if (call.attempt() == 1) {
                        throw new IllegalStateException("not yet");
                    }
                    xids.add(call.xid());
                    look.countDown();
                    seen.await(20, TimeUnit.SECONDS);
                })
                .noCompensation()
                .retry(Retry.times(1).every(Duration.ofMillis(1)))
                .build();
        CompletableFuture<SagaResult> running = CompletableFuture.supplyAsync(() -> run(saga));
        assertThat(look.await(20, TimeUnit.SECONDS)).isTrue();
        SagaProgress progress = instance.sagas().progress(xids.get(0)).orElseThrow();
        seen.countDown();
        assertThat(progress.phase()).isEqualTo(SagaProgress.Phase.RUNNING);
        assertThat(progress.steps())
                .containsExactly(
                        new SagaProgress.StepProgress("saga", "a", SagaProgress.StepState.DONE, 1, "", "\"done\""),
                        new SagaProgress.StepProgress(
                                "saga",
                                "b",
                                SagaProgress.StepState.RUNNING,
                                1,
                                "java.lang.IllegalStateException: not yet",
                                "null"));
        running.get(20, TimeUnit.SECONDS);
        assertThat(instance.sagas().progress("127.0.0.1:1:4711")).isEmpty();
    }

    @Test
    void a_saga_whose_time_is_up_is_compensated_only_when_the_step_at_work_has_ended() {
        List<String> log = new CopyOnWriteArrayList<>();
        Saga<String> saga = saga().timeout(Duration.ofSeconds(30))
                .step("a", call -> {
                    coordinator.advanceTime(Duration.ofSeconds(31));
                    Awaitility.await().pollDelay(Duration.ofMillis(300)).until(() -> true);
                    log.add("+a");
                })
                .compensate(call -> log.add("-a"))
                .step("b", call -> log.add("+b"))
                .compensate(call -> log.add("-b"))
                .build();
        SagaCompensatedException thrown = failure(SagaCompensatedException.class, saga);
        assertThat(thrown).hasMessageContaining("step 'b' did not run");
        assertThat(log).containsExactly("+a", "-a");
    }

    @Test
    void a_saga_whose_time_is_up_after_its_last_step_is_compensated() {
        List<String> log = new CopyOnWriteArrayList<>();
        Saga<String> saga = saga().timeout(Duration.ofSeconds(30))
                .step("a", call -> {
                    log.add("+a");
                    coordinator.advanceTime(Duration.ofSeconds(31));
                })
                .compensate(call -> log.add("-a"))
                .build();
        SagaCompensatedException thrown = failure(SagaCompensatedException.class, saga);
        assertThat(thrown.failedStep()).isNull();
        assertThat(thrown).hasMessageContaining("timed out");
        assertThat(log).containsExactly("+a", "-a");
    }

    @Test
    void no_further_attempt_begins_once_the_time_is_up() {
        AtomicInteger attempts = new AtomicInteger();
        Saga<String> saga = saga().timeout(Duration.ofSeconds(30))
                .step("a", call -> {
                    attempts.incrementAndGet();
                    coordinator.advanceTime(Duration.ofSeconds(31));
                    throw new IllegalStateException("no");
                })
                .noCompensation()
                .retry(Retry.times(3).every(Duration.ofSeconds(20)))
                .build();
        failure(SagaCompensatedException.class, saga);
        assertThat(attempts).hasValue(1);
    }

    @Test
    void a_saga_takes_part_in_a_transaction_of_its_caller() {
        List<String> keys = new CopyOnWriteArrayList<>();
        List<String> log = new CopyOnWriteArrayList<>();
        Saga<String> saga = saga().step("a", call -> {
                    log.add("+" + call.input());
                    keys.add(call.key());
                })
                .compensate(call -> {
                    log.add("-" + call.input());
                    keys.remove(call.key());
                })
                .build();
        assertThatThrownBy(() -> instance.client().transactions().execute("outer", () -> {
                    instance.sagas().run(saga, "1");
                    instance.sagas().run(saga, "2");
                    assertThat(keys).doesNotHaveDuplicates().hasSize(2);
                    throw new IllegalStateException("outer failed");
                }))
                .hasMessage("outer failed");
        assertThat(log).containsExactly("+1", "+2", "-2", "-1");
        assertThat(keys).isEmpty();

        instance.client().transactions().execute("outer", () -> instance.sagas().run(saga, "3"));
        assertThat(log).endsWith("+3");
    }

    @Test
    void a_step_that_fails_within_a_transaction_of_its_caller_makes_that_one_roll_back() {
        trip.fail("hotel");
        assertThatThrownBy(() -> instance.client().transactions().execute("outer", () -> {
                    assertThatThrownBy(() -> instance.sagas().run(trip.backward(), LISBON))
                            .isInstanceOf(SagaStepFailedException.class)
                            .hasCauseInstanceOf(Trip.NoneLeft.class)
                            .hasMessageContaining(String.valueOf(TransactionContext.xid()));
                    assertThat(trip.booked()).containsExactly("car");
                    return "caught";
                }))
                .hasMessageContaining("rollback-only");
        assertThat(trip.log()).containsExactly("+car", "+hotel", "-hotel", "-car");
    }

    @Test
    void two_sagas_of_one_name_and_inputs_that_are_no_data_are_refused() {
        run(saga().step("a", call -> {}).noCompensation().build());
        assertThatThrownBy(
                        () -> run(saga().step("a", call -> {}).noCompensation().build()))
                .isInstanceOf(InvalidSagaException.class)
                .hasMessageContainingAll("two sagas named 'saga'", "share it");
        Saga<Thread> odd = Saga.named("odd", Thread.class)
                .step("a", call -> {})
                .noCompensation()
                .build();
        assertThatThrownBy(() -> instance.sagas().run(odd, Thread.currentThread()))
                .isInstanceOf(PayloadNotUsableException.class)
                .hasMessageContaining("input of saga 'odd'");
    }

    @Test
    void a_result_that_is_no_data_fails_the_step_which_is_then_compensated() {
        List<String> log = new CopyOnWriteArrayList<>();
        Saga<String> saga = saga().step("a", Thread.class, call -> Thread.currentThread())
                .compensate(call -> log.add("-a"))
                .retry(Retry.times(3))
                .build();
        assertThat(failure(SagaCompensatedException.class, saga)).hasCauseInstanceOf(PayloadNotUsableException.class);
        assertThat(log).containsExactly("-a");
    }

    @Test
    void without_a_coordinator_no_step_runs() {
        coordinator.stop();
        assertThatThrownBy(() -> run(saga().step("a", call -> trip.log().add("ran"))
                        .noCompensation()
                        .build()))
                .isInstanceOfAny(
                        CoordinatorUnavailableException.class,
                        io.entente.protocol.transport.CoordinatorUnreachableException.class);
        assertThat(trip.log()).isEmpty();
        coordinator.startAgain();
    }

    @Test
    void an_interrupted_caller_gets_its_saga_compensated_and_stays_interrupted() {
        Saga<String> saga = saga().step("a", call -> {
                    trip.log().add("+a");
                    Thread.currentThread().interrupt();
                    new CountDownLatch(1).await();
                })
                .compensate(call -> trip.log().add("-a"))
                .build();
        SagaException thrown = failure(SagaException.class, saga);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(thrown).hasCauseInstanceOf(InterruptedException.class);
        Trip.awaitEnd(coordinator);
        assertThat(trip.log()).containsExactly("+a", "-a");
    }
}
