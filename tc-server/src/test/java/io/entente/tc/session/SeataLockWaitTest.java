package io.entente.tc.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.entente.protocol.BranchType;
import io.entente.protocol.Message;
import io.entente.protocol.TransactionError;
import io.entente.protocol.codec.Frame;
import io.entente.tc.CoordinatorSettings;
import io.entente.tc.coordinator.CoordinatorUnderTest;
import io.entente.tc.coordinator.TestClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A client of Seata's that wants a row need not ask again and again. */
class SeataLockWaitTest {

    @TempDir
    Path directory;

    private CoordinatorUnderTest tc;
    private TestClient shop;
    private String holder;

    @BeforeEach
    void start() {
        start(5_000);
    }

    private void start(long wait) {
        tc = CoordinatorUnderTest.start(
                CoordinatorSettings.in(directory.resolve("wait-" + wait))
                        .withPort(0)
                        .withSeataLockWaitMillis(wait),
                InstantSource.system());
        shop = tc.client("shop", "stock-db");
        holder = shop.begin();
        shop.branch(holder, "stock-db", "stock:1");
    }

    @AfterEach
    void stop() {
        tc.close();
    }

    private void awaitWaiting(int number) {
        await().until(() -> tc.<Integer>look(state -> state.queues().size()) == number);
    }

    @Test
    void it_is_answered_when_it_has_the_row() {
        String waiter = shop.begin();
        CompletableFuture<Message.Response> answer = shop.registerLater(waiter, "stock-db", "stock:1", "");
        awaitWaiting(1);
        assertThat(answer).isNotDone();
        shop.commit(holder);
        assertThat(((Message.ResultResponse) answer.join()).result().success()).isTrue();
        awaitWaiting(0);
    }

    @Test
    void it_is_told_to_come_again_when_that_takes_long() {
        tc.close();
        start(50);
        Message.ResultResponse answer = (Message.ResultResponse)
                shop.registerLater(shop.begin(), "stock-db", "stock:1", "").join();
        assertThat(answer.result().error()).isEqualTo(TransactionError.LOCK_KEY_CONFLICT);
        assertThat(answer.result().message()).contains("waited", holder);
    }

    /** The oldest ones get all answers of a batch at once: one that waits would delay the others. */
    @Test
    void in_a_batch_of_the_oldest_clients_nobody_waits() throws IOException {
        String waiter = shop.begin();
        try (RawClient old = RawClient.registered(tc.port(), "1.4.2")) {
            Message.MergedRequest batch = new Message.MergedRequest(
                    List.of(
                            new Message.BranchRegisterRequest(waiter, BranchType.AT, "stock-db", "stock:1", ""),
                            new Message.GlobalStatusRequest(holder, "")),
                    List.of(7, 8));
            old.send(Frame.oneWay(6, batch));
            Message.MergedResponse answers = (Message.MergedResponse) old.read().body();
            assertThat(((Message.ResultResponse) answers.messages().get(0))
                            .result()
                            .error())
                    .isEqualTo(TransactionError.LOCK_KEY_CONFLICT);
        }
    }

    @Test
    void whoever_hangs_up_waits_no_longer() throws IOException {
        try (RawClient leaving = RawClient.registered(tc.port(), "2.6.0")) {
            leaving.send(Frame.request(
                    9, new Message.BranchRegisterRequest(shop.begin(), BranchType.AT, "stock-db", "stock:1", "")));
            awaitWaiting(1);
        }
        awaitWaiting(0);
    }
}
