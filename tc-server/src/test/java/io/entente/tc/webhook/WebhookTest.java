package io.entente.tc.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.jayway.jsonpath.JsonPath;
import io.entente.protocol.AttentionReason;
import io.entente.protocol.BranchStatus;
import io.entente.protocol.Message.Result;
import io.entente.protocol.Resolution;
import io.entente.protocol.TransactionError;
import io.entente.tc.CoordinatorSettings;
import io.entente.tc.coordinator.CoordinatorUnderTest;
import io.entente.tc.coordinator.TestClient;
import io.entente.tc.transaction.Command;
import io.entente.tc.transaction.Phase;
import io.entente.tc.webhook.HttpReceiver.Delivery;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Other systems that are told of what needs attention. */
class WebhookTest {
    private static final String SECRET = "0123456789abcdef";
    private static final Duration SHORT = Duration.ofMillis(5);

    @TempDir
    Path directory;

    private final HttpReceiver receiver = new HttpReceiver();
    private CoordinatorUnderTest tc;
    private TestClient shop;

    private static WebhookSettings to(HttpReceiver... receivers) {
        List<URI> urls = List.of(receivers).stream().map(HttpReceiver::url).toList();
        return WebhookSettings.to(urls, SECRET).withRetries(SHORT, SHORT);
    }

    private void start(WebhookSettings settings) {
        tc = CoordinatorUnderTest.start(
                CoordinatorSettings.in(directory).withPort(0).withWebhook(settings), InstantSource.system());
        shop = tc.extendedClient("shop", "stock-db");
    }

    private void restart(WebhookSettings settings) {
        tc.close();
        start(settings);
    }

    @AfterEach
    void end() {
        tc.close();
        receiver.close();
    }

    /** A transaction with one branch that its resource manager has given up. */
    private String stuck(String row) {
        String xid = shop.begin();
        shop.branch(xid, "stock-db", row);
        shop.startRollback(xid);
        shop.nextAsked()
                .answer(
                        Result.failed(
                                TransactionError.BRANCH_ROLLBACK_FAILED_UNRETRYABLE,
                                AttentionReason.UNDO_UNREADABLE.addedTo("the undo row is \"damaged\"")),
                        BranchStatus.PHASE_TWO_ROLLBACK_FAILED_UNRETRYABLE);
        await().untilAsserted(() -> assertThat(tc.phase(xid)).isEqualTo(Phase.ROLLBACK_NEEDS_ATTENTION));
        return xid;
    }

    private void markDone(String xid) {
        long branch = tc.stuck(xid).branchId();
        tc.running().coordinator().submit(new Command.Resolve(xid, branch, Resolution.MARK_DONE, "ann"));
        await().untilAsserted(() -> assertThat(tc.phase(xid)).isEqualTo(Phase.ROLLED_BACK));
    }

    private void awaitDelivered(int count) {
        await().untilAsserted(() ->
                assertThat(tc.running().webhook().statistics().delivered()).isEqualTo(count));
    }

    private boolean isConfirmed(String xid) {
        long branch = tc.stuck(xid).branchId();
        String name = Signature.nameOf(receiver.url().toString());
        return tc.look(state -> state.inNeedOfAttention().get(0).isConfirmed(branch, name));
    }

    @Test
    void they_are_told_when_it_begins_and_when_it_ends() {
        start(to(receiver));
        String xid = stuck("stock:1");
        markDone(xid);
        awaitDelivered(2);

        assertThat(receiver.deliveries())
                .extracting(Delivery::event)
                .containsExactly("attention.began", "attention.ended");
        String began = receiver.deliveries().get(0).body();
        assertThat(JsonPath.<String>read(began, "$.event")).isEqualTo("attention.began");
        assertThat(JsonPath.<String>read(began, "$.id")).startsWith(xid + "/");
        assertThat(JsonPath.<String>read(began, "$.transaction.xid")).isEqualTo(xid);
        assertThat(JsonPath.<String>read(began, "$.transaction.name")).isEqualTo("purchase");
        assertThat(JsonPath.<String>read(began, "$.transaction.applicationId")).isEqualTo("shop");
        assertThat(JsonPath.<String>read(began, "$.transaction.phase")).isEqualTo("ROLLBACK_NEEDS_ATTENTION");
        assertThat(JsonPath.<String>read(began, "$.branch.resourceId")).isEqualTo("stock-db");
        assertThat(JsonPath.<String>read(began, "$.reason.code")).isEqualTo("UNDO_UNREADABLE");
        assertThat(JsonPath.<String>read(began, "$.reason.text")).isEqualTo("the undo row is \"damaged\"");
        String ended = receiver.deliveries().get(1).body();
        assertThat(JsonPath.<String>read(ended, "$.transaction.xid")).isEqualTo(xid);
        assertThat(JsonPath.<String>read(ended, "$.ended.how")).isEqualTo("MARK_DONE by ann");
        assertThat(JsonPath.<Integer>read(ended, "$.ended.afterMillis")).isNotNegative();
    }

