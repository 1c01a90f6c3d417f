package io.entente.tc.server;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Tells registries where clients connect. Whoever puts a registry of Spring Cloud on the class path has this server register
 * with its HTTP port; the metadata has the other one. Each registry has a key of its own for that; those of registries that
 * are not there disturb nobody.
 */
final class RegistryMetadata implements ApplicationListener<ApplicationEnvironmentPreparedEvent>, Ordered {

    /** Known to the clients too. */
    private static final String RPC_PORT = "entente-rpc-port";

    private static final List<String> METADATA = List.of(
            "spring.cloud.zookeeper.discovery.metadata.",
            "spring.cloud.consul.discovery.metadata.",
            "spring.cloud.nacos.discovery.metadata.",
            "eureka.instance.metadata-map.");

    @Override
    public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
        ConfigurableEnvironment environment = event.getEnvironment();
        String port = port(environment);
        Map<String, Object> metadata = new HashMap<>();
        METADATA.forEach(prefix -> metadata.put(prefix + RPC_PORT, port));
        environment.getPropertySources().addLast(new MapPropertySource("ententeRegistryMetadata", metadata));
    }

    /** Where clients connect; that the settings can be used is found out elsewhere. */
    private static String port(ConfigurableEnvironment environment) {
        @Nullable String advertised = environment.getProperty("entente.tc.advertised-address");
        @Nullable String address = advertised == null ? environment.getProperty("entente.tc.cluster.self") : advertised;
        if (address == null) {
            return environment.getProperty("entente.tc.port", "8091");
        }
        int end = address.indexOf('/');
        String hostAndPort = end < 0 ? address : address.substring(0, end);
        return hostAndPort.substring(hostAndPort.lastIndexOf(':') + 1);
    }

    /** After the files with configuration were read. */
    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE;
    }
}
