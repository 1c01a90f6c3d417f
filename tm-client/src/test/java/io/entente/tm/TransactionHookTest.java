package io.entente.tm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TransactionHookTest {

    private final ScriptedCoordinator coordinator = new ScriptedCoordinator();
    private final ManualClock clock = new ManualClock();
    private final List<String> calls = new ArrayList<>();

    private GlobalTransactionTemplate templateWith(TransactionHook... hooks) {
        return new GlobalTransactionTemplate(
                        new PatientCoordinator(
                                coordinator, Duration.ofSeconds(5), Duration.ofSeconds(60), clock, clock),
                        Duration.ofSeconds(30),
                        clock,
                        List.of())
                .withHooks(List.of(hooks));
    }

    /** Writes down each call with the XID it saw; fails in the step given. */
    private final class Recorder implements TransactionHook {
        private final String name;
        private final String failingStep;

        Recorder(String name, String failingStep) {
            this.name = name;
            this.failingStep = failingStep;
        }

        private void called(String step) {
            calls.add(name + "." + step + " " + TransactionContext.xid());
            if (step.equals(failingStep)) {
                throw new IllegalStateException(step + " fails");
            }
        }

        @Override
        public void beforeBegin() {
            called("beforeBegin");
        }

        @Override
        public void afterBegin() {
            called("afterBegin");
        }

        @Override
        public void beforeCommit() {
            called("beforeCommit");
        }

        @Override
        public void afterCommit() {
            called("afterCommit");
        }

        @Override
        public void beforeRollback() {
            called("beforeRollback");
        }

        @Override
        public void afterRollback() {
            called("afterRollback");
        }

        @Override
        public void afterCompletion() {
            called("afterCompletion");
        }
    }

    @Test
    void hooks_are_called_around_a_commit() {
        templateWith(new Recorder("all", "")).execute("t", () -> {
            TransactionContext.addHook(new Recorder("this", ""));
            return "done";
        });
        assertThat(calls)
                .containsExactly(
                        "all.beforeBegin null",
                        "all.afterBegin tc:8091:1",
                        "all.beforeCommit tc:8091:1",
                        "this.beforeCommit tc:8091:1",
                        "all.afterCommit tc:8091:1",
                        "this.afterCommit tc:8091:1",
                        "all.afterCompletion tc:8091:1",
                        "this.afterCompletion tc:8091:1");
    }

    @Test
    void hooks_are_called_around_a_rollback() {
        assertThatThrownBy(() -> templateWith(new Recorder("all", "")).execute("t", () -> {
                    throw new IllegalStateException("no");
                }))
                .isNotNull();
        assertThat(calls)
                .containsExactly(
                        "all.beforeBegin null",
                        "all.afterBegin tc:8091:1",
                        "all.beforeRollback tc:8091:1",
                        "all.afterRollback tc:8091:1",
                        "all.afterCompletion tc:8091:1");
    }

    @Test
    void a_participant_calls_no_hooks() {
        GlobalTransactionTemplate template = templateWith(new Recorder("all", ""));
        template.execute("outer", () -> template.execute("inner", () -> "done"));
        assertThat(calls).hasSize(5);
    }

    @Test
    void a_hook_of_one_transaction_is_gone_in_the_next() {
        GlobalTransactionTemplate template = templateWith();
        template.execute("first", () -> {
            TransactionContext.addHook(new Recorder("this", ""));
            return "done";
        });
        calls.clear();
        template.execute("second", () -> "done");
        assertThat(calls).isEmpty();
    }

    @Test
    void a_hook_that_fails_before_the_begin_prevents_it() {
        assertThatThrownBy(
                        () -> templateWith(new Recorder("all", "beforeBegin")).execute("t", () -> "done"))
                .hasMessage("beforeBegin fails");
        assertThat(coordinator.requests).isEmpty();
    }

    @Test
    void a_hook_that_fails_before_the_commit_turns_it_into_a_rollback() {
        assertThatThrownBy(
                        () -> templateWith(new Recorder("all", "beforeCommit")).execute("t", () -> "done"))
                .hasMessage("beforeCommit fails");
        assertThat(coordinator.requests).containsExactly("begin t", "rollback tc:8091:1");
        assertThat(calls).contains("all.afterRollback tc:8091:1", "all.afterCompletion tc:8091:1");
    }

    @Test
    void a_hook_may_mark_rollback_only_before_the_commit() {
        TransactionHook veto = new TransactionHook() {
            @Override
            public void beforeCommit() {
                TransactionContext.setRollbackOnly("vetoed");
            }
        };
        assertThatThrownBy(() -> templateWith(veto).execute("t", () -> "done"))
                .isInstanceOf(GlobalTransactionRolledBackException.class)
                .hasMessageContaining("vetoed");
    }

    @Test
    void a_hook_that_fails_elsewhere_changes_nothing() {
        assertThat(templateWith(new Recorder("all", "afterBegin")).execute("t", () -> "done"))
                .isEqualTo("done");
        assertThat(templateWith(new Recorder("all", "afterCommit")).execute("t", () -> "done"))
                .isEqualTo("done");
        assertThat(templateWith(new Recorder("all", "afterCompletion")).execute("t", () -> "done"))
                .isEqualTo("done");
        coordinator.requests.clear();
        assertThatThrownBy(() -> templateWith(new Recorder("all", "beforeRollback"))
                        .execute("t", () -> {
                            throw new IllegalStateException("no");
                        }))
                .hasMessage("no");
        assertThat(coordinator.requests).containsExactly("begin t", "rollback tc:8091:4");
    }

    @Test
    void a_hook_cannot_be_added_where_nobody_would_call_it() {
        assertThatThrownBy(() -> TransactionContext.addHook(new Recorder("this", "")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("outside a global transaction");
        try (var scope = TransactionContext.bind("tc:8091:9")) {
            assertThatThrownBy(() -> TransactionContext.addHook(new Recorder("this", "")))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("another process");
        }
    }
}
