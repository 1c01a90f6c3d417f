package io.entente.rm.jdbc;

import io.entente.rm.call.SqlAction;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/** What one connection waits for at the coordinator, so that other threads can end it. Thread-safe. */
final class CurrentWait {

    private volatile @Nullable LockWait current;

    /** Does what may have to wait. */
    <T> T during(LockWait wait, SqlAction<T> action) throws SQLException {
        current = wait;
        try {
            return action.run();
        } finally {
            current = null;
            wait.over();
        }
    }

    /** A local commit. */
    @FunctionalInterface
    interface Commit {
        void run() throws SQLException;
    }

    /** As {@link #during(LockWait, SqlAction)}. */
    void duringCommit(LockWait wait, Commit commit) throws SQLException {
        var unused = during(wait, () -> {
            commit.run();
            return true;
        });
    }

    /**
     * What this statement is executed for shall not go on.
     *
     * @param statement the driver's
     * @return whether it waited, so that the driver has nothing to do with it
     */
    boolean cancel(Statement statement) {
        LockWait wait = current;
        return wait != null && wait.isOf(statement) && wait.end(LockWait.End.CANCELLED);
    }

    /**
     * The connection is given up.
     *
     * @return whether somebody waited, who will roll back what there is
     */
    boolean abort() {
        LockWait wait = current;
        return wait != null && wait.end(LockWait.End.CONNECTION_CLOSED);
    }

    /** The connection is closed. Returns when whoever waited does nothing with it any more. */
    void close() {
        LockWait wait = current;
        if (wait != null && !wait.isOfThisThread() && wait.end(LockWait.End.CONNECTION_CLOSED)) {
            wait.awaitOver();
        }
    }
}
