package io.entente.protocol.security;

import io.netty.handler.ssl.SslHandler;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * One side's keys, and whom it trusts. Asked anew for each connection, so that renewed certificates need no restart;
 * connections that are open stay as they are. TLS 1.3 and 1.2 only, with the cipher suites that the JDK has enabled.
 */
public final class Tls {
    private static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

    private final Supplier<SSLContext> contexts;
    private final boolean hasKey;
    private final boolean namesTrusted;
    private final List<String> protocols;
    private final List<String> ciphers;

    private Tls(
            Supplier<SSLContext> contexts,
            boolean hasKey,
            boolean namesTrusted,
            List<String> protocols,
            List<String> ciphers) {
        this.contexts = contexts;
        this.hasKey = hasKey;
        this.namesTrusted = namesTrusted;
        this.protocols = protocols;
        this.ciphers = ciphers;
    }

    /**
     * From PEM files, which are read again when they have changed. New ones that cannot be read are logged, and the old
     * ones stay in use.
     *
     * @throws IllegalArgumentException when they cannot be used
     */
    public static Tls of(PemFiles files) {
        return new Tls(
                new ReloadedPem(files), files.certificate() != null, files.trusted() != null, PROTOCOLS, List.of());
    }

    /**
     * From the JDK's own type, for keys of any other kind.
     *
     * @param contexts asked for each connection
     */
    public static Tls of(Supplier<SSLContext> contexts) {
        return of(contexts, true);
    }

    /**
     * As {@link #of(Supplier)}.
     *
     * @param namesTrusted whether it is said which CAs are trusted; if not, it cannot ask for certificates
     */
    public static Tls of(Supplier<SSLContext> contexts, boolean namesTrusted) {
        return new Tls(contexts, true, namesTrusted, PROTOCOLS, List.of());
    }

    /**
     * @param only names of protocols, such as TLSv1.3; no version before 1.2 is possible
     * @throws IllegalArgumentException naming the one that is not possible
     */
    public Tls withProtocols(List<String> only) {
        for (String protocol : only) {
            if (!PROTOCOLS.contains(protocol)) {
                throw new IllegalArgumentException(protocol + " is not possible; possible are " + PROTOCOLS);
            }
        }
        return new Tls(contexts, hasKey, namesTrusted, List.copyOf(only), ciphers);
    }

    /** @param only names of cipher suites, as the JDK has them */
    public Tls withCiphers(List<String> only) {
        return new Tls(contexts, hasKey, namesTrusted, protocols, List.copyOf(only));
    }

    boolean hasKey() {
        return hasKey;
    }

    /** Whether it is said which CAs are trusted; if not, they are those of the JDK. */
    public boolean namesTrusted() {
        return namesTrusted;
    }

    /** The first handler of a connection that was accepted. */
    public SslHandler serverHandler(ClientAuth clientAuth, Duration handshakePatience) {
        SSLEngine engine = contexts.get().createSSLEngine();
        engine.setUseClientMode(false);
        SSLParameters parameters = parameters(engine);
        if (clientAuth == ClientAuth.NEED) {
            parameters.setNeedClientAuth(true);
        } else {
            parameters.setWantClientAuth(clientAuth == ClientAuth.WANT);
        }
        return handler(engine, parameters, handshakePatience);
    }

    /**
     * The first handler of a connection to {@code host}.
     *
     * @param verifyHostName whether the certificate must be for {@code host}
     */
    public SslHandler clientHandler(String host, int port, boolean verifyHostName, Duration handshakePatience) {
        SSLEngine engine = contexts.get().createSSLEngine(host, port);
        engine.setUseClientMode(true);
        SSLParameters parameters = parameters(engine);
        @Nullable String check = verifyHostName ? "HTTPS" : null;
        parameters.setEndpointIdentificationAlgorithm(check);
        return handler(engine, parameters, handshakePatience);
    }

    private SSLParameters parameters(SSLEngine engine) {
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(protocols.toArray(String[]::new));
        if (!ciphers.isEmpty()) {
            parameters.setCipherSuites(ciphers.toArray(String[]::new));
        }
        return parameters;
    }

    private static SslHandler handler(SSLEngine engine, SSLParameters parameters, Duration handshakePatience) {
        engine.setSSLParameters(parameters);
        SslHandler handler = new SslHandler(engine);
        handler.setHandshakeTimeoutMillis(handshakePatience.toMillis());
        return handler;
    }
}
