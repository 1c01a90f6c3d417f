package io.entente.tc.log.raft;

import com.alipay.sofa.jraft.Node;
import com.alipay.sofa.jraft.RaftGroupService;
import com.alipay.sofa.jraft.conf.Configuration;
import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.option.ApplyTaskMode;
import com.alipay.sofa.jraft.option.NodeOptions;
import com.alipay.sofa.jraft.option.RaftOptions;
import com.alipay.sofa.jraft.option.ReadOnlyOption;
import com.alipay.sofa.jraft.rpc.RaftRpcServerFactory;
import com.alipay.sofa.jraft.rpc.RpcServer;
import com.alipay.sofa.jraft.rpc.impl.BoltRpcServer;
import io.entente.protocol.transport.Rejection;
import io.entente.tc.log.Cluster;
import io.entente.tc.log.ClusterMember;
import io.entente.tc.log.LogGroup;
import io.entente.tc.log.LogStatistics;
import io.entente.tc.log.LogUnusableException;
import io.entente.tc.log.StateReplica;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** This process as a member of a group that replicates its log, by SOFAJRaft. */
public final class RaftLogGroup implements LogGroup {
    /** The name of the directory inside the data directory. */
    public static final String DIRECTORY = "raft";

    private static final Logger log = LoggerFactory.getLogger(RaftLogGroup.class);
    private static final String GROUP = "default";
    private static final String OWN_LOGGING = "logback.middleware.log.disable";
    private static final int BIND_ATTEMPTS = 20;
    private static final long BIND_PAUSE_NANOS = 100_000_000;

    private final RaftSettings settings;
    private final StateReplica replica;
    private final MemberDirectory directory;
    private final KnownTerm knownTerm = new KnownTerm();
    private final ScheduledExecutorService background = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "entente-raft-background");
        thread.setDaemon(true);
        return thread;
    });
    private @Nullable RaftGroupService service;
    private volatile @Nullable RaftCluster cluster;
    private @Nullable Listener listener;
    private @Nullable RaftStateMachine machine;
    private boolean closed;
    private final @Nullable RaftTls tls;

    static {
        // The library's logging would configure a version of Logback that is none of ours, and fail; without it, it
        // uses
        // SLF4J.
        if (System.getProperty(OWN_LOGGING) == null) {
            System.setProperty(OWN_LOGGING, "true");
        }
    }

    /**
     * @param replica empty; belongs to this group from now on
     * @param onRejected told, on I/O threads, of connections to the raft port that may not be
     */
    public RaftLogGroup(RaftSettings settings, StateReplica replica, Consumer<Rejection> onRejected) {
        this.settings = settings;
        this.replica = replica;
        this.directory = new MemberDirectory(settings.members());
        this.tls = settings.tls() == null ? null : new RaftTls(settings.tls(), this::isHostOfMember, onRejected);
    }

    /** A member may be in the group before its entry in the directory was applied here. */
    private boolean isHostOfMember(String host) {
        RaftCluster known = cluster;
        return directory.hasHost(host) || (known != null && known.hasPeerAt(host));
    }

    @Override
    public synchronized void start(Listener told) {
        if (tls != null) {
            MemberRpcFactory.requireInUse();
        }
        RaftStateMachine made = new RaftStateMachine(settings, replica, told, directory, knownTerm, background);
        listener = told;
        machine = made;
        PeerId self = peer(settings.self());
        try {
            NodeOptions options = options(made);
            RaftGroupService starting = new RaftGroupService(GROUP, self, options, startedServer());
            service = starting;
            Node node = starting.start(false);
            cluster = new RaftCluster(settings.self(), node, directory, knownTerm, made, told);
            made.attach(node);
        } catch (RuntimeException e) {
            background.shutdownNow();
            throw new LogUnusableException(
                    "This process cannot take part in the cluster as " + settings.self() + " with the log in "
                            + settings.directory() + ": " + e
                            + ". Check that no other process uses the directory or listens on port "
                            + settings.self().raftPort() + ".",
                    e);
        }
    }

    static PeerId peer(ClusterMember member) {
        return new PeerId(member.host(), member.raftPort());
    }

    /** A member that was closed in this process may hold its port for a moment longer than it says. */
    private RpcServer startedServer() {
        for (int attempt = 1; ; attempt++) {
            // The library's own way would listen on all addresses.
            var bolt = new com.alipay.remoting.rpc.RpcServer(
                    settings.bindHost(), settings.self().raftPort(), true);
            if (tls != null) {
                tls.protect(bolt);
            }
            RpcServer server = new BoltRpcServer(bolt);
            RaftRpcServerFactory.addRaftRequestProcessors(server);
            try {
                server.init(null);
                return server;
            } catch (RuntimeException e) {
                if (attempt == BIND_ATTEMPTS) {
                    throw e;
                }
                LockSupport.parkNanos(BIND_PAUSE_NANOS);
            }
        }
    }

    private NodeOptions options(RaftStateMachine made) {
        Configuration founded = new Configuration();
        // Who is not among the founders would found a group of its own; it waits to be added instead.
        if (settings.members().contains(settings.self())) {
            settings.members().forEach(member -> founded.addPeer(peer(member)));
        }
        RaftOptions raft = new RaftOptions();
        raft.setSync(true);
        // Without it a member that loses power forgets whom it voted for, and may vote again.
        raft.setSyncMeta(true);
        raft.setEnableLogEntryChecksum(true);
        raft.setReadOnlyOptions(ReadOnlyOption.ReadOnlySafe);
        NodeOptions options = tls == null ? new NodeOptions() : new MemberRpcFactory.ProtectedOptions(tls);
        options.setServiceFactory(knownTerm);
        options.setRaftOptions(raft);
        options.setInitialConf(founded);
        options.setFsm(made);
        options.setElectionTimeoutMs(settings.electionTimeoutMillis());
        options.setApplyTaskMode(ApplyTaskMode.Blocking);
        options.setSnapshotIntervalSecs(0);
        Path directoryOfRaft = settings.directory().resolve(DIRECTORY);
        try {
            Files.createDirectories(directoryOfRaft);
        } catch (IOException e) {
            throw new LogUnusableException("The directory " + directoryOfRaft + " cannot be created: " + e, e);
        }
        options.setLogUri(directoryOfRaft.resolve("log").toString());
        options.setRaftMetaUri(directoryOfRaft.resolve("meta").toString());
        options.setSnapshotUri(directoryOfRaft.resolve("snapshot").toString());
        return options;
    }

    @Override
    public synchronized LogStatistics statistics() {
        return Objects.requireNonNull(machine, "not started").statistics();
    }

    @Override
    public synchronized Cluster cluster() {
        return Objects.requireNonNull(cluster, "not started");
    }

    @Override
    public void close() {
        RaftGroupService ending;
        Listener told;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            ending = service;
            told = listener;
        }
        if (told != null) {
            told.onHandOver(null);
        }
        if (ending != null && ending.isStarted()) {
            // The library has the most advanced follower stand for election at once.
            ending.shutdown();
            try {
                ending.join();
            } catch (InterruptedException e) {
                log.warn("Interrupted while leaving the cluster");
                Thread.currentThread().interrupt();
            }
        }
        background.shutdownNow();
    }
}
