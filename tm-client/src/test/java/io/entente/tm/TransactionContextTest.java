package io.entente.tm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.context.ContextExecutorService;
import io.micrometer.context.ContextSnapshotFactory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

class TransactionContextTest {

    private final ExecutorService worker = Executors.newSingleThreadExecutor();

    @AfterEach
    void nothing_is_left_on_the_thread() {
        worker.shutdownNow();
        assertThat(TransactionContext.frame()).isNull();
        assertThat(MDC.get(TransactionContext.MDC_KEY)).isNull();
    }

    @Test
    void a_scope_restores_what_was_bound_before() {
        try (var outer = TransactionContext.bind("a")) {
            try (var inner = TransactionContext.bind("b")) {
                assertThat(TransactionContext.xid()).isEqualTo("b");
                assertThat(MDC.get(TransactionContext.MDC_KEY)).isEqualTo("b");
                try (var none = TransactionContext.suspend()) {
                    assertThat(TransactionContext.isActive()).isFalse();
                    assertThat(MDC.get(TransactionContext.MDC_KEY)).isNull();
                }
                assertThat(TransactionContext.xid()).isEqualTo("b");
            }
            assertThat(TransactionContext.xid()).isEqualTo("a");
            assertThat(MDC.get(TransactionContext.MDC_KEY)).isEqualTo("a");
        }
        assertThat(TransactionContext.xid()).isNull();
    }

    @Test
    void statements_belong_to_the_transaction_except_in_local_work() throws Exception {
        assertThat(TransactionContext.enlistedXid()).isNull();
        try (var nothing = TransactionContext.localWork()) {
            assertThat(TransactionContext.enlistedXid()).isNull();
        }
        try (var outer = TransactionContext.bind("a")) {
            assertThat(TransactionContext.enlistedXid()).isEqualTo("a");
            try (var local = TransactionContext.localWork()) {
                assertThat(TransactionContext.xid()).isEqualTo("a");
                assertThat(TransactionContext.enlistedXid()).isNull();
                CapturedTransaction captured = TransactionContext.capture();
                assertThat(worker.submit(() -> {
                                    try (var there = captured.bind()) {
                                        return TransactionContext.enlistedXid() == null
                                                && "a".equals(TransactionContext.xid());
                                    }
                                })
                                .get())
                        .as("local work goes along to other threads")
                        .isTrue();
                try (var joined = TransactionContext.bind("a")) {
                    assertThat(TransactionContext.enlistedXid()).isNull();
                }
                try (var another = TransactionContext.bind("b")) {
                    assertThat(TransactionContext.enlistedXid()).isEqualTo("b");
                }
            }
            assertThat(TransactionContext.enlistedXid()).isEqualTo("a");
        }
    }

    @Test
    void work_ends_once_when_the_scope_closes_that_joined() {
        List<String> ended = new ArrayList<>();
        try (var joined = TransactionContext.bind("a")) {
            TransactionContext.beforeEnd(() -> ended.add("first"));
            try (var again = TransactionContext.bind("a")) {
                TransactionContext.beforeEnd(() -> ended.add("second"));
            }
            assertThat(ended).as("the work goes on").isEmpty();
            TransactionContext.capture().endWork();
            assertThat(ended).containsExactly("first", "second");
            TransactionContext.beforeEnd(() -> ended.add("third"));
        }
        assertThat(ended).containsExactly("first", "second", "third");
    }

    @Test
    void work_of_another_thread_ends_with_the_rest() throws Exception {
        List<String> ended = new ArrayList<>();
        try (var joined = TransactionContext.bind("a")) {
            CapturedTransaction captured = TransactionContext.capture();
            worker.submit(() -> {
                        try (var there = captured.bind()) {
                            TransactionContext.beforeEnd(() -> ended.add("there"));
                        }
                    })
                    .get();
            assertThat(ended).as("it was handed over, and ends here").isEmpty();
        }
        assertThat(ended).containsExactly("there");
    }

    @Test
    void work_that_cannot_end_makes_the_transaction_rollback_only() {
        List<String> ended = new ArrayList<>();
        TransactionContext.Scope joined = TransactionContext.bind("a");
        CapturedTransaction captured = TransactionContext.capture();
        TransactionContext.beforeEnd(() -> {
            throw new IOException("disk full");
        });
        TransactionContext.beforeEnd(() -> ended.add("second"));
        assertThatThrownBy(joined::close)
                .isInstanceOf(WorkNotEndedException.class)
                .hasMessageContainingAll("a can only roll back", "disk full")
                .hasRootCauseInstanceOf(IOException.class);
        assertThat(captured.rollbackOnlyReason()).contains("disk full");
        captured.endWork();
        assertThat(ended).as("it will be rolled back anyway").isEmpty();
    }

    @Test
    void work_of_a_transaction_that_can_only_roll_back_is_not_ended() {
        List<String> ended = new ArrayList<>();
        try (var joined = TransactionContext.bind("a")) {
            TransactionContext.beforeEnd(() -> ended.add("ended"));
            TransactionContext.setRollbackOnly("no");
        }
        assertThat(ended).isEmpty();
    }

