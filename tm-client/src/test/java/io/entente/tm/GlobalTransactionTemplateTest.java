package io.entente.tm;

import static io.entente.tm.ScriptedCoordinator.lost;
import static io.entente.tm.ScriptedCoordinator.notSent;
import static io.entente.tm.ScriptedCoordinator.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.InstanceOfAssertFactories.BOOLEAN;

import io.entente.protocol.GlobalStatus;
import io.entente.protocol.TransactionError;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class GlobalTransactionTemplateTest {

    private static final String OUTER = "tc:8091:1";
    private static final String INNER = "tc:8091:2";

    private final ScriptedCoordinator coordinator = new ScriptedCoordinator();
    private final ManualClock clock = new ManualClock();
    private final GlobalTransactionTemplate template = new GlobalTransactionTemplate(
            new PatientCoordinator(coordinator, Duration.ofSeconds(5), Duration.ofSeconds(60), clock, clock),
            Duration.ofSeconds(30),
            clock,
            List.of());

    @AfterEach
    void nothing_is_left_on_the_thread() {
        assertThat(TransactionContext.frame()).isNull();
    }

    private @Nullable String xidSeenBy(Propagation propagation) {
        List<@Nullable String> seen = new ArrayList<>();
        template.execute(TransactionOptions.named("inner").withPropagation(propagation), () -> {
            seen.add(TransactionContext.xid());
            return "done";
        });
        return seen.get(0);
    }

    @ParameterizedTest
    @CsvSource({
        "REQUIRED, tc:8091:1, 'begin inner,commit tc:8091:1'",
        "REQUIRES_NEW, tc:8091:1, 'begin inner,commit tc:8091:1'",
        "SUPPORTS, , ''",
        "NOT_SUPPORTED, , ''",
        "NEVER, , ''"
    })
    void outside_a_transaction(Propagation propagation, @Nullable String xid, String requests) {
        assertThat(xidSeenBy(propagation)).isEqualTo(xid);
        assertThat(String.join(",", coordinator.requests)).isEqualTo(requests);
    }

    @ParameterizedTest
    @CsvSource({
        "REQUIRED, tc:8091:1, 'begin outer,commit tc:8091:1'",
        "REQUIRES_NEW, tc:8091:2, 'begin outer,begin inner,commit tc:8091:2,commit tc:8091:1'",
        "SUPPORTS, tc:8091:1, 'begin outer,commit tc:8091:1'",
        "NOT_SUPPORTED, , 'begin outer,commit tc:8091:1'",
        "MANDATORY, tc:8091:1, 'begin outer,commit tc:8091:1'"
    })
    void inside_a_transaction(Propagation propagation, @Nullable String xid, String requests) {
        template.execute("outer", () -> {
            assertThat(xidSeenBy(propagation)).isEqualTo(xid);
            assertThat(TransactionContext.xid()).isEqualTo(OUTER);
            return "done";
        });
        assertThat(String.join(",", coordinator.requests)).isEqualTo(requests);
    }

    @Test
    void mandatory_outside_a_transaction_is_refused_before_the_work() {
        assertThatThrownBy(() -> xidSeenBy(Propagation.MANDATORY))
                .isInstanceOf(IllegalPropagationException.class)
                .hasMessageContaining("'inner' must run inside a global transaction");
        assertThat(coordinator.requests).isEmpty();
    }

    @Test
    void never_inside_a_transaction_is_refused_before_the_work() {
        AtomicBoolean ran = new AtomicBoolean();
        TransactionOptions never = TransactionOptions.named("inner").withPropagation(Propagation.NEVER);
        assertThatThrownBy(() -> template.execute(
                        "outer",
                        () -> template.execute(never, () -> {
                            ran.set(true);
                            return "done";
                        })))
                .isInstanceOf(IllegalPropagationException.class)
                .hasMessageContaining(OUTER);
        assertThat(ran).isFalse();
    }

    @Test
    void work_ends_before_the_commit_is_asked_for() {
        String result = template.execute("t", () -> {
            TransactionContext.beforeEnd(() -> coordinator.requests.add("end of work"));
            return "done";
        });
        assertThat(result).isEqualTo("done");
        assertThat(coordinator.requests).containsExactly("begin t", "end of work", "commit " + OUTER);
    }

    @Test
    void work_that_cannot_end_is_rolled_back_instead_of_committed() {
        IOException full = new IOException("disk full");
        assertThatThrownBy(() -> template.execute("t", () -> {
                    TransactionContext.beforeEnd(() -> {
                        throw full;
                    });
                    return "done";
                }))
                .isInstanceOf(GlobalTransactionRolledBackException.class)
                .hasMessageContaining("disk full")
                .hasCause(full);
        assertThat(coordinator.requests).containsExactly("begin t", "rollback " + OUTER);
    }

    @Test
    void work_of_a_transaction_that_fails_is_not_ended() {
        assertThatThrownBy(() -> template.execute("t", () -> {
                    TransactionContext.beforeEnd(() -> coordinator.requests.add("end of work"));
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");
        assertThat(coordinator.requests).containsExactly("begin t", "rollback " + OUTER);
    }

    @Test
    void the_result_and_checked_exceptions_of_the_work_are_passed_on() throws IOException {
        assertThat(template.execute("t", () -> 42)).isEqualTo(42);
        IOException thrown = new IOException("disk");
        assertThatThrownBy(() -> template.<String, IOException>execute("t", () -> {
                    throw thrown;
                }))
                .isSameAs(thrown);
        assertThat(coordinator.requests).endsWith("rollback " + INNER);
    }

    @Test
    void an_error_rolls_back() {
        AssertionError error = new AssertionError("broken");
        assertThatThrownBy(() -> template.execute("t", () -> {
                    throw error;
                }))
                .isSameAs(error);
        assertThat(coordinator.requests).containsExactly("begin t", "rollback " + OUTER);
    }

    @Test
    void an_excluded_exception_commits_and_is_passed_on() {
        TransactionOptions options = TransactionOptions.named("t").withNoRollbackFor(IllegalStateException.class);
        assertThatThrownBy(() -> template.execute(options, () -> {
                    throw new IllegalStateException("fine");
                }))
                .hasMessage("fine");
        assertThat(coordinator.requests).containsExactly("begin t", "commit " + OUTER);
    }

    @Test
    void an_excluded_exception_does_not_hide_that_the_commit_failed() {
        coordinator.commitAnswers.add(() -> GlobalStatus.TIMEOUT_ROLLED_BACK);
        TransactionOptions options = TransactionOptions.named("t").withNoRollbackFor(IllegalStateException.class);
        Throwable thrown = catchThrowable(() -> template.execute(options, () -> {
            throw new IllegalStateException("fine");
        }));
        assertThat(thrown).isInstanceOf(GlobalTransactionTimedOutException.class);
        assertThat(thrown.getSuppressed()).singleElement().isInstanceOf(IllegalStateException.class);
    }

    @Test
    void a_failed_participant_that_somebody_swallowed_cannot_commit() {
        assertThatThrownBy(() -> template.execute("outer", () -> {
                    assertThatThrownBy(() -> template.execute("reserve stock", () -> {
                                throw new IllegalArgumentException("sold out");
                            }))
                            .isNotNull();
                    return "looks fine";
                }))
                .isInstanceOf(GlobalTransactionRolledBackException.class)
                .hasMessageContaining("reserve stock")
                .hasMessageContaining("sold out")
                .hasMessageContaining(OUTER)
                .hasMessageContaining("'outer'");
        assertThat(coordinator.requests).containsExactly("begin outer", "rollback " + OUTER);
    }

    @Test
    void a_participant_may_fail_with_an_excluded_exception() {
        TransactionOptions inner = TransactionOptions.named("inner").withNoRollbackFor(IllegalStateException.class);
        template.execute("outer", () -> {
            assertThatThrownBy(() -> template.execute(inner, () -> {
                        throw new IllegalStateException("expected");
                    }))
                    .isNotNull();
            return "done";
        });
        assertThat(coordinator.requests).endsWith("commit " + OUTER);
    }

    @Test
    void a_caller_may_waive_the_vote_of_a_participant_it_deals_with() {
        template.execute("outer", () -> {
            try (var scope = TransactionContext.waiveVotes()) {
                assertThatThrownBy(() -> template.execute("inner", () -> {
                            throw new IllegalStateException("dealt with");
                        }))
                        .isNotNull();
            }
            return "done";
        });
        assertThat(coordinator.requests).endsWith("commit " + OUTER);
    }

    @Test
    void a_failed_independent_transaction_leaves_the_outer_one_alone() {
        TransactionOptions independent = TransactionOptions.named("audit").withPropagation(Propagation.REQUIRES_NEW);
        template.execute("outer", () -> {
            assertThatThrownBy(() -> template.execute(independent, () -> {
                        throw new IllegalStateException("no matter");
                    }))
                    .isNotNull();
            return "done";
        });
        assertThat(coordinator.requests)
                .containsExactly("begin outer", "begin audit", "rollback " + INNER, "commit " + OUTER);
    }

    @Test
    void marked_rollback_only_the_commit_becomes_a_rollback_and_throws() {
        assertThatThrownBy(() -> template.execute("t", () -> {
                    TransactionContext.setRollbackOnly("first reason");
                    TransactionContext.setRollbackOnly("second reason");
                    return "done";
                }))
                .isInstanceOf(GlobalTransactionRolledBackException.class)
                .hasMessageContaining("first reason");
        assertThat(coordinator.requests).containsExactly("begin t", "rollback " + OUTER);
    }

    @Test
    void work_longer_than_the_timeout_is_rolled_back_without_asking_for_a_commit() {
        TransactionOptions options = TransactionOptions.named("slow").withTimeout(Duration.ofSeconds(2));
        assertThatThrownBy(() -> template.execute(options, () -> {
                    clock.advance(Duration.ofMillis(2_001));
                    return "done";
                }))
                .isInstanceOf(GlobalTransactionTimedOutException.class)
                .hasMessageContaining("2001 ms")
                .hasMessageContaining("2000 ms");
        assertThat(coordinator.requests).containsExactly("begin slow", "rollback " + OUTER);
    }

    @Test
    void what_the_coordinator_could_not_roll_back_is_not_said_to_be_rolled_back() {
        coordinator.rollbackAnswers.add(() -> GlobalStatus.TIMEOUT_ROLLBACK_FAILED);
        TransactionOptions options = TransactionOptions.named("slow").withTimeout(Duration.ofSeconds(2));
        assertThatThrownBy(() -> template.execute(options, () -> {
                    clock.advance(Duration.ofMillis(2_001));
                    return "done";
                }))
                .isInstanceOf(GlobalTransactionTimedOutException.class)
                .hasMessageContaining("is still to be rolled back instead of committed: it took 2001 ms")
                .satisfies(timedOut -> assertThat(timedOut.getSuppressed())
                        .singleElement()
                        .satisfies(why -> assertThat(why).hasMessageContaining("TIMEOUT_ROLLBACK_FAILED")));
    }

    @Test
    void work_as_long_as_the_timeout_commits() {
        template.execute("t", () -> {
            clock.advance(Duration.ofSeconds(30));
            return "done";
        });
        assertThat(coordinator.requests).endsWith("commit " + OUTER);
        assertThat(coordinator.timeouts).containsExactly(Duration.ofSeconds(30));
    }

    @ParameterizedTest
    @EnumSource(GlobalStatus.class)
    void only_a_decision_to_commit_is_success(GlobalStatus status) {
        coordinator.commitAnswers.add(() -> status);
        Throwable thrown = catchThrowable(() -> template.execute("t", () -> "done"));
        Class<?> expected = switch (status) {
            case COMMITTED, COMMITTING, COMMIT_RETRYING, ASYNC_COMMITTING -> null;
            case TIMEOUT_ROLLING_BACK, TIMEOUT_ROLLBACK_RETRYING, TIMEOUT_ROLLED_BACK, TIMEOUT_ROLLBACK_FAILED ->
                GlobalTransactionTimedOutException.class;
            case ROLLING_BACK,
                    ROLLBACK_RETRYING,
                    ROLLED_BACK,
                    ROLLBACK_FAILED,
                    ROLLBACK_RETRY_TIMEOUT,
                    STOP_ROLLBACK_OR_ROLLBACK_RETRY,
                    FINISHED -> GlobalTransactionRolledBackException.class;
            case UNKNOWN, BEGIN, COMMIT_FAILED, COMMIT_RETRY_TIMEOUT, DELETING, STOP_COMMIT_OR_COMMIT_RETRY ->
                GlobalTransactionOutcomeUnknownException.class;
        };
        if (expected == null) {
            assertThat(thrown).isNull();
        } else {
            assertThat(thrown).isInstanceOf(expected).hasMessageContaining(OUTER);
        }
        // Whatever it was, nothing else is asked for.
        assertThat(coordinator.requests).containsExactly("begin t", "commit " + OUTER);
    }

    @Test
    void a_lost_answer_to_commit_is_asked_for_again() {
        coordinator.commitAnswers.add(lost());
        coordinator.commitAnswers.add(notSent());
        assertThat(template.execute("t", () -> "done")).isEqualTo("done");
        assertThat(coordinator.requests)
                .containsExactly("begin t", "commit " + OUTER, "commit " + OUTER, "commit " + OUTER);
    }

    @Test
    void finished_after_a_lost_answer_may_mean_committed() {
        coordinator.commitAnswers.add(lost());
        coordinator.commitAnswers.add(() -> GlobalStatus.FINISHED);
        assertThatThrownBy(() -> template.execute("t", () -> "done"))
                .isInstanceOf(GlobalTransactionOutcomeUnknownException.class)
                .hasMessageContaining("Look up this XID");
    }

    @Test
    void finished_after_requests_that_never_left_means_rolled_back() {
        coordinator.commitAnswers.add(notSent());
        coordinator.commitAnswers.add(() -> GlobalStatus.FINISHED);
        assertThatThrownBy(() -> template.execute("t", () -> "done"))
                .isInstanceOf(GlobalTransactionRolledBackException.class);
    }

    @Test
    void a_coordinator_that_stays_silent_is_given_up_after_the_patience() {
        for (int i = 0; i < 1_000; i++) {
            coordinator.commitAnswers.add(lost());
        }
        Throwable thrown = catchThrowable(() -> template.execute("t", () -> "done"));
        assertThat(thrown)
                .isInstanceOf(GlobalTransactionOutcomeUnknownException.class)
                .hasMessageContaining("the answer was lost");
        // 50 ms doubling to 2 s within 60 s: a bounded number.
        assertThat(coordinator.requests).hasSizeBetween(30, 40);
    }

    @Test
    void a_closed_client_does_not_ask_again() {
        coordinator.open = false;
        coordinator.commitAnswers.add(lost());
        assertThatThrownBy(() -> template.execute("t", () -> "done"))
                .isInstanceOf(GlobalTransactionOutcomeUnknownException.class);
        assertThat(coordinator.requests).containsExactly("begin t", "commit " + OUTER);
    }

    @Test
    void an_interrupt_does_not_cut_off_the_commit_and_is_passed_on() {
        coordinator.commitAnswers.add(lost());
        coordinator.commitAnswers.add(lost());
        assertThat(template.execute("t", () -> {
                    Thread.currentThread().interrupt();
                    return "done";
                }))
                .isEqualTo("done");
        assertThat(Thread.interrupted()).isTrue();
        assertThat(coordinator.requests).hasSize(4);
    }

    @Test
    void a_refused_commit_throws() {
        coordinator.commitAnswers.add(refused(TransactionError.UNKNOWN));
        assertThatThrownBy(() -> template.execute("t", () -> "done"))
                .isInstanceOf(GlobalTransactionOutcomeUnknownException.class)
                .hasMessageContaining("UNKNOWN")
                .hasMessageContaining("as the test wants it");
    }

    @Test
    void refusals_that_name_the_outcome_are_believed() {
        coordinator.commitAnswers.add(refused(TransactionError.TRANSACTION_TIMEOUT));
        coordinator.commitAnswers.add(refused(TransactionError.GLOBAL_TRANSACTION_NOT_EXIST));
        coordinator.commitAnswers.add(refused(TransactionError.GLOBAL_TRANSACTION_STATUS_INVALID));
        assertThatThrownBy(() -> template.execute("t", () -> "done"))
                .isInstanceOf(GlobalTransactionTimedOutException.class);
        assertThatThrownBy(() -> template.execute("t", () -> "done"))
                .isInstanceOf(GlobalTransactionRolledBackException.class);
        assertThatThrownBy(() -> template.execute("t", () -> "done"))
                .isInstanceOf(GlobalTransactionRolledBackException.class);
    }

    @Test
    void a_refusal_that_passes_is_asked_again() {
        coordinator.commitAnswers.add(refused(TransactionError.NOT_RAFT_LEADER));
        assertThat(template.execute("t", () -> "done")).isEqualTo("done");
    }

    @Test
    void a_begin_is_repeated_only_when_it_surely_never_left() {
        coordinator.beginFaults.add(notSent());
        assertThat(template.execute("t", () -> "done")).isEqualTo("done");
        assertThat(coordinator.requests).startsWith("begin t", "begin t");

        coordinator.requests.clear();
        coordinator.beginFaults.add(lost());
        assertThatThrownBy(() -> template.execute("u", () -> "done"))
                .isInstanceOf(CoordinatorUnavailableException.class)
                .hasMessageContaining("'u'");
        assertThat(coordinator.requests).containsExactly("begin u");
    }

    @Test
    void begin_gives_up_on_an_unreachable_coordinator_and_the_work_does_not_run() {
        for (int i = 0; i < 1_000; i++) {
            coordinator.beginFaults.add(notSent());
        }
        AtomicBoolean ran = new AtomicBoolean();
        assertThatThrownBy(() -> template.execute("t", () -> {
                    ran.set(true);
                    return "done";
                }))
                .isInstanceOf(CoordinatorUnavailableException.class)
                .hasMessageContaining("there is no connection");
        assertThat(ran).isFalse();
    }

    @Test
    void an_interrupt_stops_the_attempts_to_begin() {
        coordinator.beginFaults.add(notSent());
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> template.execute("t", () -> "done"))
                .isInstanceOf(CoordinatorUnavailableException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(coordinator.requests).containsExactly("begin t");
    }

    @Test
    void a_refused_begin_throws_and_the_work_does_not_run() {
        coordinator.beginFaults.add(refused(TransactionError.BEGIN_FAILED));
        assertThatThrownBy(() -> template.execute("t", () -> "done"))
                .isInstanceOf(GlobalTransactionNotBegunException.class)
                .hasMessageContaining("BEGIN_FAILED");
    }

    @Test
    void a_coordinator_with_too_much_to_do_is_told_apart() {
        coordinator.beginFaults.add(() -> {
            throw new CoordinatorRefusedException(TransactionError.BEGIN_FAILED, "limits are reached", true);
        });
        assertThatThrownBy(() -> template.execute("t", () -> "done"))
                .isInstanceOf(CoordinatorOverloadedException.class)
                .isInstanceOf(GlobalTransactionNotBegunException.class)
                .hasMessageContaining("limits are reached");
        assertThat(coordinator.requests).as("no second one").containsExactly("begin t");
    }

    @Test
    void a_failing_rollback_does_not_hide_the_exception_of_the_work() {
        for (int i = 0; i < 1_000; i++) {
            coordinator.rollbackAnswers.add(lost());
        }
        Throwable thrown = catchThrowable(() -> template.execute("t", () -> {
            throw new IllegalStateException("out of stock");
        }));
        assertThat(thrown).isInstanceOf(IllegalStateException.class).hasMessage("out of stock");
        assertThat(thrown.getSuppressed()).singleElement().isInstanceOf(GlobalTransactionOutcomeUnknownException.class);
    }

    @ParameterizedTest
    @EnumSource(GlobalStatus.class)
    void only_a_decision_to_roll_back_confirms_a_rollback(GlobalStatus status) {
        coordinator.rollbackAnswers.add(() -> status);
        Throwable thrown = catchThrowable(() -> template.execute("t", () -> {
            throw new IllegalStateException("out of stock");
        }));
        boolean confirmed = switch (status) {
            case ROLLING_BACK,
                    ROLLBACK_RETRYING,
                    ROLLED_BACK,
                    TIMEOUT_ROLLING_BACK,
                    TIMEOUT_ROLLBACK_RETRYING,
                    TIMEOUT_ROLLED_BACK,
                    FINISHED -> true;
            default -> false;
        };
        assertThat(thrown).hasMessage("out of stock");
        assertThat(thrown.getSuppressed()).hasSize(confirmed ? 0 : 1);
    }

    @Test
    void lock_wait_is_that_of_the_innermost_that_names_one() {
        Duration outer = Duration.ofSeconds(3);
        Duration inner = Duration.ZERO;
        template.execute(TransactionOptions.named("outer").withLockWait(outer), () -> {
            assertThat(TransactionContext.lockWait()).isEqualTo(outer);
            template.execute(
                    "silent", () -> assertThat(TransactionContext.lockWait()).isEqualTo(outer));
            template.execute(
                    TransactionOptions.named("inner").withLockWait(inner),
                    () -> assertThat(TransactionContext.lockWait()).isEqualTo(inner));
            return assertThat(TransactionContext.lockWait()).isEqualTo(outer);
        });
        assertThat(TransactionContext.lockWait()).isNull();
    }

    private static void assertReadsCommitted(boolean expected) {
        assertThat(TransactionContext.readsCommitted()).isEqualTo(expected);
    }

    @Test
    void the_innermost_isolation_counts_and_is_undone() throws Exception {
        TransactionOptions committed = TransactionOptions.named("outer").withIsolation(GlobalIsolation.READ_COMMITTED);
        template.execute(committed, () -> {
            assertReadsCommitted(true);
            template.execute("silent", () -> {
                assertReadsCommitted(true);
                return null;
            });
            template.execute(TransactionOptions.named("inner").withIsolation(GlobalIsolation.READ_UNCOMMITTED), () -> {
                assertReadsCommitted(false);
                return null;
            });
            template.execute(TransactionOptions.named("new").withPropagation(Propagation.REQUIRES_NEW), () -> {
                assertReadsCommitted(false);
                return null;
            });
            try (var own = TransactionContext.localWork()) {
                assertReadsCommitted(false);
            }
            try (var waived = TransactionContext.waiveVotes()) {
                assertReadsCommitted(true);
            }
            try (var other = TransactionContext.suspend()) {
                assertReadsCommitted(false);
            }
            CapturedTransaction captured = TransactionContext.capture();
            return assertThat(CompletableFuture.supplyAsync(() -> {
                        try (var there = captured.bind()) {
                            return TransactionContext.readsCommitted();
                        }
                    }))
                    .succeedsWithin(Duration.ofSeconds(30), BOOLEAN)
                    .isTrue();
        });
        assertReadsCommitted(false);
    }

    /** As the lock wait: a service that is called says for itself what it wants to see. */
    @Test
    void an_isolation_does_not_travel_with_the_xid() {
        try (var joined = TransactionContext.bind("tc:8091:7")) {
            assertReadsCommitted(false);
            template.execute(TransactionOptions.named("part").withIsolation(GlobalIsolation.READ_COMMITTED), () -> {
                assertReadsCommitted(true);
                return null;
            });
        }
    }

    @Test
    void a_global_lock_may_read_what_is_committed() {
        try (var lock = TransactionContext.underGlobalLock(null, GlobalIsolation.READ_COMMITTED)) {
            assertReadsCommitted(true);
        }
        try (var lock = TransactionContext.underGlobalLock(null)) {
            assertReadsCommitted(false);
        }
    }

    @Test
    void a_coordinator_that_cannot_tell_what_is_committed_is_not_asked_to_begin() {
        coordinator.checksReads = false;
        assertThatThrownBy(() -> template.execute(
                        TransactionOptions.named("report").withIsolation(GlobalIsolation.READ_COMMITTED), () -> null))
                .isInstanceOf(GlobalTransactionNotBegunException.class)
                .hasMessageContainingAll("'report'", "READ_COMMITTED", "tc:8091", "Seata", "FOR UPDATE");
        assertThat(coordinator.requests).isEmpty();
        template.execute("plain", () -> null);
        assertThat(coordinator.requests).containsExactly("begin plain", "commit tc:8091:1");
    }
}
