package io.entente.tm.spring;

import io.entente.protocol.transport.CoordinatorDiscovery;
import org.jspecify.annotations.Nullable;

/** Finds coordinators in a registry. There is none where Spring Cloud is not on the class path. */
interface RegisteredCoordinators {

    /**
     * The instances of a service.
     *
     * @return null when the application has no client of a registry
     */
    @Nullable
    CoordinatorDiscovery of(String service);
}