    @Test
    void what_is_sent_is_signed() {
        start(to(receiver));
        stuck("stock:1");
        awaitDelivered(1);

        Delivery delivery = receiver.deliveries().get(0);
        long seconds = Long.parseLong(
                delivery.signature().substring(2, delivery.signature().indexOf(',')));
        byte[] body = delivery.body().getBytes(StandardCharsets.UTF_8);
        assertThat(delivery.signature()).isEqualTo(Signature.of(SECRET, seconds, body));
        assertThat(delivery.signature()).isNotEqualTo(Signature.of("another secret!!", seconds, body));
    }

    @Test
    void what_is_not_taken_is_told_again_until_it_is_and_not_after() {
        receiver.answering(delivery -> delivery.number() < 3 ? 500 : delivery.number() == 3 ? 404 : 200);
        start(to(receiver));
        String xid = stuck("stock:1");
        awaitDelivered(1);

        assertThat(receiver.deliveries())
                .hasSize(4)
                .extracting(Delivery::body)
                .containsOnly(receiver.deliveries().get(0).body());
        assertThat(tc.running().webhook().statistics().failed()).isEqualTo(3);
        await().untilAsserted(() -> assertThat(isConfirmed(xid)).isTrue());
        markDone(xid);
        awaitDelivered(2);
        assertThat(receiver.deliveries()).hasSize(5);
    }

    @Test
    void what_was_not_taken_is_told_after_a_restart_and_what_was_is_not() {
        start(to(receiver));
        String taken = stuck("stock:1");
        awaitDelivered(1);
        await().untilAsserted(() -> assertThat(isConfirmed(taken)).isTrue());
        receiver.answering(delivery -> 503);
        String refused = stuck("stock:2");
        await().untilAsserted(() -> assertThat(receiver.deliveries().size()).isGreaterThan(1));

        tc.close();
        int before = receiver.deliveries().size();
        receiver.answering(delivery -> 200);
        restart(to(receiver));
        awaitDelivered(1);

        List<Delivery> after =
                receiver.deliveries().subList(before, receiver.deliveries().size());
        assertThat(after).singleElement().matches(delivery -> delivery.speaksOf(refused));
        restart(to(receiver));
        String last = stuck("stock:3");
        awaitDelivered(1);
        assertThat(receiver.deliveries()).hasSize(before + 2).last().matches(delivery -> delivery.speaksOf(last));
    }

    @Test
    void who_hangs_holds_up_neither_the_coordinator_nor_the_others() {
        try (HttpReceiver hanging = new HttpReceiver()) {
            hanging.hang();
            start(to(hanging, receiver));
            Set<String> all = new HashSet<>();
            for (int i = 0; i < 20; i++) {
                all.add(stuck("stock:" + i));
            }
            awaitDelivered(20);
            assertThat(receiver.deliveries())
                    .hasSize(20)
                    .allMatch(delivery -> all.stream().anyMatch(delivery::speaksOf));
            assertThat(hanging.deliveries()).hasSize(1);
            assertThat(tc.running().webhook().statistics().pending()).isEqualTo(20);
        }
    }

    @Test
    void who_gives_no_answer_in_time_is_told_again() {
        receiver.hang();
        start(to(receiver).withTimeout(Duration.ofMillis(50)));
        stuck("stock:1");
        await().untilAsserted(() -> assertThat(receiver.deliveries().size()).isGreaterThan(1));
        receiver.answering(delivery -> 200);
        awaitDelivered(1);
    }

    @Test
    void what_has_no_room_in_memory_is_told_when_there_is_room() {
        receiver.answering(delivery -> 503);
        start(to(receiver).withQueue(2));
        Set<String> all = new HashSet<>();
        for (int i = 0; i < 7; i++) {
            all.add(stuck("stock:" + i));
        }
        assertThat(tc.running().webhook().statistics().pending()).isEqualTo(2);

        receiver.answering(delivery -> 200);
        awaitDelivered(7);

        assertThat(all).allMatch(xid -> receiver.deliveries().stream().anyMatch(delivery -> delivery.speaksOf(xid)));
        assertThat(tc.running().webhook().statistics().dropped()).isZero();
    }

    @Test
    void one_notice_that_is_never_taken_does_not_keep_the_others() {
        start(to(receiver));
        String poison = stuck("stock:1");
        awaitDelivered(1);
        receiver.answering(delivery -> delivery.speaksOf(poison) ? 400 : 200);
        markDone(poison);
        stuck("stock:2");
        awaitDelivered(2);
    }
}
