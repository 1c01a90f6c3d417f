package io.entente.tc;

import io.entente.protocol.security.ServerTls;
import io.entente.protocol.security.Tls;
import io.entente.tc.log.ClusterMember;
import io.entente.tc.security.Listener;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a coordinator takes part in a cluster.
 *
 * @param self where this one is reached
 * @param members the cluster as it was founded; one that is not among them, and has no data, waits to be added. What was
 *     added and removed later counts more
 * @param electionTimeoutMillis silence of the leader after which another one is elected
 * @param allowInsecure whether the raft port may listen on other addresses than loopback without TLS
 * @param groups into which the cluster is divided; the same at all members
 */
public record ClusterSettings(
        ClusterMember self,
        List<ClusterMember> members,
        int electionTimeoutMillis,
        boolean allowInsecure,
        Groups groups)
        implements SharedLog {

    public static final int DEFAULT_ELECTION_TIMEOUT_MILLIS = 1_000;

    private static final Listener.Keys KEYS = new Listener.Keys(
            "entente.tc.host=127.0.0.1",
            "entente.tc.tls.bundle=<name of an SSL bundle>",
            "a trust store in that bundle, with the CA of the members' certificates",
            "entente.tc.allow-insecure=raft");

    /** One group, of members on this host only. */
    public ClusterSettings(ClusterMember self, List<ClusterMember> members, int electionTimeoutMillis) {
        this(self, members, electionTimeoutMillis, false, Groups.NONE);
    }

    public ClusterSettings withGroups(Groups newGroups) {
        return new ClusterSettings(self, members, electionTimeoutMillis, allowInsecure, newGroups);
    }

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
     * Checks that this coordinator is reached where it says, and by no one else.
     *
     * @throws IllegalArgumentException as the constructor
     * @throws io.entente.tc.security.InsecureListenerException when others could connect to the raft port
     */
    void requireReachable(CoordinatorSettings settings) {
        boolean tls = tlsOfMembers(settings) != null;
        new Listener("the raft port", settings.host(), tls, tls, KEYS).requireSafe(allowInsecure);
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

    /**
     * What protects the raft port: the same certificate and CAs as those of the RPC port. Null for plain text, also when no CA
     * is named: those of the JDK would let everybody in.
     */
    static @Nullable Tls tlsOfMembers(CoordinatorSettings settings) {
        ServerTls tls = settings.security().tls();
        return tls == null || !tls.tls().namesTrusted() ? null : tls.tls();
    }

    private static boolean isLoopback(String host) {
        return host.startsWith("127.") || host.equals("localhost") || host.equals("::1");
    }
}
