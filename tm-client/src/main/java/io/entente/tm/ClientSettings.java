package io.entente.tm;

import io.entente.protocol.security.ClientSecurity;
import io.entente.protocol.transport.CoordinatorDiscovery;
import io.entente.protocol.transport.ServerAddress;
import java.time.Duration;

/**
 * How this process works with its coordinator.
 *
 * @param discovery tells where coordinators listen
 * @param applicationId name of this application at the coordinator
 * @param transactionGroup group of applications that share coordinators
 * @param defaultTimeout of transactions that name none
 * @param startup what to do when no coordinator answers at start-up
 * @param startupWait how long start-up waits for a coordinator before it fails or goes on
 * @param connectTimeout for one attempt to connect and register
 * @param requestTimeout for one answer; also how long a begin waits for a connection
 * @param completionPatience how long a commit or a rollback is asked for again while no answer comes
 * @param security TLS and token towards the coordinator
 */
public record ClientSettings(
        CoordinatorDiscovery discovery,
        String applicationId,
        String transactionGroup,
        Duration defaultTimeout,
        Startup startup,
        Duration startupWait,
        Duration connectTimeout,
        Duration requestTimeout,
        Duration completionPatience,
        ClientSecurity security) {

    /** The group of Seata clients that configure none. */
    public static final String DEFAULT_TRANSACTION_GROUP = "default_tx_group";

    /** What to do when no coordinator answers at start-up. */
    public enum Startup {
        /** Start-up fails with a message that says what was tried. */
        FAIL,
        /** Start-up goes on, and so do the attempts to connect; transactions fail to begin meanwhile. */
        WAIT
    }

    /** @throws IllegalArgumentException naming the value that cannot be used, and why */
    public ClientSettings {
        requireText("application id", applicationId);
        requireText("transaction group", transactionGroup);
        TransactionOptions.requireTimeout("The default timeout", defaultTimeout);
        requirePositive("startup wait", startupWait);
        requirePositive("connect timeout", connectTimeout);
        requirePositive("request timeout", requestTimeout);
        requirePositive("completion patience", completionPatience);
    }

    /**
     * Settings for the given servers, everything else by default.
     *
     * @param servers {@code host:port[,host:port…]}; a host may be a name with several addresses
     * @throws IllegalArgumentException when {@code servers} is malformed
     */
    public static ClientSettings of(String servers) {
        return of(CoordinatorDiscovery.of(ServerAddress.parseList(servers)));
    }

    /** Settings for coordinators that come and go, everything else by default. */
    public static ClientSettings of(CoordinatorDiscovery discovery) {
        return new ClientSettings(
                discovery,
                "application",
                DEFAULT_TRANSACTION_GROUP,
                Duration.ofSeconds(60),
                Startup.FAIL,
                Duration.ofSeconds(10),
                Duration.ofSeconds(3),
                Duration.ofSeconds(15),
                Duration.ofSeconds(60),
                ClientSecurity.none());
    }

    public ClientSettings withApplicationId(String newApplicationId) {
        return new ClientSettings(
                discovery,
                newApplicationId,
                transactionGroup,
                defaultTimeout,
                startup,
                startupWait,
                connectTimeout,
                requestTimeout,
                completionPatience,
                security);
    }

    public ClientSettings withDefaultTimeout(Duration newDefaultTimeout) {
        return new ClientSettings(
                discovery,
                applicationId,
                transactionGroup,
                newDefaultTimeout,
                startup,
                startupWait,
                connectTimeout,
                requestTimeout,
                completionPatience,
                security);
    }

    public ClientSettings withStartup(Startup newStartup, Duration newStartupWait) {
        return new ClientSettings(
                discovery,
                applicationId,
                transactionGroup,
                defaultTimeout,
                newStartup,
                newStartupWait,
                connectTimeout,
                requestTimeout,
                completionPatience,
                security);
    }

    public ClientSettings withPatience(Duration newRequestTimeout, Duration newCompletionPatience) {
        return new ClientSettings(
                discovery,
                applicationId,
                transactionGroup,
                defaultTimeout,
                startup,
                startupWait,
                connectTimeout,
                newRequestTimeout,
                newCompletionPatience,
                security);
    }

    public ClientSettings withSecurity(ClientSecurity newSecurity) {
        return new ClientSettings(
                discovery,
                applicationId,
                transactionGroup,
                defaultTimeout,
                startup,
                startupWait,
                connectTimeout,
                requestTimeout,
                completionPatience,
                newSecurity);
    }

    private static void requireText(String what, String value) {
        if (value.isBlank()) {
            throw new IllegalArgumentException("The " + what + " is blank; it must have at least one character.");
        }
    }

    private static void requirePositive(String what, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException("The " + what + " is " + value + "; it must be longer than zero.");
        }
    }
}
