package io.entente.tc.log.raft;

import java.nio.ByteBuffer;

/** What an entry of the replicated log is for: its first byte. Never renumbered: it is on disks for years. */
enum EntryKind {
    /** What the coordinator appended. Only these have numbers that it sees. */
    PAYLOAD(1),
    /** Where members are reached, as text. */
    MEMBERS(2),
    /** Nothing: once it is applied, so is everything before it. */
    FENCE(3);

    private final int code;

    EntryKind(int code) {
        this.code = code;
    }

    /** An entry of this kind with a copy of {@code content}, whose position stays. */
    ByteBuffer entry(ByteBuffer content) {
        ByteBuffer entry = ByteBuffer.allocate(1 + content.remaining());
        entry.put((byte) code).put(content.duplicate()).flip();
        return entry;
    }

    /** Reads the kind; what remains of {@code entry} is its content. */
    static EntryKind read(ByteBuffer entry) {
        int code = entry.get();
        for (EntryKind kind : values()) {
            if (kind.code == code) {
                return kind;
            }
        }
        throw new IllegalStateException("the log holds an entry of kind " + code
                + ", which this version does not know: run the version that wrote it");
    }
}
