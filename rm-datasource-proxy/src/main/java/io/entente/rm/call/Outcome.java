package io.entente.rm.call;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The results of a statement's last execution where the driver's own statement does not have them, because they come
 * from statements of ours. Used by one thread at a time.
 */
public final class Outcome {

    private static final long NONE = -1;

    private final Deque<Result> results = new ArrayDeque<>(2);
    private final List<Statement> owned = new ArrayList<>();
    private boolean elsewhere;
    private volatile @Nullable Statement running;
    private final List<ShownResultSet> keys = new ArrayList<>();

    /** @param rows null for an update count */
    private record Result(long count, @Nullable ShownResultSet rows) {}

    /** Before each execution and each attempt of one: what a rolled back attempt left does not count. */
    public void clear() throws SQLException {
        results.clear();
        keys.clear();
        elsewhere = false;
        for (Statement statement : owned) {
            statement.close();
        }
        owned.clear();
    }

    /** The statement of ours that is being executed, for another thread that wants it cancelled; null when none is. */
    public @Nullable Statement running() {
        return running;
    }

    /** Executes a statement of ours. */
    public <T> T running(Statement statement, SqlAction<T> execution) throws SQLException {
        running = statement;
        try {
            return execution.run();
        } finally {
            running = null;
        }
    }

    /** Whether the results are here and not at the driver's statement. */
    public boolean isElsewhere() {
        return elsewhere;
    }

    /** Whether something is here, and no further result stands behind the current one. */
    public boolean isAtItsEnd() {
        return (elsewhere || !keys.isEmpty()) && results.size() <= 1;
    }

    public void addCount(long count) {
        elsewhere = true;
        results.add(new Result(count, null));
    }

    public void addRows(ShownResultSet rows) {
        elsewhere = true;
        results.add(new Result(NONE, rows));
    }

    /** All results of another outcome, which is left empty. */
    public void addAll(Outcome other) {
        elsewhere = true;
        results.addAll(other.results);
        owned.addAll(other.owned);
        other.results.clear();
        other.owned.clear();
    }

    /** As drivers do that tell nothing of what stands behind the first statement. */
    public void keepFirst() {
        Result first = results.poll();
        results.clear();
        if (first != null) {
            results.add(first);
        }
    }

    /** Generated keys, wherever the statement ran; those of a batch's elements add up. */
    public void keepKeys(ShownResultSet generated) {
        keys.add(generated);
    }

    /** Closed when the next execution begins, or with the application's statement. */
    public void own(Statement statement) {
        owned.add(statement);
    }

    /** The current result's update count; −1 when it is rows or there is none. */
    public long updateCount() {
        Result current = results.peek();
        return current == null ? NONE : current.count();
    }

    /** The current result's rows; null when it is an update count or there is none. */
    public @Nullable ResultSet rows() {
        Result current = results.peek();
        return current == null ? null : current.rows();
    }

    /**
     * Goes on to the next result: whether that is rows.
     *
     * @param keepsCurrent whether rows that are current stay open
     */
    public boolean next(boolean keepsCurrent) throws SQLException {
        Result current = results.poll();
        if (current != null && current.rows() != null && !keepsCurrent) {
            current.rows().close();
        }
        return rows() != null;
    }

    /** The generated keys from the first on; null: ask the driver. */
    public @Nullable ResultSet generatedKeys() throws SQLException {
        if (keys.isEmpty()) {
            return null;
        }
        List<ResultSet> again = new ArrayList<>();
        for (ShownResultSet part : keys) {
            again.add(part.again());
        }
        return again.size() == 1 ? again.get(0) : new JoinedResultSet(again);
    }
}
