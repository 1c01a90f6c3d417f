package io.entente.protocol.transport;

import java.util.List;

/** Coordinators that somebody has listed. */
record ListedCoordinators(List<ServerAddress> coordinators) implements CoordinatorDiscovery {

    ListedCoordinators {
        coordinators = List.copyOf(coordinators);
        if (coordinators.isEmpty()) {
            throw new IllegalArgumentException("No server given; at least one host:port of a coordinator is needed.");
        }
    }

    @Override
    public String toString() {
        return coordinators.toString();
    }
}
