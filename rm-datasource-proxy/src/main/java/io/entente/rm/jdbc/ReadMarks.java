package io.entente.rm.jdbc;

import io.entente.protocol.Message.ReadCheck;

/** The latest mark that the coordinator has told, see {@link ReadCheck}. Thread-safe. */
final class ReadMarks {

    private volatile long last = ReadCheck.NO_MARK;

    /** {@link ReadCheck#NO_MARK} before the first answer. */
    long last() {
        return last;
    }

    /** An older one that comes late does no harm. */
    void told(long mark) {
        last = mark;
    }
}
