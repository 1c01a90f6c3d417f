package io.entente.tc.server;

import io.entente.tc.Role;
import io.entente.tc.TransactionCoordinator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.health.actuate.endpoint.AdditionalHealthEndpointPath;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroup;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroups;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroupsPostProcessor;
import org.springframework.boot.health.actuate.endpoint.HttpCodeStatusMapper;
import org.springframework.boot.health.actuate.endpoint.StatusAggregator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Up on the coordinator that leads, for load balancers that have to find it; in a group of its own. */
final class LeaderHealth implements HealthIndicator {

    /** The name of its group, which says who is asked for. */
    static final String GROUP = "leader";

    /** A name may not be that of a group. */
    static final String NAME = "lead";

    private final TransactionCoordinator coordinator;

    LeaderHealth(TransactionCoordinator coordinator) {
        this.coordinator = coordinator;
    }

    @Override
    public Health health() {
        Role role = coordinator.role();
        return (role == Role.LEADER ? Health.up() : Health.outOfService())
                .withDetail("role", role)
                .build();
    }

    /** Keeps it out of the health of the process: a follower is as healthy as a leader. */
    static final class OutOfTheWhole implements HealthEndpointGroupsPostProcessor {

        @Override
        public HealthEndpointGroups postProcessHealthEndpointGroups(HealthEndpointGroups groups) {
            Map<String, HealthEndpointGroup> others = new LinkedHashMap<>();
            for (String name : groups.getNames()) {
                @Nullable HealthEndpointGroup group = groups.get(name);
                if (group != null) {
                    others.put(name, group);
                }
            }
            return HealthEndpointGroups.of(new Whole(groups.getPrimary()), others);
        }
    }

    private record Whole(HealthEndpointGroup group) implements HealthEndpointGroup {

        @Override
        public boolean isMember(String name) {
            return !name.equals(NAME) && group.isMember(name);
        }

        @Override
        public boolean showComponents(SecurityContext securityContext) {
            return group.showComponents(securityContext);
        }

        @Override
        public boolean showDetails(SecurityContext securityContext) {
            return group.showDetails(securityContext);
        }

        @Override
        public StatusAggregator getStatusAggregator() {
            return group.getStatusAggregator();
        }

        @Override
        public HttpCodeStatusMapper getHttpCodeStatusMapper() {
            return group.getHttpCodeStatusMapper();
        }

        @Override
        public @Nullable AdditionalHealthEndpointPath getAdditionalPath() {
            return group.getAdditionalPath();
        }
    }
}
