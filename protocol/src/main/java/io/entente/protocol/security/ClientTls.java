package io.entente.protocol.security;

/**
 * TLS towards coordinators.
 *
 * @param tls whom to trust, and the certificate to show when the coordinator asks for one
 * @param verifyHostName whether the coordinator's certificate must be for the host that is connected to; without this,
 *     everybody with a certificate of a trusted CA can stand in for the coordinator
 */
public record ClientTls(Tls tls, boolean verifyHostName) {

    /** With the check of the host name. */
    public static ClientTls of(Tls tls) {
        return new ClientTls(tls, true);
    }
}
