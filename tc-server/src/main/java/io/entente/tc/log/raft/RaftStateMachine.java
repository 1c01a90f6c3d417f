package io.entente.tc.log.raft;

import com.alipay.sofa.jraft.Closure;
import com.alipay.sofa.jraft.Iterator;
import com.alipay.sofa.jraft.Node;
import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.core.StateMachineAdapter;
import com.alipay.sofa.jraft.entity.LeaderChangeContext;
import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.entity.Task;
import com.alipay.sofa.jraft.error.RaftError;
import com.alipay.sofa.jraft.error.RaftException;
import com.alipay.sofa.jraft.storage.snapshot.SnapshotReader;
import com.alipay.sofa.jraft.storage.snapshot.SnapshotWriter;
import io.entente.tc.log.Cluster;
import io.entente.tc.log.ClusterMember;
import io.entente.tc.log.LogFailedException;
import io.entente.tc.log.LogGroup;
import io.entente.tc.log.LogStatistics;
import io.entente.tc.log.StateReplica;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this member makes of the committed entries: a replica of the state, and a {@link RaftLog} for each time it leads.
 * The library calls all but the last few methods on one thread, in order.
 *
 * <p>A leadership begins with a fence, an entry of its own: when that comes back, every entry before it is in the replica,
 * also those that an earlier leadership of the same term may still have had on their way.
 */
final class RaftStateMachine extends StateMachineAdapter {
    private static final Logger log = LoggerFactory.getLogger(RaftStateMachine.class);
    private static final long FENCE_AGAIN_MILLIS = 100;

    private final RaftSettings settings;
    private final StateReplica replica;
    private final LogGroup.Listener listener;
    private final MemberDirectory directory;
    private final KnownTerm knownTerm;
    private final ScheduledExecutorService background;

    private long index;
    private long bytesSinceSnapshot;
    private long lastSnapshotBytes;
    private @Nullable RaftLog active;
    private volatile @Nullable Node node;
    private volatile long leadingTerm = -1;
    private volatile @Nullable Fence lastFence;
    private volatile Cluster.@Nullable Lead lastLead;
    private final List<Runnable> onLeadChanged = new CopyOnWriteArrayList<>();
    private volatile LogStatistics statistics = new LogStatistics(0, 0, 0, 0, 0, 0);

    RaftStateMachine(
            RaftSettings settings,
            StateReplica replica,
            LogGroup.Listener listener,
            MemberDirectory directory,
            KnownTerm knownTerm,
            ScheduledExecutorService background) {
        this.settings = settings;
        this.replica = replica;
        this.listener = listener;
        this.directory = directory;
        this.knownTerm = knownTerm;
        this.background = background;
    }

    /** The node, as soon as there is one: it replays entries and may even be elected before. */
    void attach(Node started) {
        node = started;
        long term = leadingTerm;
        if (term >= 0) {
            raiseFence(term);
        }
    }

    /** Its closure tells one fence from another. */
    private final class Fence implements Closure {
        private final long term;

        Fence(long term) {
            this.term = term;
        }

        @Override
        public void run(Status status) {
            if (!status.isOk() && lastFence == this) {
                later(() -> raiseFence(term), FENCE_AGAIN_MILLIS);
            }
        }
    }

    /** Does nothing when the lead of that term is lost. */
    private void raiseFence(long term) {
        Node started = node;
        if (started == null || leadingTerm != term) {
            return;
        }
        Fence fence = new Fence(term);
        lastFence = fence;
        try {
            started.apply(new Task(EntryKind.FENCE.entry(ByteBuffer.allocate(0)), fence, term));
        } catch (RuntimeException e) {
            log.debug("The member is shutting down, and will not lead", e);
        }
    }

