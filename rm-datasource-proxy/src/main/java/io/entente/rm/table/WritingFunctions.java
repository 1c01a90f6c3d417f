package io.entente.rm.table;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The functions of one data source that may write, see {@link TableReader#writingFunctions}: what they write shows in no
 * statement. Read when a statement first calls a function of any name, and again after the lifetime. Thread-safe.
 */
public final class WritingFunctions {

    private final TableReader reader;
    private final long lifetimeNanos;
    private final LongSupplier nanoTime;
    private volatile @Nullable Known known;

    private record Known(Set<String> names, long readAt) {}

    /**
     * @param reader the dialect of the data source
     * @param lifetime how long an answer is believed
     * @param nanoTime a clock as {@link System#nanoTime}
     */
    public WritingFunctions(TableReader reader, Duration lifetime, LongSupplier nanoTime) {
        this.reader = reader;
        this.lifetimeNanos = lifetime.toNanos();
        this.nanoTime = nanoTime;
    }

    /**
     * One of these functions that may write; null when there is none.
     *
     * @param called names in lower case, without schema and quotes
     * @param allowed names of which the application says that what they write is its own affair, written likewise
     */
    public @Nullable String among(Connection connection, Set<String> called, Set<String> allowed) throws SQLException {
        if (called.isEmpty()) {
            return null;
        }
        Set<String> writing = names(connection);
        if (writing.isEmpty()) {
            return null;
        }
        return called.stream()
                .filter(name -> writing.contains(name) && !allowed.contains(name))
                .findFirst()
                .orElse(null);
    }

    private Set<String> names(Connection connection) throws SQLException {
        Known now = known;
        if (now == null || nanoTime.getAsLong() - now.readAt() >= lifetimeNanos) {
            long readAt = nanoTime.getAsLong();
            now = new Known(Set.copyOf(reader.writingFunctions(connection)), readAt);
            known = now;
        }
        return now.names();
    }
}
