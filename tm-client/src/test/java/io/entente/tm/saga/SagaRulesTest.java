package io.entente.tm.saga;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class SagaRulesTest {

    private static SagaBuilder<String> saga() {
        return Saga.named("trip", String.class);
    }

    private static void refused(Function<SagaBuilder<String>, Saga<String>> definition, String... message) {
        assertThatThrownBy(() -> definition.apply(saga()))
                .isInstanceOf(InvalidSagaException.class)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(message);
    }

    private static StepBuilder<String, Void> step(SagaBuilder<String> saga, String name) {
        return saga.step(name, call -> {}).compensate(call -> {});
    }

    @Test
    void names_are_not_blank_and_have_neither_comma_nor_slash() {
        for (String name : new String[] {"", "  ", "a,b", "a/b"}) {
            refused(saga -> step(saga, name).build(), "step of saga 'trip' is '" + name + "'", ".step(\"reserve car\"");
            assertThatThrownBy(() -> step(Saga.named(name, String.class), "a").build())
                    .isInstanceOf(InvalidSagaException.class)
                    .hasMessageContainingAll("name of the saga is '" + name + "'", "Saga.named(\"trip\"");
        }
        refused(saga -> step(saga, "x".repeat(200)).build(), "more than 200 characters", "Shorten");
    }

    @Test
    void there_is_a_step() {
        refused(SagaBuilder::build, "'trip' has no steps", ".step(\"reserve car\"");
    }

    @Test
    void names_of_steps_are_unique_also_within_groups() {
        refused(
                saga -> step(saga, "a")
                        .step("a", call -> {})
                        .compensate(call -> {})
                        .build(),
                "two steps named 'a'",
                "'a 2'");
        refused(
                saga -> step(saga, "a")
                        .parallel(group -> {
                            step(group, "b");
                            step(group, "a");
                        })
                        .build(),
                "two steps named 'a'");
    }

    @Test
    void each_step_up_to_the_pivot_says_how_it_is_undone() {
        refused(
                saga -> saga.step("a", call -> {}).build(),
                "Step 'a' of saga 'trip' has no compensation",
                ".compensate(call -> …)",
                ".noCompensation()");
        refused(
                saga -> saga.step("a", call -> {})
                        .compensate(call -> {})
                        .noCompensation()
                        .build(),
                "both compensate(…) and noCompensation()");
        assertThat(saga().step("a", call -> {}).noCompensation().build().steps())
                .hasSize(1);
        assertThat(saga().pivot("a", call -> {}).build().hasForwardPart()).isTrue();
    }

    @Test
    void nothing_is_undone_behind_the_pivot() {
        refused(
                saga -> saga.pivot("pay", call -> {})
                        .step("send", call -> {})
                        .compensate(call -> {})
                        .build(),
                "Step 'send' of saga 'trip' has a compensation that would never run",
                "behind the pivot",
                "before the pivot");
        refused(saga -> step(saga.recoverForward(), "a").build(), "with recoverForward()", "or recoverForward()");
    }

    @Test
    void there_is_one_pivot_at_most() {
        refused(
                saga -> saga.pivot("pay", call -> {})
                        .step("send", call -> {})
                        .pivot()
                        .build(),
                "more than one pivot: [pay, send]",
                "Keep the first");
        refused(saga -> saga.recoverForward().pivot("pay", call -> {}).build(), "recoverForward() and a pivot, 'pay'");
    }

    @Test
    void groups_are_flat_and_of_two_or_more_and_have_no_pivot() {
        refused(saga -> saga.parallel(group -> step(group, "a")).build(), "has 1 steps", ".parallel(group ->");
        refused(
                saga -> saga.parallel(group -> step(group, "a").pivot("pay", call -> {}))
                        .build(),
                "The pivot 'pay' of saga 'trip' is in a parallel(…)",
                ".parallel(…).pivot(\"pay\", …)");
        refused(
                saga -> saga.parallel(group -> {
                            step(group, "a");
                            group.parallel(inner -> {
                                step(inner, "b");
                                step(inner, "c");
                            });
                        })
                        .build(),
                "a parallel(…) within a parallel(…)");
        refused(
                saga -> saga.parallel(group -> {
                            step(group.timeout(Duration.ofSeconds(1)), "a");
                            step(group, "b");
                        })
                        .build(),
                "before its first step");
    }

    @Test
    void times_make_sense() {
        refused(saga -> step(saga.timeout(Duration.ZERO), "a").build(), "timeout of saga 'trip' is PT0S");
        refused(saga -> step(saga, "a").timeout(Duration.ZERO).build(), "timeout of step 'a' of saga 'trip' is PT0S");
        refused(saga -> step(saga, "a").retry(Retry.times(-1)).build(), "Retry.times(-1)", "Retry.none()");
        refused(saga -> step(saga, "a").retry(Retry.times(1).backOff(0.5)).build(), "0.5", "backOff(2)");
        refused(
                saga -> step(saga, "a")
                        .retry(Retry.times(1).every(Duration.ofMillis(-1)))
                        .build(),
                "negative");
    }

    @Test
    void pauses_grow_up_to_the_longest() {
        Retry retry = Retry.times(3)
                .every(Duration.ofMillis(100))
                .backOff(10)
                .atMostEvery(Duration.ofMillis(2_000))
                .notOn(IllegalStateException.class);
        Exception failure = new Exception("no");
        assertThat(retry.pauseAfter(1, failure)).isEqualTo(Duration.ofMillis(100));
        assertThat(retry.pauseAfter(2, failure)).isEqualTo(Duration.ofMillis(1_000));
        assertThat(retry.pauseAfter(3, failure)).isEqualTo(Duration.ofMillis(2_000));
        assertThat(retry.pauseAfter(4, failure)).isNull();
        assertThat(retry.pauseAfter(1, new IllegalStateException("no"))).isNull();
        assertThat(Retry.none().pauseAfter(1, failure)).isNull();
    }
}
