package io.entente.tm.spring;

import io.entente.configuration.BundledKeys;
import io.entente.configuration.InvalidSetupException;
import io.entente.protocol.security.ClientSecurity;
import io.entente.protocol.security.ClientTls;
import io.entente.protocol.security.Tls;
import io.entente.protocol.security.TokenSource;
import io.entente.tm.ClientSettings;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.ssl.SslBundles;

/**
 * How this application works with its Entente coordinator. Only the server must be set.
 *
 * @param server Where coordinators listen: host:port, or several of them separated by commas, where a host may be a name with
 *     several addresses; or discovery: and a service id, for the instances of that service in the registry that Spring Cloud
 *     uses.
 * @param applicationId Name of this application at the coordinator. Default: spring.application.name.
 * @param transactionGroup Group of applications that share coordinators.
 * @param defaultTimeout Timeout of global transactions that name none; the coordinator rolls back after it.
 * @param startup What to do when no coordinator answers at start-up: fail, or wait (start and go on trying).
 * @param startupWait How long start-up waits for a coordinator before it fails or goes on.
 * @param connectTimeout Longest time for one attempt to connect to a coordinator.
 * @param requestTimeout Longest wait for one answer of the coordinator; also how long a begin waits for a connection.
 * @param completionPatience How long a commit or rollback is asked for again while the coordinator does not answer.
 * @param advisorOrder Order of the advice behind @GlobalTransactional. Must be lower, thus further out, than that of
 *     Spring's @Transactional, which is 2147483647.
 * @param tls TLS towards the coordinator.
 * @param token What this application shows to the coordinator: one of its entente.tc.tokens.client, or file: and the path
 *     of a file that holds it, which is read again at each connection.
 * @param tokenInPlainText Whether the token may be sent to another host without TLS.
 */
@ConfigurationProperties("entente")
public record EntenteProperties(
        @Nullable String server,
        @Nullable String applicationId,

        @DefaultValue(ClientSettings.DEFAULT_TRANSACTION_GROUP)
        String transactionGroup,

        @DefaultValue("60s") Duration defaultTimeout,
        @DefaultValue("fail") ClientSettings.Startup startup,
        @DefaultValue("10s") Duration startupWait,
        @DefaultValue("3s") Duration connectTimeout,
        @DefaultValue("15s") Duration requestTimeout,
        @DefaultValue("60s") Duration completionPatience,
        @DefaultValue("2147482647") int advisorOrder,
        @DefaultValue TlsProperties tls,
        @Nullable String token,
        @DefaultValue("false") boolean tokenInPlainText) {

    /**
     * TLS towards the coordinator.
     *
     * @param bundle Name of an SSL bundle of Spring Boot with the CA of the coordinator, and a certificate if it asks for
     *     one. Without it, plain text is spoken.
     * @param verifyHostName Whether the certificate of the coordinator must be for the host in entente.server.
     */
    public record TlsProperties(
            @Nullable String bundle, @DefaultValue("true") boolean verifyHostName) {}

    private static final String SERVER_ACTION = """
            Set entente.server to where your coordinator listens, for example in application.properties:

                entente.server=127.0.0.1:8091                     a coordinator
                entente.server=tc1:8091,tc2:8091,tc3:8091         several
                entente.server=entente-tc:8091                    all addresses of a name
                entente.server=discovery:entente-coordinator      the instances of a service, by Spring Cloud's DiscoveryClient

            In tests, the embedded coordinator of the testkit needs no setting.""";

    /** @throws InvalidSetupException naming the key that is missing or cannot be used */
    public EntenteProperties {
        if (server == null || server.isBlank()) {
            throw new InvalidSetupException(
                    "The address of the coordinator is missing: entente.server is not set.", SERVER_ACTION);
        }
        try {
            var unused = ServerSetting.parse(server);
        } catch (IllegalArgumentException e) {
            throw new InvalidSetupException(
                    "entente.server=" + server + " cannot be used: " + e.getMessage(), SERVER_ACTION);
        }
        if (transactionGroup.isBlank()) {
            throw new InvalidSetupException(
                    "entente.transaction-group is blank.",
                    "Remove it to use " + ClientSettings.DEFAULT_TRANSACTION_GROUP + ", or name a group.");
        }
        requirePositive("entente.default-timeout", defaultTimeout);
        requirePositive("entente.startup-wait", startupWait);
        requirePositive("entente.connect-timeout", connectTimeout);
        requirePositive("entente.request-timeout", requestTimeout);
        requirePositive("entente.completion-patience", completionPatience);
        if (advisorOrder == Integer.MAX_VALUE) {
            throw new InvalidSetupException(
                    "entente.advisor-order=" + advisorOrder + " is the order of Spring's @Transactional, so that the"
                            + " global transaction could end before the local one commits.",
                    "Choose a lower number.");
        }
    }

    /**
     * The same as {@link ClientSettings}.
     *
     * @param registered null without a registry
     */
    ClientSettings toSettings(
            String applicationName, @Nullable SslBundles bundles, @Nullable RegisteredCoordinators registered) {
        return new ClientSettings(
                ServerSetting.parse(String.valueOf(server)).discovery(registered),
                applicationId == null || applicationId.isBlank() ? applicationName : applicationId,
                transactionGroup,
                defaultTimeout,
                startup,
                startupWait,
                connectTimeout,
                requestTimeout,
                completionPatience,
                new ClientSecurity(clientTls(bundles), tokenSource(), tokenInPlainText));
    }

    private @Nullable ClientTls clientTls(@Nullable SslBundles bundles) {
        String name = tls.bundle();
        if (name == null || name.isBlank()) {
            return null;
        }
        BundledKeys keys = BundledKeys.of("entente.tls.bundle", name, bundles);
        try {
            Tls made = Tls.of(keys).withCiphers(keys.ciphers());
            return new ClientTls(
                    keys.protocols().isEmpty() ? made : made.withProtocols(keys.protocols()), tls.verifyHostName());
        } catch (IllegalArgumentException e) {
            throw new InvalidSetupException(
                    "The SSL bundle " + name + " of entente.tls.bundle cannot be used: " + e.getMessage(),
                    "Correct its options.");
        }
    }

    private @Nullable TokenSource tokenSource() {
        if (token == null || token.isBlank()) {
            return null;
        }
        try {
            return TokenSource.of("entente.token", token);
        } catch (IllegalArgumentException e) {
            throw new InvalidSetupException(
                    String.valueOf(e.getMessage()),
                    "Set entente.token to one of entente.tc.tokens.client of the coordinator, or to file: and the path of a"
                            + " file that holds one.");
        }
    }

    /** Without the token. */
    @Override
    public String toString() {
        return "EntenteProperties[server=" + server + ", applicationId=" + applicationId + ", tls=" + tls + "]";
    }

    private static void requirePositive(String key, Duration value) {
        // Milliseconds are carried in 32 bits.
        if (value.toMillis() < 1 || value.toMillis() > Integer.MAX_VALUE) {
            throw new InvalidSetupException(
                    key + "=" + value + " cannot be used: it must be between 1ms and 24d.",
                    "Give it a number with a unit, for example " + key + "=15s.");
        }
    }
}
