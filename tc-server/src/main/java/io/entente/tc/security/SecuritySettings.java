package io.entente.tc.security;

import io.entente.protocol.security.ClientAuth;
import io.entente.protocol.security.ServerTls;
import io.entente.protocol.security.TokenSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the RPC port is protected.
 *
 * @param tls null for plain text
 * @param clientTokens one of these has to come with each registration; empty when none is asked for
 * @param allowInsecure whether the port may listen on other addresses than loopback without TLS or without authentication
 */
public record SecuritySettings(@Nullable ServerTls tls, List<TokenSource> clientTokens, boolean allowInsecure) {

    private static final SecuritySettings NONE = new SecuritySettings(null, List.of(), false);

    public SecuritySettings {
        clientTokens = List.copyOf(clientTokens);
    }

    /** Nothing, which is possible on loopback only. */
    public static SecuritySettings none() {
        return NONE;
    }

    public SecuritySettings withTls(ServerTls newTls) {
        return new SecuritySettings(newTls, clientTokens, allowInsecure);
    }

    public SecuritySettings withClientTokens(List<TokenSource> newTokens) {
        return new SecuritySettings(tls, newTokens, allowInsecure);
    }

    public SecuritySettings withInsecureAllowed() {
        return new SecuritySettings(tls, clientTokens, true);
    }

    /** Whether clients are asked for certificates, and how. */
    ClientAuth clientAuth() {
        return tls == null ? ClientAuth.NONE : tls.clientAuth();
    }

    /**
     * Makes sure that nobody else reaches the port, or that it is protected.
     *
     * @param host the address that will be listened on
     * @throws InsecureListenerException when it is open and unprotected, and that is not explicitly allowed
     */
    public void requireSafe(String host) {
        new Listener(
                        "the RPC port",
                        host,
                        tls != null,
                        !clientTokens.isEmpty() || clientAuth() == ClientAuth.NEED,
                        new Listener.Keys(
                                "entente.tc.host=127.0.0.1",
                                "entente.tc.tls.bundle=<name of an SSL bundle>",
                                "entente.tc.tokens.client=file:<path>   (or entente.tc.tls.client-auth=need)",
                                "entente.tc.allow-insecure=rpc"))
                .requireSafe(allowInsecure);
    }
}
