package io.entente.protocol.security;

/**
 * TLS of a port that is listened on.
 *
 * @param tls has to bring a certificate with its key; and, unless {@code clientAuth} is {@link ClientAuth#NONE}, the CAs
 *     whose clients are let in
 * @param clientAuth whether clients have to show certificates
 */
public record ServerTls(Tls tls, ClientAuth clientAuth) {

    /** @throws IllegalArgumentException when {@code tls} lacks what is needed */
    public ServerTls {
        if (!tls.hasKey()) {
            throw new IllegalArgumentException(
                    "TLS of a server needs a certificate and its private key; only trusted CAs are given");
        }
        if (clientAuth != ClientAuth.NONE && !tls.namesTrusted()) {
            // Those of the JDK would let everybody in who has a certificate of any public CA.
            throw new IllegalArgumentException(
                    "clients are asked for certificates, but no CA is given that they must be"
                            + " signed by; name the CA of your clients");
        }
    }
}
