package io.entente.tm.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.entente.configuration.ConfigurationCheckAutoConfiguration;
import io.entente.configuration.InvalidSetupException;
import io.entente.tm.FakeCoordinatorServer;
import io.entente.tm.GlobalTransactionTemplate;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.cloud.client.discovery.composite.CompositeDiscoveryClientAutoConfiguration;
import org.springframework.cloud.client.discovery.simple.SimpleDiscoveryClientAutoConfiguration;
import org.springframework.cloud.commons.util.UtilAutoConfiguration;

/** Start-up with a registry, which here is the one that Spring Cloud reads from properties. */
class DiscoverySetupTest {
    private static final String INSTANCES = "spring.cloud.discovery.client.simple.instances.entente-tc";

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

    private ApplicationContextRunner withRegistry() {
        return contexts.withConfiguration(AutoConfigurations.of(
                        UtilAutoConfiguration.class,
                        CompositeDiscoveryClientAutoConfiguration.class,
                        SimpleDiscoveryClientAutoConfiguration.class))
                .withPropertyValues("entente.server=discovery:entente-tc");
    }

    private void assertWorks(ApplicationContextRunner runner) {
        runner.run(context -> {
            assertThat(context).hasNotFailed();
            assertThat(context.getBean(GlobalTransactionTemplate.class).execute("t", () -> "done"))
                    .isEqualTo("done");
        });
    }

    @Test
    void the_port_of_an_instance_stands_in_its_metadata() {
        assertWorks(withRegistry()
                .withPropertyValues(
                        INSTANCES + "[0].uri=http://127.0.0.1:1",
                        INSTANCES + "[0].metadata.entente-rpc-port=" + server.port()));
    }

    @Test
    void without_that_it_is_the_port_of_the_instance() {
        assertWorks(withRegistry().withPropertyValues(INSTANCES + "[0].uri=http://" + server.address()));
    }

    @Test
    void an_instance_that_cannot_be_connected_to_is_left_out() {
        assertWorks(withRegistry()
                .withPropertyValues(
                        INSTANCES + "[0].uri=http://127.0.0.1:1",
                        INSTANCES + "[0].metadata.entente-rpc-port=none",
                        INSTANCES + "[1].uri=http://" + server.address()));
    }

    @Test
    void a_service_without_instances_is_explained() {
        withRegistry()
                .withPropertyValues("entente.startup-wait=300ms")
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasStackTraceContaining("discovery:entente-tc: there is no coordinator at the moment"));
    }

    @Test
    void an_application_without_spring_cloud_is_told_what_to_add() {
        contexts.withClassLoader(new FilteredClassLoader(DiscoveryClient.class))
                .withPropertyValues("entente.server=discovery:entente-tc")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(InvalidSetupException.class)
                        .hasMessageContaining("Spring Cloud is not on the class path"));
        // And one that lists its coordinators does not need it.
        assertWorks(contexts.withClassLoader(new FilteredClassLoader(DiscoveryClient.class))
                .withPropertyValues("entente.server=" + server.address()));
    }

    @Test
    void an_application_without_a_client_of_a_registry_is_told_what_to_add() {
        contexts.withPropertyValues("entente.server=discovery:entente-tc")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOfSatisfying(
                                InvalidSetupException.class,
                                e -> assertThat(e.action()).contains("spring-cloud-starter-zookeeper-discovery"))
                        .hasMessageContaining("no bean of type DiscoveryClient"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "discovery:",
                "discovery:a,b:8091",
                "discovery://entente-tc",
                "discovry:entente-tc",
                "Discovery:entente-tc",
                "dns:entente-tc:8091"
            })
    void what_is_neither_an_address_nor_a_service_is_explained_with_both(String malformed) {
        withRegistry()
                .withPropertyValues("entente.server=" + malformed)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOfSatisfying(
                                InvalidSetupException.class,
                                e -> assertThat(e.action())
                                        .contains("entente.server=127.0.0.1:8091")
                                        .contains("entente.server=discovery:entente-coordinator"))
                        .hasMessageContaining("entente.server=" + malformed + " cannot be used")
                        .hasMessageContaining("discovery:"));
    }

    @Test
    void a_host_may_be_called_discovery() {
        assertThat(ServerSetting.parse("discovery:8091")).isInstanceOf(ServerSetting.Listed.class);
        assertThat(ServerSetting.parse("discovery:entente-tc")).isInstanceOf(ServerSetting.Service.class);
    }
}
