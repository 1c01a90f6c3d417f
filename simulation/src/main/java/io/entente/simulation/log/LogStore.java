package io.entente.simulation.log;

import io.entente.tc.log.LogReplay;
import io.entente.tc.log.Recovery;
import io.entente.tc.log.file.SteppedFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is stored for ever, and survives whoever writes it. */
public sealed interface LogStore permits FileStore, ReplicatedStore {

    /** All durable entries from the first on, also those that a snapshot covers, for those who look on from outside. */
    List<ByteBuffer> history();

    Recovery recover(LogReplay replay) throws IOException;

    /** Makes the next entries durable. */
    void write(List<ByteBuffer> entries) throws IOException;

    void write(SteppedFiles.Snapshot snapshot) throws IOException;

    /** Whoever writes is gone, with these on their way. */
    void end(List<ByteBuffer> entries, SteppedFiles.@Nullable Snapshot snapshot);
}
