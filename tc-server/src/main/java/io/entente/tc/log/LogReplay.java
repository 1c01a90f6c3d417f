package io.entente.tc.log;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** Receives what a log holds, in order, while it recovers. */
public interface LogReplay {

    /**
     * The state after entry {@code index}, as a {@link SnapshotWriter} wrote it. At most once, before any entry.
     *
     * @param state verified before it is handed over; valid during the call
     */
    void onSnapshot(long index, InputStream state) throws IOException;

    /**
     * The next entry.
     *
     * @param payload read-only, valid during the call
     */
    void onEntry(long index, ByteBuffer payload);
}
