package io.entente.tc.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.jayway.jsonpath.JsonPath;
import io.entente.protocol.transport.ServerAddress;
import io.entente.tc.TransactionCoordinator;
import io.entente.tc.coordinator.TestClient;
import io.entente.tc.log.ClusterMember;
import io.entente.tc.log.FreeMembers;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;

/** Three servers that form a cluster, as operators and Seata's clients meet them. */
class ClusterServerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final List<ClusterMember> ADDRESSES = FreeMembers.addresses(4);
    private static final List<ClusterMember> FOUNDERS = ADDRESSES.subList(0, 3);
    private static final Map<ClusterMember, ConfigurableApplicationContext> SERVERS = new LinkedHashMap<>();

    @TempDir
    static Path directory;

    private final HttpClient http = HttpClient.newHttpClient();

    @BeforeAll
    static void start() {
        FOUNDERS.forEach(ClusterServerTest::start);
    }

    @AfterAll
    static void stop() {
        SERVERS.values().forEach(ConfigurableApplicationContext::close);
    }

    private static void start(ClusterMember member) {
        List<String> arguments = new ArrayList<>();
        arguments.add("--server.port=" + member.httpPort());
        arguments.add("--entente.tc.port=" + member.port());
        arguments.add("--entente.tc.data-directory=" + directory.resolve("node-" + member.port()));
        arguments.add("--entente.tc.cluster.self=" + member);
        arguments.add("--entente.tc.cluster.members="
                + FOUNDERS.stream().map(ClusterMember::toString).collect(Collectors.joining(",")));
        arguments.add("--entente.tc.cluster.election-timeout=300ms");
        SERVERS.put(member, CoordinatorServer.application().run(arguments.toArray(String[]::new)));
    }

    private static ClusterMember leader() {
        return await().atMost(PATIENCE)
                .until(
                        () -> SERVERS.entrySet().stream()
                                .filter(server -> server.getValue()
                                        .getBean(TransactionCoordinator.class)
                                        .leads())
                                .map(Map.Entry::getKey)
                                .findFirst()
                                .orElse(null),
                        member -> member != null);
    }

    private static ClusterMember follower() {
        ClusterMember leader = leader();
        return FOUNDERS.stream().filter(m -> !m.equals(leader)).findFirst().orElseThrow();
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpRequest.Builder at(ClusterMember member, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + member.httpPort() + path));
    }

    private HttpResponse<String> postJson(ClusterMember member, String path, String json) throws Exception {
        return send(at(member, path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json)));
    }

    private static HttpRequest.Builder watch(ClusterMember member, long term, int timeoutMillis) {
        return at(member, "/metadata/v1/watch?timeout=" + timeoutMillis)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("default=" + term));
    }

    private long term(ClusterMember member) throws Exception {
        return JsonPath.<Number>read(
                        send(at(member, "/metadata/v1/cluster?group=")).body(), "$.term")
                .longValue();
    }

    @Test
    void every_member_shows_the_cluster() throws Exception {
        ClusterMember leader = leader();
        for (ClusterMember member : FOUNDERS) {
            await().atMost(PATIENCE).untilAsserted(() -> {
                String body = send(at(member, "/api/cluster")).body();
                assertThat(JsonPath.<String>read(body, "$.leader")).isEqualTo(leader.address());
                assertThat(JsonPath.<Boolean>read(body, "$.leads")).isEqualTo(member.equals(leader));
                assertThat(JsonPath.<List<String>>read(body, "$.members[*].member"))
                        .containsAll(
                                FOUNDERS.stream().map(ClusterMember::toString).toList());
                assertThat(JsonPath.<List<String>>read(body, "$.members[?(@.leads == true)].address"))
                        .containsExactly(leader.address());
            });
        }
    }

    @Test
    void a_member_that_does_not_lead_says_where_to_ask() throws Exception {
        // The lead may change in between.
        await().atMost(PATIENCE).untilAsserted(() -> {
            HttpResponse<String> refused = send(at(follower(), "/api/transactions"));
            assertThat(refused.statusCode()).isEqualTo(421);
            assertThat(JsonPath.<String>read(refused.body(), "$.leader"))
                    .isEqualTo("http://127.0.0.1:" + leader().httpPort());
            assertThat(send(at(leader(), "/api/transactions")).statusCode()).isEqualTo(200);
        });
    }

    @Test
    void every_member_is_ready_and_one_of_them_is_up_as_leader() throws Exception {
        ClusterMember leader = leader();
        for (ClusterMember member : FOUNDERS) {
            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(send(at(member, "/actuator/health/readiness")).statusCode())
                        .isEqualTo(200);
                assertThat(send(at(member, "/actuator/health/leader")).statusCode())
                        .isEqualTo(member.equals(leader) ? 200 : 503);
                String health = send(at(member, "/actuator/health")).body();
                assertThat(JsonPath.<String>read(health, "$.status")).isEqualTo("UP");
                assertThat(JsonPath.<String>read(health, "$.components.coordinator.details.role"))
                        .isEqualTo(member.equals(leader) ? "LEADER" : "FOLLOWER");
                assertThat(JsonPath.<String>read(health, "$.components.coordinator.details.leader"))
                        .isEqualTo(leader.address());
                assertThat(JsonPath.<Map<String, Object>>read(health, "$.components"))
                        .containsKey("diskSpace")
                        .doesNotContainKey("lead");
            });
        }
    }

    @Test
    void a_member_that_waits_to_be_added_is_alive_and_not_ready() throws Exception {
        ClusterMember waiting = FreeMembers.addresses(1).get(0);
        start(waiting);
        assertThat(send(at(waiting, "/actuator/health/liveness")).statusCode()).isEqualTo(200);
        HttpResponse<String> readiness = send(at(waiting, "/actuator/health/readiness"));
        assertThat(readiness.statusCode()).isEqualTo(503);
        assertThat(readiness.body()).contains("no coordinator is known to lead");
        SERVERS.remove(waiting).close();
    }

    @Test
    void the_metadata_of_seata_has_exactly_the_fields_that_all_of_its_clients_allow() throws Exception {
        ClusterMember leader = leader();
        String body = send(at(leader, "/metadata/v1/cluster?group=")).body();

        assertThat(JsonPath.<Map<String, Object>>read(body, "$")).containsOnlyKeys("nodes", "storeMode", "term");
        assertThat(JsonPath.<String>read(body, "$.storeMode")).isEqualTo("raft");
        for (Map<String, Object> node : JsonPath.<List<Map<String, Object>>>read(body, "$.nodes")) {
            assertThat(node).containsOnlyKeys("control", "transaction", "group", "role", "metadata");
        }
        assertThat(JsonPath.<List<Integer>>read(body, "$.nodes[?(@.role == 'LEADER')].transaction.port"))
                .containsExactly(leader.port());
        assertThat(JsonPath.<List<Integer>>read(body, "$.nodes[?(@.role == 'LEADER')].control.port"))
                .containsExactly(leader.httpPort());
    }

    @Test
    void a_watch_ends_with_a_new_term_or_without_news() throws Exception {
        ClusterMember watched = follower();
        long term = term(watched);
        assertThat(send(watch(watched, term, 100)).statusCode()).isEqualTo(304);
        assertThat(send(watch(watched, term - 1, 28_000)).statusCode()).isEqualTo(200);

        CompletableFuture<HttpResponse<String>> news =
                http.sendAsync(watch(watched, term, 28_000).build(), HttpResponse.BodyHandlers.ofString());
        HttpResponse<String> passed = postJson(
                leader(), "/api/cluster/leader", "{\"member\": \"" + follower().address() + "\"}");
        assertThat(passed.statusCode()).as(passed.body()).isEqualTo(200);
        assertThat(news)
                .succeedsWithin(PATIENCE)
                .extracting(HttpResponse::statusCode)
                .isEqualTo(200);
        assertThat(term(watched)).isGreaterThan(term);
    }

    @Test
    void members_are_added_and_removed_and_what_cannot_be_is_refused() throws Exception {
        ClusterMember added = ADDRESSES.get(3);
        start(added);
        HttpResponse<String> refused = postJson(follower(), "/api/cluster/members", "{\"member\": \"" + added + "\"}");
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(refused.body()).contains("only the leader", String.valueOf(leader().httpPort()));
        assertThat(postJson(leader(), "/api/cluster/members", "{\"member\": \"nowhere\"}")
                        .statusCode())
                .isEqualTo(400);
        assertThat(postJson(leader(), "/api/cluster/members", "{\"membre\": \"nowhere\"}")
                        .body())
                .contains("expected are member");

        HttpResponse<String> done = postJson(leader(), "/api/cluster/members", "{\"member\": \"" + added + "\"}");
        assertThat(done.statusCode()).as(done.body()).isEqualTo(200);
        assertThat(done.body()).contains(added.toString());
        TestClient client =
                TestClient.connectToCluster(List.of(new ServerAddress("127.0.0.1", added.port())), "shop", "stock");
        assertThat(client.begin()).startsWith(leader().address());
        client.close();

        HttpResponse<String> gone = send(
                at(leader(), "/api/cluster/members?member=" + added.address()).DELETE());
        assertThat(gone.statusCode()).as(gone.body()).isEqualTo(200);
        assertThat(gone.body()).doesNotContain(added.toString());
        SERVERS.remove(added).close();
    }
}
