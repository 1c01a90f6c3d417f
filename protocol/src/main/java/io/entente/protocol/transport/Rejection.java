package io.entente.protocol.transport;

/** Why a server closed a client's connection. */
public enum Rejection {
    /** It did not speak TLS at a port that does. */
    PLAIN_TEXT,
    /** The TLS handshake failed: no certificate, or one that is not accepted, on either side. */
    TLS_HANDSHAKE,
    /** It did not end the TLS handshake in time. */
    TLS_TIMEOUT,
    /** Its bytes are no frames. */
    MALFORMED,
    /** It asked for something before it registered, or did not register in time. */
    NOT_REGISTERED,
    /** It registered without a token, where one is needed. */
    TOKEN_MISSING,
    /** It registered with a token that is not accepted. */
    TOKEN_WRONG,
    /** Its token is not accepted any more. */
    TOKEN_REVOKED
}
