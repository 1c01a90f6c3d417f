package io.entente.protocol.security;

/** Whether a server asks its clients for certificates; the words are those of Spring Boot. */
public enum ClientAuth {
    /** Nobody is asked. */
    NONE,
    /** A client may show one; one that is shown has to be valid. */
    WANT,
    /** Who shows none is refused: mutual TLS. */
    NEED
}
