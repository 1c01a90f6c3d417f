package io.entente.tc;

import io.entente.tc.log.ClusterMember;
import java.util.List;

/**
 * How a coordinator takes part in a cluster.
 *
 * @param self where this one is reached
 * @param members the cluster as it was founded; one that is not among them, and has no data, waits to be added. What was
 *     added and removed later counts more
 * @param electionTimeoutMillis silence of the leader after which another one is elected
 */
public record ClusterSettings(ClusterMember self, List<ClusterMember> members, int electionTimeoutMillis)
        implements SharedLog {

    public static final int DEFAULT_ELECTION_TIMEOUT_MILLIS = 1_000;

    /** @throws IllegalArgumentException naming the key, its value and what is expected */
    public ClusterSettings {
        members = List.copyOf(members);
        if (members.isEmpty()) {
            throw new IllegalArgumentException(
                    "entente.tc.cluster.members is empty; expected the members that found the cluster, this one among them,"
                            + " or the members of the one that this coordinator is to be added to");
        }
        for (ClusterMember member : members) {
            boolean same = member.raftAddress().equals(self.raftAddress())
                    || member.address().equals(self.address());
            if (same && !member.equals(self)) {
                throw new IllegalArgumentException("entente.tc.cluster.self is '" + self
                        + "', and entente.tc.cluster.members has '" + member
                        + "'; expected the same ports at both places");
            }
        }
        if (electionTimeoutMillis < 100 || electionTimeoutMillis > 60_000) {
            throw new IllegalArgumentException("entente.tc.cluster.election-timeout is '" + electionTimeoutMillis
                    + " ms'; expected 100 ms to 60 s");
        }
    }

    /**
     * Checks that this coordinator is reached where it says.
     *
     * @throws IllegalArgumentException as the constructor
     */
    void requireReachable(CoordinatorSettings settings) {
        if (settings.port() != self.port() && !self.address().equals(settings.advertisedAddress())) {
            throw new IllegalArgumentException(
                    "entente.tc.port is " + settings.port()
                            + ", and entente.tc.cluster.self sends clients to '" + self.address()
                            + "'; expected the same port, or that address as entente.tc.advertised-address when ports are mapped");
        }
        if (isLoopback(settings.host()) && !isLoopback(self.host())) {
            throw new IllegalArgumentException("entente.tc.host is '" + settings.host()
                    + "', where neither clients nor members on other machines can connect, and entente.tc.cluster.self sends"
                    + " them to '" + self.host() + "'; expected an address of that network, or 0.0.0.0");
        }
    }

    private static boolean isLoopback(String host) {
        return host.startsWith("127.") || host.equals("localhost") || host.equals("::1");
    }
}
