package io.entente.tc.log.raft;

import com.alipay.sofa.jraft.Node;
import com.alipay.sofa.jraft.RaftGroupService;
import com.alipay.sofa.jraft.conf.Configuration;
import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.option.ApplyTaskMode;
import com.alipay.sofa.jraft.option.NodeOptions;
import com.alipay.sofa.jraft.option.RaftOptions;
import com.alipay.sofa.jraft.option.ReadOnlyOption;
import com.alipay.sofa.jraft.rpc.RpcServer;
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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** This process as a member of a group that replicates its log, by SOFAJRaft. */
public final class RaftLogGroup implements LogGroup {
    /** The name of the directory inside the data directory. */
    public static final String DIRECTORY = "raft";

    private static final Logger log = LoggerFactory.getLogger(RaftLogGroup.class);
    private static final String OWN_LOGGING = "logback.middleware.log.disable";
    /** Members that stand for election at the same time hinder each other, above all on a busy machine. */
    private static final int LEAST_ELECTION_DELAY_MILLIS = 500;

    private final RaftSettings settings;
    private final StateReplica replica;
    private final RaftPort port;
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
    private boolean joined;

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
     * @param port shared with other groups of the same member
     */
    public RaftLogGroup(RaftSettings settings, StateReplica replica, RaftPort port) {
        this.settings = settings;
        this.replica = replica;
        this.port = port;
        this.directory = new MemberDirectory(settings.members());
    }

    /** The name of the directory of a group inside the data directory. */
    public static String directoryOf(String group) {
        return group.equals(RaftSettings.DEFAULT_GROUP) ? DIRECTORY : DIRECTORY + "-" + group;
    }

    /** A member may be in the group before its entry in the directory was applied here. */
    private boolean isHostOfMember(String host) {
        RaftCluster known = cluster;
        return directory.hasHost(host) || (known != null && known.hasPeerAt(host));
    }

    @Override
    public synchronized void start(Listener told) {
        RaftStateMachine made = new RaftStateMachine(settings, replica, told, directory, knownTerm, background);
        listener = told;
        machine = made;
        PeerId self = peer(settings.self());
        try {
            NodeOptions options = options(made);
            RpcServer server = port.join(this::isHostOfMember);
            joined = true;
            RaftGroupService starting = new RaftGroupService(settings.group(), self, options, server, true);
            service = starting;
            Node node = starting.start(false);
            cluster = new RaftCluster(settings.self(), node, directory, knownTerm, made, told);
            made.attach(node);
        } catch (RuntimeException e) {
            background.shutdownNow();
            leavePort();
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

    private synchronized void leavePort() {
        if (joined) {
            joined = false;
            port.leave();
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
        // How often a member looks whether the leader is silent is the timeout and a random part of this; the library's
        // second would let it look every two seconds.
        raft.setMaxElectionDelayMs(Math.max(LEAST_ELECTION_DELAY_MILLIS, settings.electionTimeoutMillis() / 2));
        NodeOptions options = port.optionsOfNode();
        options.setServiceFactory(knownTerm);
        options.setRaftOptions(raft);
        options.setInitialConf(founded);
        options.setFsm(made);
        options.setElectionTimeoutMs(settings.electionTimeoutMillis());
        options.setApplyTaskMode(ApplyTaskMode.Blocking);
        options.setSnapshotIntervalSecs(0);
        Path directoryOfRaft = settings.directory().resolve(directoryOf(settings.group()));
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
        leavePort();
        background.shutdownNow();
    }
}
