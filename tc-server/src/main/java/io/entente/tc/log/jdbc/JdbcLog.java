package io.entente.tc.log.jdbc;

import io.entente.tc.log.LeadershipLostException;
import io.entente.tc.log.LogFailedException;
import io.entente.tc.log.LogReplay;
import io.entente.tc.log.LogUnusableException;
import io.entente.tc.log.Recovery;
import io.entente.tc.log.SnapshotWriter;
import io.entente.tc.log.TransactionLog;
import io.entente.tc.log.batch.Batch;
import io.entente.tc.log.batch.BatchedLog;
import io.entente.tc.log.batch.EntryFormat;
import io.entente.tc.log.batch.EntryStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The tables as one leader of a term sees them. */
final class JdbcLog implements EntryStore {

    private static final long ENTRIES_DELETED_AT_ONCE = 20_000;

    private final JdbcLogSettings settings;
    private final Lease lease;
    private final long term;
    private final LogConnection connection;
    private final EntryFormat format = new EntryFormat();
    private long syncs;
    private @Nullable LogConnection forSnapshots;

    private JdbcLog(JdbcLogSettings settings, Lease lease, long term, LogConnection connection) {
        this.settings = settings;
        this.lease = lease;
        this.term = term;
        this.connection = connection;
    }

    /**
     * The log of a leadership.
     *
     * @param term in which this process has taken the lead
     * @param failureListener told once, when the lead is lost, on the log's thread
     */
    static TransactionLog open(
            JdbcLogSettings settings, Lease lease, long term, Consumer<? super LogFailedException> failureListener)
            throws SQLException {
        return new BatchedLog(
                new JdbcLog(settings, lease, term, LogConnection.open(settings)),
                settings.maxEntryBytes(),
                settings.maxPendingBytes(),
                failureListener);
    }

    // ---------------------------------------------------------------- reading

    @Override
    public Found recover(LogReplay replay) throws IOException {
        try {
            long snapshotIndex = replaySnapshot(replay);
            Replayed replayed = new Replayed(replay, snapshotIndex);
            connection.inTransaction(() -> replayBatches(replayed));
            Recovery report = new Recovery(snapshotIndex, replayed.lastIndex, replayed.entries, 0);
            return new Found(report, replayed.bytes);
        } catch (SQLException e) {
            // Nothing is wrong with the log: whoever reaches the database reads it.
            throw failure(e, 0);
        } catch (IOException e) {
            if (e.getCause() instanceof SQLException unreachable) {
                throw failure(unreachable, 0);
            }
            throw e;
        }
    }

    private long replaySnapshot(LogReplay replay) throws SQLException, IOException {
        long[] newest = {0};
        connection.query(
                row -> newest[0] = row.getLong(1),
                "SELECT COALESCE(MAX(entry_index), 0) FROM entente_log_snapshot WHERE log_group = ?",
                settings.group());
        if (newest[0] > 0) {
            try (SnapshotParts parts = new SnapshotParts(connection, settings.group(), newest[0])) {
                replay.onSnapshot(newest[0], parts);
            }
        }
        return newest[0];
    }

    /** Where the replay is. */
    private static final class Replayed {
        private final LogReplay replay;
        private final long snapshotIndex;
        private long lastIndex;
        private long entries;
        private long bytes;

        Replayed(LogReplay replay, long snapshotIndex) {
            this.replay = replay;
            this.snapshotIndex = snapshotIndex;
            this.lastIndex = snapshotIndex;
        }
    }

