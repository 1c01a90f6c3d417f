package io.entente.tc.log;

import org.jspecify.annotations.Nullable;

/**
 * A log of which one process at a time has the lead: only that one appends, and so only that one may decide anything.
 *
 * <p>The embedded engine is a group of one, which leads from the start. A replicated engine elects; one over a shared
 * database would hold a lease. Whoever uses a group must not care which it is.
 */
public interface LogGroup extends AutoCloseable {

    /** Learns who leads. Called by one thread at a time, in the order in which things happened. */
    interface Listener {

        /**
         * This process leads from now on, until {@code log} fails or {@link #onFollow} is called.
         *
         * @param log for this leadership only: to be recovered before this call returns, and closed when the listener needs
         *     it no longer. When the lead is lost it fails with {@link LeadershipLostException}, before
         *     {@link #onFollow} tells
         */
        void onLead(TransactionLog log);

        /**
         * This process does not lead, or not any more.
         *
         * @param leader {@code host:port} where clients reach the one that does, null while nobody is known to
         */
        void onFollow(@Nullable String leader);

        /**
         * This process leads and is about to pass the lead on, to be called by whoever makes it do so: everything decided is
         * to be answered, and the log closed, before this returns. Does nothing when this process does not lead.
         *
         * @param next {@code host:port} where clients will reach the next leader, null when that is not known
         */
        void onHandOver(@Nullable String next);

        /** The storage failed: this process can neither lead nor follow, and has to end. */
        void onFailure(LogFailedException failure);
    }

    /**
     * Begins to take part. Called once; may call the listener before it returns.
     *
     * @throws LogUnusableException when what is stored is damaged, incomplete, or of a newer format; says what to do
     */
    void start(Listener listener);

    /** Counters of this process since the start, over all its leaderships. */
    LogStatistics statistics();

    /** Who takes part; null for an engine that has no members. */
    default @Nullable Cluster cluster() {
        return null;
    }

    /**
     * Stops to take part and gives the storage free. If this process leads, its log is closed first, and another member is
     * asked to take the lead at once. A second call does nothing.
     */
    @Override
    void close();
}