    @Override
    public void onApply(Iterator entries) {
        long bytes = 0;
        long count = 0;
        long startedNanos = 0;
        List<Closure> committed = new ArrayList<>();
        while (entries.hasNext()) {
            Closure done = entries.done();
            try {
                ByteBuffer entry = entries.getData().asReadOnlyBuffer();
                bytesSinceSnapshot += entry.remaining();
                int payload = apply(EntryKind.read(entry), entry, done);
                if (payload > 0) {
                    count++;
                    bytes += payload;
                }
            } catch (Throwable e) {
                // This member would differ from the others from now on.
                log.error("An entry of the log could not be applied", e);
                committed.forEach(each -> each.run(Status.OK()));
                entries.setErrorAndRollback(1, new Status(RaftError.ESTATEMACHINE, "%s", String.valueOf(e)));
                return;
            }
            if (done instanceof RaftLog.Proposal proposal && startedNanos == 0) {
                startedNanos = proposal.startedNanos();
            }
            if (done != null) {
                committed.add(done);
            }
            entries.next();
        }
        if (count > 0) {
            count(count, bytes, startedNanos == 0 ? 0 : System.nanoTime() - startedNanos);
        }
        committed.forEach(done -> done.run(Status.OK()));
        snapshotIfDue();
    }

    /** Returns the size of an entry of the coordinator, 0 for any other. */
    private int apply(EntryKind kind, ByteBuffer content, @Nullable Closure done) {
        int length = content.remaining();
        switch (kind) {
            case PAYLOAD -> {
                synchronized (replica) {
                    index++;
                    replica.apply(content);
                }
                return length;
            }
            case MEMBERS -> directory.apply(content);
            case FENCE -> {
                if (done instanceof Fence fence && fence == lastFence && fence.term == leadingTerm) {
                    lead(fence.term);
                }
            }
        }
        return 0;
    }

    private void lead(long term) {
        Node started = node;
        if (started == null) {
            return;
        }
        lose("it begins to lead anew");
        RaftLog next = new RaftLog(this, started, term, settings);
        active = next;
        if (!directory.isTold(settings.self())) {
            started.apply(
                    new Task(EntryKind.MEMBERS.entry(MemberDirectory.entry(settings.self())), status -> {}, term));
        }
        log.info("{} leads in term {}, behind entry {}", settings.self(), term, index);
        listener.onLead(next);
        know(new Cluster.Lead(settings.self(), term));
    }

    private void know(Cluster.Lead lead) {
        lastLead = lead;
        onLeadChanged.forEach(Runnable::run);
    }

    Cluster.@Nullable Lead lastLead() {
        return lastLead;
    }

    void onLeadChanged(Runnable changed) {
        onLeadChanged.add(changed);
    }

    private void lose(String why) {
        RaftLog lost = active;
        if (lost != null) {
            active = null;
            lost.fail(lost.lost(why, null));
            listener.onFollow(null);
        }
    }

    /** An entry was not taken in. If that is because the lead is lost, the library tells; if not, it has to begin anew. */
    void onProposalFailed(RaftLog failed) {
        later(() -> raiseFence(failed.term()), FENCE_AGAIN_MILLIS);
    }

    /** The lead could not be passed on: the coordinator of this leadership is gone already, and there has to be a next. */
    void leadAnew() {
        raiseFence(leadingTerm);
    }

    @Override
    public void onLeaderStart(long term) {
        leadingTerm = term;
        raiseFence(term);
    }

    @Override
    public void onLeaderStop(Status status) {
        leadingTerm = -1;
        lose(String.valueOf(status.getErrorMsg()));
    }

    @Override
    public void onStartFollowing(LeaderChangeContext change) {
        ClusterMember leader = directory.find(address(change.getLeaderId()));
        log.info("{} follows {} in term {}", settings.self(), change.getLeaderId(), change.getTerm());
        listener.onFollow(leader == null ? null : leader.address());
        if (leader != null) {
            know(new Cluster.Lead(leader, change.getTerm()));
        }
    }

    @Override
    public void onStopFollowing(LeaderChangeContext change) {
        listener.onFollow(null);
    }