    private void replayBatches(Replayed replayed) throws SQLException {
        try (PreparedStatement statement = connection
                .jdbc()
                .prepareStatement(
                        "SELECT last_index, entries FROM entente_log_batch WHERE log_group = ? AND last_index > ?"
                                + " ORDER BY last_index")) {
            statement.setString(1, settings.group());
            statement.setLong(2, replayed.snapshotIndex);
            // With a cursor: the batches of a busy day do not fit into the memory at once.
            statement.setFetchSize(100);
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    replay(rows.getLong(1), ByteBuffer.wrap(rows.getBytes(2)), replayed);
                }
            }
        }
    }

    private void replay(long lastOfBatch, ByteBuffer content, Replayed replayed) {
        ByteBuffer view = content.asReadOnlyBuffer();
        int position = 0;
        while (position < content.limit()) {
            long index = position + EntryFormat.HEADER_BYTES <= content.limit()
                    ? EntryFormat.indexAt(content, position)
                    : replayed.lastIndex + 1;
            String fault = format.faultAt(content, position, index);
            boolean covered = index <= replayed.snapshotIndex;
            if (fault.isEmpty() && !covered && index != replayed.lastIndex + 1) {
                fault = "entry " + (replayed.lastIndex + 1) + " is missing before it";
            }
            if (!fault.isEmpty()) {
                throw damaged(lastOfBatch, "entry " + index + " at offset " + position + ": " + fault);
            }
            int end = position + EntryFormat.bytesAt(content, position);
            if (!covered) {
                replayed.replay.onEntry(index, view.clear().limit(end).position(position + EntryFormat.HEADER_BYTES));
                replayed.lastIndex = index;
                replayed.entries++;
                replayed.bytes += end - position;
            }
            position = end;
        }
        if (replayed.lastIndex != lastOfBatch) {
            throw damaged(lastOfBatch, "it ends with entry " + replayed.lastIndex);
        }
    }

    private LogUnusableException damaged(long lastOfBatch, String what) {
        return new LogUnusableException(
                "The log in " + location() + " is damaged: batch " + lastOfBatch + " of group "
                        + settings.group() + ": " + what
                        + ". Restore the tables entente_log_* as a whole from a backup of the same moment; nothing was changed.");
    }

    // ---------------------------------------------------------------- writing

    @Override
    public void write(Batch batch) throws IOException {
        ByteBuffer bytes = batch.bytes();
        int end = bytes.position();
        int place = 0;
        bytes.limit(end);
        for (int next = 0; next < end; next += EntryFormat.bytesAt(bytes, next)) {
            format.seal(bytes, next, place++);
        }
        byte[] entries = new byte[end];
        bytes.get(0, entries);
        bytes.limit(bytes.capacity());
        try {
            // The lock on the leader's row and the entries are one: who raises the term waits for it, or is seen.
            int stored = connection.update(
                    "INSERT INTO entente_log_batch (log_group, last_index, term, entries) SELECT log_group, ?, ?, ? FROM"
                            + " entente_log_lead WHERE log_group = ? AND term = ? "
                            + connection.sql().sharedLock(),
                    batch.lastIndex(),
                    term,
                    entries,
                    settings.group(),
                    term);
            syncs++;
            if (stored != 1) {
                throw new TakenOverException();
            }
        } catch (SQLException e) {
            throw new IOException(String.valueOf(e.getMessage()), e);
        }
    }

    /** Somebody else has a newer term. */
    private static final class TakenOverException extends IOException {
        private static final long serialVersionUID = 1L;
    }

    @Override
    public long syncs() {
        return syncs;
    }

    @Override
    public boolean leadMayMove() {
        return true;
    }

    @Override
    public void confirmLead() throws IOException {
        try {
            if (!lease.isHeld(connection, term)) {
                throw new TakenOverException();
            }
        } catch (SQLException e) {
            throw new IOException(String.valueOf(e.getMessage()), e);
        }
    }

    // ---------------------------------------------------------------- snapshots

    @Override
    public void writeSnapshot(long index, SnapshotWriter state, BooleanSupplier abandoned) throws IOException {
        try {
            LogConnection own = forSnapshots();
            own.inTransaction(() -> {
                // Without the lock: a state that others have gone beyond is true all the same.
                if (!lease.isHeld(own, term)) {
                    throw new TakenOverException();
                }
                try (SnapshotPartsOutput output = new SnapshotPartsOutput(own, settings.group(), index, abandoned)) {
                    state.writeTo(output);
                    output.finish();
                }
            });
        } catch (SQLException e) {
            throw new IOException(String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public void deleteCovered(long snapshotIndex) throws IOException {
        try {
            LogConnection own = forSnapshots();
            long[] first = {Long.MAX_VALUE};
            own.query(
                    row -> first[0] = row.getLong(1),
                    "SELECT COALESCE(MIN(last_index), ?) FROM entente_log_batch WHERE log_group = ?",
                    Long.MAX_VALUE,
                    settings.group());
            while (first[0] <= snapshotIndex) {
                // In steps: as long as one takes, the lease cannot be renewed.
                long upTo = Math.min(snapshotIndex, first[0] + ENTRIES_DELETED_AT_ONCE);
                own.inTransaction(() -> {
                    requireLead(own);
                    own.update(
                            "DELETE FROM entente_log_batch WHERE log_group = ? AND last_index <= ?",
                            settings.group(),
                            upTo);
                });
                first[0] = upTo + 1;
            }
            own.inTransaction(() -> {
                requireLead(own);
                own.update(
                        "DELETE FROM entente_log_snapshot WHERE log_group = ? AND entry_index < ?",
                        settings.group(),
                        snapshotIndex);
            });
        } catch (SQLException e) {
            throw new IOException(String.valueOf(e.getMessage()), e);
        }
    }

    /** A next leader reads what there is: from then on nobody else may take any of it away. */
    private void requireLead(LogConnection own) throws SQLException, IOException {
        boolean[] leads = {false};
        own.query(
                row -> leads[0] = true,
                "SELECT 1 FROM entente_log_lead WHERE log_group = ? AND term = ? "
                        + own.sql().sharedLock(),
                settings.group(),
                term);
        if (!leads[0]) {
            throw new TakenOverException();
        }
    }

    private LogConnection forSnapshots() throws SQLException {
        LogConnection known = forSnapshots;
        if (known == null || known.jdbc().isClosed()) {
            known = LogConnection.open(settings);
            forSnapshots = known;
        }
        return known;
    }

    // ---------------------------------------------------------------- the end

    @Override
    public String location() {
        return settings.name();
    }

    @Override
    public LogFailedException failure(Throwable cause, long durableIndex) {
        String what = cause instanceof TakenOverException
                ? "another coordinator of group " + settings.group() + " has taken the lead after term " + term
                : "the database has failed: " + cause.getMessage()
                        + ". The lead is given up; who reaches the database takes it again";
        return new LeadershipLostException(
                "The log in " + location() + " is closed for this coordinator: " + what + ". Nothing after entry "
                        + durableIndex + " is acknowledged.",
                cause);
    }

    @Override
    public void close() {
        connection.close();
        if (forSnapshots != null) {
            forSnapshots.close();
        }
    }
}
