package io.entente.tc;

import io.entente.tc.coordinator.Limits;
import io.entente.tc.security.SecuritySettings;
import io.entente.tc.webhook.WebhookSettings;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How a coordinator runs.
 *
 * @param host address to listen on; without TLS and tokens only loopback is possible, see {@code security}
 * @param port RPC port; 0 lets the system choose
 * @param advertisedAddress {@code host:port} where clients reach this coordinator, part of every XID; null derives it from
 *     host and port
 * @param dataDirectory holds the log; created when missing; one coordinator at a time
 * @param snapshotMegabytes the log is compacted into a snapshot when it has grown by this much
 * @param retryFirstMillis pause before phase two is tried again for a branch, after the first failure
 * @param retryMostMillis longest pause between two such tries
 * @param retryBudgetMillis a branch whose resource manager has answered with failures for this long needs attention;
 *     times in which none could be reached do not count
 * @param ioThreads threads for the network
 * @param seataLockWaitMillis how long a client of Seata's waits for a row here before it is told to come again; 0 for not at
 *     all
 * @param limits what it takes on before it refuses new global transactions
 * @param webhook who is told of transactions that need attention
 * @param security how the port is protected
 */
public record CoordinatorSettings(
        String host,
        int port,
        @Nullable String advertisedAddress,
        Path dataDirectory,
        int snapshotMegabytes,
        long retryFirstMillis,
        long retryMostMillis,
        long retryBudgetMillis,
        int ioThreads,
        long seataLockWaitMillis,
        Limits limits,
        WebhookSettings webhook,
        SecuritySettings security) {

    /** The port of Seata's servers, so that a client needs no new one. */
    public static final int DEFAULT_PORT = 8091;

    public CoordinatorSettings {
        check(!host.isBlank(), "host", host, "an address to listen on, for example 127.0.0.1");
        check(port >= 0 && port <= 65_535, "port", port, "0 to 65535");
        check(
                advertisedAddress == null || advertisedAddress.matches("[^:,\\s]+:\\d{1,5}"),
                "advertised-address",
                String.valueOf(advertisedAddress),
                "host:port, for example tc.example.org:8091");
        check(snapshotMegabytes >= 1, "snapshot-megabytes", snapshotMegabytes, "at least 1");
        check(retryFirstMillis >= 1, "retry-first", retryFirstMillis + " ms", "at least 1 ms");
        check(retryMostMillis >= retryFirstMillis, "retry-most", retryMostMillis + " ms", "at least retry-first");
        check(retryBudgetMillis >= 1, "retry-budget", retryBudgetMillis + " ms", "at least 1 ms");
        check(ioThreads >= 1, "io-threads", ioThreads, "at least 1");
        check(
                seataLockWaitMillis >= 0 && seataLockWaitMillis <= 5_000,
                "seata-lock-wait",
                seataLockWaitMillis + " ms",
                "0 to 5 s: Seata's clients give up on an answer after 15 s, or sooner when told to");
    }

    private static void check(boolean valid, String name, Object value, String rule) {
        if (!valid) {
            throw new IllegalArgumentException("entente.tc." + name + " is '" + value + "'; expected " + rule);
        }
    }

    /** What a coordinator does when nothing is configured. */
    public static CoordinatorSettings in(Path dataDirectory) {
        return new CoordinatorSettings(
                "127.0.0.1",
                DEFAULT_PORT,
                null,
                dataDirectory,
                64,
                100,
                30_000,
                600_000,
                2,
                100,
                Limits.ofThisProcess(),
                WebhookSettings.NONE,
                SecuritySettings.none());
    }

    public CoordinatorSettings withHost(String newHost) {
        return with(draft -> draft.host = newHost);
    }

    public CoordinatorSettings withPort(int newPort) {
        return with(draft -> draft.port = newPort);
    }

    public CoordinatorSettings withAdvertisedAddress(String address) {
        return with(draft -> draft.advertisedAddress = address);
    }

    public CoordinatorSettings withSnapshotMegabytes(int megabytes) {
        return with(draft -> draft.snapshotMegabytes = megabytes);
    }

    public CoordinatorSettings withRetryBudgetMillis(long millis) {
        return with(draft -> draft.retryBudgetMillis = millis);
    }

    public CoordinatorSettings withSeataLockWaitMillis(long millis) {
        return with(draft -> draft.seataLockWaitMillis = millis);
    }

    public CoordinatorSettings withLimits(Limits newLimits) {
        return with(draft -> draft.limits = newLimits);
    }

    public CoordinatorSettings withWebhook(WebhookSettings newWebhook) {
        return with(draft -> draft.webhook = newWebhook);
    }

    public CoordinatorSettings withSecurity(SecuritySettings newSecurity) {
        return with(draft -> draft.security = newSecurity);
    }

    private CoordinatorSettings with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.settings();
    }

    /** Settings that one of them is changed in. */
    private static final class Draft {
        private final CoordinatorSettings before;
        private String host;
        private int port;
        private @Nullable String advertisedAddress;
        private int snapshotMegabytes;
        private long retryBudgetMillis;
        private long seataLockWaitMillis;
        private Limits limits;
        private WebhookSettings webhook;
        private SecuritySettings security;

        Draft(CoordinatorSettings before) {
            this.before = before;
            this.host = before.host;
            this.port = before.port;
            this.advertisedAddress = before.advertisedAddress;
            this.snapshotMegabytes = before.snapshotMegabytes;
            this.retryBudgetMillis = before.retryBudgetMillis;
            this.seataLockWaitMillis = before.seataLockWaitMillis;
            this.limits = before.limits;
            this.webhook = before.webhook;
            this.security = before.security;
        }

        CoordinatorSettings settings() {
            return new CoordinatorSettings(
                    host,
                    port,
                    advertisedAddress,
                    before.dataDirectory,
                    snapshotMegabytes,
                    before.retryFirstMillis,
                    before.retryMostMillis,
                    retryBudgetMillis,
                    before.ioThreads,
                    seataLockWaitMillis,
                    limits,
                    webhook,
                    security);
        }
    }
}
