package io.entente.tc.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.entente.protocol.BranchStatus;
import io.entente.protocol.Message.Result;
import io.entente.protocol.TransactionError;
import io.entente.tc.coordinator.TestClient;
import io.entente.tc.transaction.Fact;
import io.entente.tc.transaction.TransactionState;
import io.entente.tc.webhook.HttpReceiver;
import io.entente.tc.webhook.WebhookSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is told of what needs attention when the lead is passed on. */
class ClusterWebhookTest {
    private static final Duration SHORT = Duration.ofMillis(20);

    @TempDir
    Path directory;

    private static int confirmed(TransactionState state) {
        AtomicInteger count = new AtomicInteger();
        state.describe(fact -> {
            if (fact instanceof Fact.NoticeConfirmed) {
                count.incrementAndGet();
            }
        });
        return count.get();
    }

    private static String stuck(ClusterUnderTest cluster, TestClient shop, String row) {
        String xid = shop.begin();
        shop.branch(xid, "stock", row);
        shop.answering(asked -> {
            asked.answer(
                    Result.failed(TransactionError.BRANCH_ROLLBACK_FAILED_UNRETRYABLE, "rows are in the way"),
                    BranchStatus.PHASE_TWO_ROLLBACK_FAILED_UNRETRYABLE);
            return null;
        });
        int before = cluster.<Integer>look(TransactionState::needingAttention);
        shop.startRollback(xid);
        await().atMost(ClusterUnderTest.PATIENCE)
                .until(() -> cluster.<Integer>look(TransactionState::needingAttention) == before + 1);
        return xid;
    }

    @Test
    void the_next_leader_tells_what_was_not_confirmed_and_nothing_else() throws Exception {
        try (HttpReceiver receiver = new HttpReceiver();
                ClusterUnderTest cluster = ClusterUnderTest.start(
                        directory,
                        settings -> settings.withWebhook(
                                WebhookSettings.to(List.of(receiver.url()), "").withRetries(SHORT, SHORT)))) {
            TestClient shop = cluster.client("shop", "stock");
            receiver.answering(delivery -> 503);
            String first = stuck(cluster, shop, "item:1");
            await().until(() -> !receiver.deliveries().isEmpty());

            cluster.passLeadTo(cluster.follower());
            int refused = receiver.deliveries().size();
            receiver.answering(delivery -> 200);

            await().atMost(ClusterUnderTest.PATIENCE)
                    .until(() -> cluster.<Integer>look(ClusterWebhookTest::confirmed) == 1);
            int taken = receiver.deliveries().size();
            assertThat(taken).isGreaterThan(refused);
            cluster.passLeadTo(cluster.follower());
            String second = stuck(cluster, shop, "item:2");
            await().atMost(ClusterUnderTest.PATIENCE)
                    .until(() -> cluster.<Integer>look(ClusterWebhookTest::confirmed) == 2);
            assertThat(receiver.deliveries()
                            .subList(taken, receiver.deliveries().size()))
                    .noneMatch(delivery -> delivery.speaksOf(first))
                    .anyMatch(delivery -> delivery.speaksOf(second));
        }
    }
}
