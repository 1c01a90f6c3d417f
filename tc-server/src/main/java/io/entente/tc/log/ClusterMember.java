package io.entente.tc.log;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a member of a cluster is reached.
 *
 * @param host name or address, the same for clients, operators and the other members
 * @param port where clients connect
 * @param httpPort of the HTTP interface
 * @param raftPort where the other members connect
 */
public record ClusterMember(String host, int port, int httpPort, int raftPort) {
    private static final Pattern TEXT =
            Pattern.compile("(?<host>[A-Za-z0-9._-]+):(?<port>\\d{1,5})(/(?<http>\\d{1,5})/(?<raft>\\d{1,5}))?");

    public ClusterMember {
        if (host.isBlank() || !isPort(port) || !isPort(httpPort) || !isPort(raftPort) || port == raftPort) {
            throw unusable(host + ":" + port + "/" + httpPort + "/" + raftPort);
        }
    }

    private static boolean isPort(int port) {
        return port >= 1 && port <= 65_535;
    }

    private static IllegalArgumentException unusable(String text) {
        return new IllegalArgumentException("'" + text
                + "' is no member of a cluster: expected host:port, for example tc1.example.org:8091, where HTTP is"
                + " on the port less 1000 and raft on the port plus 1000, or all three as"
                + " host:port/http-port/raft-port; a host has no colon, so an IPv6 address needs a name");
    }

    /**
     * Reads {@code host:port}, where HTTP is on the port less 1000 and raft on the port plus 1000, or {@code
     * host:port/http/raft}.
     *
     * @throws IllegalArgumentException when it is neither
     */
    public static ClusterMember parse(String text) {
        Matcher parts = TEXT.matcher(text.trim());
        if (!parts.matches()) {
            throw unusable(text);
        }
        int port = Integer.parseInt(parts.group("port"));
        String http = parts.group("http");
        return new ClusterMember(
                parts.group("host"),
                port,
                http == null ? port - 1_000 : Integer.parseInt(http),
                http == null ? port + 1_000 : Integer.parseInt(parts.group("raft")));
    }

    /**
     * Reads several, separated by commas.
     *
     * @throws IllegalArgumentException naming the one that is none, or stands there twice
     */
    public static List<ClusterMember> parseList(String text) {
        LinkedHashSet<ClusterMember> members = new LinkedHashSet<>();
        LinkedHashSet<String> raftAddresses = new LinkedHashSet<>();
        for (String part : text.split(",", -1)) {
            ClusterMember member = parse(part);
            members.add(member);
            if (!raftAddresses.add(member.raftAddress())) {
                throw new IllegalArgumentException("the member " + member + " stands there twice");
            }
        }
        return List.copyOf(members);
    }

    /** {@code host:port} for clients. */
    public String address() {
        return host + ":" + port;
    }

    /** {@code host:port} for the other members; no two members have the same. */
    public String raftAddress() {
        return host + ":" + raftPort;
    }

    @Override
    public String toString() {
        return host + ":" + port + "/" + httpPort + "/" + raftPort;
    }
}
