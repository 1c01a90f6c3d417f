package io.entente.tm.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.entente.configuration.ConfigurationCheckAutoConfiguration;
import io.entente.configuration.InvalidSetupException;
import io.entente.protocol.security.ClientSecurity;
import io.entente.tm.ClientSettings;
import io.entente.tm.EntenteClient;
import io.entente.tm.FakeCoordinatorServer;
import io.entente.tm.GlobalTransactionTemplate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** Start-up with good and bad configuration. */
@ExtendWith(OutputCaptureExtension.class)
class SetupTest {

    private FakeCoordinatorServer server;
    private ApplicationContextRunner contexts;

    @BeforeEach
    void start() throws IOException {
        server = new FakeCoordinatorServer(0);
        contexts = new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        ConfigurationCheckAutoConfiguration.class, EntenteAutoConfiguration.class));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Configuration(proxyBeanMethods = false)
    @Import({ConfigurationCheckAutoConfiguration.class, EntenteAutoConfiguration.class})
    static class Application {}

    /** Starts an application as a user would, for what is printed. */
    private static Throwable startUpFailure(String... properties) {
        return catchThrowable(() -> new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.NONE)
                .properties(properties)
                .run()
                .close());
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Test
    void the_server_is_the_only_needed_setting() {
        contexts.withPropertyValues("entente.server=" + server.address()).run(context -> {
            assertThat(context).hasNotFailed();
            ClientSettings settings = context.getBean(EntenteClient.class).settings();
            assertThat(settings.applicationId()).isEqualTo("application");
            assertThat(settings.transactionGroup()).isEqualTo("default_tx_group");
            assertThat(settings.defaultTimeout()).isEqualTo(Duration.ofSeconds(60));
            assertThat(context.getBean(GlobalTransactionTemplate.class).execute("t", () -> "done"))
                    .isEqualTo("done");
        });
    }

    @Test
    void the_application_is_known_by_its_spring_name_unless_told_otherwise() {
        contexts = contexts.withPropertyValues("entente.server=" + server.address(), "spring.application.name=orders");
        contexts.run(context -> assertThat(
                        context.getBean(EntenteClient.class).settings().applicationId())
                .isEqualTo("orders"));
        contexts.withPropertyValues("entente.application-id=orders-eu")
                .run(context -> assertThat(
                                context.getBean(EntenteClient.class).settings().applicationId())
                        .isEqualTo("orders-eu"));
    }

    @Test
    void every_setting_reaches_the_client() {
        contexts.withPropertyValues(
                        "entente.server=" + server.address(),
                        "entente.transactionGroup=shop",
                        "entente.default_timeout=5s",
                        "entente.startup=WAIT",
                        "entente.startup-wait=1s",
                        "entente.connect-timeout=2s",
                        "entente.request-timeout=3s",
                        "entente.completion-patience=4s")
                .run(context -> assertThat(context.getBean(EntenteClient.class).settings())
                        .usingRecursiveComparison()
                        .ignoringFields("applicationId")
                        .isEqualTo(new ClientSettings(
                                ClientSettings.of(server.address()).discovery(),
                                "application",
                                "shop",
                                Duration.ofSeconds(5),
                                ClientSettings.Startup.WAIT,
                                Duration.ofSeconds(1),
                                Duration.ofSeconds(2),
                                Duration.ofSeconds(3),
                                Duration.ofSeconds(4),
                                ClientSecurity.none())));
    }

    @Test
    void a_missing_server_is_explained_with_an_example(CapturedOutput output) {
        assertThat(startUpFailure()).isNotNull();
        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("entente.server is not set")
                .contains("entente.server=127.0.0.1:8091");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "localhost:eighty", "localhost:99999", ":8091", "a:1,,b:2", "http://a:8091"})
    void a_malformed_server_is_explained_with_an_example(String malformed, CapturedOutput output) {
        assertThat(startUpFailure("entente.server=" + malformed)).isNotNull();
        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("entente.server=" + malformed + " cannot be used")
                .contains("entente.server=127.0.0.1:8091");
    }

    @Test
    void an_unreachable_server_is_explained_with_what_was_tried_and_what_to_do(CapturedOutput output)
            throws IOException {
        String nowhere = "127.0.0.1:" + freePort();
        assertThat(startUpFailure("entente.server=" + nowhere, "entente.startup-wait=300ms"))
                .isNotNull();
        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains(nowhere)
                .contains("300 ms")
                .contains("Connection refused")
                .contains("java -jar tc-server.jar")
                .contains("entente.startup=wait");
    }

    @Test
    void lazy_beans_do_not_put_off_the_check_of_the_server(CapturedOutput output) throws IOException {
        assertThat(startUpFailure(
                        "spring.main.lazy-initialization=true",
                        "entente.server=127.0.0.1:" + freePort(),
                        "entente.startup-wait=100ms"))
                .isNotNull();
        assertThat(output).contains("APPLICATION FAILED TO START");
    }

    @Test
    void an_application_may_start_without_its_server() throws IOException {
        contexts.withPropertyValues(
                        "entente.server=127.0.0.1:" + freePort(), "entente.startup=wait", "entente.startup-wait=100ms")
                .run(context -> assertThat(context).hasNotFailed());
    }

    @ParameterizedTest
    @CsvSource({
        "entente.servr=a:1, entente.server",
        "entente.default-timout=5s, entente.default-timeout",
        "entente.transaction-service-group=a, entente.transaction-group",
        "entente.server.port=8091, entente.server",
        "entente.defaultTimeouts=5s, entente.default-timeout"
    })
    void an_unknown_key_stops_the_start_and_names_the_nearest(String setting, String nearest) {
        contexts.withPropertyValues("entente.server=" + server.address(), setting)
                .run(context -> assertThat(context)
                        .getFailure()
                        .isInstanceOf(InvalidSetupException.class)
                        .hasMessageContaining("Did you mean " + nearest + "?"));
    }

    @Test
    void an_unknown_key_is_explained_with_its_place(CapturedOutput output) {
        assertThat(startUpFailure("entente.server=" + server.address(), "entente.start-wait=1s"))
                .isNotNull();
        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("entente.start-wait")
                .contains("Did you mean entente.startup-wait?")
                .contains("entente.completion-patience");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "entente.default-timeout=0s",
                "entente.default-timeout=30d",
                "entente.startup-wait=-1s",
                "entente.request-timeout=0",
                "entente.completion-patience=0",
                "entente.connect-timeout=0",
                "entente.transaction-group=",
                "entente.advisor-order=2147483647"
            })
    void a_value_that_cannot_be_used_stops_the_start_and_names_its_key(String setting) {
        String key = setting.substring(0, setting.indexOf('='));
        contexts.withPropertyValues("entente.server=" + server.address(), setting)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(InvalidSetupException.class)
                        .hasMessageContaining(key));
    }

    private ApplicationContextRunner withEnvironment(Map<String, Object> variables) {
        return contexts.withInitializer(context -> context.getEnvironment()
                .getPropertySources()
                .replace(
                        StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                        new SystemEnvironmentPropertySource(
                                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, variables)));
    }

    @Test
    void environment_variables_work_and_those_meant_for_something_else_do_not_disturb() {
        withEnvironment(Map.of(
                        "ENTENTE_SERVER", server.address(),
                        "ENTENTE_DEFAULTTIMEOUT", "7s",
                        "ENTENTE_REQUEST_TIMEOUT", "8s",
                        "ENTENTE_SAMPLE_EXIT", "true",
                        "ENTENTE_SERVICE_HOST", "10.0.0.1",
                        "ENTENTE_PORT_8091_TCP_ADDR", "10.0.0.1"))
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(context.getBean(EntenteClient.class).settings().defaultTimeout())
                            .isEqualTo(Duration.ofSeconds(7));
                });
    }

    @Test
    void an_environment_variable_with_a_typing_error_stops_the_start() {
        withEnvironment(Map.of("ENTENTE_SERVER", server.address(), "ENTENTE_DEFAULTTIMOUT", "7s"))
                .run(context ->
                        assertThat(context).getFailure().hasMessageContaining("Did you mean entente.default-timeout?"));
    }

    @Test
    void an_application_may_bring_its_own_client() {
        try (var own = EntenteClient.connect(ClientSettings.of(server.address()).withApplicationId("own"))) {
            contexts.withPropertyValues("entente.server=" + server.address())
                    .withBean(EntenteClient.class, () -> own)
                    .run(context -> assertThat(context.getBean(GlobalTransactionTemplate.class)
                                    .execute("t", () -> "done"))
                            .isEqualTo("done"));
        }
    }
}
