package io.entente.rm.branch;

import static org.assertj.core.api.Assertions.assertThat;

import io.entente.tc.server.CoordinatorServer;
import io.entente.testkit.EmbeddedCoordinator;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** The standalone coordinator with its REST API, in this JVM. */
final class RunningServer implements AutoCloseable {

    private static final String NOT_FOR_A_COORDINATOR = String.join(
            ",",
            "io.entente.tm.spring.EntenteAutoConfiguration",
            "io.entente.tm.spring.EntenteHttpAutoConfiguration",
            "io.entente.tm.spring.tcc.TccAutoConfiguration",
            "io.entente.tm.spring.saga.SagaAutoConfiguration",
            "io.entente.rm.spring.AtAutoConfiguration",
            "io.entente.rm.spring.DataSourceWrappingAutoConfiguration",
            "io.entente.rm.spring.XaAutoConfiguration",
            "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration");

    private final HttpClient http = HttpClient.newHttpClient();
    private final Path directory;
    private final int port;
    private ConfigurableApplicationContext context;

    RunningServer(Path directory) {
        this.directory = directory;
        try (EmbeddedCoordinator other = EmbeddedCoordinator.start()) {
            // A port that nobody else will be given, also while this server is down.
            port = other.port();
        }
        start();
    }

    private void start() {
        Map<String, Object> settings = Map.of(
                "entente.tc.port",
                port,
                "entente.tc.data-directory",
                directory.resolve("data").toString(),
                "server.port",
                0,
                "server.address",
                "127.0.0.1",
                "spring.main.banner-mode",
                "off",
                "spring.jmx.enabled",
                false,
                "spring.autoconfigure.exclude",
                NOT_FOR_A_COORDINATOR);
        context = new SpringApplicationBuilder(CoordinatorServer.class)
                .properties(settings)
                .run();
    }

    void restart() {
        context.close();
        start();
    }

    String address() {
        return "127.0.0.1:" + port;
    }

    private HttpRequest.Builder request(String path) {
        String httpPort = context.getEnvironment().getProperty("local.server.port");
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + httpPort + "/api" + path));
    }

    /** What the API answers, whether it is good news or not. */
    String get(String path) {
        return send(request(path)).body();
    }

    /** Posts JSON, which has to be accepted. */
    String post(String path, String json) {
        HttpResponse<String> response = send(request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json)));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
        return response.body();
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        context.close();
    }
}
