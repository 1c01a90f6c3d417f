package io.entente.tc.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.jayway.jsonpath.JsonPath;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalManagementPort;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** Who may do what over HTTP, with a management port of its own. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        useMainMethod = SpringBootTest.UseMainMethod.ALWAYS,
        properties = {
            "entente.tc.port=0",
            "entente.tc.tokens.viewer=viewer-token-0123456789",
            "management.server.port=0",
            "management.server.address=127.0.0.1",
            "management.endpoint.health.probes.add-additional-paths=true"
        })
class HttpTokensTest {
    private static final String OPERATOR = "operator-token-0123456789";
    private static final String NEXT = "next-operator-token-0123456789";
    private static final String VIEWER = "viewer-token-0123456789";

    @TempDir
    static Path directory;

    @LocalServerPort
    private int port;

    @LocalManagementPort
    private int managementPort;

    @DynamicPropertySource
    static void files(DynamicPropertyRegistry registry) throws Exception {
        Path tokens = Files.writeString(directory.resolve("operators"), OPERATOR + "\n");
        registry.add(
                "entente.tc.data-directory", () -> directory.resolve("data").toString());
        registry.add("entente.tc.tokens.operator", () -> "file:" + tokens);
    }

    private static HttpResponse<String> send(int port, String method, String path, @Nullable String authorization)
            throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .method(method, HttpRequest.BodyPublishers.noBody());
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> get(String path, @Nullable String authorization) throws Exception {
        return send(path.startsWith("/actuator") ? managementPort : port, "GET", path, authorization);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/transactions",
                "/api/transactions/127.0.0.1:8091:1",
                "/api/locks",
                "/api/clients",
                "/actuator",
                "/actuator/prometheus",
                "/actuator/metrics",
                "/actuator/info",
                "/actuator/health/diskSpace",
                "/actuator/health/liveness/more",
                "/actuator/health;x/../prometheus",
                "/nothing/here",
                "/error",
                "/"
            })
    void nothing_is_shown_without_a_token(String path) throws Exception {
        HttpResponse<String> none = get(path, null);
        assertThat(none.statusCode()).isEqualTo(401);
        assertThat(none.headers().firstValue("WWW-Authenticate")).contains("Bearer realm=\"entente\"");
        assertThat(JsonPath.<String>read(none.body(), "$.error"))
                .contains("a token is needed", "Authorization: Bearer", "entente.tc.tokens.operator");
        HttpResponse<String> wrong = get(path, "Bearer wrong-token-0123456789");
        assertThat(wrong.statusCode()).isEqualTo(401);
        assertThat(wrong.headers().firstValue("WWW-Authenticate").orElse("")).contains("invalid_token");
        assertThat(JsonPath.<String>read(wrong.body(), "$.error")).contains("the token is none of");
        assertThat(get(path, "Basic " + OPERATOR).statusCode()).isEqualTo(401);
        assertThat(get(path, OPERATOR).statusCode()).isEqualTo(401);
        assertThat(get(path, "Bearer ").statusCode()).isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/actuator/health",
                "/actuator/health/liveness",
                "/actuator/health/readiness",
                "/actuator/health/leader"
            })
    void orchestrators_need_none_for_the_health_and_see_no_details(String path) throws Exception {
        HttpResponse<String> health = get(path, null);
        assertThat(health.statusCode()).isEqualTo(200);
        assertThat(health.body()).contains("\"status\":\"UP\"").doesNotContain("diskSpace", "path");
        assertThat(get(path, "Bearer forgotten-token-0123456789").statusCode()).isEqualTo(200);
        assertThat(send(managementPort, "POST", path, null).statusCode()).isEqualTo(401);
    }

    @Test
    void probes_on_the_main_port_are_open_too() throws Exception {
        assertThat(get("/livez", null).statusCode()).isEqualTo(200);
        assertThat(get("/readyz", null).statusCode()).isEqualTo(200);
    }

    @Test
    void a_viewer_reads_and_changes_nothing() throws Exception {
        assertThat(get("/api/transactions", "Bearer " + VIEWER).statusCode()).isEqualTo(200);
        assertThat(get("/actuator/prometheus", "bearer " + VIEWER).body())
                .contains("entente_connections_rejected_total{reason=\"token_wrong\"}");
        assertThat(get("/actuator/health", "Bearer " + VIEWER).body()).contains("diskSpace");
        HttpResponse<String> post = send(port, "POST", "/api/transactions/127.0.0.1:8091:1/retry", "Bearer " + VIEWER);
        assertThat(post.statusCode()).isEqualTo(403);
        assertThat(JsonPath.<String>read(post.body(), "$.error"))
                .isEqualTo("this token is for reading; POST needs one of entente.tc.tokens.operator");
    }

    @Test
    void an_operator_does_everything() throws Exception {
        assertThat(get("/api/locks", "Bearer " + OPERATOR).statusCode()).isEqualTo(200);
        assertThat(send(port, "POST", "/api/transactions/127.0.0.1:8091:1/retry", "Bearer " + OPERATOR)
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void refused_requests_are_counted() throws Exception {
        get("/api/locks", null);
        await().untilAsserted(() -> assertThat(
                        get("/actuator/prometheus", "Bearer " + VIEWER).body())
                .containsPattern("http_server_requests_seconds_count\\{[^}]*status=\"401\""));
    }

    @Test
    void tokens_are_exchanged_without_a_restart() throws Exception {
        Path file = directory.resolve("operators");
        Files.writeString(file, OPERATOR + "\n" + NEXT + "\n");
        await().untilAsserted(() ->
                assertThat(get("/api/locks", "Bearer " + NEXT).statusCode()).isEqualTo(200));
        Files.writeString(file, NEXT + "\n");
        await().untilAsserted(() ->
                assertThat(get("/api/locks", "Bearer " + OPERATOR).statusCode()).isEqualTo(401));
        Files.writeString(file, OPERATOR + "\n");
        await().untilAsserted(() ->
                assertThat(get("/api/locks", "Bearer " + OPERATOR).statusCode()).isEqualTo(200));
    }
}
