package io.entente.tc.log.batch;

import io.entente.tc.log.LogFailedException;
import io.entente.tc.log.LogReplay;
import io.entente.tc.log.Recovery;
import io.entente.tc.log.SnapshotWriter;
import java.io.Closeable;
import java.io.IOException;
import java.util.function.BooleanSupplier;

/**
 * Where an engine keeps its entries. {@link #recover}, {@link #write} and {@link #confirmLead} are called by one thread at a
 * time; {@link #writeSnapshot} and {@link #deleteCovered} by another one beside it.
 */
public interface EntryStore extends Closeable {

    /**
     * What was found.
     *
     * @param bytesSinceSnapshot size of the entries behind the snapshot
     */
    record Found(Recovery report, long bytesSinceSnapshot) {}

    /** Hands over what is stored, and makes ready for writing behind it. */
    Found recover(LogReplay replay) throws IOException;

    /** Returns when all of the batch is durable. After a failure nothing more is written. */
    void write(Batch batch) throws IOException;

    /** How often {@link #write} has waited for stable storage. */
    long syncs();

    /** Whether another process can take the lead without this one knowing. */
    default boolean leadMayMove() {
        return false;
    }

    /** Returns when it is certain that this process led when this was called. */
    default void confirmLead() throws IOException {}

    /**
     * Stores a state; until it is durable, what was there before counts.
     *
     * @param index the entry after which the state is as it is
     * @param abandoned whether it is not wanted any more
     */
    void writeSnapshot(long index, SnapshotWriter state, BooleanSupplier abandoned) throws IOException;

    /** Deletes what a durable snapshot has made superfluous. Nothing depends on it. */
    void deleteCovered(long snapshotIndex) throws IOException;

    /** Where it is, for messages. */
    String location();

    /**
     * How a failure is told.
     *
     * @param durableIndex the newest entry that was acknowledged
     */
    LogFailedException failure(Throwable cause, long durableIndex);
}
