package io.entente.tc.server;

import io.entente.tc.TransactionCoordinator;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Whether this process serves: it leads, or knows who does. Who does not know that is out of contact with its group, or
 * with the database that holds its log, and has nothing to tell clients. One whose log fails does not live long enough to
 * be asked.
 */
final class CoordinatorHealth implements HealthIndicator {
    private final TransactionCoordinator coordinator;

    CoordinatorHealth(TransactionCoordinator coordinator) {
        this.coordinator = coordinator;
    }

    @Override
    public Health health() {
        @Nullable String leader = coordinator.leader();
        Health.Builder health = leader == null ? Health.outOfService() : Health.up();
        health.withDetail("role", coordinator.role());
        if (leader == null) {
            health.withDetail("error", "no coordinator is known to lead");
        } else {
            health.withDetail("leader", leader);
        }
        return health.build();
    }
}
