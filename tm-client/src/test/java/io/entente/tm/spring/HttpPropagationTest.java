package io.entente.tm.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entente.protocol.GlobalStatus;
import io.entente.tm.FakeCoordinatorServer;
import io.entente.tm.GlobalTransactionRolledBackException;
import io.entente.tm.GlobalTransactionTemplate;
import io.entente.tm.TransactionContext;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.restclient.RestTemplateBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;
import org.springframework.web.client.RestTemplate;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.client.WebClientException;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Two applications, a real Tomcat between them, and a coordinator on a socket. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HttpPropagationTest {

    private FakeCoordinatorServer server;
    private ConfigurableApplicationContext participant;
    private ConfigurableApplicationContext caller;
    private String url;
    private GlobalTransactionTemplate transactions;

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Caller {

        /** Made by hand, as many applications do. */
        @Bean
        RestTemplate ownRestTemplate() {
            return new RestTemplate();
        }

        @Bean
        RestClient ownRestClient() {
            return RestClient.create();
        }

        @Bean
        WebClient ownWebClient() {
            return WebClient.create();
        }
    }

    /** Answers well, but what it did cannot be committed. */
    @RestController
    static class Unprepared {

        @GetMapping("/end-fails")
        String endFails() {
            TransactionContext.beforeEnd(() -> {
                throw new IOException("cannot be prepared");
            });
            return "fine";
        }

        @GetMapping("/callable-end-fails")
        Callable<String> callableEndFails() {
            return this::endFails;
        }
    }

    @BeforeAll
    void start() throws IOException {
        server = new FakeCoordinatorServer(0);
        participant = new SpringApplicationBuilder(Participant.class, Unprepared.class)
                .properties(
                        "server.port=0",
                        "server.address=127.0.0.1",
                        "entente.server=" + server.address(),
                        "spring.application.name=participant")
                .run();
        caller = new SpringApplicationBuilder(Caller.class)
                .web(WebApplicationType.NONE)
                .properties("entente.server=" + server.address(), "spring.application.name=caller")
                .run();
        int port = ((WebServerApplicationContext) participant).getWebServer().getPort();
        url = "http://127.0.0.1:" + port;
        transactions = caller.getBean(GlobalTransactionTemplate.class);
    }

    @BeforeEach
    @AfterEach
    void nothing_is_bound() {
        assertThat(TransactionContext.isActive()).isFalse();
    }

    @AfterAll
    void stop() {
        caller.close();
        participant.close();
        server.close();
    }

    /** Every way to send a request that Spring offers, each with a client it made and one the application made. */
    enum Client {
        REST_CLIENT_BUILDER {
            @Override
            String get(ConfigurableApplicationContext caller, String uri) {
                return body(caller.getBean(RestClient.Builder.class).build(), uri);
            }
        },
        REST_CLIENT_BEAN {
            @Override
            String get(ConfigurableApplicationContext caller, String uri) {
                return body(caller.getBean(RestClient.class), uri);
            }
        },
        REST_TEMPLATE_BUILDER {
            @Override
            String get(ConfigurableApplicationContext caller, String uri) {
                return String.valueOf(
                        caller.getBean(RestTemplateBuilder.class).build().getForObject(uri, String.class));
            }
        },
        REST_TEMPLATE_BEAN {
            @Override
            String get(ConfigurableApplicationContext caller, String uri) {
                return String.valueOf(caller.getBean(RestTemplate.class).getForObject(uri, String.class));
            }
        },
        WEB_CLIENT_BUILDER {
            @Override
            String get(ConfigurableApplicationContext caller, String uri) {
                return String.valueOf(
                        request(caller.getBean(WebClient.Builder.class).build(), uri)
                                .block());
            }
        },
        WEB_CLIENT_BEAN {
            @Override
            String get(ConfigurableApplicationContext caller, String uri) {
                return String.valueOf(
                        request(caller.getBean(WebClient.class), uri).block());
            }
        },
        WEB_CLIENT_ON_ANOTHER_THREAD {
            @Override
            String get(ConfigurableApplicationContext caller, String uri) {
                return String.valueOf(request(caller.getBean(WebClient.class), uri)
                        .subscribeOn(Schedulers.boundedElastic())
                        .contextCapture()
                        .block());
            }
        };

        abstract String get(ConfigurableApplicationContext caller, String uri);

        private static String body(RestClient client, String uri) {
            return String.valueOf(client.get().uri(uri).retrieve().body(String.class));
        }

        private static Mono<String> request(WebClient client, String uri) {
            return client.get().uri(uri).retrieve().bodyToMono(String.class);
        }

        /** As a caller does that takes no failure seriously. */
        String getAndSwallow(ConfigurableApplicationContext caller, String uri) {
            try {
                return get(caller, uri);
            } catch (RestClientException | WebClientException e) {
                return "swallowed " + e.getMessage();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Client.class)
    void the_participant_runs_in_the_transaction_of_its_caller(Client client) {
        transactions.execute("call", () -> {
            assertThat(client.get(caller, url + "/xid")).isEqualTo(TransactionContext.xid());
            assertThat(client.get(caller, url + "/callable-xid")).isEqualTo(TransactionContext.xid());
            try (var scope = TransactionContext.suspend()) {
                assertThat(client.get(caller, url + "/xid")).isEqualTo("none");
            }
            return "done";
        });
        assertThat(client.get(caller, url + "/xid")).isEqualTo("none");
    }

    @ParameterizedTest
    @EnumSource(Client.class)
    void a_swallowed_failure_of_the_participant_cannot_commit(Client client) {
        assertVotedDown(client, "/throws");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/mark",
                "/end-fails",
                "/callable-end-fails",
                "/friendly",
                "/throws",
                "/called-is-gone",
                "/callable-called-is-gone",
                "/send-error",
                "/status/500",
                "/status/503",
                "/reset",
                "/callable-mark",
                "/filter-fails"
            })
    void however_the_participant_fails_its_vote_arrives(String path) {
        assertVotedDown(Client.REST_CLIENT_BEAN, path);
    }

    private void assertVotedDown(Client client, String path) {
        String[] xid = new String[1];
        assertThatThrownBy(() -> transactions.execute("call", () -> {
                    xid[0] = String.valueOf(TransactionContext.xid());
                    return client.getAndSwallow(caller, url + path + "?secret=1");
                }))
                .isInstanceOf(GlobalTransactionRolledBackException.class)
                .hasMessageContaining("GET " + url + path + " answered")
                .hasMessageContaining("waiveVotes()")
                .hasMessageNotContaining("secret");
        assertThat(server.outcome(xid[0])).isEqualTo(GlobalStatus.ROLLED_BACK);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/called-is-gone", "/callable-called-is-gone"})
    void a_failure_that_Spring_takes_for_a_client_that_has_gone_is_answered_as_a_failure(String path) throws Exception {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(url + path)).build(), HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body()).contains("Internal Server Error");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/status/200", "/status/404", "/status/409", "/xid"})
    void an_answer_below_500_is_no_vote_against(String path) {
        assertThat(transactions.execute("call", () -> Client.REST_CLIENT_BEAN.getAndSwallow(caller, url + path)))
                .isNotEmpty();
    }

    @ParameterizedTest
    @EnumSource(Client.class)
    void a_caller_that_deals_with_the_failure_itself_may_commit(Client client) {
        String xid = transactions.execute("call", () -> {
            try (var scope = TransactionContext.waiveVotes()) {
                String unused = client.getAndSwallow(caller, url + "/throws");
            }
            return String.valueOf(TransactionContext.xid());
        });
        assertThat(server.outcome(xid)).isEqualTo(GlobalStatus.COMMITTED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/late", "/late-async"})
    void a_failure_after_the_answer_has_left_rolls_back_at_the_coordinator(String path) {
        assertThatThrownBy(() -> transactions.execute("call", () -> {
                    String xid = String.valueOf(TransactionContext.xid());
                    String answer = Client.REST_CLIENT_BEAN.get(caller, url + path);
                    // The answer is complete before the participant is: the rollback may still be on its way.
                    Awaitility.await().until(() -> server.outcome(xid) == GlobalStatus.ROLLED_BACK);
                    return answer;
                }))
                .isInstanceOf(GlobalTransactionRolledBackException.class)
                .hasMessageContaining("ROLLED_BACK");
    }

    @ParameterizedTest
    @EnumSource(Client.class)
    void a_participant_that_does_not_answer_counts_as_failed(Client client) throws IOException {
        try (ServerSocket mute = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Void> hangUp =
                    CompletableFuture.runAsync(() -> hangUpOnEverybody(mute), task -> new Thread(task, "mute").start());
            String uri = "http://127.0.0.1:" + mute.getLocalPort() + "/gone";
            assertThatThrownBy(() -> transactions.execute("call", () -> client.getAndSwallow(caller, uri)))
                    .isInstanceOf(GlobalTransactionRolledBackException.class)
                    .hasMessageContaining("GET " + uri + " got no answer");
            mute.close();
            hangUp.join();
        }
    }

    /**
     * Takes every connection, reads the request and hangs up without a word. The whole request: bytes left unread would
     * turn the end of the connection into a reset. Some clients open a connection, close it unused and open another.
     */
    private static void hangUpOnEverybody(ServerSocket mute) {
        while (!mute.isClosed()) {
            try (Socket socket = mute.accept()) {
                BufferedReader request =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
                for (String line = request.readLine(); line != null && !line.isEmpty(); line = request.readLine()) {
                    assertThat(line).isNotBlank();
                }
            } catch (IOException ignored) {
                // Closed by the test, or by the other side.
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Client.class)
    void a_participant_that_was_never_reached_does_not(Client client) throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        assertThat(transactions.execute(
                        "call", () -> client.getAndSwallow(caller, "http://127.0.0.1:" + port + "/nobody")))
                .startsWith("swallowed");
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "a b", "a,b"})
    void a_malformed_header_is_ignored(String header) throws Exception {
        assertThat(xidSeenFor(header)).isEqualTo("none");
    }

    @Test
    void a_header_too_long_or_given_twice_is_ignored() throws Exception {
        assertThat(xidSeenFor("x".repeat(129))).isEqualTo("none");
        assertThat(xidSeenFor("x".repeat(128))).isEqualTo("x".repeat(128));
        assertThat(xidSeenFor("a:1:1", "a:1:2")).isEqualTo("none");
    }

    private String xidSeenFor(String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + "/xid"));
        for (String header : headers) {
            request.header(TransactionHeaders.XID, header);
        }
        return HttpClient.newHttpClient()
                .send(request.build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    @Test
    void an_answer_outside_a_transaction_carries_no_vote() throws Exception {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(url + "/status/500")).build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.headers().firstValue(TransactionHeaders.VOTE)).isEmpty();
    }

    @Test
    void the_vote_is_given_once_and_as_documented() throws Exception {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(url + "/throws"))
                                .header("TX_XID", "127.0.0.1:8091:4711")
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.headers().allValues("TX_VOTE")).containsExactly("rollback-only");
    }
}
