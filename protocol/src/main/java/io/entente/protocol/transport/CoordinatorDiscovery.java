package io.entente.protocol.transport;

import java.util.List;

/**
 * Tells a client where coordinators listen at the moment. Its {@code toString} is what messages call it, best as it was
 * configured.
 */
public interface CoordinatorDiscovery {

    /**
     * Where coordinators listen, in the order in which they are to be tried. Asked before each round of attempts to connect,
     * so that coordinators may come and go; not while there is a connection. Each host may be a name with several addresses,
     * all of which are tried.
     *
     * <p>Called by one thread at a time, on one that may wait, but not longer than one attempt to connect is given.
     *
     * @return empty when there is none at the moment
     * @throws RuntimeException when it cannot be told now; what was told last counts until it can
     */
    List<ServerAddress> coordinators();

    /**
     * Always these.
     *
     * @throws IllegalArgumentException when there is none
     */
    static CoordinatorDiscovery of(List<ServerAddress> coordinators) {
        return new ListedCoordinators(coordinators);
    }
}
