package io.entente.tc.log.raft;

import io.entente.tc.log.ClusterMember;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where members are reached by others than each other. What the log says is the same everywhere, and counts more than what
 * was configured here.
 */
final class MemberDirectory {
    private final Map<String, ClusterMember> configured = new LinkedHashMap<>();
    private final Map<String, ClusterMember> told = new TreeMap<>();

    MemberDirectory(Collection<ClusterMember> members) {
        members.forEach(member -> configured.put(member.raftAddress(), member));
    }

    /** Null for one of whom neither the log nor the configuration says anything. */
    synchronized @Nullable ClusterMember find(String raftAddress) {
        ClusterMember member = told.get(raftAddress);
        return member == null ? configured.get(raftAddress) : member;
    }

    /** Whether a member that the log or the configuration has is on {@code host}. */
    synchronized boolean hasHost(String host) {
        return Stream.concat(told.values().stream(), configured.values().stream())
                .anyMatch(member -> member.host().equalsIgnoreCase(host));
    }

    synchronized boolean isTold(ClusterMember member) {
        return member.equals(told.get(member.raftAddress()));
    }

    /** Takes what an entry of the log says. */
    synchronized void apply(ByteBuffer text) {
        String all = StandardCharsets.UTF_8.decode(text).toString();
        ClusterMember.parseList(all).forEach(member -> told.put(member.raftAddress(), member));
    }

    static ByteBuffer entry(ClusterMember member) {
        return ByteBuffer.wrap(member.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** What the log has said up to now. */
    synchronized List<ClusterMember> told() {
        return List.copyOf(told.values());
    }

    synchronized void replaceTold(List<ClusterMember> members) {
        told.clear();
        members.forEach(member -> told.put(member.raftAddress(), member));
    }
}
