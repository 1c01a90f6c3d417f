package io.entente.tc.log.raft;

import com.alipay.sofa.jraft.Closure;
import com.alipay.sofa.jraft.Node;
import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.core.NodeImpl;
import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.entity.Task;
import io.entente.tc.log.Cluster;
import io.entente.tc.log.ClusterMember;
import io.entente.tc.log.ClusterRefusedException;
import io.entente.tc.log.LogGroup;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The members of a replicated log. */
final class RaftCluster implements Cluster {
    private static final Logger log = LoggerFactory.getLogger(RaftCluster.class);

    private final ClusterMember self;
    private final Node node;
    private final MemberDirectory directory;
    private final KnownTerm term;
    private final RaftStateMachine machine;
    private final LogGroup.Listener listener;

    RaftCluster(
            ClusterMember self,
            Node node,
            MemberDirectory directory,
            KnownTerm term,
            RaftStateMachine machine,
            LogGroup.Listener listener) {
        this.self = self;
        this.node = node;
        this.directory = directory;
        this.term = term;
        this.machine = machine;
        this.listener = listener;
    }

    @Override
    public ClusterMember self() {
        return self;
    }

    @Override
    public @Nullable Lead lastLead() {
        return machine.lastLead();
    }

    @Override
    public void onLeadChanged(Runnable changed) {
        machine.onLeadChanged(changed);
    }

    @Override
    public List<MemberState> members() {
        PeerId leader = node.getLeaderId();
        List<PeerId> alive = alive();
        List<MemberState> members = new ArrayList<>();
        for (PeerId peer : peers()) {
            ClusterMember known = directory.find(RaftStateMachine.address(peer));
            if (known != null) {
                members.add(new MemberState(known, peer.equals(leader), alive == null || alive.contains(peer)));
            }
        }
        members.sort(Comparator.comparing(member -> member.address().raftAddress()));
        return members;
    }

    /** Whether the group, as the log of this member has it, has a member on {@code host}. */
    boolean hasPeerAt(String host) {
        return ((NodeImpl) node)
                .getCurrentConf().getPeers().stream()
                        .anyMatch(peer -> peer.getIp().equalsIgnoreCase(host));
    }

    private List<PeerId> peers() {
        return ((NodeImpl) node).getCurrentConf().getPeers();
    }

    private @Nullable List<PeerId> alive() {
        try {
            return node.isLeader() ? node.listAlivePeers() : null;
        } catch (IllegalStateException e) {
            // Not the leader any more, between one question and the other.
            return null;
        }
    }

    @Override
    public CompletableFuture<Void> add(ClusterMember member) {
        String refusal = refusalOfChange();
        ClusterMember known = directory.find(member.raftAddress());
        if (refusal == null && isMember(member) && member.equals(known)) {
            return CompletableFuture.completedFuture(null);
        }
        if (refusal != null) {
            return refused(refusal);
        }
        CompletableFuture<Void> done = new CompletableFuture<>();
        // First where it is reached, so that nobody has to send clients to a member without an address.
        node.apply(new Task(
                EntryKind.MEMBERS.entry(MemberDirectory.entry(member)),
                closure(done, "tell the members of " + member, status -> {
                    if (isMember(member)) {
                        done.complete(null);
                    } else {
                        node.addPeer(RaftLogGroup.peer(member), closure(done, "add " + member, added -> {
                            log.info("{} is a member now", member);
                            done.complete(null);
                        }));
                    }
                }),
                term.term()));
        return done;
    }

    @Override
    public CompletableFuture<Void> remove(ClusterMember member) {
        String refusal = refusalOfChange();
        if (refusal != null) {
            return refused(refusal);
        }
        if (!isMember(member)) {
            return refused(member + " is no member; there are " + peers());
        }
        if (member.raftAddress().equals(self.raftAddress())) {
            return refused(member + " leads: let another member lead first, and ask that one");
        }
        if (peers().size() == 1) {
            return refused(member + " is the last member");
        }
        CompletableFuture<Void> done = new CompletableFuture<>();
        node.removePeer(RaftLogGroup.peer(member), closure(done, "remove " + member, status -> {
            log.info("{} is no member any more", member);
            done.complete(null);
        }));
        return done;
    }

    @Override
    public CompletableFuture<Void> transferLead(ClusterMember member) {
        String refusal = refusalOfChange();
        if (refusal != null) {
            return refused(refusal);
        }
        if (!isMember(member)) {
            return refused(member + " is no member; there are " + peers());
        }
        if (member.raftAddress().equals(self.raftAddress())) {
            return CompletableFuture.completedFuture(null);
        }
        List<PeerId> alive = alive();
        if (alive != null && !alive.contains(RaftLogGroup.peer(member))) {
            return refused(member + " has not answered lately, and could not lead");
        }
        listener.onHandOver(member.address());
        Status status = node.transferLeadershipTo(RaftLogGroup.peer(member));
        if (!status.isOk()) {
            machine.leadAnew();
            return refused("the lead could not be passed to " + member + ": " + status.getErrorMsg());
        }
        return CompletableFuture.completedFuture(null);
    }

    private boolean isMember(ClusterMember member) {
        return peers().contains(RaftLogGroup.peer(member));
    }

    private @Nullable String refusalOfChange() {
        if (node.isLeader()) {
            return null;
        }
        PeerId leader = node.getLeaderId();
        ClusterMember known = leader == null ? null : directory.find(RaftStateMachine.address(leader));
        return "only the leader can change this, and "
                + (known == null
                        ? "nobody is known to lead at the moment"
                        : "that is the one with the HTTP interface on " + known.host() + ":" + known.httpPort());
    }

    private static CompletableFuture<Void> refused(String why) {
        return CompletableFuture.failedFuture(new ClusterRefusedException(why));
    }

    private static Closure closure(CompletableFuture<Void> done, String what, Consumer<Status> whenDone) {
        return status -> {
            if (status.isOk()) {
                whenDone.accept(status);
            } else {
                done.completeExceptionally(
                        new ClusterRefusedException("could not " + what + ": " + status.getErrorMsg()));
            }
        };
    }
}
