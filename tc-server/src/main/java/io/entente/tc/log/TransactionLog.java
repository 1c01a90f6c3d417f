package io.entente.tc.log;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongConsumer;

/**
 * An ordered, durable sequence of entries: the only truth a coordinator has after a restart.
 *
 * <p>Entries are numbered 1, 2, 3 … without gaps. An entry is atomic: after a crash it is there whole or not at all, and
 * if it is there, so is every entry before it. An entry whose callback has run survives every crash.
 *
 * <p>Life: {@link #recover} once, then any number of {@link #append}, {@link #barrier} and {@link #snapshot}, then
 * {@link #close}. All methods may be called from any thread; the order of entries is the order in which
 * {@code append} was entered.
 *
 * <p>Callbacks run one at a time on a thread of the log, in the order of their calls. They must be short, because the
 * next batch waits for them; what they throw is logged and stops nothing.
 *
 * <p>When the storage fails, the log stops for good: the listener is told once, no callback runs any more, and every
 * later call throws {@link LogFailedException}. Nothing is retried, because after a failed sync nobody knows what is on
 * the disk. The process has to stop and recover by starting again. When another process has taken the lead, the same
 * happens with {@link LeadershipLostException}, and the process goes on without this log; see {@link LogGroup}.
 */
public interface TransactionLog extends AutoCloseable {

    /**
     * Hands over what is stored: the newest snapshot, if there is one, then each later entry in order. To be called
     * once, before anything else. What it hands over is durable, even if it was not yet when the last process died.
     *
     * @throws LogUnusableException when the stored data is damaged, incomplete, or of a newer format; says what to do
     * @throws IllegalStateException when called a second time
     */
    Recovery recover(LogReplay replay);

    /**
     * Appends one entry. The payload's remaining bytes are copied before this returns and its position stays where it is,
     * so the caller may use the buffer again at once. Waits only when the entries on their way to the disk exceed the
     * engine's bound.
     *
     * @param payload at least one byte, at most the engine's limit
     * @param whenDurable gets the entry's index once the entry and all before it are on stable storage
     * @return the entry's index
     * @throws IllegalArgumentException when the payload is empty or too large
     * @throws LogFailedException when the log has stopped because of a failure
     * @throws IllegalStateException before {@link #recover} and after {@link #close}
     */
    long append(ByteBuffer payload, LongConsumer whenDurable);

    /**
     * Runs the callback once everything appended so far is durable, and it is certain that this process still led when
     * this was called: for an answer that must not overtake the entries it rests on. Costs no write; where another
     * process could lead, it costs a question to the others.
     *
     * @throws LogFailedException when the log has stopped because of a failure
     * @throws IllegalStateException before {@link #recover} and after {@link #close}
     */
    void barrier(Runnable whenDurable);

    /**
     * Whether nobody else can have taken the lead without this log knowing. Where somebody can, what only reads the state
     * has to wait for a {@link #barrier}, even if nothing was appended.
     */
    default boolean leadsForSure() {
        return true;
    }

    /**
     * Stores the state as it is after entry {@code index}; once that is durable, the entries up to it are deleted. Never
     * before the entry itself is durable. Runs in the background: appending goes on meanwhile.
     *
     * <p>A snapshot that cannot be written fails its future, and only that: the log goes on with the entries it has.
     *
     * @param index an appended entry, later than the one of the snapshot before
     * @param state called once, on a thread of the log
     * @return completes when the snapshot is durable
     * @throws IllegalArgumentException when there is no such entry, or a snapshot covers it already
     * @throws UnsupportedOperationException when the engine makes its snapshots itself
     * @throws LogFailedException when the log has stopped because of a failure
     * @throws IllegalStateException before {@link #recover} and after {@link #close}
     */
    CompletableFuture<Void> snapshot(long index, SnapshotWriter state);

    /**
     * Bytes of the entries that a recovery would have to read besides the snapshot; counted from the moment a snapshot is
     * asked for, so that one that fails is due again only after as many bytes more. Always 0 when the engine makes its
     * snapshots itself.
     */
    long bytesSinceSnapshot();

    LogStatistics statistics();

    /**
     * Makes durable what was appended, runs the callbacks of that, and gives the storage free. An unfinished snapshot is
     * abandoned. A second call does nothing.
     */
    @Override
    void close();
}
