package io.entente.tm.spring;

import io.entente.configuration.InvalidSetupException;
import io.entente.protocol.transport.CoordinatorDiscovery;
import io.entente.protocol.transport.ServerAddress;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What {@code entente.server} says. */
sealed interface ServerSetting {

    /** How a service in a registry begins. */
    String DISCOVERY = "discovery:";

    /** Registries disagree on what a service id may be; none of them has these in it. */
    Pattern NO_SERVICE = Pattern.compile("[\\s,/:?#]");

    /** A host may have this name. */
    Pattern PORT = Pattern.compile("\\d+");

    /**
     * Where to look for coordinators.
     *
     * @param registered null without a registry
     * @throws InvalidSetupException when that is what it takes
     */
    CoordinatorDiscovery discovery(@Nullable RegisteredCoordinators registered);

    /** Coordinators that are listed. */
    record Listed(List<ServerAddress> servers) implements ServerSetting {

        @Override
        public CoordinatorDiscovery discovery(@Nullable RegisteredCoordinators registered) {
            return CoordinatorDiscovery.of(servers);
        }
    }

    /** Coordinators that are instances of a service. */
    record Service(String id) implements ServerSetting {

        @Override
        public CoordinatorDiscovery discovery(@Nullable RegisteredCoordinators registered) {
            CoordinatorDiscovery found = registered == null ? null : registered.of(id);
            if (found == null) {
                throw new InvalidSetupException(
                        "entente.server=" + DISCOVERY + id + " asks a registry, but "
                                + (registered == null
                                        ? "Spring Cloud is not on the class path."
                                        : "there is no bean of type DiscoveryClient."),
                        """
                        Do one of these:
                          - add the client of your registry, such as org.springframework.cloud:spring-cloud-starter-zookeeper-discovery
                          - remove spring.cloud.discovery.enabled=false, if it is set
                          - list the coordinators: entente.server=tc1:8091,tc2:8091""");
            }
            return found;
        }
    }

    /** @throws IllegalArgumentException saying what is wrong with {@code text} */
    static ServerSetting parse(String text) {
        String setting = text.trim();
        int colon = setting.indexOf(':');
        String kind = setting.substring(0, colon + 1);
        String rest = setting.substring(colon + 1);
        if (PORT.matcher(rest).matches()) {
            return new Listed(ServerAddress.parseList(setting));
        }
        if (kind.equals(DISCOVERY)) {
            if (rest.isEmpty() || NO_SERVICE.matcher(rest).find()) {
                throw new IllegalArgumentException("'" + rest + "' is no service id: expected " + DISCOVERY
                        + " and the id of one service, for example " + DISCOVERY + "entente-coordinator");
            }
            return new Service(rest);
        }
        try {
            return new Listed(ServerAddress.parseList(setting));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    e.getMessage() + "; or " + DISCOVERY + "<service id>, for example " + DISCOVERY
                            + "entente-coordinator",
                    e);
        }
    }
}
