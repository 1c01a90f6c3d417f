package io.entente.tc.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.jayway.jsonpath.JsonPath;
import io.entente.protocol.BranchStatus;
import io.entente.protocol.BranchType;
import io.entente.protocol.GlobalStatus;
import io.entente.tc.TransactionCoordinator;
import io.entente.tc.coordinator.TestClient;
import io.entente.tc.coordinator.TestClient.Asked;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The server as an operator meets it: health, metrics and the REST API. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        useMainMethod = SpringBootTest.UseMainMethod.ALWAYS,
        properties = "entente.tc.port=0")
class CoordinatorServerTest {
    private static final String NO_STUCK_ROWS = "entente_transactions_needing_attention 0.0";

    @TempDir
    static Path directory;

    @Autowired
    private TransactionCoordinator coordinator;

    @LocalServerPort
    private int httpPort;

    private TestClient shop;

    @DynamicPropertySource
    static void dataDirectory(DynamicPropertyRegistry registry) {
        registry.add(
                "entente.tc.data-directory", () -> directory.resolve("data").toString());
    }

    @BeforeEach
    void connect() {
        shop = TestClient.connect(coordinator.port(), "shop", "stock-db", "account-db");
    }

    @AfterEach
    void leaveNothingBehind() {
        shop.answering(Asked::done);
        for (String xid : texts("/api/transactions", "$.items[*].xid")) {
            post("/api/transactions/" + xid + "/retry");
            shop.rollback(xid);
        }
        await().untilAsserted(
                        () -> assertThat(number("/api/transactions", "$.total")).isZero());
        shop.close();
        await().untilAsserted(() -> assertThat(coordinator.sessions().all()).isEmpty());
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + httpPort + path);
    }

    private HttpResponse<String> get(String path) {
        return send(HttpRequest.newBuilder(uri(path)));
    }

    private HttpResponse<String> post(String path) {
        return send(HttpRequest.newBuilder(uri(path)).POST(HttpRequest.BodyPublishers.noBody()));
    }

    private String body(String path) {
        HttpResponse<String> response = get(path);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return response.body();
    }

    private int number(String path, String jsonPath) {
        return JsonPath.<Integer>read(body(path), jsonPath);
    }

    private String text(String path, String jsonPath) {
        return JsonPath.read(body(path), jsonPath);
    }

    private List<String> texts(String path, String jsonPath) {
        return JsonPath.read(body(path), jsonPath);
    }

    private void assertRefused(HttpResponse<String> response, int status, String error) {
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(JsonPath.<String>read(response.body(), "$.error")).isEqualTo(error);
    }

    @Test
    void pages_of_other_web_sites_change_nothing() {
        String xid = shop.begin();
        for (String origin : List.of("https://evil.example.org", "http://127.0.0.1:" + (httpPort + 1), "null", "%")) {
            assertRefused(
                    send(HttpRequest.newBuilder(uri("/api/transactions/" + xid + "/retry"))
                            .header("Origin", origin)
                            .POST(HttpRequest.BodyPublishers.noBody())),
                    403,
                    "this request comes from a page of another web site");
        }
        assertThat(send(HttpRequest.newBuilder(uri("/api/transactions/" + xid + "/retry"))
                                .header("Origin", "http://127.0.0.1:" + httpPort)
                                .POST(HttpRequest.BodyPublishers.noBody()))
                        .statusCode())
                .isNotEqualTo(403);
        shop.rollback(xid);
    }

    @Test
    void it_is_healthy() {
        assertThat(text("/actuator/health", "$.status")).isEqualTo("UP");
        assertThat(text("/actuator/health/readiness", "$.status")).isEqualTo("UP");
        assertThat(text("/actuator/health/leader", "$.status")).isEqualTo("UP");
        assertThat(text("/actuator/health", "$.components.coordinator.details.role"))
                .isEqualTo("LEADER");
        // Who needs no token sees the details.
        assertThat(text("/actuator/health", "$.components.diskSpace.status")).isEqualTo("UP");
    }

    @Test
    void it_lists_and_shows_transactions() {
        String first = shop.begin("purchase", 60_000);
        long branch = shop.branch(first, "stock-db", "stock:1,2");
        shop.branch(first, BranchType.TCC, "account-db", "");
        String second = shop.begin("refund", 5_000);

        String list = get("/api/transactions").body();
        assertThat(JsonPath.<Integer>read(list, "$.total")).isEqualTo(2);
        assertThat(JsonPath.<List<String>>read(list, "$.items[*].xid")).containsExactly(first, second);
        assertThat(JsonPath.<List<String>>read(list, "$.items[*].name")).containsExactly("purchase", "refund");
        assertThat(JsonPath.<List<Integer>>read(list, "$.items[*].locks")).containsExactly(2, 0);
        assertThat(JsonPath.<List<Integer>>read(list, "$.items[*].branches")).containsExactly(2, 0);
        assertThat(JsonPath.<List<Integer>>read(list, "$.items[*].timeoutMillis"))
                .containsExactly(60_000, 5_000);
        assertThat(texts("/api/transactions?limit=1", "$.items[*].xid")).containsExactly(first);
        assertThat(number("/api/transactions?phase=ACTIVE", "$.total")).isEqualTo(2);
        assertThat(number("/api/transactions?phase=COMMITTING", "$.total")).isZero();

        String one = get("/api/transactions/" + first).body();
        assertThat(JsonPath.<String>read(one, "$.transaction.phase")).isEqualTo("ACTIVE");
        assertThat(JsonPath.<String>read(one, "$.transaction.applicationId")).isEqualTo("shop");
        assertThat(JsonPath.<List<Object>>read(one, "$.attention")).isEmpty();
        assertThat(JsonPath.<String>read(one, "$.branches[0].branchId")).isEqualTo(String.valueOf(branch));
        assertThat(JsonPath.<String>read(one, "$.branches[0].resourceId")).isEqualTo("stock-db");
        assertThat(JsonPath.<List<String>>read(one, "$.branches[0].locks")).containsExactly("stock:1", "stock:2");
        assertThat(JsonPath.<String>read(one, "$.branches[1].type")).isEqualTo("TCC");
    }

    @Test
    void it_says_what_became_of_a_transaction_that_is_not_there() {
        String ended = shop.begin();
        shop.commit(ended);

        assertRefused(get("/api/transactions/" + ended), 404, ended + " has ended: COMMITTED");
        assertRefused(get("/api/transactions/127.0.0.1:1:5"), 404, "127.0.0.1:1:5 is not known here");
        assertRefused(get("/api/transactions?limit=0"), 400, "limit is 0; expected 1 to 1000");
        assertThat(get("/api/transactions?phase=NONE").statusCode()).isEqualTo(400);
    }

    @Test
    void it_shows_who_holds_which_row() {
        String first = shop.begin("purchase", 60_000);
        shop.branch(first, "stock-db", "stock:1;price:9");
        String second = shop.begin("refund", 60_000);
        shop.branch(second, "account-db", "stock:1");

        assertThat(number("/api/locks", "$.total")).isEqualTo(3);
        assertThat(texts("/api/locks?resource=stock-db&table=stock", "$.items[*].xid"))
                .containsExactly(first);
        assertThat(texts("/api/locks?table=stock", "$.items[*].name")).containsExactlyInAnyOrder("purchase", "refund");
        assertThat(texts("/api/locks?xid=" + first, "$.items[*].table")).containsExactlyInAnyOrder("stock", "price");
        assertThat(texts("/api/locks?table=price", "$.items[*].key")).containsExactly("9");
        assertThat(number("/api/locks?limit=1", "$.items.length()")).isEqualTo(1);
        assertThat(number("/api/locks?limit=1", "$.total")).isEqualTo(3);
        assertThat(number("/api/locks?xid=nobody", "$.total")).isZero();
    }

    @Test
    void it_shows_who_is_connected() {
        String clients = get("/api/clients").body();

        assertThat(JsonPath.<List<String>>read(clients, "$[*].role")).containsExactlyInAnyOrder("TM", "RM");
        assertThat(JsonPath.<List<String>>read(clients, "$[*].clientId"))
                .allMatch(id -> id.startsWith("shop:127.0.0.1:"));
        assertThat(JsonPath.<List<String>>read(clients, "$[?(@.role=='RM')].resourceIds[*]"))
                .containsExactly("account-db", "stock-db");
    }

    @Test
    void a_transaction_that_needs_attention_is_shown_and_can_be_retried() {
        shop.answering(asked -> BranchStatus.PHASE_TWO_ROLLBACK_FAILED_UNRETRYABLE);
        String xid = shop.begin();
        long branch = shop.branch(xid, "stock-db", "stock:1");
        assertRefused(
                post("/api/transactions/" + xid + "/retry"),
                409,
                xid + " is ACTIVE; only a transaction that needs attention can be retried");
        assertThat(shop.rollback(xid)).isEqualTo(GlobalStatus.ROLLBACK_FAILED);

        assertThat(text("/api/transactions/" + xid, "$.attention[0].branchId")).isEqualTo(String.valueOf(branch));
        assertThat(text("/api/transactions/" + xid, "$.attention[0].reason"))
                .startsWith("the resource manager answered");
        assertThat(texts("/api/transactions?phase=ROLLBACK_NEEDS_ATTENTION", "$.items[*].xid"))
                .containsExactly(xid);
        assertThat(number("/api/locks?xid=" + xid, "$.total")).isEqualTo(1);
        assertThat(get("/actuator/prometheus").body()).doesNotContain(NO_STUCK_ROWS);

        shop.answering(Asked::done);
        assertThat(post("/api/transactions/" + xid + "/retry").statusCode()).isEqualTo(200);

        await().untilAsserted(() ->
                assertThat(get("/api/transactions/" + xid).body()).contains(xid + " has ended: ROLLED_BACK"));
        assertThat(number("/api/locks?xid=" + xid, "$.total")).isZero();
        await().untilAsserted(
                        () -> assertThat(get("/actuator/prometheus").body()).contains(NO_STUCK_ROWS));
        assertRefused(post("/api/transactions/" + xid + "/retry"), 404, xid + " has ended: ROLLED_BACK");
    }

    @Test
    void what_has_failed_so_far_is_shown_with_its_branch() {
        shop.answering(asked -> BranchStatus.PHASE_TWO_ROLLBACK_FAILED_RETRYABLE);
        String xid = shop.begin();
        shop.branch(xid, "stock-db", "stock:1");
        shop.rollback(xid);

        String one = get("/api/transactions/" + xid).body();
        assertThat(JsonPath.<Integer>read(one, "$.branches[0].failures")).isPositive();
        assertThat(JsonPath.<String>read(one, "$.branches[0].lastFailure"))
                .contains("PHASE_TWO_ROLLBACK_FAILED_RETRYABLE");
    }

    @Test
    void the_steps_of_a_saga_can_be_read() {
        shop.answering(asked -> BranchStatus.PHASE_TWO_COMMIT_FAILED_RETRYABLE);
        String xid = shop.begin("trip", 60_000);
        long car = shop.register(
                        xid, BranchType.SAGA_ANNOTATION, "trip/car", "", "{\"input\":{\"days\":3},\"attempts\":0}")
                .branchId();
        shop.register(xid, BranchType.SAGA, "stock-db", "", "pivot");
        shop.report(
                xid,
                car,
                BranchStatus.PHASE_ONE_DONE,
                "{\"input\":{\"days\":3},\"attempts\":2,\"lastError\":\"timeout\",\"result\":\"car 9\"}");
        assertThat(shop.commit(xid).status()).isEqualTo(GlobalStatus.COMMITTED);

        await().untilAsserted(() -> assertThat(number("/api/transactions/" + xid, "$.branches[1].failures"))
                .isPositive());
        String one = get("/api/transactions/" + xid).body();
        assertThat(JsonPath.<String>read(one, "$.branches[0].type")).isEqualTo("SAGA_ANNOTATION");
        assertThat(JsonPath.<String>read(one, "$.branches[0].resourceId")).isEqualTo("trip/car");
        assertThat(JsonPath.<Integer>read(one, "$.branches[0].applicationData.input.days"))
                .isEqualTo(3);
        assertThat(JsonPath.<Integer>read(one, "$.branches[0].applicationData.attempts"))
                .isEqualTo(2);
        assertThat(JsonPath.<String>read(one, "$.branches[0].applicationData.lastError"))
                .isEqualTo("timeout");
        assertThat(JsonPath.<Integer>read(one, "$.branches[0].failures")).isZero();
        assertThat(JsonPath.<String>read(one, "$.branches[1].applicationData")).isEqualTo("pivot");
        assertThat(JsonPath.<String>read(one, "$.branches[1].lastFailure"))
                .contains("PHASE_TWO_COMMIT_FAILED_RETRYABLE");
    }

    @Test
    void its_metrics_are_there_for_prometheus() {
        String xid = shop.begin();
        shop.branch(xid, "stock-db", "stock:1");
        String other = shop.begin();
        shop.register(other, BranchType.AT, "stock-db", "stock:1", "");

        await().untilAsserted(() -> assertThat(get("/actuator/prometheus").body())
                .contains(
                        "entente_transactions_begun_total",
                        "entente_transactions_open 2.0",
                        "entente_transactions_moves_total{move=\"decide_commit\"}",
                        "entente_branches_registered_total",
                        "entente_locks 1.0",
                        "entente_lock_conflicts_total{resource=\"stock-db\",table=\"stock\"}",
                        "entente_attention_branches{reason=\"conflict\"} 0.0",
                        "entente_attention_begun_total{reason=\"retry_budget_used_up\"}",
                        "entente_attention_actions_total{resolution=\"release_locks\"}",
                        "entente_attention_oldest_seconds 0.0",
                        "entente_attention_time_seconds_count",
                        "entente_webhook_pending 0.0",
                        "entente_commands_queued",
                        "entente_state_bytes",
                        "entente_lock_waits_seconds_count{outcome=\"deadlock\"}",
                        "entente_lock_queue_length_count",
                        "entente_phase_two_failures_total",
                        "entente_log_entries_total",
                        "entente_log_bytes_total",
                        "entente_log_sync_seconds_count",
                        "entente_clients 2.0"));
        assertThat(get("/actuator/prometheus").body()).doesNotContain("entente_lock_conflicts_total 0.0");
    }
}
