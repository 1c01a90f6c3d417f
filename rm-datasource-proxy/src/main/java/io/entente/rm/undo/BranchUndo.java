package io.entente.rm.undo;

import io.entente.rm.dialect.Dialect;
import io.entente.rm.image.Change;
import io.entente.rm.image.Row;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Undoes the changes of one branch, last one first, in a local transaction that the caller ends.
 *
 * <p>Several changes that one statement made had their constraints looked at when it was over: it may have deleted a row
 * and, later in the text, changed the row that referred to it. So a change that the database refuses to undo waits for the
 * ones before it, but for each row the order stays.
 */
final class BranchUndo {

    private final Connection connection;
    private final ConflictResolution resolution;
    private final ChangeUndo single;
    private int written;

    BranchUndo(Connection connection, Dialect dialect, ConflictResolution resolution) {
        this.connection = connection;
        this.resolution = resolution;
        this.single = new ChangeUndo(connection, dialect, resolution);
    }

    /** How many rows were written. */
    int written() {
        return written;
    }

    /**
     * Undoes all.
     *
     * @param changes in the order in which they were made
     * @return the rows in the way; when there are any, the caller must roll the local transaction back
     */
    List<DirtyRow> undo(List<Change> changes) throws SQLException {
        List<Change> lastFirst = new ArrayList<>(changes);
        Collections.reverse(lastFirst);
        if (lastFirst.size() == 1) {
            return asFarAsPossible(lastFirst);
        }
        Savepoint start = connection.setSavepoint();
        for (Change change : lastFirst) {
            ChangeUndo.Tried tried = single.undo(change);
            if (!tried.inTheWay().isEmpty()) {
                return tried.inTheWay();
            }
            if (!tried.refused().isEmpty()) {
                connection.rollback(start);
                written = 0;
                return inTheOrderThatIsTaken(lastFirst);
            }
            written += tried.written();
        }
        return List.of();
    }

    private List<DirtyRow> inTheOrderThatIsTaken(List<Change> lastFirst) throws SQLException {
        List<Change> left = lastFirst;
        while (!left.isEmpty()) {
            List<Change> waiting = new ArrayList<>();
            List<DirtyRow> refused = new ArrayList<>();
            for (Change change : left) {
                if (waiting.stream().anyMatch(other -> shareARow(change, other))) {
                    waiting.add(change);
                    continue;
                }
                Savepoint before = connection.setSavepoint();
                ChangeUndo.Tried tried = single.undo(change);
                if (!tried.inTheWay().isEmpty()) {
                    return tried.inTheWay();
                }
                if (tried.refused().isEmpty()) {
                    written += tried.written();
                } else {
                    connection.rollback(before);
                    waiting.add(change);
                    refused.addAll(tried.refused());
                }
            }
            if (waiting.size() == left.size()) {
                return resolution == ConflictResolution.ACCEPT_CURRENT ? asFarAsPossible(waiting) : refused;
            }
            left = waiting;
        }
        return List.of();
    }

    /** Where the current state is accepted, rows that the database refuses stay as they are. */
    private List<DirtyRow> asFarAsPossible(List<Change> lastFirst) throws SQLException {
        for (Change change : lastFirst) {
            ChangeUndo.Tried tried = single.undo(change);
            written += tried.written();
            if (!tried.inTheWay().isEmpty()) {
                return tried.inTheWay();
            }
            if (!tried.refused().isEmpty() && resolution != ConflictResolution.ACCEPT_CURRENT) {
                return tried.refused();
            }
        }
        return List.of();
    }

    private static boolean shareARow(Change one, Change other) {
        return one.table().name().equals(other.table().name()) && !Collections.disjoint(keys(one), keys(other));
    }

    private static Set<Row> keys(Change change) {
        Set<Row> keys = new HashSet<>(change.before().keys());
        keys.addAll(change.after().keys());
        return keys;
    }
}
