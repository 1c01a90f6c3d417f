package io.entente.tm.spring;

import io.entente.protocol.transport.CoordinatorDiscovery;
import io.entente.protocol.transport.ServerAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.discovery.DiscoveryClient;

/** Coordinators that are instances of a service in a registry that Spring Cloud knows. */
final class ServiceInstances implements CoordinatorDiscovery {

    /** Metadata of an instance: the port where clients connect, when the port of the instance is another one. */
    static final String RPC_PORT = "entente-rpc-port";

    private static final Logger log = LoggerFactory.getLogger(ServiceInstances.class);

    private final DiscoveryClient registry;
    private final String service;
    private final Set<String> refused = ConcurrentHashMap.newKeySet();

    ServiceInstances(DiscoveryClient registry, String service) {
        this.registry = registry;
        this.service = service;
    }

    @Override
    public List<ServerAddress> coordinators() {
        List<ServerAddress> coordinators = new ArrayList<>();
        for (ServiceInstance instance : registry.getInstances(service)) {
            ServerAddress address = address(instance);
            if (address != null && !coordinators.contains(address)) {
                coordinators.add(address);
            }
        }
        return coordinators;
    }

    /** Null for an instance that cannot be connected to; the others go on. */
    private @Nullable ServerAddress address(ServiceInstance instance) {
        @Nullable
        String said =
                instance.getMetadata() == null ? null : instance.getMetadata().get(RPC_PORT);
        String host = String.valueOf(instance.getHost());
        try {
            return new ServerAddress(host, said == null ? instance.getPort() : Integer.parseInt(said.trim()));
        } catch (IllegalArgumentException e) {
            if (refused.add(host + "/" + said)) {
                log.warn(
                        "An instance of {} is left out: its host is '{}', its port {} and its metadata {} '{}'; expected is"
                                + " a host, and a port of 1 to 65535 in the metadata or as the port of the instance",
                        service,
                        host,
                        instance.getPort(),
                        RPC_PORT,
                        said);
            }
            return null;
        }
    }

    @Override
    public String toString() {
        return ServerSetting.DISCOVERY + service;
    }
}
