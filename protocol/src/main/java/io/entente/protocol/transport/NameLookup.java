package io.entente.protocol.transport;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Which addresses a host has.. */
interface NameLookup {

    /**
     * Waits as long as it takes.
     *
     * @param host a name, or an address as text
     * @return at least one, in the order in which they are to be tried
     * @throws UnknownHostException there is no such name, or nobody who knows it can be reached
     */
    List<InetAddress> addressesOf(String host) throws UnknownHostException;

    /** The JVM's, which remembers answers for as long as {@code networkaddress.cache.ttl} says. */
    static NameLookup ofTheJvm() {
        return host -> List.of(InetAddress.getAllByName(host));
    }
}
