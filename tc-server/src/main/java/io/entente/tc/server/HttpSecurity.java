package io.entente.tc.server;

import io.entente.tc.security.Listener;
import java.net.InetAddress;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointProperties;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementServerProperties;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;

/** What protects the HTTP ports. */
final class HttpSecurity {
    private static final String INSECURE = "entente.tc.allow-insecure=http";
    private static final String TOKENS = "entente.tc.tokens.operator=file:<path>";

    private HttpSecurity() {}

    /**
     * @param management null without an actuator
     * @throws io.entente.tc.security.InsecureListenerException when a port would be open to others without TLS or
     *     authentication, and that is not {@code allowed}
     */
    static void requireSafe(
            ServerProperties server,
            @Nullable ManagementServerProperties management,
            Environment environment,
            boolean tokens,
            boolean allowed) {
        require(
                "the HTTP port",
                server.getAddress(),
                server.getSsl(),
                tokens,
                allowed,
                new Listener.Keys(
                        "server.address=127.0.0.1",
                        "server.ssl.bundle=<name of an SSL bundle>   (entente.tc.tls.bundle counts for HTTP too)",
                        TOKENS,
                        INSECURE));
        if (management != null && ManagementPortType.get(environment) == ManagementPortType.DIFFERENT) {
            @Nullable Ssl own = management.getSsl();
            require(
                    "the management port",
                    management.getAddress(),
                    own != null ? own : server.getSsl(),
                    tokens,
                    allowed,
                    new Listener.Keys(
                            "management.server.address=127.0.0.1",
                            "management.server.ssl.bundle=<name of an SSL bundle>",
                            TOKENS,
                            INSECURE));
        }
    }

    private static void require(
            String name,
            @Nullable InetAddress address,
            @Nullable Ssl ssl,
            boolean tokens,
            boolean allowed,
            Listener.Keys keys) {
        boolean tls = Ssl.isEnabled(ssl);
        boolean certificates = tls && ssl != null && ssl.getClientAuth() == Ssl.ClientAuth.NEED;
        String host = address == null ? "0.0.0.0" : address.getHostAddress();
        new Listener(name, host, tls, tokens || certificates, keys).requireSafe(allowed);
    }

    /** @param basePath where the port has its actuator */
    static FilterRegistrationBean<TokenFilter> filter(
            HttpTokens tokens, WebEndpointProperties endpoints, String contextPath) {
        String health = contextPath + endpoints.getBasePath() + "/"
                + endpoints.getPathMapping().getOrDefault("health", "health");
        Set<String> open = new LinkedHashSet<>(Set.of(
                health,
                health + "/liveness",
                health + "/readiness",
                health + "/" + LeaderHealth.GROUP,
                // With management.endpoint.health.probes.add-additional-paths.
                contextPath + "/livez",
                contextPath + "/readyz"));
        FilterRegistrationBean<TokenFilter> registration = new FilterRegistrationBean<>(new TokenFilter(tokens, open));
        // Behind the filter that counts requests, so that those that are refused are counted; before all others.
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 10);
        return registration;
    }
}
