package io.entente.tc.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.entente.protocol.BranchType;
import io.entente.protocol.GlobalStatus;
import io.entente.protocol.Message;
import io.entente.protocol.TransactionError;
import io.entente.protocol.transport.CoordinatorUnreachableException;
import io.entente.tc.Groups;
import io.entente.tc.coordinator.TestClient;
import io.entente.tc.log.ClusterMember;
import io.entente.tc.transaction.Transactions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cluster of three members that is divided into two groups. */
class ClusterGroupsTest {
    private static final Groups GROUPS = new Groups(Map.of("orders", Set.of("orders_tx_group")));

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private ClusterUnderTest cluster;
    private ClusterMember leaderOfOrders;
    private ClusterMember leaderOfOthers;

    @BeforeEach
    void startWithALeaderEach() throws Exception {
        cluster = ClusterUnderTest.startSteady(directory, UnaryOperator.identity(), GROUPS);
        if (cluster.leader("orders").equals(cluster.leader())) {
            cluster.passLeadTo("orders", cluster.follower());
        }
        leaderOfOrders = cluster.leader("orders");
        leaderOfOthers = cluster.leader();
        assertThat(leaderOfOrders).isNotEqualTo(leaderOfOthers);
    }

    @AfterEach
    void stop() {
        cluster.close();
        assertThat(cluster.fatal()).isNull();
    }

    private TestClient orders() {
        return cluster.clientOf("orders_tx_group", "orders", "order-db");
    }

    private TestClient shop() {
        return cluster.clientOf("shop_tx_group", "shop", "stock-db");
    }

    @Test
    void each_client_finds_the_leader_of_its_group_and_each_group_knows_its_own() {
        TestClient orders = orders();
        TestClient shop = shop();

        String order = orders.begin();
        String purchase = shop.begin();

        assertThat(order).startsWith(leaderOfOrders.address() + ":");
        assertThat(purchase).startsWith(leaderOfOthers.address() + ":");
        orders.branch(order, "order-db", "orders:1");
        shop.branch(purchase, "stock-db", "item:1");
        assertThat(orders.commit(order).status()).isEqualTo(GlobalStatus.COMMITTED);
        assertThat(shop.rollback(purchase)).isEqualTo(GlobalStatus.ROLLED_BACK);
        assertThat(orders.nextAsked().xid()).isEqualTo(order);
        assertThat(shop.nextAsked().xid()).isEqualTo(purchase);
        assertThat(cluster.at(leaderOfOrders).group("orders").sessions().all()).hasSize(2);
        assertThat(cluster.at(leaderOfOrders).sessions().all()).isEmpty();
    }

    @Test
    void a_transaction_of_another_group_is_refused_and_says_which() {
        String order = orders().begin();
        TestClient shop = shop();

        Message.BranchRegisterResponse refused = shop.register(order, BranchType.AT, "stock-db", "item:1", "");

        assertThat(refused.result().error()).isEqualTo(TransactionError.GLOBAL_TRANSACTION_NOT_EXIST);
        assertThat(refused.result().message())
                .contains(
                        order,
                        "belongs to the group orders",
                        "shop_tx_group",
                        "the group default",
                        "entente.tc.groups");
        assertThat(shop.commit(order).result().message()).contains("belongs to the group orders");
        assertThat(cluster.at(leaderOfOrders)
                        .group("orders")
                        .coordinator()
                        .ask(view -> view.state()
                                .transaction(Transactions.idOf(order))
                                .branches()
                                .size())
                        .join())
                .isZero();
    }

    @Test
    void numbers_of_groups_that_are_led_by_the_same_member_differ() throws Exception {
        TestClient orders = orders();
        TestClient shop = shop();
        cluster.passLeadTo("orders", leaderOfOthers);
        orders.awaitConnected();

        String order = orders.begin();
        String purchase = shop.begin();
        assertThat(order).startsWith(leaderOfOthers.address() + ":");
        assertThat(purchase).startsWith(leaderOfOthers.address() + ":");
        assertThat(cluster.at(leaderOfOthers).groupOf(Transactions.idOf(order)).name())
                .isEqualTo("orders");
        assertThat(cluster.at(leaderOfOthers)
                        .groupOf(Transactions.idOf(purchase))
                        .name())
                .isEqualTo("default");
        assertThat(orders.commit(order).status()).isEqualTo(GlobalStatus.COMMITTED);
        assertThat(shop.commit(purchase).status()).isEqualTo(GlobalStatus.COMMITTED);
    }

    @Test
    void the_lead_of_one_group_is_passed_on_and_no_client_of_the_other_notices() throws Exception {
        TestClient shop = shop();
        String purchase = shop.begin();
        TestClient orders = orders();
        String order = orders.begin();

        cluster.passLeadTo("orders", cluster.follower("orders"));
        orders.awaitConnected();

        // A client whose connection is cut off would have this fail.
        assertThat(shop.commit(purchase).status()).isEqualTo(GlobalStatus.COMMITTED);
        assertThat(orders.commit(order).status()).isEqualTo(GlobalStatus.COMMITTED);
    }

    @Test
    void both_groups_go_on_when_the_leader_of_one_goes_under_the_load_of_both() throws Exception {
        TestClient orders = orders();
        TestClient shop = shop();
        AtomicBoolean stopping = new AtomicBoolean();
        Set<String> committed = ConcurrentHashMap.newKeySet();
        ExecutorService threads = Executors.newFixedThreadPool(2);
        List<Future<?>> work = new ArrayList<>();
        try {
            work.add(threads.submit(() -> commitUntil(stopping, orders, "order-db", committed)));
            work.add(threads.submit(() -> commitUntil(stopping, shop, "stock-db", committed)));
            awaitMore(committed, 50);
            cluster.stop(leaderOfOrders);
            awaitMore(committed, 100);
            cluster.start(leaderOfOrders);
            awaitMore(committed, 50);
        } finally {
            stopping.set(true);
        }
        for (Future<?> each : work) {
            each.get(60, TimeUnit.SECONDS);
        }
        threads.shutdownNow();

        assertThat(cluster.leader("orders")).isNotNull();
        orders.awaitConnected();
        shop.awaitConnected();
        for (String xid : committed) {
            TestClient client = groupOf(xid).equals("orders") ? orders : shop;
            await().atMost(PATIENCE)
                    .ignoreExceptionsInstanceOf(CoordinatorUnreachableException.class)
                    .untilAsserted(() ->
                            assertThat(client.commit(xid).status()).as(xid).isEqualTo(GlobalStatus.COMMITTED));
        }
        assertThat(committed.stream().map(this::groupOf)).contains("orders", "default");
    }

    private String groupOf(String xid) {
        return cluster.at(leaderOfOthers).groupOf(Transactions.idOf(xid)).name();
    }

    private static void awaitMore(Set<String> committed, int more) {
        int target = committed.size() + more;
        await().atMost(PATIENCE).until(() -> committed.size() >= target);
    }

    private static void commitUntil(AtomicBoolean stopping, TestClient client, String resource, Set<String> committed) {
        for (int i = 0; !stopping.get(); i++) {
            try {
                client.awaitConnected();
                String xid = client.begin();
                client.register(xid, BranchType.AT, resource, "row:" + i, "");
                if (client.commit(xid).status() == GlobalStatus.COMMITTED) {
                    committed.add(xid);
                }
            } catch (CoordinatorUnreachableException | AssertionError e) {
                // Between two leaders: not begun, or not answered.
            }
        }
    }
}
