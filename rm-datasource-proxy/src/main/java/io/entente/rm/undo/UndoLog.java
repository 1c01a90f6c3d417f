package io.entente.rm.undo;

import io.entente.rm.call.KeptStatements;
import io.entente.rm.dialect.Dialect;
import io.entente.rm.dialect.InsertedRow;
import io.entente.rm.image.Change;
import io.entente.rm.table.Column;
import io.entente.rm.undo.seata.SeataRowException;
import io.entente.rm.undo.seata.SeataRows;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The undo log of one data source: table {@code undo_log}, one row per branch.
 *
 * <p>The row is written in the branch's own local transaction just before it commits, so that it exists exactly when
 * the changes do. Phase two deletes it, after a rollback has put the old rows back in the same local transaction. A
 * rollback that finds no row leaves a defence row with the branch's id: a phase one that is still under way then fails
 * on the duplicate key instead of committing what nobody would undo.
 *
 * <p>One branch's images are one row, never more. The table's key is the branch id alone, so further rows would need
 * ids that the coordinator never gave out, and deleting a branch would have to know them all. A branch over the limit
 * is refused in phase one; with compression that is a transaction of some hundred thousand rows, or of large objects.
 * Seata's clients do write further rows, and theirs are read and deleted here as well ({@link SeataRows}).
 *
 * <p>{@code log_created} and {@code log_modified} are UTC, from the clock given: the databases' own clocks and session
 * time zones differ, and a sweep by age must not depend on who wrote the row.
 *
 * <p>Thread-safe; a connection is used by one call at a time.
 */
public final class UndoLog {

    /** How many of the table's columns get another value in each row. */
    private static final int PARAMETERS = 5;

    private static final int BRANCHES_PER_DELETE = 1000;
    /** How often a rollback starts anew because another session wrote the undo row after it was found missing. */
    private static final int RACES = 10;
    /** Below this no server needs to be asked for its limit: it is half of the smallest default. */
    private static final int ALWAYS_FITS = 512 * 1024;

    private final Dialect dialect;
    private final UndoLogSettings settings;
    private final InstantSource clock;
    private final UndoCodec codec = new UndoCodec();
    private final UndoTable table;
    /** By the row's context, of which there are few. */
    private final Map<String, InsertedRow.Statement> usualInserts = new ConcurrentHashMap<>();

    /** An undo log in a database of this dialect. */
    public UndoLog(Dialect dialect, UndoLogSettings settings, InstantSource clock) {
        this.dialect = dialect;
        this.settings = settings;
        this.clock = clock;
        this.table = new UndoTable(dialect);
    }

    /**
     * Writes the branch's undo row and commits the local transaction, in one round trip where the database can.
     *
     * @param localTransaction where the changes were made, not yet committed
     * @param kept of that connection
     * @param changes in the order they were made
     * @throws UndoNotEncodableException an image would not survive, or all together are too large; nothing is committed
     * @throws BranchAlreadyRolledBackException the branch's rollback came first; nothing is committed
     * @throws UndoTableMissingException the table was dropped since the start; nothing is committed
     * @throws SQLException nothing is committed, unless the connection was lost: then nobody knows
     */
    public void insertAndCommit(
            Connection localTransaction, KeptStatements kept, String xid, long branchId, List<Change> changes)
            throws SQLException {
        UndoRow row = encoded(localTransaction, xid, branchId, changes);
        InsertedRow insert = insertOf(
                localTransaction, xid, branchId, row, dialect.printedUnder(columns(changes)), UndoTable.NORMAL);
        try {
            if (!dialect.insertAndCommit(localTransaction, insert)) {
                insert(kept.prepare(localTransaction, insert.sql(), ResultSet.TYPE_FORWARD_ONLY), insert);
                localTransaction.commit();
            }
        } catch (SQLException e) {
            if (dialect.isDuplicateKey(e) && isThere(localTransaction, branchId)) {
                throw new BranchAlreadyRolledBackException(xid, branchId, e);
            }
            throw dialect.missesAName(e) ? table.explained(e) : dialect.explained(e);
        }
    }

    /** Whether the branch has an undo row; another key may be the duplicate one, if it was looked at with the commit. */
    private boolean isThere(Connection localTransaction, long branchId) throws SQLException {
        localTransaction.rollback();
        try (PreparedStatement query = localTransaction.prepareStatement(
                "SELECT 1 FROM " + table.name(localTransaction) + " WHERE branch_id = ?")) {
            query.setLong(1, branchId);
            try (ResultSet row = query.executeQuery()) {
                return row.next();
            }
        }
    }

