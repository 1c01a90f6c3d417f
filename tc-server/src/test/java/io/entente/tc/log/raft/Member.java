package io.entente.tc.log.raft;

import io.entente.protocol.transport.Rejection;
import io.entente.tc.log.ClusterMember;
import io.entente.tc.log.LogFailedException;
import io.entente.tc.log.LogGroup;
import io.entente.tc.log.TransactionLog;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** A member of a group, and what it was told. */
final class Member implements LogGroup.Listener, AutoCloseable {
    static final int ELECTION_TIMEOUT_MILLIS = 300;

    private final ListedEntries replica = new ListedEntries();
    private final RaftLogGroup group;
    private final AtomicReference<@Nullable TransactionLog> led = new AtomicReference<>();
    private final AtomicReference<@Nullable LogFailedException> failure = new AtomicReference<>();
    private final Queue<Rejection> rejected = new ConcurrentLinkedQueue<>();
    private volatile @Nullable String leader;

    private Member(RaftSettings settings) {
        this.group = new RaftLogGroup(settings, replica, RaftPort.of(settings, rejected::add));
    }

    static Member start(ClusterMember self, List<ClusterMember> members, Path directory) {
        return start(self, members, directory, Long.MAX_VALUE, 64 << 20);
    }

    static Member start(
            ClusterMember self, List<ClusterMember> members, Path directory, long snapshotBytes, int maxEntryBytes) {
        return start(new RaftSettings(
                RaftSettings.DEFAULT_GROUP,
                self,
                members,
                "127.0.0.1",
                directory,
                ELECTION_TIMEOUT_MILLIS,
                snapshotBytes,
                maxEntryBytes,
                16 << 20,
                null));
    }

    static Member start(RaftSettings settings) {
        Member member = new Member(settings);
        member.group.start(member);
        return member;
    }

    /** Connections that it has turned away. */
    Queue<Rejection> rejected() {
        return rejected;
    }

    @Override
    public void onLead(TransactionLog log) {
        leader = null;
        led.set(log);
    }

    @Override
    public void onFollow(@Nullable String address) {
        led.set(null);
        leader = address;
    }

    @Override
    public void onHandOver(@Nullable String next) {
        TransactionLog log = led.getAndSet(null);
        if (log != null) {
            log.close();
        }
    }

    @Override
    public void onFailure(LogFailedException e) {
        failure.set(e);
    }

    RaftLogGroup group() {
        return group;
    }

    ListedEntries replica() {
        return replica;
    }

    /** The log of this leadership, null when it does not lead. */
    @Nullable
    TransactionLog log() {
        return led.get();
    }

    /** Who it says leads, null when it is itself, or unknown. */
    @Nullable
    String leader() {
        return leader;
    }

    @Nullable
    LogFailedException failure() {
        return failure.get();
    }

    TransactionLog awaitLead() {
        return Awaitility.await().until(led::get, log -> log != null);
    }

    @Override
    public void close() {
        group.close();
    }
}