    @Test
    void outside_a_transaction_there_is_no_work_to_end() {
        assertThatThrownBy(() -> TransactionContext.beforeEnd(() -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("beforeEnd");
        TransactionContext.capture().endWork();
    }

    @Test
    void closing_twice_does_nothing_the_second_time() {
        try (var outer = TransactionContext.bind("a")) {
            TransactionContext.Scope inner = TransactionContext.bind("b");
            inner.close();
            inner.close();
            assertThat(TransactionContext.xid()).isEqualTo("a");
        }
    }

    @Test
    void a_leaked_inner_scope_ends_with_its_outer_one() {
        TransactionContext.Scope outer = TransactionContext.bind("a");
        TransactionContext.Scope leaked = TransactionContext.bind("b");
        outer.close();
        assertThat(TransactionContext.xid()).isNull();
        try (var next = TransactionContext.bind("c")) {
            leaked.close();
            assertThat(TransactionContext.xid()).isEqualTo("c");
        }
    }

    @Test
    void closing_on_another_thread_is_refused_and_changes_nothing() {
        try (var scope = TransactionContext.bind("a")) {
            Future<?> other = worker.submit(scope::close);
            assertThatThrownBy(other::get)
                    .hasCauseInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("try-with-resources");
            assertThat(TransactionContext.xid()).isEqualTo("a");
        }
    }

    @Test
    void binding_the_same_xid_again_keeps_its_rollback_only_mark() {
        try (var outer = TransactionContext.bind("a")) {
            try (var same = TransactionContext.bind("a")) {
                TransactionContext.setRollbackOnly("no stock");
            }
            assertThat(TransactionContext.rollbackOnlyReason()).isEqualTo("no stock");
            try (var other = TransactionContext.bind("b")) {
                assertThat(TransactionContext.rollbackOnlyReason()).isNull();
            }
        }
        try (var later = TransactionContext.bind("a")) {
            assertThat(TransactionContext.rollbackOnlyReason()).isNull();
        }
    }

    @Test
    void misuse_says_what_to_do() {
        assertThatThrownBy(() -> TransactionContext.bind(" ")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> TransactionContext.setRollbackOnly("x"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("isActive()");
        assertThatThrownBy(TransactionContext::waiveVotes).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void other_threads_see_nothing_by_themselves() throws Exception {
        try (var scope = TransactionContext.bind("a")) {
            assertThat(worker.submit(TransactionContext::isActive).get()).isFalse();
        }
    }

    @Test
    void a_captured_transaction_shares_its_rollback_only_mark_with_the_thread_it_came_from() throws Exception {
        try (var scope = TransactionContext.bind("a")) {
            CapturedTransaction captured = TransactionContext.capture();
            worker.submit(() -> {
                        try (var there = captured.bind()) {
                            assertThat(TransactionContext.xid()).isEqualTo("a");
                            TransactionContext.setRollbackOnly("failed over there");
                        }
                        assertThat(TransactionContext.isActive()).isFalse();
                    })
                    .get();
            assertThat(TransactionContext.rollbackOnlyReason()).isEqualTo("failed over there");
        }
    }

    @Test
    void waived_votes_do_not_mark_but_an_explicit_mark_does() {
        try (var scope = TransactionContext.bind("a")) {
            try (var waived = TransactionContext.waiveVotes()) {
                TransactionContext.capture().vote("participant failed");
                assertThat(TransactionContext.rollbackOnlyReason()).isNull();
                TransactionContext.setRollbackOnly("explicitly");
            }
            assertThat(TransactionContext.rollbackOnlyReason()).isEqualTo("explicitly");
        }
    }

    @Test
    void context_propagation_carries_the_transaction_to_executors() throws Exception {
        ExecutorService propagating = ContextExecutorService.wrap(
                worker, () -> ContextSnapshotFactory.builder().build().captureAll());
        try (var scope = TransactionContext.bind("a")) {
            assertThat(propagating.submit(TransactionContext::xid).get()).isEqualTo("a");
            assertThat(propagating
                            .submit(() -> MDC.get(TransactionContext.MDC_KEY))
                            .get())
                    .isEqualTo("a");
            try (var none = TransactionContext.suspend()) {
                assertThat(propagating.submit(TransactionContext::isActive).get())
                        .isFalse();
            }
        }
        assertThat(worker.submit(TransactionContext::xid).get()).isNull();
    }

    @Test
    void context_propagation_on_the_same_thread_restores_the_bindings_of_that_thread() {
        try (var outer = TransactionContext.bind("a")) {
            var snapshot = ContextSnapshotFactory.builder().build().captureAll();
            try (var none = TransactionContext.suspend()) {
                snapshot.wrap(() -> {
                            try (var inner = TransactionContext.bind("b")) {
                                assertThat(TransactionContext.xid()).isEqualTo("b");
                            }
                            assertThat(TransactionContext.xid()).isEqualTo("a");
                        })
                        .run();
                assertThat(TransactionContext.isActive()).isFalse();
            }
            assertThat(TransactionContext.xid()).isEqualTo("a");
        }
    }

    @Test
    void completable_futures_carry_it_through_a_wrapped_executor() {
        try (var scope = TransactionContext.bind("a")) {
            var executor = ContextExecutorService.wrap(
                    worker, () -> ContextSnapshotFactory.builder().build().captureAll());
            assertThat(CompletableFuture.supplyAsync(() -> String.valueOf(TransactionContext.xid()), executor)
                            .join())
                    .isEqualTo("a");
        }
    }
}
