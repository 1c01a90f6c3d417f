package io.entente.tm.saga;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entente.testkit.EmbeddedCoordinator;
import io.entente.tm.TransactionContext;
import io.entente.tm.payload.PayloadNotUsableException;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Compensable actions without Spring. */
class CompensableActionTest {

    private final List<String> log = new CopyOnWriteArrayList<>();
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

    private CompensableAction letter(@Nullable Type resultType) {
        return new CompensableAction(
                "letter",
                List.of(String.class),
                resultType,
                null,
                (arguments, result) -> log.add("-" + arguments.get(0) + " " + result));
    }

    private String send(CompensableAction action, String text) throws Exception {
        return instance.sagas().run(action, List.of(text), () -> {
            log.add("+" + text);
            return "sent";
        });
    }

    @Test
    void another_instance_undoes_what_one_did_that_died() {
        CompensableAction action = letter(String.class);
        instance.sagas().serve(action);
        try (Instance dying = Instance.start(coordinator)) {
            dying.sagas().serve(letter(String.class));
            assertThatThrownBy(() -> dying.client().transactions().execute("letters", () -> {
                        dying.sagas().run(letter(String.class), List.of("one"), () -> {
                            log.add("+one");
                            return "sent";
                        });
                        dying.die();
                        return "unreachable";
                    }))
                    .isInstanceOf(Instance.Died.class);
            Trip.awaitEnd(coordinator);
            assertThat(log).containsExactly("+one", "-one sent");
        }
    }

    @Test
    void an_action_that_is_at_work_when_the_time_is_up_is_undone_after_it_has_ended() throws Exception {
        CompensableAction action = letter(null);
        instance.sagas().serve(action);
        assertThatThrownBy(() -> instance.client().transactions().execute("letters", () -> {
                    instance.sagas().run(action, List.of("one"), () -> {
                        coordinator.advanceTime(Duration.ofSeconds(61));
                        Awaitility.await().pollDelay(Duration.ofMillis(300)).until(() -> true);
                        return log.add("+one");
                    });
                    return "done";
                }))
                .hasMessageContaining("rolled back");
        Trip.awaitEnd(coordinator);
        assertThat(log).containsExactly("+one", "-one null");
        assertThat(send(action, "outside")).isEqualTo("sent");
    }

    @Test
    void a_failure_forces_the_transaction_back_unless_the_caller_waives_it() {
        CompensableAction action = letter(null);
        instance.sagas().serve(action);
        assertThatThrownBy(() -> instance.client().transactions().execute("letters", () -> {
                    assertThatThrownBy(() -> instance.sagas().run(action, List.of("one"), () -> {
                                throw new IllegalStateException("no");
                            }))
                            .hasMessage("no");
                    return "swallowed";
                }))
                .hasMessageContaining("step 'letter' failed");
        assertThat(log).containsExactly("-one null");

        String committed = instance.client().transactions().execute("letters", () -> {
            try (var waived = TransactionContext.waiveVotes()) {
                instance.sagas().run(action, List.of("two"), () -> {
                    throw new IllegalStateException("no");
                });
            } catch (Exception e) {
                // dealt with
            }
            return "committed";
        });
        assertThat(committed).isEqualTo("committed");
        assertThat(log).containsExactly("-one null");
    }

    @Test
    void arguments_that_are_no_data_and_names_that_cannot_be_are_refused() {
        CompensableAction odd =
                new CompensableAction("odd", List.of(Thread.class), null, null, (arguments, result) -> {});
        instance.sagas().serve(odd);
        assertThatThrownBy(() -> instance.client()
                        .transactions()
                        .execute(
                                "odd",
                                () -> instance.sagas().run(odd, List.of(Thread.currentThread()), () -> log.add("ran"))))
                .isInstanceOf(PayloadNotUsableException.class)
                .hasMessageContaining("Argument 1 of odd");
        assertThat(log).isEmpty();
        assertThatThrownBy(() -> instance.sagas().serve(odd))
                .hasMessageContaining("two compensable actions named 'odd'");
        assertThatThrownBy(() -> new CompensableAction("a,b", List.of(), null, null, (arguments, result) -> {}))
                .isInstanceOf(InvalidSagaException.class)
                .hasMessageContaining("'a,b'");
    }
}
