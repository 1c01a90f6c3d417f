package io.entente.tm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entente.testkit.EmbeddedCoordinator;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The client and the coordinator together. */
class RealCoordinatorTest {

    private EmbeddedCoordinator coordinator;
    private EntenteClient client;

    @BeforeEach
    void start() {
        coordinator = EmbeddedCoordinator.start();
        client = EntenteClient.connect(ClientSettings.of(coordinator.address()));
    }

    @AfterEach
    void stop() {
        client.close();
        coordinator.close();
    }

    private static String xid() {
        return String.valueOf(TransactionContext.xid());
    }

    @Test
    void transactions_commit_and_roll_back() {
        String first = client.transactions().execute("first", RealCoordinatorTest::xid);
        String second = client.transactions().execute("second", RealCoordinatorTest::xid);
        assertThat(first).startsWith(coordinator.address()).isNotEqualTo(second);
        assertThatThrownBy(() -> client.transactions().execute("third", () -> {
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no")
                .satisfies(thrown -> assertThat(thrown.getSuppressed()).isEmpty());
    }

    @Test
    void a_commit_after_the_coordinator_timed_out_is_reported_as_timed_out() {
        TransactionOptions options = TransactionOptions.named("slow").withTimeout(Duration.ofSeconds(30));
        assertThatThrownBy(() -> client.transactions().execute(options, () -> {
                    coordinator.advanceTime(Duration.ofSeconds(31));
                    return "too late";
                }))
                .isInstanceOfAny(GlobalTransactionTimedOutException.class, GlobalTransactionRolledBackException.class)
                .hasMessageContaining("'slow'");
    }

    @Test
    void a_commit_after_a_participant_rolled_back_at_the_coordinator_throws() {
        assertThatThrownBy(() -> client.transactions().execute("outer", () -> {
                    client.transactions().rollBack(xid(), new IllegalStateException("elsewhere"));
                    return "done";
                }))
                .isInstanceOf(GlobalTransactionRolledBackException.class);
    }

    @Test
    void a_coordinator_with_too_much_to_do_begins_nothing_new_and_ends_what_is_open() {
        try (EmbeddedCoordinator busy = EmbeddedCoordinator.start(
                        settings -> settings.withLimits(settings.limits().withOpenTransactions(1)));
                EntenteClient shop = EntenteClient.connect(ClientSettings.of(busy.address()))) {
            TransactionOptions inner = TransactionOptions.named("inner").withPropagation(Propagation.REQUIRES_NEW);
            String outcome = shop.transactions().execute("outer", () -> {
                assertThatThrownBy(() -> shop.transactions().execute(inner, () -> "never"))
                        .isInstanceOf(CoordinatorOverloadedException.class)
                        .hasMessageContaining("'inner'")
                        .hasMessageContaining("entente.tc.limits.open-transactions is 1")
                        .hasMessageContaining("try again later");
                return "committed";
            });
            assertThat(outcome).isEqualTo("committed");
            assertThat(shop.transactions().execute(inner, () -> "begun")).isEqualTo("begun");
        }
    }

    @Test
    void a_commit_waits_for_a_coordinator_that_is_away() {
        CountDownLatch stopped = new CountDownLatch(1);
        CompletableFuture<Void> back = CompletableFuture.runAsync(() -> {
            try {
                stopped.await();
                coordinator.startAgain();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        String answer;
        try {
            answer = client.transactions().execute("t", () -> {
                coordinator.stop();
                stopped.countDown();
                return "committed";
            });
        } catch (GlobalTransactionRolledBackException e) {
            // Allowed as well: a begin alone need not survive, and a transaction without branches has nothing to lose.
            answer = "rolled back";
        }
        assertThat(answer).isIn("committed", "rolled back");
        back.join();
        assertThat(client.transactions().execute("next", () -> "done")).isEqualTo("done");
    }
}
