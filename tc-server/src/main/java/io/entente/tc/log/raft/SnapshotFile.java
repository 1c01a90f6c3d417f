package io.entente.tc.log.raft;

import io.entente.tc.log.ClusterMember;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The one file of a snapshot: magic (8), index of the last entry of the coordinator (8), number of members (4) and each as
 * text, then the state, then a CRC32C over all before it (4).
 *
 * @param index the last entry of the coordinator that it holds
 * @param members where members are reached
 * @param state what a {@link io.entente.tc.log.StateReplica} wrote
 */
record SnapshotFile(long index, List<ClusterMember> members, byte[] state) {
    static final String NAME = "state";
    private static final long MAGIC = 0x456e74652d523031L;
    private static final int CRC_BYTES = 4;

    /** Writes and syncs. */
    void write(Path file) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(head);
        out.writeLong(MAGIC);
        out.writeLong(index);
        out.writeInt(members.size());
        for (ClusterMember member : members) {
            out.writeUTF(member.toString());
        }
        CRC32C crc = new CRC32C();
        crc.update(head.toByteArray());
        crc.update(state);
        ByteBuffer tail =
                ByteBuffer.allocate(CRC_BYTES).putInt((int) crc.getValue()).flip();
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            for (ByteBuffer part : List.of(ByteBuffer.wrap(head.toByteArray()), ByteBuffer.wrap(state), tail)) {
                while (part.hasRemaining()) {
                    channel.write(part);
                }
            }
            channel.force(true);
        }
    }

    static SnapshotFile read(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int length = bytes.length - CRC_BYTES;
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, Math.max(0, length));
        if (length < 20 || ByteBuffer.wrap(bytes, length, CRC_BYTES).getInt() != (int) crc.getValue()) {
            throw new IOException("the snapshot " + file + " of " + bytes.length + " bytes is damaged");
        }
        ByteArrayInputStream raw = new ByteArrayInputStream(bytes, 0, length);
        DataInputStream in = new DataInputStream(raw);
        if (in.readLong() != MAGIC) {
            throw new IOException("the snapshot " + file + " is of another version");
        }
        long index = in.readLong();
        int count = in.readInt();
        List<ClusterMember> members = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            members.add(ClusterMember.parse(in.readUTF()));
        }
        return new SnapshotFile(index, members, raw.readAllBytes());
    }

    InputStream stateStream() {
        return new ByteArrayInputStream(state);
    }
}
