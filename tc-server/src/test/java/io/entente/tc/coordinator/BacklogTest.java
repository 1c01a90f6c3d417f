package io.entente.tc.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.entente.protocol.BranchType;
import io.entente.protocol.Message;
import io.entente.tc.CoordinatorSettings;
import io.entente.tc.transaction.Command;
import io.entente.tc.transaction.LockPatience;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A resource manager comes back after a long absence, and much is waiting for it. */
class BacklogTest {
    /** More than a connection lets wait before it cuts its peer off. */
    private static final int BRANCHES = 120_000;

    @TempDir
    private Path directory;

    @Test
    void a_backlog_larger_than_an_outbox_is_worked_off_in_portions_and_asked_once_each() {
        // No client sends that much without waiting for answers.
        CoordinatorUnderTest tc = CoordinatorUnderTest.start(
                CoordinatorSettings.in(directory)
                        .withPort(0)
                        .withLimits(Limits.ofThisProcess().withQueuedCommands(10 * BRANCHES)),
                InstantSource.system());
        Coordinator coordinator = tc.running().coordinator();
        for (int i = 0; i < BRANCHES; i++) {
            coordinator.submit(new Command.Begin("127.0.0.1:1:", "shop", "g", "purchase", 600_000), begun -> {
                String xid = ((Message.GlobalBeginResponse) begun).xid();
                coordinator.submit(
                        new Command.RegisterBranch(
                                xid, BranchType.AT, "stock-db", "shop:x:1", "", "", LockPatience.NONE),
                        registered -> coordinator.submit(new Command.Commit(xid)));
            });
        }
        await().atMost(Duration.ofMinutes(2))
                .until(() -> tc.look(state -> state.transactions().stream()
                                .filter(transaction -> transaction.phase().isCommit())
                                .count())
                        == BRANCHES);

        TestClient shop = tc.client("shop", "stock-db");

        await().atMost(Duration.ofMinutes(2)).until(() -> tc.open() == 0);
        assertThat(shop.history()).hasSize(BRANCHES);
        tc.close();
    }
}
