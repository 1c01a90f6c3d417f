package io.entente.protocol.security;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * How a client protects its connections, and how it proves who it is.
 *
 * @param tls null for plain text
 * @param token sent with each registration; null for none
 * @param tokenInPlainText whether the token may be sent without TLS to a host other than this one, where everybody on the
 *     way can read it
 */
public record ClientSecurity(
        @Nullable ClientTls tls, @Nullable TokenSource token, boolean tokenInPlainText) {

    private static final ClientSecurity NONE = new ClientSecurity(null, null, false);

    /** Plain text without a token, for a coordinator on this host. */
    public static ClientSecurity none() {
        return NONE;
    }

    /**
     * @param remote where the connection leads
     * @return the token to register with; null when there is none
     * @throws IllegalArgumentException when it cannot be read, or would be shown to everybody on the way
     */
    public @Nullable String tokenFor(@Nullable SocketAddress remote) {
        if (token == null) {
            return null;
        }
        boolean staysHere = remote instanceof InetSocketAddress address
                && address.getAddress() != null
                && address.getAddress().isLoopbackAddress();
        if (tls == null && !staysHere && !tokenInPlainText) {
            throw new IllegalArgumentException(
                    "the token would go to another host in plain text, where everybody on the way"
                            + " can read it. Set entente.tls.bundle; in a network you trust, entente.token-in-plain-text=true");
        }
        return token.first();
    }

    public ClientSecurity withTls(ClientTls newTls) {
        return new ClientSecurity(newTls, token, tokenInPlainText);
    }

    public ClientSecurity withTokenInPlainText() {
        return new ClientSecurity(tls, token, true);
    }

    public ClientSecurity withToken(TokenSource newToken) {
        return new ClientSecurity(tls, newToken, tokenInPlainText);
    }
}
