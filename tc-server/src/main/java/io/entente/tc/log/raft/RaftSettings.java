package io.entente.tc.log.raft;

import io.entente.protocol.security.Tls;
import io.entente.tc.log.ClusterMember;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a member takes part in a group.
 *
 * @param group its name; processes of the same members may have several
 * @param self this process
 * @param members the group as it was founded; does not count any more once the log knows better. A process that is not
 *     among them, and has no log, waits to be added
 * @param bindHost address to listen on for the other members
 * @param directory of the log and the snapshots; used by one process at a time
 * @param electionTimeoutMillis silence of the leader after which another one is elected
 * @param snapshotBytes growth of the log after which the state is stored instead
 * @param maxEntryBytes largest payload
 * @param maxPendingBytes entries on their way to the others; beyond this, appending waits
 * @param tls certificate and trusted CAs, for both directions; null for plain text
 */
public record RaftSettings(
        String group,
        ClusterMember self,
        List<ClusterMember> members,
        String bindHost,
        Path directory,
        int electionTimeoutMillis,
        long snapshotBytes,
        int maxEntryBytes,
        int maxPendingBytes,
        @Nullable Tls tls) {
    /** The group of those who name none. */
    public static final String DEFAULT_GROUP = "default";

    private static final int MIB = 1024 * 1024;

    public RaftSettings {
        members = List.copyOf(members);
    }

    /** Entries up to 64 MiB, at most 16 MiB waiting, as the embedded engine has it; the default group, in plain text. */
    public static RaftSettings of(
            ClusterMember self,
            List<ClusterMember> members,
            String bindHost,
            Path directory,
            int electionTimeoutMillis,
            long snapshotBytes) {
        return new RaftSettings(
                DEFAULT_GROUP,
                self,
                members,
                bindHost,
                directory,
                electionTimeoutMillis,
                snapshotBytes,
                64 * MIB,
                16 * MIB,
                null);
    }

    public RaftSettings withGroup(String name) {
        return new RaftSettings(
                name,
                self,
                members,
                bindHost,
                directory,
                electionTimeoutMillis,
                snapshotBytes,
                maxEntryBytes,
                maxPendingBytes,
                tls);
    }

    public RaftSettings withTls(@Nullable Tls newTls) {
        return new RaftSettings(
                group,
                self,
                members,
                bindHost,
                directory,
                electionTimeoutMillis,
                snapshotBytes,
                maxEntryBytes,
                maxPendingBytes,
                newTls);
    }
}