    private UndoRow encoded(Connection localTransaction, String xid, long branchId, List<Change> changes)
            throws SQLException {
        UndoRow row = UndoRow.of(codec.encode(changes, dialect), settings.compressFrom());
        long limit = settings.maxBytes();
        if (row.content().length > ALWAYS_FITS) {
            limit = Math.min(limit, dialect.maxParameterBytes(localTransaction));
        }
        if (row.content().length > limit) {
            throw new UndoNotEncodableException("The images of branch " + branchId + " of global transaction " + xid
                    + " take " + row.content().length + " bytes, the limit is " + limit
                    + ". Remedy: change fewer rows per transaction, or raise the limit (the undo log's maximum size;"
                    + " on MySQL and MariaDB also twice that as max_allowed_packet).");
        }
        return row;
    }

    /**
     * As {@link #rollback(Connection, String, long, ConflictResolution)}, where rows in the way stop it.
     */
    public RollbackResult rollback(Connection own, String xid, long branchId) throws SQLException {
        return rollback(own, xid, branchId, ConflictResolution.STOP);
    }

    /**
     * Rolls the branch back in one local transaction. May be called any number of times, also at the same time.
     *
     * @param own a connection that no transaction is open on; its isolation level is READ COMMITTED meanwhile, all its
     *     settings are as before afterwards
     * @param resolution what to do about rows that are no longer as the branch left them
     * @return how it ended; nothing at all is written when it is {@link RollbackResult.Dirty}
     * @throws UndoNotReadableException another program or a later version wrote the undo row; trying again is no use
     * @throws UndoTableMissingException the table was dropped; nothing is written, try again when it is there
     * @throws SQLException lock timeout, deadlock, lost connection and the like; nothing is written, try again
     */
    public RollbackResult rollback(Connection own, String xid, long branchId, ConflictResolution resolution)
            throws SQLException {
        boolean autoCommit = own.getAutoCommit();
        int isolation = own.getTransactionIsolation();
        if (isolation != Connection.TRANSACTION_READ_COMMITTED) {
            own.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        }
        own.setAutoCommit(false);
        try {
            for (int race = 0; race < RACES; race++) {
                RollbackResult result = attempt(own, new BranchKey(xid, branchId), resolution);
                if (result != null) {
                    return result;
                }
            }
        } finally {
            // Closed: the attempt failed in a way that the connection did not survive, its exception is on its way.
            if (!own.isClosed()) {
                own.setAutoCommit(autoCommit);
                if (isolation != Connection.TRANSACTION_READ_COMMITTED) {
                    own.setTransactionIsolation(isolation);
                }
            }
        }
        throw new SQLTransientException("Branch " + branchId + " of global transaction " + xid
                + ": its undo row came and went " + RACES + " times during the rollback; try again");
    }

    /**
     * Deletes the undo rows of committed branches, Seata's rows in several parts too. Rows that do not exist are no error.
     *
     * @param own committed afterwards when it is not in auto-commit mode
     */
    public void deleteAll(Connection own, Collection<BranchKey> branches) throws SQLException {
        List<BranchKey> all = List.copyOf(branches);
        for (int from = 0; from < all.size(); from += BRANCHES_PER_DELETE) {
            List<BranchKey> part = all.subList(from, Math.min(all.size(), from + BRANCHES_PER_DELETE));
            String parameters = String.join(", ", Collections.nCopies(part.size(), "?"));
            // The XID is for the index of Seata's own table shape; the branch id alone says which row.
            String which = table.name(own) + " WHERE branch_id IN (" + parameters + ") AND xid IN (" + parameters + ")";
            int deleted;
            try (PreparedStatement delete =
                    own.prepareStatement("DELETE FROM " + which + " AND context NOT LIKE " + SeataRows.WITH_PARTS)) {
                bind(delete, part);
                deleted = delete.executeUpdate();
            }
            if (deleted < part.size()) {
                deleteWithParts(own, which, part);
            }
        }
        if (!own.getAutoCommit()) {
            own.commit();
        }
    }

