package io.entente.tc.security;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A port, and what protects it.
 *
 * @param name completes "… would listen on …"
 * @param host the address it listens on
 * @param authenticated whether everybody has to prove who they are
 * @param keys what to set
 */
public record Listener(String name, String host, boolean tls, boolean authenticated, Keys keys) {
    private static final Logger log = LoggerFactory.getLogger(Listener.class);

    /** The settings that help, each as it is written. */
    public record Keys(String loopback, String tls, String authentication, String insecure) {}

    /**
     * @param insecureAllowed whether the operator has said that it may be open and unprotected; then it is only logged
     * @throws InsecureListenerException when it is, and they have not
     */
    public void requireSafe(boolean insecureAllowed) {
        if ((tls && authenticated) || isLoopback(host)) {
            return;
        }
        String missing = !tls && !authenticated
                ? "without TLS and without authentication"
                : tls ? "without authentication" : "without TLS";
        if (insecureAllowed) {
            log.warn(
                    "INSECURE: {} listens on {} {}, as {} allows: whoever reaches it can {}",
                    name,
                    host,
                    missing,
                    keys.insecure,
                    authenticated ? "read and change what is sent" : "read and change every global transaction");
            return;
        }
        throw new InsecureListenerException(
                name + " would listen on " + host + ", where other hosts reach it, " + missing + ".",
                "Do one of these (docs/security.md has the commands):\n"
                        + "  - protect it:\n"
                        + (tls ? "" : "        " + keys.tls + "\n")
                        + (authenticated ? "" : "        " + keys.authentication + "\n")
                        + "  - listen on this host only:\n        " + keys.loopback + "\n"
                        + "  - in a network whose hosts you trust, or for clients of Seata's, which know neither:\n        "
                        + keys.insecure);
    }

    private static boolean isLoopback(String host) {
        try {
            for (InetAddress address : InetAddress.getAllByName(host)) {
                if (!address.isLoopbackAddress()) {
                    return false;
                }
            }
            return true;
        } catch (UnknownHostException e) {
            // Nobody can listen there; whoever tries will say so.
            return false;
        }
    }
}
