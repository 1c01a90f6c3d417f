package io.entente.rm.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of a statement's last execution where the driver's own statement does not have it: generated keys that
 * were read already, or an update that ran on another statement of the driver.
 */
final class KeptOutcome {

    private static final long NONE = -1;

    private boolean ranElsewhere;
    private long updateCount = NONE;
    private @Nullable KeptKeys keys;
    private boolean collecting;

    /** Before each execution. */
    void clear() {
        restart();
        collecting = false;
    }

    /** Before each attempt of one execution: what a rolled back attempt left does not count. */
    void restart() {
        ranElsewhere = false;
        updateCount = NONE;
        keys = null;
    }

    /** The elements of a batch add their keys up. */
    void collect() {
        collecting = true;
    }

    boolean isCollecting() {
        return collecting;
    }

    void keep(KeptKeys more) {
        keys = collecting && keys != null ? keys.with(more) : more;
    }

    /** The update ran on another statement. */
    void ranElsewhere(long count) {
        ranElsewhere = true;
        updateCount = count;
    }

    boolean hasRunElsewhere() {
        return ranElsewhere;
    }

    long updateCount() {
        return updateCount;
    }

    /** What {@link Statement#getMoreResults} does: an update has one result only. */
    void next() {
        updateCount = NONE;
    }

    /** Null: ask the driver. */
    @Nullable
    ResultSet generatedKeys(Statement owner) throws SQLException {
        return keys == null ? null : new KeptResultSet(owner, keys);
    }
}
