package io.entente.protocol.transport;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One address at which a coordinator may be reached.
 *
 * @param server as it is called; a certificate has to be for its host
 * @param address one of the addresses of that host; null when none could be found
 * @param unknown why not; null otherwise
 */
record Candidate(
        ServerAddress server,
        @Nullable InetAddress address,
        @Nullable Throwable unknown) {

    static Candidate at(ServerAddress server, InetAddress address) {
        return new Candidate(server, address, null);
    }

    static Candidate unknown(ServerAddress server, Throwable why) {
        return new Candidate(server, null, why);
    }

    InetSocketAddress socketAddress() {
        return new InetSocketAddress(Objects.requireNonNull(address), server.port());
    }

    /** The server, and behind a name its address. */
    @Override
    public String toString() {
        InetAddress known = address;
        if (known == null || known.getHostAddress().equals(server.host()) || isSameAddress(known)) {
            return server.toString();
        }
        return server + " (" + known.getHostAddress() + ")";
    }

    /** IPv6 addresses have several forms. */
    private boolean isSameAddress(InetAddress known) {
        return server.host().indexOf(':') >= 0 && known.getAddress().length == 16;
    }
}
