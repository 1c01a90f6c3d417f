package io.entente.protocol.transport;

import io.entente.protocol.MalformedFrameException;
import io.entente.protocol.security.ClientSecurity;
import io.entente.protocol.security.TlsFailure;
import org.jspecify.annotations.Nullable;

/**
 * Why there is no connection to a coordinator.
 *
 * @param what the address, and what happened there
 * @param remedy what to do, as a sentence; empty when {@code what} says it
 */
record ConnectFailure(String what, String remedy) {
    private static final String START = "Start the coordinator there, or correct entente.server.";

    static ConnectFailure of(String what) {
        return new ConnectFailure(what, START);
    }

    /** Nobody says where coordinators are. */
    static ConnectFailure discovering(CoordinatorDiscovery discovery, @Nullable Throwable cause) {
        return new ConnectFailure(
                discovery + ": " + cause, "Check that what it asks can be reached, or correct entente.server.");
    }

    /** There are no coordinators, for what discovery knows. */
    static ConnectFailure nobodyFound(CoordinatorDiscovery discovery) {
        return new ConnectFailure(
                discovery + ": there is no coordinator at the moment",
                "Start a coordinator that makes itself known there, or correct entente.server.");
    }

    /** The name of the host leads to no address. */
    static ConnectFailure unknown(Candidate server) {
        return new ConnectFailure(
                server + ": no address of its host could be found: " + server.unknown(),
                "Correct the name in entente.server, or see to it that it can be looked up from here.");
    }

    /** The connection, or its TLS handshake, did not succeed. */
    static ConnectFailure connecting(Candidate server, Throwable cause) {
        if (TlsFailure.isOne(cause)) {
            return ofTls(server, cause);
        }
        if (cause instanceof ClosedDuringHandshakeException) {
            return new ConnectFailure(
                    server + ": it closed the connection during the TLS handshake (" + cause.getMessage() + ")",
                    "Check that the coordinator speaks TLS (entente.tc.tls.bundle), or remove entente.tls.bundle here.");
        }
        return of(server + ": " + cause);
    }

    static ConnectFailure refused(Candidate server, String reason) {
        return new ConnectFailure(server + ": " + reason, "");
    }

    /** The registration got no answer. */
    static ConnectFailure registering(Candidate server, Throwable cause, ClientSecurity security) {
        return new ConnectFailure(
                server + ": " + cause.getMessage(),
                security.tls() == null
                        ? "Its log may say why; if it speaks TLS, set entente.tls.bundle."
                        : "Its log may say why; it may want another client certificate.");
    }

    /** Something came over the connection that could not be read. */
    static ConnectFailure registered(@Nullable Object address, Throwable cause) {
        if (TlsFailure.isOne(cause)) {
            return ofTls(address, cause);
        }
        Throwable root = cause.getCause() instanceof MalformedFrameException malformed ? malformed : cause;
        return new ConnectFailure(
                address + ": " + (root instanceof MalformedFrameException ? root.getMessage() : root),
                "Check that entente.server names the RPC port of a coordinator.");
    }

    private static ConnectFailure ofTls(@Nullable Object address, Throwable cause) {
        TlsFailure failure = TlsFailure.atClient(cause);
        return new ConnectFailure(address + ": TLS failed: " + failure.what(), failure.remedy());
    }

    /** Both, as sentences. */
    String text() {
        return remedy.isEmpty() ? what : what + ". " + remedy;
    }
}
