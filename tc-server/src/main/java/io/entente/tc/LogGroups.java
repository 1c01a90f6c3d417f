package io.entente.tc;

import io.entente.protocol.transport.Rejection;
import io.entente.tc.coordinator.FactReplica;
import io.entente.tc.coordinator.IdSpace;
import io.entente.tc.log.LogGroup;
import io.entente.tc.log.LogUnusableException;
import io.entente.tc.log.file.FileLogGroup;
import io.entente.tc.log.file.FileLogSettings;
import io.entente.tc.log.jdbc.JdbcLogGroup;
import io.entente.tc.log.jdbc.JdbcLogSettings;
import io.entente.tc.log.raft.RaftLogGroup;
import io.entente.tc.log.raft.RaftPort;
import io.entente.tc.log.raft.RaftSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Chooses the engine of the logs, of which there are several only in a cluster. A directory belongs to one engine: the other would begin with nothing, and forget. */
final class LogGroups {
    /** As text, so that nothing of the replicated engine is loaded without a cluster. */
    private static final String RAFT_DIRECTORY = "raft";

    private LogGroups() {}

    /**
     * @param address {@code host:port} where clients reach this coordinator
     * @param onRejected told of connections to the raft port that may not be
     * @return by the names of the groups, the default one first
     */
    static Map<String, LogGroup> open(
            CoordinatorSettings settings, @Nullable SharedLog shared, String address, Consumer<Rejection> onRejected) {
        if (shared instanceof DatabaseLogSettings database) {
            return Map.of(IdSpace.DEFAULT_GROUP, inDatabase(database, settings, address));
        }
        return open(settings, (ClusterSettings) shared, onRejected);
    }

    private static LogGroup inDatabase(DatabaseLogSettings database, CoordinatorSettings settings, String address) {
        if (settings.port() == 0 && settings.advertisedAddress() == null) {
            throw new IllegalArgumentException(
                    "entente.tc.port is '0', and other coordinators tell clients of this one;"
                            + " expected a port, or entente.tc.advertised-address");
        }
        return JdbcLogGroup.open(
                JdbcLogSettings.of(
                        () -> DriverManager.getConnection(database.url(), database.username(), database.password()),
                        database.location(),
                        database.group(),
                        database.lease()),
                address);
    }

    private static Map<String, LogGroup> open(
            CoordinatorSettings settings, @Nullable ClusterSettings cluster, Consumer<Rejection> onRejected) {
        Path directory = settings.dataDirectory();
        if (cluster == null) {
            if (Files.exists(directory.resolve(RAFT_DIRECTORY))) {
                throw new LogUnusableException("The directory " + directory
                        + " holds the log of a member of a cluster, and no cluster is configured. Set"
                        + " entente.tc.cluster.self and entente.tc.cluster.members as before.");
            }
            return Map.of(IdSpace.DEFAULT_GROUP, FileLogGroup.open(FileLogSettings.in(directory)));
        }
        if (holdsFileLog(directory)) {
            throw new LogUnusableException("The directory " + directory
                    + " holds the log of a single coordinator, which a cluster does not take over. Let its transactions end"
                    + " without the cluster (GET /api/transactions shows those that are open), then give the cluster an empty"
                    + " directory.");
        }
        requireAllConfigured(directory, cluster.groups());
        try {
            return Replicated.open(settings, cluster, onRejected);
        } catch (NoClassDefFoundError e) {
            throw new LogUnusableException(
                    "A cluster needs com.alipay.sofa:jraft-core, com.google.protobuf:protobuf-java and"
                            + " io.netty:netty-transport-classes-epoll on the class path, and this is missing: "
                            + e.getMessage(),
                    e);
        }
    }

    /** What is open in a group that nobody leads any more would never end. */
    private static void requireAllConfigured(Path directory, Groups groups) {
        for (String name : namesIn(directory)) {
            if (name.startsWith(RAFT_DIRECTORY + "-")) {
                String group = name.substring(RAFT_DIRECTORY.length() + 1);
                if (!groups.named().containsKey(group)) {
                    throw new LogUnusableException("The directory " + directory.resolve(name)
                            + " holds the log of the group " + group
                            + ", which is not configured any more: what is open in it"
                            + " would never end. Set entente.tc.groups." + group
                            + " as before; when all its transactions have"
                            + " ended, stop all members and delete this directory at each.");
                }
            }
        }
    }

    private static boolean holdsFileLog(Path directory) {
        return namesIn(directory).stream().anyMatch(name -> name.endsWith(".log") || name.endsWith(".snapshot"));
    }

    private static List<String> namesIn(Path directory) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> String.valueOf(file.getFileName())).toList();
        } catch (IOException e) {
            throw new LogUnusableException("The directory " + directory + " cannot be read: " + e, e);
        }
    }

    /** Apart, so that its classes are loaded only with a cluster. */
    private static final class Replicated {
        private Replicated() {}

        static Map<String, LogGroup> open(
                CoordinatorSettings settings, ClusterSettings cluster, Consumer<Rejection> onRejected) {
            RaftSettings common = RaftSettings.of(
                            cluster.self(),
                            cluster.members(),
                            settings.host(),
                            settings.dataDirectory(),
                            cluster.electionTimeoutMillis(),
                            settings.snapshotMegabytes() * 1024L * 1024L)
                    .withTls(ClusterSettings.tlsOfMembers(settings));
            RaftPort port = RaftPort.of(common, onRejected);
            Map<String, LogGroup> groups = new LinkedHashMap<>();
            for (String name : cluster.groups().names()) {
                groups.put(name, new RaftLogGroup(common.withGroup(name), new FactReplica(), port));
            }
            return groups;
        }
    }
}
