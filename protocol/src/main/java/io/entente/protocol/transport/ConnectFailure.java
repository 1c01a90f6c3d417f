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

    /** The connection, or its TLS handshake, did not succeed. */
    static ConnectFailure connecting(ServerAddress server, Throwable cause) {
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

    static ConnectFailure refused(ServerAddress server, String reason) {
        return new ConnectFailure(server + ": " + reason, "");
    }

    /** The registration got no answer. */
    static ConnectFailure registering(ServerAddress server, Throwable cause, ClientSecurity security) {
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
