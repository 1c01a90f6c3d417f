package io.entente.tc.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.entente.protocol.transport.ServerAddress;
import io.entente.tc.CoordinatorGroup;
import io.entente.tc.TransactionCoordinator;
import io.entente.tc.coordinator.TestClient;
import io.entente.tc.log.ClusterMember;
import io.entente.tc.log.FreeMembers;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;

/** A server whose cluster, of one member, has two groups, as operators and Seata's clients meet it. */
class GroupsServerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    private final ClusterMember self = FreeMembers.addresses(1).get(0);
    private final HttpClient http = HttpClient.newHttpClient();
    private ConfigurableApplicationContext server;

    @BeforeEach
    void start() {
        server = CoordinatorServer.application()
                .run(
                        "--server.port=" + self.httpPort(),
                        "--entente.tc.port=" + self.port(),
                        "--entente.tc.data-directory=" + directory,
                        "--entente.tc.cluster.self=" + self,
                        "--entente.tc.cluster.members=" + self,
                        "--entente.tc.groups.orders=orders_tx_group,billing_tx_group");
        await().atMost(PATIENCE)
                .until(() -> server.getBean(TransactionCoordinator.class).groups().stream()
                        .allMatch(CoordinatorGroup::leads));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private HttpResponse<String> get(String path) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + self.httpPort() + path))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private String body(String path) throws Exception {
        HttpResponse<String> answer = get(path);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }

    @Test
    void groups_are_told_apart_where_operators_look() throws Exception {
        List<ServerAddress> servers = List.of(new ServerAddress(self.host(), self.port()));
        try (TestClient orders = TestClient.connectToGroup(servers, "billing_tx_group", "billing", "order-db");
                TestClient shop = TestClient.connectToGroup(servers, "shop_tx_group", "shop", "stock-db")) {
            String order = orders.begin();
            orders.branch(order, "order-db", "orders:1");
            String purchase = shop.begin();

            assertThat(body("/api/transactions")).contains(order, purchase);
            assertThat(body("/api/transactions?limit=1"))
                    .contains("\"total\":2", purchase)
                    .doesNotContain(order);
            assertThat(body("/api/transactions?group=orders")).contains(order).doesNotContain(purchase);
            assertThat(body("/api/transactions?group=default"))
                    .contains(purchase)
                    .doesNotContain(order);
            assertThat(body("/api/transactions/" + order)).contains("order-db");
            assertThat(body("/api/locks?group=orders")).contains(order);
            assertThat(body("/api/locks?group=default")).doesNotContain(order);
            assertThat(body("/api/clients")).contains("billing_tx_group", "shop_tx_group");
            assertThat(get("/api/transactions?group=travel").statusCode()).isEqualTo(400);
            assertThat(get("/api/transactions?group=travel").body()).contains("there is no group 'travel'", "orders");

            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(body("/actuator/prometheus"))
                            .contains(
                                    "entente_transactions_open{group=\"orders\"} 1.0",
                                    "entente_transactions_open{group=\"default\"} 1.0",
                                    "entente_locks{group=\"orders\"} 1.0",
                                    "entente_cluster_leads{group=\"orders\"} 1.0",
                                    "entente_connections_rejected_total{reason=\"plain_text\"}"));
            orders.commit(order);
            shop.commit(purchase);
        }
    }

    @Test
    void each_group_has_its_members_and_its_leader() throws Exception {
        assertThat(body("/api/cluster?group=orders")).contains("\"leads\":true", self.toString());
        assertThat(body("/api/cluster")).contains("\"leads\":true");
        assertThat(get("/api/cluster?group=travel").statusCode()).isEqualTo(400);
        assertThat(body("/metadata/v1/cluster?group=orders")).contains("\"group\":\"orders\"", "LEADER");
        // What Seata's clients call the default group is their choice.
        assertThat(body("/metadata/v1/cluster?group=their-name")).contains("\"group\":\"default\"", "LEADER");
    }
}