    static String address(PeerId peer) {
        return peer.getIp() + ":" + peer.getPort();
    }

    @Override
    public void onError(RaftException e) {
        LogFailedException failure = new LogFailedException(
                "The replicated log in " + settings.directory() + " has failed: " + e.getStatus()
                        + ". Nothing more is acknowledged by this member. Check the disk and its free space, then start it"
                        + " again: it recovers from its log and from the others.",
                e);
        log.error("{}", failure.getMessage(), e);
        leadingTerm = -1;
        RaftLog failed = active;
        if (failed != null) {
            failed.fail(failure);
        }
        listener.onFailure(failure);
    }

    private void snapshotIfDue() {
        Node started = node;
        // A large state is not worth writing again for a small gain.
        if (started == null || bytesSinceSnapshot < Math.max(settings.snapshotBytes(), 2 * lastSnapshotBytes)) {
            return;
        }
        bytesSinceSnapshot = 0;
        started.snapshot(status -> {
            if (!status.isOk()) {
                log.warn("No snapshot could be stored; the log goes on growing until the next one: {}", status);
            }
        });
    }

    @Override
    public void onSnapshotSave(SnapshotWriter writer, Closure done) {
        SnapshotFile file;
        try {
            file = replica(() -> {});
        } catch (IOException e) {
            done.run(new Status(RaftError.EIO, "the state cannot be written: %s", e));
            return;
        }
        lastSnapshotBytes = file.state().length;
        bytesSinceSnapshot = 0;
        background.execute(() -> {
            try {
                file.write(Path.of(writer.getPath(), SnapshotFile.NAME));
                boolean added = writer.addFile(SnapshotFile.NAME);
                if (added) {
                    LogStatistics s = statistics;
                    statistics = new LogStatistics(
                            s.entries(), s.bytes(), s.syncs(), s.syncNanos(), s.snapshots() + 1, s.durableIndex());
                }
                done.run(added ? Status.OK() : new Status(RaftError.EIO, "the snapshot takes no file"));
            } catch (IOException | RuntimeException e) {
                done.run(new Status(RaftError.EIO, "the snapshot cannot be written: %s", e));
            }
        });
    }

    @Override
    public boolean onSnapshotLoad(SnapshotReader reader) {
        try {
            SnapshotFile file = SnapshotFile.read(Path.of(reader.getPath(), SnapshotFile.NAME));
            synchronized (replica) {
                replica.reset(file.stateStream());
                index = file.index();
            }
            directory.replaceTold(file.members());
            lastSnapshotBytes = file.state().length;
            bytesSinceSnapshot = 0;
            log.info("{} has the state after entry {} from a snapshot", settings.self(), file.index());
            return true;
        } catch (IOException | RuntimeException e) {
            log.error("The snapshot in {} cannot be read", reader.getPath(), e);
            return false;
        }
    }

    /**
     * The state as the entries applied up to now make it.
     *
     * @param check runs while the replica stands still
     */
    SnapshotFile replica(Runnable check) throws IOException {
        synchronized (replica) {
            check.run();
            ByteArrayOutputStream state = new ByteArrayOutputStream();
            replica.writeTo(state);
            return new SnapshotFile(index, directory.told(), state.toByteArray());
        }
    }

    private void count(long entries, long bytes, long nanos) {
        LogStatistics s = statistics;
        statistics = new LogStatistics(
                s.entries() + entries, s.bytes() + bytes, s.syncs() + 1, s.syncNanos() + nanos, s.snapshots(), index);
    }

    LogStatistics statistics() {
        return statistics;
    }

    boolean isTerm(long term) {
        return knownTerm.term() == term;
    }

    /** Runs {@code task} in the background, unless this member shuts down meanwhile. */
    void later(Runnable task, long millis) {
        try {
            var unused = background.schedule(task, millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            log.debug("Shutting down", e);
        }
    }
}
