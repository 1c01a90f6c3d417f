package io.entente.tc.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.bootstrap.DefaultBootstrapContext;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

/** What a registry is told of this server. */
class RegistryMetadataTest {

    private static StandardEnvironment environment(Map<String, Object> settings) {
        StandardEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().addFirst(new MapPropertySource("settings", settings));
        new RegistryMetadata()
                .onApplicationEvent(new ApplicationEnvironmentPreparedEvent(
                        new DefaultBootstrapContext(), new SpringApplication(), new String[0], environment));
        return environment;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "spring.cloud.zookeeper.discovery.metadata.entente-rpc-port",
                "spring.cloud.consul.discovery.metadata.entente-rpc-port",
                "spring.cloud.nacos.discovery.metadata.entente-rpc-port",
                "eureka.instance.metadata-map.entente-rpc-port"
            })
    void every_registry_is_told_the_port_of_clients(String key) {
        assertThat(environment(Map.of()).getProperty(key)).isEqualTo("8091");
    }

    @ParameterizedTest
    @CsvSource({
        "entente.tc.port, 9000, 9000",
        "entente.tc.cluster.self, tc1.example.org:9001, 9001",
        "entente.tc.cluster.self, tc1.example.org:9002/80/81, 9002",
        "entente.tc.advertised-address, tc.example.org:9003, 9003"
    })
    void it_is_the_port_that_clients_reach(String key, String value, String port) {
        assertThat(environment(Map.of(key, value)).getProperty("eureka.instance.metadata-map.entente-rpc-port"))
                .isEqualTo(port);
    }

    @Test
    void an_operator_may_say_otherwise() {
        String key = "eureka.instance.metadata-map.entente-rpc-port";
        assertThat(environment(Map.of(key, "30091")).getProperty(key)).isEqualTo("30091");
    }
}
