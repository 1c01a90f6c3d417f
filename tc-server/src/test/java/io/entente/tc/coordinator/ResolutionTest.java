package io.entente.tc.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.entente.protocol.BranchStatus;
import io.entente.protocol.BranchType;
import io.entente.protocol.ConflictText;
import io.entente.protocol.Message;
import io.entente.protocol.Message.Result;
import io.entente.protocol.Resolution;
import io.entente.protocol.TransactionError;
import io.entente.tc.coordinator.TestClient.Asked;
import io.entente.tc.transaction.Command;
import io.entente.tc.transaction.OperatorAction;
import io.entente.tc.transaction.Phase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator has chosen, on its way to the resource manager. */
class ResolutionTest {
    private static final String DATA = "{\"autoCommit\":false}";
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    private final SteeredClock clock = new SteeredClock();
    private CoordinatorUnderTest tc;
    private TestClient shop;
    private String xid;
    private long branch;

    @BeforeEach
    void start() {
        tc = CoordinatorUnderTest.start(directory, clock);
        shop = tc.extendedClient("shop", "stock-db");
        xid = shop.begin();
        branch = shop.register(xid, BranchType.AT, "stock-db", "stock:1", DATA).branchId();
        shop.startRollback(xid);
        stop(shop.nextAsked());
    }

    @AfterEach
    void end() {
        tc.close();
    }

    /** Answers as a resource manager of ours does when rows are in the way. */
    private void stop(Asked asked) {
        String message = new ConflictText("row 1 was changed", "{\"rows\":[]}").joined();
        asked.answer(
                Result.failed(TransactionError.BRANCH_ROLLBACK_FAILED_UNRETRYABLE, message),
                BranchStatus.PHASE_TWO_ROLLBACK_FAILED_UNRETRYABLE);
        await().untilAsserted(() -> assertThat(tc.phase(xid)).isEqualTo(Phase.ROLLBACK_NEEDS_ATTENTION));
    }

    private void resolve(Resolution resolution) {
        assertThat(tc.running()
                        .coordinator()
                        .resolve(new Command.Resolve(xid, branch, resolution, "ann"))
                        .join())
                .isEmpty();
    }

    private void awaitRolledBack() {
        await().untilAsserted(() -> assertThat(tc.phase(xid)).isEqualTo(Phase.ROLLED_BACK));
        assertThat(tc.locks()).isZero();
    }

    @Test
    void it_travels_behind_the_application_data_once() {
        for (Resolution resolution : EnumSet.complementOf(EnumSet.of(Resolution.MARK_DONE, Resolution.RELEASE_LOCKS))) {
            resolve(resolution);
            Asked asked = shop.nextAsked();
            assertThat(Resolution.in(asked.applicationData())).isEqualTo(resolution);
            assertThat(asked.applicationData()).startsWith(DATA);
            assertThat(tc.locks()).isEqualTo(1);
            stop(asked);
        }
        tc.retry(xid);

        Asked asked = shop.nextAsked();

        assertThat(asked.applicationData()).isEqualTo(DATA);
        asked.answer(asked.done());
        awaitRolledBack();
    }

    @Test
    void what_is_marked_as_done_is_asked_of_nobody() {
        resolve(Resolution.MARK_DONE);
        awaitRolledBack();
    }

    @Test
    void whoever_waits_for_rows_that_are_let_go_of_has_them_at_once_and_the_branch_can_still_be_undone() {
        var waiting = shop.registerLater(shop.begin(), "stock-db", "stock:1", "{\"lockWait\":3600000}");
        // Who keeps nothing from others may wait for what is rolled back.
        var patient =
                shop.registerLater(shop.begin(), "stock-db", "stock:1", "{\"holdsNothing\":true,\"lockWait\":3600000}");
        assertThat(((Message.ResultResponse) waiting.join()).result().message()).contains(xid);
        await().untilAsserted(() ->
                assertThat(tc.<Integer>look(state -> state.queues().size())).isEqualTo(1));

        resolve(Resolution.RELEASE_LOCKS);

        assertThat(((Message.ResultResponse) patient.join()).result().success()).isTrue();
        assertThat(tc.phase(xid)).isEqualTo(Phase.ROLLBACK_NEEDS_ATTENTION);
        assertThat(shop.history()).as("asked of nobody").hasSize(1);
        tc.close();
        tc = CoordinatorUnderTest.start(directory, clock);
        shop = tc.extendedClient("shop", "stock-db");
        assertThat(tc.locks()).as("the other's").isEqualTo(1);
        tc.retry(xid);
        Asked asked = shop.nextAsked();
        asked.answer(asked.done());
        await().untilAsserted(() -> assertThat(tc.phase(xid)).isEqualTo(Phase.ROLLED_BACK));
    }

    @Test
    void it_is_sent_again_until_it_is_answered() {
        resolve(Resolution.ACCEPT_CURRENT);
        shop.nextAsked().answer(BranchStatus.PHASE_TWO_ROLLBACK_FAILED_RETRYABLE);
        await().untilAsserted(() -> assertThat(tc.failures(branch)).isEqualTo(1));
        clock.advance(LONGEST_PAUSE);

        Asked again = shop.nextAsked();

        assertThat(Resolution.in(again.applicationData())).isEqualTo(Resolution.ACCEPT_CURRENT);
        again.answer(again.done());
        awaitRolledBack();
    }

    @Test
    void it_survives_a_restart_before_the_answer() {
        resolve(Resolution.FORCE_BEFORE_IMAGE);
        shop.nextAsked();
        tc.close();
        tc = CoordinatorUnderTest.start(directory, clock);
        shop = tc.extendedClient("shop", "stock-db");

        Asked asked = shop.nextAsked();

        assertThat(Resolution.in(asked.applicationData())).isEqualTo(Resolution.FORCE_BEFORE_IMAGE);
        List<OperatorAction> chosen = tc.look(
                state -> List.copyOf(state.transactions().iterator().next().actions()));
        assertThat(chosen).singleElement().satisfies(one -> {
            assertThat(one.by()).isEqualTo("ann");
            assertThat(one.at()).isEqualTo(clock.millis());
        });
        asked.answer(asked.done());
        awaitRolledBack();
    }

    @Test
    void it_goes_to_nobody_who_would_not_understand_it() {
        TestClient seata = tc.silentClient("shop", "stock-db");
        shop.close();
        await().untilAsserted(() -> assertThat(tc.running().sessions().all()).hasSize(2));

        resolve(Resolution.FORCE_BEFORE_IMAGE);

        await().untilAsserted(() -> assertThat(tc.lastFailure(branch))
                .isEqualTo("no resource manager for stock-db with Entente's own client is connected"));
        assertThat(seata.history()).isEmpty();

        TestClient ours = tc.extendedClient("shop", "stock-db");
        Asked asked = ours.nextAsked();
        assertThat(Resolution.in(asked.applicationData())).isEqualTo(Resolution.FORCE_BEFORE_IMAGE);
        asked.answer(asked.done());
        awaitRolledBack();
    }
}
