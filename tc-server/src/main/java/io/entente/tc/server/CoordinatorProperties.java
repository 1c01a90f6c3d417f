package io.entente.tc.server;

import io.entente.tc.CoordinatorSettings;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the coordinator. None is needed.
 *
 * @param host address to listen on for clients; anything but loopback lets the whole network in
 * @param port port to listen on for clients
 * @param advertisedAddress host:port where clients reach this coordinator, when that differs from what it listens on
 * @param dataDirectory where the log is kept
 * @param snapshotMegabytes growth of the log after which it is compacted
 * @param retryFirst pause before phase two is tried again for a branch after the first failure
 * @param retryMost longest pause between two such tries
 * @param retryBudget a branch whose resource manager has answered with failures for this long needs attention; times in
 *     which none could be reached do not count
 * @param ioThreads threads for the network
 * @param seataLockWait how long a client of Seata's waits for a row here before it is told to come again
 */
@ConfigurationProperties("entente.tc")
record CoordinatorProperties(
        @DefaultValue("127.0.0.1") String host,
        @DefaultValue("8091") int port,
        @Nullable String advertisedAddress,
        @DefaultValue("entente-data") Path dataDirectory,
        @DefaultValue("64") int snapshotMegabytes,
        @DefaultValue("100ms") Duration retryFirst,
        @DefaultValue("30s") Duration retryMost,
        @DefaultValue("10m") Duration retryBudget,
        @DefaultValue("2") int ioThreads,
        @DefaultValue("100ms") Duration seataLockWait) {

    CoordinatorSettings toSettings() {
        return new CoordinatorSettings(
                host,
                port,
                advertisedAddress,
                dataDirectory,
                snapshotMegabytes,
                retryFirst.toMillis(),
                retryMost.toMillis(),
                retryBudget.toMillis(),
                ioThreads,
                seataLockWait.toMillis());
    }
}
