package io.entente.samples.shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.entente.samples.story.Answer;
import io.entente.samples.story.Answer.Outcome;
import io.entente.samples.story.Caller;
import io.entente.samples.story.CoordinatorApi;
import io.entente.samples.story.Finding;
import io.entente.samples.story.Invariants;
import io.entente.samples.story.JavaProcess;
import io.entente.samples.story.Kills;
import io.entente.samples.story.Landscape;
import io.entente.samples.story.Load;
import io.entente.samples.story.Ports;
import io.entente.samples.story.Service;
import io.entente.samples.story.ServiceDatabase;
import io.entente.samples.story.StorySettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Nothing is lost when the coordinator or a service is killed with SIGKILL, at whatever moment. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class KillTest {

    private static final int COORDINATOR_KILLS = 13;
    private static final int KILLS_OF_EACH_SERVICE = 3;

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(10);

    /** How long a purchase is held open, so that a process can be killed under it. */
    private static final long WHILE_KILLING = 2_000;

    private final ShopSample sample = new ShopSample(Mode.AT);

    private Landscape landscape;
    private Caller shop;
    private CoordinatorApi coordinator;
    private Invariants<ShopTables> invariants;

    @BeforeAll
    void start_everything() throws Exception {
        StorySettings settings =
                StorySettings.of(sample, Map.of(Ports.SETTING, "random")).inDirectory("kill-test");
        landscape = new Landscape(
                settings,
                sample.services(),
                List.of("--entente.tc.retry-most=2s"),
                List.of("--entente.at.defence-row-retention=5s"));
        landscape.start();
        execute(ShopSample.ACCOUNT, Purchases.insertAccounts());
        execute(ShopSample.INVENTORY, Purchases.insertStock());
        shop = landscape.caller(ShopSample.ORDER);
        coordinator = landscape.coordinatorApi();
        invariants = new Invariants<>(sample, landscape);
    }

    @AfterAll
    void end_everything() {
        landscape.close();
    }

    @Test
    void a_load_of_purchases_survives_kills_at_random_moments() throws Exception {
        long seed = Long.getLong("sample.seed", System.nanoTime());
        Random random = new Random(seed);
        Kills kills = new Kills(landscape, random).of(landscape.coordinator(), COORDINATOR_KILLS);
        sample.services().forEach(service -> kills.of(landscape.service(service), KILLS_OF_EACH_SERVICE));
        Load load = Load.start((number, chance) -> Purchases.buy(shop, number, chance), random.nextLong());
        Map<String, Integer> killed;
        try {
            killed = kills.under(load);
        } finally {
            load.end();
        }
        System.out.printf(
                "KillTest, seed %d (repeat with -Dsample.seed): kills %s; purchases %s%n",
                seed, killed, load.outcomes());
        assertThatAllHold();
        assertThatAnswersWereTrue(load);
        assertThat(load.done()).as("purchases that were answered with success").hasSizeGreaterThan(100);
        assertThat(load.notDone()).as("purchases that were refused").isNotEmpty();
    }

    @Test
    void a_service_killed_after_its_phase_one_commits_when_it_is_back() throws Exception {
        CompletableFuture<Answer> answer =
                buyLater(Purchase.of("alice", 1, "chair", 40).withPackingMillis(WHILE_KILLING));
        awaitBalance("alice", 460);
        whileKilled(landscape.service(ShopSample.INVENTORY), () -> {
            assertThat(answer.join().outcome()).as(answer.join().text()).isEqualTo(Outcome.DONE);
            assertThat(coordinator.open())
                    .as("transactions that wait for the service")
                    .isEqualTo(1);
        });
        assertThatAllHold();
    }

    @Test
    void a_service_killed_after_its_phase_one_rolls_back_when_it_is_back() throws Exception {
        CompletableFuture<Answer> answer =
                buyLater(Purchase.of("carol", 1, "lamp", 25).withPaymentMillis(WHILE_KILLING));
        awaitStock("lamp", 9);
        whileKilled(landscape.service(ShopSample.INVENTORY), () -> {
            assertThat(answer.join().outcome()).as(answer.join().text()).isEqualTo(Outcome.NOT_DONE);
            assertThat(tables().stock()).as("stock, not put back yet").containsEntry("lamp", 9);
        });
        assertThatAllHold();
        assertThat(tables().stock()).containsEntry("lamp", 10);
    }

    @Test
    void another_instance_completes_phase_two_of_a_killed_one() throws Exception {
        CompletableFuture<Answer> answer =
                buyLater(Purchase.of("bob", 1, "chair", 40).withPackingMillis(WHILE_KILLING));
        awaitBalance("bob", 260);
        JavaProcess other = landscape.anotherInstance(ShopSample.ACCOUNT, Ports.free());
        whileKilled(landscape.service(ShopSample.ACCOUNT), () -> {
            assertThat(answer.join().outcome()).as(answer.join().text()).isEqualTo(Outcome.DONE);
            other.start();
            other.awaitReady();
            assertThatAllHold();
            other.end();
            other.awaitEnd();
        });
    }

    private interface Check {
        void run() throws Exception;
    }

    /** Kills, checks, and starts again whatever came of the check, because the next test needs the process. */
    private static void whileKilled(JavaProcess process, Check check) throws Exception {
        process.kill();
        try {
            check.run();
        } finally {
            process.start();
            process.awaitReady();
        }
    }

    private void awaitBalance(String userId, int balance) {
        await().atMost(PATIENCE)
                .pollInterval(POLL)
                .until(() -> tables().balances().get(userId), Predicate.isEqual(balance));
    }

    private void awaitStock(String commodity, int count) {
        await().atMost(PATIENCE)
                .pollInterval(POLL)
                .until(() -> tables().stock().get(commodity), Predicate.isEqual(count));
    }

    private void assertThatAllHold() {
        assertThat(invariants.check()).allMatch(Finding::holds);
    }

    /** What a client was told is true; what it was not told may be either way. */
    private void assertThatAnswersWereTrue(Load load) {
        Map<Integer, Long> orderIds = tables().orders().stream()
                .filter(Purchases::isFrom)
                .collect(Collectors.toMap(Purchases::numberOf, ShopTables.OrderRow::id));
        assertThat(orderIds).containsAllEntriesOf(Purchases.orderIds(load));
        assertThat(orderIds).doesNotContainKeys(load.notDone().toArray(Integer[]::new));
    }

    private void execute(Service service, String sql) {
        try (ServiceDatabase database = landscape.databases().open(service)) {
            database.execute(sql);
        }
    }

    private ShopTables tables() {
        return sample.read(landscape.databases());
    }

    private CompletableFuture<Answer> buyLater(Purchase purchase) {
        return shop.post(purchase.path(), purchase.body());
    }
}
