package io.entente.tc.server;

import io.entente.configuration.BundledKeys;
import io.entente.protocol.security.ClientAuth;
import io.entente.protocol.security.ServerTls;
import io.entente.protocol.security.Tls;
import io.entente.protocol.security.TokenSource;
import io.entente.tc.ClusterSettings;
import io.entente.tc.CoordinatorSettings;
import io.entente.tc.DatabaseLogSettings;
import io.entente.tc.Groups;
import io.entente.tc.SharedLog;
import io.entente.tc.coordinator.Limits;
import io.entente.tc.log.ClusterMember;
import io.entente.tc.security.SecuritySettings;
import io.entente.tc.webhook.WebhookSettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.util.unit.DataSize;

/**
 * Settings of the coordinator. None is needed.
 *
 * @param host address to listen on for clients; anything but loopback needs TLS and tokens, or entente.tc.allow-insecure
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
 * @param cluster with whom this coordinator replicates its log; nobody when it is absent
 * @param groups the groups that a cluster is divided into, each with a leader of its own: transaction service groups of
 *     applications by the name of the group. All others are in the group default
 * @param database where the log is kept instead of in the data directory, for several coordinators of which one leads
 * @param limits what the coordinator takes on
 * @param webhook who is told when transactions begin to need an operator, and when that ends
 * @param tls TLS of the ports
 * @param tokens what clients and operators have to show
 * @param allowInsecure ports that may be open to other hosts without TLS or without authentication: rpc, http, raft
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
        @DefaultValue("100ms") Duration seataLockWait,
        @Nullable Cluster cluster,
        @DefaultValue Map<String, Set<String>> groups,
        @Nullable Database database,
        @DefaultValue LimitProperties limits,
        @DefaultValue WebhookProperties webhook,
        @DefaultValue TlsProperties tls,
        @DefaultValue TokenProperties tokens,
        @DefaultValue Set<Port> allowInsecure) {

    /**
     * A database that holds the log.
     *
     * @param url JDBC URL of PostgreSQL, MySQL or MariaDB
     * @param username who may read and write the tables entente_log_*
     * @param password of that user
     * @param group coordinators of the same group stand in for each other
     * @param lease how long a leader that is not heard of keeps the lead
     */
    record Database(
            @Nullable String url,
            @DefaultValue("") String username,
            @DefaultValue("") String password,
            @DefaultValue("default") String group,
            @DefaultValue("3s") Duration lease) {

        DatabaseLogSettings toSettings() {
            if (url == null) {
                throw new IllegalArgumentException(
                        "entente.tc.database.url is missing; expected a JDBC URL, for example"
                                + " jdbc:postgresql://db.example.org/entente");
            }
            return new DatabaseLogSettings(url, username, password, group, lease);
        }

        /** The password is nobody's business, nor is what stands in the URL. */
        @Override
        public String toString() {
            return "Database[group=" + group + ", lease=" + lease + "]";
        }
    }

    /**
     * How this coordinator takes part in a cluster.
     *
     * @param self where this coordinator is reached, as host:port or host:port/http-port/raft-port
     * @param members the members that found the cluster, written as self is
     * @param electionTimeout silence of the leader after which another one is elected
     */
    record Cluster(
            @Nullable String self,
            @DefaultValue List<String> members,
            @DefaultValue("1s") Duration electionTimeout) {

        ClusterSettings toSettings(boolean insecure, Groups groups) {
            if (self == null) {
                throw new IllegalArgumentException(
                        "entente.tc.cluster.self is missing; expected where this coordinator is reached, for example"
                                + " tc1.example.org:8091");
            }
            return new ClusterSettings(
                    member("self", self),
                    members.stream().map(text -> member("members", text)).toList(),
                    Math.toIntExact(electionTimeout.toMillis()),
                    insecure,
                    groups);
        }

        private static ClusterMember member(String key, String text) {
            try {
                return ClusterMember.parse(text);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("entente.tc.cluster." + key + ": " + e.getMessage(), e);
            }
        }
    }

    /**
     * What the coordinator takes on.
     *
     * @param openTransactions global transactions that have not ended; beyond, new ones are refused
     * @param stateBytes what open transactions may take of the heap, roughly; beyond, new ones are refused. Half of the heap
     *     when not set
     * @param queuedCommands requests that wait to be decided or for the log; beyond, new global transactions are refused
     * @param waiting requests that wait for rows; who comes beyond is answered at once
     * @param waitingPerRow requests that wait for one row; who comes beyond is answered at once
     * @param unreadBytes what was sent to one client and not read by it; beyond, it is disconnected
     */
    record LimitProperties(
            @DefaultValue("500000") int openTransactions,
            @Nullable DataSize stateBytes,
            @DefaultValue("100000") int queuedCommands,
            @DefaultValue("65536") int waiting,
            @DefaultValue("1000") int waitingPerRow,
            @DefaultValue("16MB") DataSize unreadBytes) {

        Limits toLimits() {
            return new Limits(
                    openTransactions,
                    stateBytes == null ? Limits.halfOfTheHeap() : stateBytes.toBytes(),
                    queuedCommands,
                    waiting,
                    waitingPerRow,
                    unreadBytes.toBytes());
        }
    }

    /**
     * Who is told when transactions begin to need an operator, and when that ends.
     *
     * @param url addresses that get a POST, separated by commas
     * @param secret signs what is sent; no signature without it
     * @param timeout for one try
     * @param retryFirst pause after the first failure
     * @param retryMost longest pause between two tries
     * @param queue notices that wait in memory for one address
     */
    record WebhookProperties(
            @DefaultValue List<URI> url,
            @DefaultValue("") String secret,
            @DefaultValue("10s") Duration timeout,
            @DefaultValue("1s") Duration retryFirst,
            @DefaultValue("5m") Duration retryMost,
            @DefaultValue("1000") int queue) {

        WebhookSettings toSettings() {
            return new WebhookSettings(url, secret, timeout, retryFirst, retryMost, queue);
        }
    }

    /** Null for a coordinator by itself. */
    @Nullable
    SharedLog toSharedLog() {
        if (cluster != null && database != null) {
            throw new IllegalArgumentException(
                    "entente.tc.cluster and entente.tc.database are both set; expected one of"
                            + " them: a cluster has its log on its own disks");
        }
        Groups divided = new Groups(groups);
        if (cluster != null) {
            return cluster.toSettings(allowInsecure.contains(Port.RAFT), divided);
        }
        if (!groups.isEmpty()) {
            throw new IllegalArgumentException(
                    "entente.tc.groups is set, for " + divided.named().keySet()
                            + ", without entente.tc.cluster; expected a cluster: only its log can be divided into groups. With"
                            + " entente.tc.database, start a coordinator for each group, with another entente.tc.database.group");
        }
        return database == null ? null : database.toSettings();
    }

    /** Of all groups, when there are several; else empty. */
    List<String> namesOfGroups() {
        return groups.isEmpty() ? List.of() : new Groups(groups).names();
    }

    /** What may be open and unprotected. */
    enum Port {
        RPC,
        HTTP,
        RAFT
    }

    /**
     * @param bundle name of an SSL bundle of Spring Boot, with certificate and key; for HTTP too, unless server.ssl says
     *     otherwise, and with a trust store between the members of a cluster
     * @param clientAuth whether clients have to show certificates: none, want, need
     */
    record TlsProperties(
            @Nullable String bundle, @DefaultValue("none") ClientAuth clientAuth) {}

    /**
     * Each is a token of at least 16 characters, or file: and the path of a file with one in each line, which is read again
     * when it changes.
     *
     * @param client one of these has to come with each registration of a client
     * @param operator with one of these, everything may be done over HTTP
     * @param viewer with one of these, everything may be read over HTTP
     */
    record TokenProperties(
            @DefaultValue List<String> client,
            @DefaultValue List<String> operator,
            @DefaultValue List<String> viewer) {

        List<TokenSource> clients() {
            return sources("entente.tc.tokens.client", client);
        }

        List<TokenSource> operators() {
            return sources("entente.tc.tokens.operator", operator);
        }

        List<TokenSource> viewers() {
            return sources("entente.tc.tokens.viewer", viewer);
        }

        private static List<TokenSource> sources(String key, List<String> configured) {
            List<TokenSource> sources = new ArrayList<>();
            for (int i = 0; i < configured.size(); i++) {
                sources.add(TokenSource.of(key + "[" + i + "]", configured.get(i)));
            }
            return sources;
        }

        @Override
        public String toString() {
            return "tokens that are not shown";
        }
    }

    /** @param bundles null when Spring Boot makes none */
    CoordinatorSettings toSettings(@Nullable SslBundles bundles) {
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
                seataLockWait.toMillis(),
                limits.toLimits(),
                webhook.toSettings(),
                new SecuritySettings(serverTls(bundles), tokens.clients(), allowInsecure.contains(Port.RPC)));
    }

    private @Nullable ServerTls serverTls(@Nullable SslBundles bundles) {
        String name = tls.bundle();
        if (name == null || name.isBlank()) {
            if (tls.clientAuth() != ClientAuth.NONE) {
                throw new IllegalArgumentException("entente.tc.tls.client-auth is '" + tls.clientAuth()
                        + "', but there is no TLS: entente.tc.tls.bundle is not set");
            }
            return null;
        }
        BundledKeys keys = BundledKeys.of("entente.tc.tls.bundle", name, bundles);
        if (!keys.hasCertificate()) {
            throw new IllegalArgumentException("the SSL bundle " + name
                    + " of entente.tc.tls.bundle has no key store: a" + " coordinator needs a certificate and its key");
        }
        if (tls.clientAuth() != ClientAuth.NONE && !keys.namesTrusted()) {
            throw new IllegalArgumentException(
                    "the SSL bundle " + name + " of entente.tc.tls.bundle has no trust store, but"
                            + " entente.tc.tls.client-auth asks clients for certificates: name the CA of your clients");
        }
        Tls made = Tls.of(keys, keys.namesTrusted()).withCiphers(keys.ciphers());
        return new ServerTls(
                keys.protocols().isEmpty() ? made : made.withProtocols(keys.protocols()), tls.clientAuth());
    }
}