    /** The first row goes last: as long as it is there, the others are found. */
    private void deleteWithParts(Connection own, String which, List<BranchKey> branches) throws SQLException {
        List<BranchKey> found = new ArrayList<>();
        try (PreparedStatement query = own.prepareStatement(
                "SELECT xid, branch_id FROM " + which + " AND context LIKE " + SeataRows.WITH_PARTS)) {
            bind(query, branches);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    found.add(new BranchKey(row.getString(1), row.getLong(2)));
                }
            }
        }
        for (BranchKey branch : found) {
            seata(own).deleteParts(own, branch.xid(), branch.branchId());
            delete(own, branch);
        }
    }

    private static void bind(PreparedStatement statement, List<BranchKey> branches) throws SQLException {
        for (int i = 0; i < branches.size(); i++) {
            statement.setLong(1 + i, branches.get(i).branchId());
            statement.setString(1 + branches.size() + i, branches.get(i).xid());
        }
    }

    private void delete(Connection own, BranchKey branch) throws SQLException {
        try (PreparedStatement delete =
                own.prepareStatement("DELETE FROM " + table.name(own) + " WHERE branch_id = ? AND xid = ?")) {
            delete.setLong(1, branch.branchId());
            delete.setString(2, branch.xid());
            delete.executeUpdate();
        }
    }

    private SeataRows seata(Connection connection) throws SQLException {
        return new SeataRows(dialect, table.name(connection));
    }

    /**
     * Deletes defence rows that were written before the given time. Safe once no phase one can be under way that old.
     * Reads the whole table: the rows are few, an index for them would cost every commit.
     *
     * @param own committed afterwards when it is not in auto-commit mode
     * @return how many were deleted
     */
    public int sweep(Connection own, Instant olderThan) throws SQLException {
        int deleted;
        try (PreparedStatement delete =
                own.prepareStatement("DELETE FROM " + table.name(own) + " WHERE log_status = ? AND log_created < ?")) {
            delete.setInt(1, UndoTable.ROLLED_BACK);
            delete.setObject(2, UndoTable.utc(olderThan));
            deleted = delete.executeUpdate();
        }
        if (!own.getAutoCommit()) {
            own.commit();
        }
        return deleted;
    }

    /**
     * Branches whose undo rows are older than the given time, in the order of their ids.
     *
     * @param after only those with a greater id; to go on where the last call has ended
     * @param most how many at the most
     */
    public List<BranchKey> olderThan(Connection own, Instant time, long after, int most) throws SQLException {
        List<BranchKey> found = new ArrayList<>();
        try (PreparedStatement query = own.prepareStatement("SELECT xid, branch_id FROM " + table.name(own)
                + " WHERE log_status = ? AND log_created < ? AND branch_id > ? ORDER BY branch_id")) {
            query.setMaxRows(most);
            query.setInt(1, UndoTable.NORMAL);
            query.setObject(2, UndoTable.utc(time));
            query.setLong(3, after);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    found.add(new BranchKey(row.getString(1), row.getLong(2)));
                }
            }
        }
        return found;
    }

    /** Branches of the same global transaction in this database that were registered later and are not undone, the last first. */
    public List<BranchKey> laterThan(Connection own, BranchKey branch) throws SQLException {
        return table.laterThan(own, branch);
    }

    /** How many undo rows there are, and how old the oldest is; defence rows do not count. */
    public UndoLogSize size(Connection own) throws SQLException {
        return table.size(own, clock.instant());
    }

    /**
     * Checks that the table is there with the columns needed, in our shape or Seata's.
     *
     * @throws UndoTableMissingException it is not; the message holds the path of its DDL
     * @throws SQLException the database could not be asked
     */
    public void verifyTable(Connection connection) throws SQLException {
        table.verify(connection);
    }

    /** Creates the table with the DDL of {@code sql/<database>/undo_log.sql}, unless it exists. */
    public void createTable(Connection connection) throws SQLException {
        table.create(connection);
    }

    /** One local transaction. Null: another session wrote the undo row after it was found missing; start anew. */
    private @Nullable RollbackResult attempt(Connection own, BranchKey branch, ConflictResolution resolution)
            throws SQLException {
        Found found;
        try {
            // In the session as it is: what Seata wrote is of one like it.
            found = find(own, branch);
        } catch (SQLException | RuntimeException | Error e) {
            rollback(own, () -> {}, e);
            throw e;
        }
        Dialect.SessionRestore session = dialect.prepareUndoSession(own, found.printedUnder());
        @Nullable RollbackResult result;
        try {
            result = switch (found.state()) {
                case MISSING -> defend(own, branch);
                case ROLLED_BACK -> {
                    own.rollback();
                    yield new RollbackResult.NothingToUndo();
                }
                case NORMAL -> undo(own, branch, found, resolution);
            };
        } catch (SQLException | RuntimeException | Error e) {
            rollback(own, session, e);
            throw e;
        }
        try {
            session.restore();
        } catch (SQLException e) {
            // A connection with our settings must not go back to its pool.
            own.abort(Runnable::run);
            throw e;
        }
        return result;
    }

    private static void rollback(Connection own, Dialect.SessionRestore session, Throwable failure)
            throws SQLException {
        try {
            own.rollback();
            session.restore();
        } catch (SQLException suppressed) {
            failure.addSuppressed(suppressed);
            own.abort(Runnable::run);
        }
    }

    private enum State {
        MISSING,
        ROLLED_BACK,
        NORMAL
    }

    /** The branch's undo row; its changes in the order in which they were made. */
    private record Found(State state, boolean ofSeata, String printedUnder, List<Change> changes) {
        private static Found without(State state) {
            return new Found(state, false, "", List.of());
        }
    }

    private Found find(Connection own, BranchKey branch) throws SQLException {
        String context;
        byte[] content;
        try (PreparedStatement query = own.prepareStatement(dialect.lockingQuery(
                "context, rollback_info, log_status", table.name(own), "branch_id = ? AND xid = ?"))) {
            query.setLong(1, branch.branchId());
            query.setString(2, branch.xid());
            try (ResultSet row = query.executeQuery()) {
                if (!row.next()) {
                    return Found.without(State.MISSING);
                }
                if (row.getInt(3) != UndoTable.NORMAL) {
                    return Found.without(State.ROLLED_BACK);
                }
                context = row.getString(1);
                content = row.getBytes(2);
            }
        } catch (SQLException e) {
            throw table.explained(e);
        }
        if (!SeataRows.wrote(context)) {
            UndoRow row = new UndoRow(context, content);
            return new Found(State.NORMAL, false, row.printedUnder(), codec.decode(row.encoded()));
        }
        try {
            List<Change> changes = seata(own).read(own, branch.xid(), branch.branchId(), context, content);
            return new Found(State.NORMAL, true, "", changes);
        } catch (SeataRowException e) {
            throw new UndoNotReadableException(String.valueOf(e.getMessage()), e);
        }
    }

    private RollbackResult undo(Connection own, BranchKey branch, Found found, ConflictResolution resolution)
            throws SQLException {
        List<Change> changes = found.changes();
        BranchUndo undo = new BranchUndo(own, dialect, resolution);
        List<DirtyRow> dirty = undo.undo(changes);
        if (!dirty.isEmpty()) {
            own.rollback();
            return new RollbackResult.Dirty(dirty);
        }
        if (found.ofSeata()) {
            seata(own).deleteParts(own, branch.xid(), branch.branchId());
        }
        delete(own, branch);
        try {
            own.commit();
        } catch (SQLException e) {
            // Deferred constraints are looked at here. An undo row always has changes.
            if (!changes.isEmpty() && ChangeUndo.refusesData(dialect, e)) {
                own.rollback();
                return new RollbackResult.Dirty(ChangeUndo.dirty(
                        changes.get(changes.size() - 1), "the database refuses the old rows: " + e.getMessage()));
            }
            throw e;
        }
        return new RollbackResult.Undone(undo.written());
    }

    private @Nullable RollbackResult defend(Connection own, BranchKey branch) throws SQLException {
        try {
            InsertedRow defence =
                    insertOf(own, branch.xid(), branch.branchId(), UndoRow.empty(), "", UndoTable.ROLLED_BACK);
            try (PreparedStatement insert = own.prepareStatement(defence.sql())) {
                insert(insert, defence);
            }
            own.commit();
            return new RollbackResult.NothingToUndo();
        } catch (SQLException e) {
            if (dialect.isDuplicateKey(e)) {
                own.rollback();
                return null;
            }
            throw table.explained(e);
        }
    }

    private static List<Column> columns(List<Change> changes) {
        return changes.size() == 1
                ? changes.get(0).touched().columns()
                : changes.stream()
                        .flatMap(change -> change.touched().columns().stream())
                        .distinct()
                        .toList();
    }

    /** @param printedUnder SQL of a text that is added to the row's context; may be empty */
    private InsertedRow insertOf(
            Connection connection, String xid, long branchId, UndoRow row, String printedUnder, int status)
            throws SQLException {
        LocalDateTime now = UndoTable.utc(clock.instant());
        InsertedRow.Statement statement = printedUnder.isEmpty() && status == UndoTable.NORMAL
                ? usualInsert(connection, row.context())
                : insertStatement(connection, row.context(), printedUnder, status);
        return new InsertedRow(statement, List.of(branchId, xid, row.content(), now, now));
    }

    private InsertedRow.Statement usualInsert(Connection connection, String context) throws SQLException {
        InsertedRow.Statement known = usualInserts.get(context);
        if (known == null) {
            known = insertStatement(connection, context, "", UndoTable.NORMAL);
            usualInserts.put(context, known);
        }
        return known;
    }

    private InsertedRow.Statement insertStatement(
            Connection connection, String context, String printedUnder, int status) throws SQLException {
        String written = printedUnder.isEmpty()
                ? "'" + context + "'"
                : dialect.concat("'" + context + "&" + UndoRow.PRINTED_UNDER + "='", printedUnder);
        return InsertedRow.Statement.of(
                table.name(connection) + " (" + UndoTable.COLUMNS + ")", PARAMETERS, written + ", " + status);
    }

    private static void insert(PreparedStatement insert, InsertedRow row) throws SQLException {
        row.bind(insert);
        insert.executeUpdate();
    }
}
